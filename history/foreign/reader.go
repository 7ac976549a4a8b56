package foreign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"cleave/history"
)

// record is one event as a format has it, before times are settled.
type record struct {
	event history.Event
	timed bool // it carries a time
	line  int
}

// decoder reads one record after the other, io.EOF at the end. A record of no use, such as an empty line, has no type.
// It may be written over by the next.
type decoder interface {
	next() (*record, error)
}

// peeked is how much of a file's beginning tells its format.
const peeked = 4 << 10

// decoderOf begins to read a history.
func decoderOf(input io.Reader, options Options) (decoder, error) {
	if options.Format == "" {
		beginning := make([]byte, peeked)
		n, err := io.ReadFull(input, beginning)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, err
		}
		if options.Format, err = Detect(beginning[:n]); err != nil {
			return nil, err
		}
		input = io.MultiReader(bytes.NewReader(beginning[:n]), input)
	}
	switch options.Format {
	case Lines:
		return newLineDecoder(input, options), nil
	case EDN:
		return newJepsenDecoder(input, options.line()), nil
	case Log:
		return &logDecoder{source: newSource(input, options.line()), texts: newInterned()}, nil
	}
	return nil, fmt.Errorf("unknown format %q", options.Format)
}

// Events reads a history's events in order, one at a time, with index and time. Where no line has a time, or if
// Options.Untimed, an event's time is its place in the history, see Place. It ends with an error that names the line, if the
// history cannot be read; what came before stands.
func Events(input io.Reader, options Options) iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		for record, err := range records(input, options) {
			if err != nil {
				yield(history.Event{}, err)
				return
			}
			if !yield(record.event, nil) {
				return
			}
		}
	}
}

// records are the events with their lines.
func records(input io.Reader, options Options) iter.Seq2[*record, error] {
	return func(yield func(*record, error) bool) {
		decoder, err := decoderOf(input, options)
		if err != nil {
			yield(nil, err)
			return
		}
		clock := clock{untimed: options.Untimed}
		for index := 0; ; {
			read, err := decoder.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil && read.event.Type == "" {
				continue
			}
			if err == nil {
				read.event.Index = index
				err = settle(read, options, &clock)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if index++; !yield(read, nil) {
				return
			}
		}
	}
}

// Place is what an event's place in an untimed history counts for.
const Place = history.Time(1e6)

// nemesis is the process that is no client's.
const nemesis = "nemesis"

// clock gives events their times.
type clock struct {
	untimed bool
	begun   bool
	last    history.Time
}

// settle gives an event its time and, in a keyed history, its key.
func settle(r *record, options Options, clock *clock) error {
	if options.Keyed && isOperation(r.event.Type) {
		if err := unkey(&r.event); err != nil {
			return fmt.Errorf("line %d: %w", r.line, err)
		}
	}
	if !clock.begun && !r.timed {
		clock.untimed = true
	}
	clock.begun = true
	switch {
	case clock.untimed:
		r.event.Time = history.Time(r.event.Index) * Place
	case !r.timed:
		return fmt.Errorf("line %d has no time, though earlier ones have: if only the order of the lines counts, say --untimed", r.line)
	case r.event.Time < clock.last:
		return fmt.Errorf("line %d: time goes back from %d to %d: if only the order of the lines counts, say --untimed",
			r.line, clock.last, r.event.Time)
	}
	clock.last = r.event.Time
	return nil
}

// unkey takes key and value of a keyed history's operation apart.
func unkey(event *history.Event) error {
	pair, _ := event.Value.AsList()
	if len(pair) != 2 {
		return fmt.Errorf("the value %.60s is no pair of key and value", event.Value)
	}
	event.Key, event.Value = pair[0].String(), pair[1]
	return nil
}

func isOperation(kind history.Type) bool {
	return kind == history.Invoke || kind == history.Ok || kind == history.Fail || kind == history.Info
}
