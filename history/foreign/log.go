package foreign

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"cleave/history"
)

// logDecoder reads lines of Jepsen's log, as porcupine's tests keep them:
//
//	INFO  jepsen.util - 4	:invoke	:cas	[3 1]
//	INFO  jepsen.util - 4	:fail	:cas	[3 1]
//	INFO  jepsen.util - 2	:info	:read	:timed-out
//
// Lines that are none, and those of the nemesis, are passed over. Nothing says when they were written, so only their
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
	parts := bytes.SplitN(line, []byte("\t"), 5)
	if len(parts) < 3 || len(parts[1]) == 0 || parts[1][0] != ':' {
		return record{}, nil
	}
	kind := history.Type(strings.TrimSpace(string(parts[1][1:])))
	who := parts[0][bytes.LastIndexByte(parts[0], ' ')+1:]
	process, err := strconv.Atoi(string(who))
	if err != nil {
		return record{}, nil // the nemesis
	}
	if !isOperation(kind) {
		return record{}, fmt.Errorf("line %d: the type is :invoke, :ok, :fail or :info, not %.40q", d.source.number, kind)
	}
	if len(parts) < 4 || !whole {
		return record{}, fmt.Errorf("line %d is cut short: wanted process, type, function and value", d.source.number)
	}
	value, err := newEDNReader(bytes.NewReader(parts[3])).form(1)
	if err != nil {
		return record{}, fmt.Errorf("line %d: the value %.40q: %w", d.source.number, parts[3], err)
	}
	function := strings.TrimPrefix(strings.TrimSpace(string(parts[2])), ":")
	return record{line: d.source.number, event: history.Event{
		Type: kind, Process: process, Client: d.texts.text(append([]byte("p"), who...)), Function: named(d.texts.text([]byte(function))), Value: value.value(),
	}}, nil
}
