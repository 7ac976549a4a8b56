package foreign

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cleave/history"
)

// object is a line of JSON being read: an operation with the fields of history's own files, of which it needs type,
// process and f.
type object struct {
	jsonScanner
	record  *record // to be filled
	lenient bool
	seen    fields
	nobody  bool // its process is the nemesis
}

// begin begins a line.
func (o *object) begin(line []byte) {
	o.text, o.at, o.seen, o.nobody = line, 0, 0, false
}

// fields is a set of the fields that a line may have.
type fields uint32

const (
	fieldIndex fields = 1 << iota
	fieldTime
	fieldType
	fieldProcess
	fieldClient
	fieldFunction
	fieldKey
	fieldValue
	fieldNode
	fieldVersion
	fieldError
	fieldOther // run, phase, fault, note: of our own histories
)

var fieldNames = []string{"index", "time", "type", "process", "client", "f", "key", "value", "node", "version", "error", "run"}

// fieldOf is the field of a name, 0 for an unknown one.
func fieldOf(name []byte) fields {
	switch string(name) {
	case "index":
		return fieldIndex
	case "time":
		return fieldTime
	case "type":
		return fieldType
	case "process":
		return fieldProcess
	case "client":
		return fieldClient
	case "f":
		return fieldFunction
	case "key":
		return fieldKey
	case "value":
		return fieldValue
	case "node":
		return fieldNode
	case "version":
		return fieldVersion
	case "error":
		return fieldError
	case "run", "phase", "fault", "note":
		return fieldOther
	}
	return 0
}

// read reads the object, and that nothing follows it.
func (o *object) read() error {
	if err := o.expect('{'); err != nil {
		return err
	}
	for o.space() != '}' {
		if o.seen != 0 {
			if err := o.expect(','); err != nil {
				return err
			}
		}
		if err := o.member(); err != nil {
			return err
		}
	}
	o.at++
	if o.space(); o.at < len(o.text) {
		return fmt.Errorf("column %d: more than one JSON object", o.at+1)
	}
	return o.complete()
}

// member reads one field with its value.
func (o *object) member() error {
	o.space()
	at := o.at + 1
	name, err := o.string()
	if err != nil {
		return err
	}
	field := fieldOf(name)
	switch {
	case field == 0 && !o.lenient:
		return fmt.Errorf("column %d: unknown field %.40q; there are %s (--lenient passes others over)", at, name, strings.Join(fieldNames[:11], ", "))
	case field != 0 && o.seen&field != 0:
		return fmt.Errorf("column %d: %q is there twice", at, name)
	}
	o.seen |= field
	if err := o.expect(':'); err != nil {
		return err
	}
	if field == 0 || field == fieldOther {
		o.seen |= fieldOther
		return o.skip()
	}
	if err := o.content(field); err != nil {
		if errors.Is(err, errShort) {
			return err
		}
		return fmt.Errorf("%q: %w", name, err)
	}
	return nil
}

// content reads the value of a field.
func (o *object) content(field fields) error {
	event := &o.record.event
	var number int64
	var err error
	switch field {
	case fieldIndex:
		_, err = o.integer()
	case fieldTime:
		number, err = o.integer()
		event.Time, o.record.timed = history.Time(number), true
		if err == nil && number < 0 {
			return errors.New("a time before the start")
		}
	case fieldProcess:
		return o.process()
	case fieldVersion:
		event.Version, err = o.integer()
	case fieldKey:
		var key history.Value
		key, err = o.value(0)
		event.Key = o.keyed(key)
	case fieldValue:
		event.Value, err = o.value(0)
	default:
		return o.name(field)
	}
	return err
}

// keyed is a value as a key.
func (o *object) keyed(value history.Value) string {
	if text, isText := value.AsText(); isText {
		return text
	}
	return o.texts.text([]byte(value.String()))
}

// name reads a field that is a text.
func (o *object) name(field fields) error {
	bytes, err := o.string()
	if err != nil {
		return err
	}
	event, text := &o.record.event, o.texts.text(bytes)
	switch field {
	case fieldType:
		event.Type = history.Type(text)
	case fieldClient:
		event.Client = text
	case fieldFunction:
		event.Function = named(text)
	case fieldNode:
		event.Node = text
	case fieldError:
		event.Error = text
	}
	return nil
}

// process reads who asked: a number, or the name of somebody who is no client.
func (o *object) process() error {
	if o.space() == '"' {
		name, err := o.string()
		if o.nobody = true; err == nil && string(name) != nemesis {
			return fmt.Errorf("a process is a number, or %q, whose lines are passed over, but not %.40q", nemesis, name)
		}
		return err
	}
	number, err := o.integer()
	o.record.event.Process = int(number)
	return err
}

// skip passes any JSON value over.
func (o *object) skip() error {
	deep := 0
	for {
		switch c := o.space(); {
		case o.at >= len(o.text):
			return errShort
		case c == '"':
			if _, err := o.string(); err != nil {
				return err
			}
		case c == '{' || c == '[':
			deep++
			o.at++
		case c == '}' || c == ']':
			if deep--; deep < 0 {
				return fmt.Errorf("column %d: a value is missing", o.at+1)
			}
			o.at++
		default:
			o.at++
			if deep > 0 || !ends(o.text, o.at) {
				continue
			}
		}
		if deep == 0 {
			return nil
		}
	}
}

// ends tells whether a bare value, such as a number, ends before a place.
func ends(text []byte, at int) bool {
	return at >= len(text) || strings.IndexByte(",}] \t", text[at]) >= 0
}

// complete tells what an operation lacks, and makes lines that are no operation's of no use.
func (o *object) complete() error {
	event := &o.record.event
	switch event.Type {
	case history.RunEvent, history.PhaseEvent, history.FaultEvent, history.NoteEvent:
		*o.record = record{}
		return nil
	case history.Invoke, history.Ok, history.Fail, history.Info:
	default:
		if o.seen&fieldType == 0 {
			return errors.New(`"type" is needed: invoke, ok, fail or info`)
		}
		return fmt.Errorf("unknown type %.40q: operations have invoke, ok, fail or info", event.Type)
	}
	switch {
	case o.nobody:
		*o.record = record{}
		return nil
	case o.seen&fieldProcess == 0:
		return errors.New(`"process" is needed: a number`)
	case o.seen&fieldFunction == 0:
		return errors.New(`"f" is needed: the function that was asked for`)
	}
	if event.Client == "" {
		event.Client = o.texts.text(strconv.AppendInt([]byte("p"), int64(event.Process), 10))
	}
	return nil
}
