package history

import (
	"fmt"
	"io"
	"slices"
)

// Recorder appends events to a history and, line by line, to a writer, so that a killed harness
// loses at most the line it was writing.
type Recorder struct {
	events []Event
	output io.Writer // may be nil
	buffer []byte
	err    error
}

// NewRecorder records, and writes each line to output with one call of Write as it happens; output
// may be nil.
func NewRecorder(output io.Writer) *Recorder { return &Recorder{output: output} }

// Expect makes room for a number of events more.
func (r *Recorder) Expect(events int) { r.events = slices.Grow(r.events, events) }

// Append adds an event and gives it its index.
func (r *Recorder) Append(event Event) {
	event.Index = len(r.events)
	r.events = append(r.events, event)
	if r.output == nil || r.err != nil {
		return
	}
	r.buffer = event.AppendJSON(r.buffer[:0])
	if _, err := r.output.Write(r.buffer); err != nil {
		r.err = fmt.Errorf("writing the history: %w", err)
	}
}

// History joins what was recorded. It errors if a line could not be written, or if the events are no
// history, which is a fault of the caller.
func (r *Recorder) History() (*History, error) {
	if r.err != nil {
		return nil, r.err
	}
	return New(r.events)
}
