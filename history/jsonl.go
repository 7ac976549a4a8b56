package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// MaxLine is the longest line Decode accepts, in bytes. A longer one is an error, not a hunger for
// memory.
const MaxLine = 16 << 20

func errBadLink(text []byte) error { return fmt.Errorf("a link is written \"n1>n2\", not %.40q", text) }

// line is an event as JSON. Pointers tell an absent field from a zero one.
type line struct {
	Index    *int     `json:"index"`
	Time     *Time    `json:"time"`
	Type     Type     `json:"type"`
	Process  *int     `json:"process,omitempty"`
	Client   string   `json:"client,omitempty"`
	Function Function `json:"f,omitempty"`
	Key      string   `json:"key,omitempty"`
	Value    *Value   `json:"value,omitempty"`
	Node     string   `json:"node,omitempty"`
	Version  int64    `json:"version,omitempty"`
	Error    string   `json:"error,omitempty"`
	Run      *Run     `json:"run,omitempty"`
	Phase    Phase    `json:"phase,omitempty"`
	Fault    *Fault   `json:"fault,omitempty"`
	Note     *Note    `json:"note,omitempty"`
}

// AppendJSON writes the event as one line of JSON, newline included. The same event always gives the
// same bytes.
func (e *Event) AppendJSON(out []byte) []byte {
	out = append(out, `{"index":`...)
	out = strconv.AppendInt(out, int64(e.Index), 10)
	out = append(out, `,"time":`...)
	out = strconv.AppendInt(out, int64(e.Time), 10)
	out = append(out, `,"type":`...)
	out = appendText(out, string(e.Type))
	switch e.Type {
	case Invoke, Ok, Fail, Info:
		out = e.appendOperation(out)
	case RunEvent:
		out = appendObject(out, "run", e.Run)
	case PhaseEvent:
		out = appendObject(out, "phase", e.Phase)
	case FaultEvent:
		out = appendObject(out, "fault", e.Fault)
	case NoteEvent:
		out = appendObject(out, "note", e.Note)
	}
	return append(out, '}', '\n')
}

func (e *Event) appendOperation(out []byte) []byte {
	out = append(out, `,"process":`...)
	out = strconv.AppendInt(out, int64(e.Process), 10)
	out = append(out, `,"client":`...)
	out = appendText(out, e.Client)
	out = append(out, `,"f":`...)
	out = appendText(out, string(e.Function))
	out = append(out, `,"key":`...)
	out = appendText(out, e.Key)
	out = append(out, `,"value":`...)
	out = e.Value.append(out)
	if e.Node != "" {
		out = append(out, `,"node":`...)
		out = appendText(out, e.Node)
	}
	if e.Version != 0 {
		out = append(out, `,"version":`...)
		out = strconv.AppendInt(out, e.Version, 10)
	}
	if e.Error != "" {
		out = append(out, `,"error":`...)
		out = appendText(out, e.Error)
	}
	return out
}

// appendObject writes the one member that is no operation's. Those types marshal without error.
func appendObject(out []byte, name string, content any) []byte {
	encoded, err := json.Marshal(content)
	if err != nil {
		panic("history: an event that is no JSON: " + err.Error())
	}
	out = append(out, ',', '"')
	out = append(out, name...)
	out = append(out, '"', ':')
	return append(out, encoded...)
}

// Load reads a history file.
func Load(path string) (*History, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	h, err := Decode(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return h, nil
}

// Decode reads JSON Lines. An error names the line. A last line without its newline was torn by a
// killed harness: it is left out and History.Torn is set.
func Decode(input io.Reader) (*History, error) {
	var events []Event
	reader := bufio.NewReaderSize(input, 1<<16)
	for number := 1; ; number++ {
		text, err := readLine(reader)
		if errors.Is(err, io.EOF) {
			h, err := New(events)
			if err != nil {
				return nil, err
			}
			h.Torn = len(text) > 0
			return h, nil
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		event, err := decodeLine(text)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		events = append(events, event)
	}
}

// readLine reads up to a newline, which it takes off. At the end of input it gives what is left and
// io.EOF.
func readLine(reader *bufio.Reader) ([]byte, error) {
	var whole []byte
	for {
		part, err := reader.ReadSlice('\n')
		whole = append(whole, part...)
		switch {
		case len(whole) > MaxLine:
			return nil, fmt.Errorf("longer than %d bytes", MaxLine)
		case err == nil:
			return whole[:len(whole)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return whole, err
		}
	}
}

func decodeLine(text []byte) (Event, error) {
	var l line
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&l); err != nil {
		return Event{}, err
	}
	if decoder.More() {
		return Event{}, errors.New("more than one JSON object")
	}
	if l.Index == nil || l.Time == nil {
		return Event{}, errors.New(`"index" and "time" are needed`)
	}
	event := Event{Index: *l.Index, Time: *l.Time, Type: l.Type, Client: l.Client, Function: l.Function, Key: l.Key,
		Node: l.Node, Version: l.Version, Error: l.Error, Run: l.Run, Phase: l.Phase, Fault: l.Fault, Note: l.Note}
	if l.Process != nil {
		event.Process = *l.Process
	}
	if l.Value != nil {
		event.Value = *l.Value
	}
	return event, l.complete()
}

// complete tells what a line of its type lacks.
func (l *line) complete() error {
	missing := ""
	switch l.Type {
	case Invoke, Ok, Fail, Info:
		if l.Process == nil {
			missing = "process"
		} else if l.Function == "" {
			missing = "f"
		}
	case RunEvent:
		if l.Run == nil {
			missing = "run"
		}
	case PhaseEvent:
		if l.Phase == "" {
			missing = "phase"
		}
	case FaultEvent:
		if l.Fault == nil {
			missing = "fault"
		}
	case NoteEvent:
		if l.Note == nil {
			missing = "note"
		}
	default:
		return fmt.Errorf("unknown type %.40q", l.Type)
	}
	if missing != "" {
		return fmt.Errorf("a line of type %q needs %q", l.Type, missing)
	}
	return nil
}
