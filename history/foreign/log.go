package foreign

import (
	"bytes"
	"fmt"
	"strconv"

	"cleave/history"
)

// logDecoder reads lines of Jepsen's log, as porcupine's tests keep them:
//
//	INFO  jepsen.util - 4	:invoke	:cas	[3 1]
//	INFO  jepsen.util - 4	:fail	:cas	[3 1]
//	INFO  jepsen.util - 2	:info	:read	:timed-out
//
// Blanks do for tabulators. Lines that are none, and those of the nemesis, are passed over. Nothing says when they were written, so only their
// order counts.
type logDecoder struct {
	source *source
	texts  interned
}

func (d *logDecoder) next() (record, error) {
	line, whole, err := d.source.next()
	if err != nil {
		return record{}, err
	}
	_, operation, logged := bytes.Cut(line, []byte(" - "))
	who, rest := word(operation)
	typed, rest := word(rest)
	function, value := word(rest)
	if !logged || len(typed) == 0 || typed[0] != ':' {
		return record{}, nil
	}
	process, err := strconv.Atoi(string(who))
	if err != nil {
		return record{}, nil // the nemesis
	}
	kind := history.Type(typed[1:])
	if !isOperation(kind) {
		return record{}, fmt.Errorf("line %d: the type is :invoke, :ok, :fail or :info, not %.40q", d.source.number, kind)
	}
	if len(value) == 0 || !whole {
		return record{}, fmt.Errorf("line %d is cut short: wanted process, type, function and value", d.source.number)
	}
	form, err := newEDNReader(bytes.NewReader(value)).form(1)
	if err != nil {
		return record{}, fmt.Errorf("line %d: the value %.40q: %w", d.source.number, value, err)
	}
	return record{line: d.source.number, event: history.Event{
		Type: kind, Process: process, Client: d.texts.text(append([]byte("p"), who...)),
		Function: named(d.texts.text(bytes.TrimPrefix(function, []byte(":")))), Value: form.value(),
	}}, nil
}

// word takes the first word off a text.
func word(text []byte) (word, rest []byte) {
	text = bytes.TrimLeft(text, " \t")
	end := bytes.IndexAny(text, " \t")
	if end < 0 {
		return text, nil
	}
	return text[:end], bytes.TrimLeft(text[end:], " \t")
}
