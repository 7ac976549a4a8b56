package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"cleave/world"
)

// What goes over the admin socket is lines, each one JSON object. The first one that a node sends names
// its life, another at every start. Notes are numbered within it, so that who connects again can tell
// which it has heard.
//
//	node ──▶ {"life":"9f3c"} {"ready":true} {"leads":true,"term":7} {"note":{"number":1,"kind":"leader","detail":"term 7"}}
//	     ◀── {"clock":{"offset":"-5s","drift":100}}
//	     ──▶ {"ok":true}, or {"error":"clock.offset: ..."}
//	     ◀── {"members":{"out":["n3"],"renewed":["n2"]}}, see DecodeRoll
type adminLine struct {
	Life  string     `json:"life,omitempty"`
	Note  *adminNote `json:"note,omitempty"`
	Leads *bool      `json:"leads,omitempty"`
	Term  uint64     `json:"term,omitempty"`
	Ready bool       `json:"ready,omitempty"`
	OK    bool       `json:"ok,omitempty"`
	Error string     `json:"error,omitempty"`
}

type adminNote struct {
	Number uint64 `json:"number"` // from 1
	Kind   string `json:"kind"`
	Detail string `json:"detail"`
}

const (
	mostOrder  = 4 << 10  // bytes of a line to a node
	mostText   = 8 << 10  // bytes of a note's detail; the rest is cut off
	mostReport = 64 << 10 // bytes of a line from a node: a byte of a text may become six
)

// encode is the line, with its end.
func (l *adminLine) encode() []byte {
	text, err := json.Marshal(l)
	if err != nil {
		panic("host: a line of the admin socket cannot be written: " + err.Error())
	}
	return append(text, '\n')
}

// decodeReport reads a line from a node.
func decodeReport(text []byte) (adminLine, error) {
	var l adminLine
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&l); err != nil {
		return l, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return l, errors.New("more than one value in a line")
	}
	return l, nil
}

// order is what a node is told: where to put its clock, or who is to be a member.
type order struct {
	offset  time.Duration
	drift   int64 // parts per million
	enlists bool
	roll    world.Roll // if it enlists
}

func (o order) encode() []byte {
	if o.enlists {
		return fmt.Appendf(nil, "{\"members\":%s}\n", EncodeRoll(o.roll))
	}
	return fmt.Appendf(nil, "{\"clock\":{\"offset\":%q,\"drift\":%d}}\n", o.offset, o.drift)
}

// decodeOrder reads a line to a node. An error names the field that is wrong.
func decodeOrder(text []byte) (o order, err error) {
	outer, err := fields(text, "", "clock", "members")
	switch {
	case err != nil:
		return o, err
	case outer["clock"] != nil && outer["members"] != nil:
		return o, errors.New("clock and members are two orders, of a line each")
	case outer["members"] != nil:
		o.enlists = true
		o.roll, err = decodeRoll(outer["members"], "members")
		return o, err
	case outer["clock"] == nil:
		return o, errors.New("nothing is ordered: clock is missing, and members")
	}
	inner, err := fields(outer["clock"], "clock", "offset", "drift")
	if err != nil {
		return o, err
	}
	var offset string
	if err = json.Unmarshal(inner["offset"], &offset); err == nil {
		o.offset, err = time.ParseDuration(offset)
	}
	if err != nil || o.offset.Abs() > mostOffset {
		return o, fmt.Errorf("clock.offset: a duration such as \"-5s\" is wanted, a hundred years at most, and not %.60q", inner["offset"])
	}
	if raw, given := inner["drift"]; given {
		if err = json.Unmarshal(raw, &o.drift); err != nil || string(raw) == "null" || max(o.drift, -o.drift) > mostDrift {
			return o, fmt.Errorf("clock.drift: parts per million, a whole number from -%d to %[1]d, are wanted, and not %.60q", mostDrift, raw)
		}
	}
	return o, nil
}

// fields takes an object apart. Only the given names may be there, and none twice.
func fields(text []byte, where string, known ...string) (map[string]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	opening, err := decoder.Token()
	if err != nil || opening != json.Delim('{') {
		return nil, fmt.Errorf("%s: an object is wanted", strings.TrimSpace("the line "+where))
	}
	found := map[string]json.RawMessage{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("this is no JSON: %w", err)
		}
		name, _ := key.(string) // in an object it is one
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, fmt.Errorf("%s: this is no JSON: %w", within(where, name), err)
		}
		switch {
		case !slices.Contains(known, name):
			return nil, fmt.Errorf("%.60s: this field is not known", within(where, name))
		case found[name] != nil:
			return nil, fmt.Errorf("%s comes twice", within(where, name))
		}
		found[name] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("this is no JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value in a line")
	}
	return found, nil
}

// within is a field's name with what it is in.
func within(where, name string) string { return strings.TrimPrefix(where+"."+name, ".") }
