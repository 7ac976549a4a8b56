package foreign

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"

	"cleave/history"
)

// logDecoder reads lines of Jepsen's log, as porcupine's tests keep them:
//
//	INFO  jepsen.util - 4	:invoke	:cas	[3 1]
//	INFO  jepsen.util - 4	:fail	:cas	[3 1]
//	INFO  jepsen.util - 2	:info	:read	:timed-out
//
//	2023-01-01 10:00:00,123{GMT}	INFO	[jepsen worker 0] jepsen.util: 0	:ok	:write	7
//
// Blanks do for tabulators, and what comes before the process does not matter, as in history.txt. Lines that are
// none, and those of the nemesis, are passed over. Nothing says when they were written, so only their order counts.
type logDecoder struct {
	source *source
	texts  *interned
}

// logged is an operation in a line of a log: process, type, function and value.
var logged = regexp.MustCompile(`(?:^|\s)(\S+)\s+:(invoke|ok|fail|info)\s+:?(\S+)(.*)$`)

func (d *logDecoder) next() (*record, error) {
	line, whole, err := d.source.next()
	if err != nil {
		return nil, err
	}
	found := logged.FindSubmatch(line)
	if found == nil {
		return &record{}, nil
	}
	who, typed, function, value := found[1], found[2], found[3], bytes.TrimLeft(found[4], " \t")
	process, err := strconv.Atoi(string(who))
	if err != nil {
		return &record{}, nil // the nemesis
	}
	kind := history.Type(typed)
	if len(value) == 0 || !whole {
		return nil, fmt.Errorf("line %d is cut short: wanted process, type, function and value", d.source.number)
	}
	form, err := newEDNReader(bytes.NewReader(value), len(value)).form(1)
	if err != nil {
		return nil, fmt.Errorf("line %d: the value %.40q: %w", d.source.number, value, err)
	}
	r := &record{line: d.source.number, event: history.Event{
		Type: kind, Process: process, Client: d.texts.text(append([]byte("p"), who...)),
		Function: named(d.texts.text(function)),
	}}
	if err := r.hold(form); err != nil {
		return nil, fmt.Errorf("line %d: %w", d.source.number, err)
	}
	return r, nil
}
