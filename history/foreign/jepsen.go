package foreign

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"cleave/history"
)

// jepsenDecoder reads Jepsen's history.edn: operations as maps, one after the other or in one vector or list.
//
//	{:index 3, :time 1200, :type :ok, :process 0, :f :read, :value 7}
//
// Operations of the nemesis are passed over, and so are fields that are not needed. A field "key" is taken for the key.
type jepsenDecoder struct {
	reader *ednReader
	within bool // the maps are in a vector
	begun  bool
	ended  bool
}

func newJepsenDecoder(input io.Reader, most int) *jepsenDecoder {
	return &jepsenDecoder{reader: newEDNReader(input, most)}
}

func (d *jepsenDecoder) next() (*record, error) {
	d.reader.size = 0
	if !d.begun {
		d.begun = true
		if err := d.enter(); err != nil {
			return nil, err
		}
	}
	f, err := d.reader.form(1)
	line := d.reader.line
	switch {
	case errors.Is(err, io.EOF) && d.within && !d.ended:
		return nil, fmt.Errorf("line %d: the file ends before the vector does", line)
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("line %d is cut short: the file ends within a form", line)
	case err != nil:
		return nil, fmt.Errorf("line %d: %w", line, err)
	case f.kind == formClosed && d.within && !d.ended:
		d.ended = true
		return &record{}, nil
	case f.kind != formMap || d.ended:
		return nil, fmt.Errorf("line %d: wanted an operation, a map such as {:type :invoke, ...}, not %.40s", line, f)
	}
	r, err := operationOf(f, d.reader.texts)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", line, err)
	}
	r.line = line
	return r, nil
}

// enter passes the bracket over that opens a vector or list of operations.
func (d *jepsenDecoder) enter() error {
	c, err := d.reader.open()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return fmt.Errorf("line %d: %w", d.reader.line, err)
	case c == '[' || c == '(':
		d.within = true
	default:
		d.reader.back(c)
	}
	return nil
}

// operationOf is an operation's map as a record.
func operationOf(f form, texts *interned) (*record, error) {
	r := &record{}
	var process, value form
	seen := map[string]bool{}
	for i := 0; i+1 < len(f.list); i += 2 {
		name, content := f.list[i].text, f.list[i+1]
		if seen[name] {
			return r, fmt.Errorf(":%s is there twice", name)
		}
		seen[name] = true
		switch name {
		case "type":
			r.event.Type = history.Type(content.text)
		case "process":
			process = content
		case "f":
			r.event.Function = named(content.text)
		case "key":
			r.event.Key = content.String()
		case "value":
			value = content
		case "time":
			if content.kind != formInteger || content.number < 0 {
				return r, fmt.Errorf(":time is nanoseconds since the start, not %.40s", content)
			}
			r.event.Time, r.timed = history.Time(content.number), true
		case "error":
			r.event.Error = strings.TrimPrefix(content.String(), ":")
		}
	}
	switch {
	case !seen["type"] || !isOperation(r.event.Type):
		return r, fmt.Errorf(":type is :invoke, :ok, :fail or :info, not %.40q", r.event.Type)
	case !seen["process"]:
		return r, errors.New(":process is needed")
	case process.kind == formKeyword && process.text == nemesis:
		return &record{}, nil
	case process.kind != formInteger:
		return r, fmt.Errorf(":process is a number, or :%s, whose operations are passed over, but not %.40s", nemesis, process)
	case r.event.Function == "":
		return r, errors.New(":f is needed: the function that was asked for")
	}
	r.event.Process = int(process.number)
	r.event.Client = texts.text(strconv.AppendInt([]byte("p"), process.number, 10))
	return r, r.hold(value)
}

// hold gives an operation its value. It errs if there is a number in it that is no integer.
func (r *record) hold(value form) error {
	if fraction := value.fraction(); fraction != "" {
		return fmt.Errorf(":value: %.40s is no integer of 64 bits; numbers here are integers", fraction)
	}
	if r.event.Function == history.Txn {
		value.steps()
	}
	r.event.Value = value.value()
	return nil
}
