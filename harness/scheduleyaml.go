package harness

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cleave/nemesis"
)

// YAML is the schedule for people to read and change, faults first. Operations, which may be thousands, are
// there if they are asked for: without them, a run makes them from its plan.
func (s Schedule) YAML(operations bool) ([]byte, error) {
	out := fmt.Appendf(nil, "seed: %d\nfaults:", s.Seed)
	if len(s.Faults) == 0 {
		out = append(out, " []"...)
	}
	out = append(out, '\n')
	for _, fault := range s.Faults {
		out = appendFault(out, fault)
	}
	if !operations {
		return fmt.Appendf(out, "# and %d operations\n", len(s.Operations)), nil
	}
	if len(s.Operations) == 0 {
		return append(out, "operations: []\n"...), nil
	}
	out = append(out, "operations:\n"...)
	for _, o := range s.Operations {
		value, err := json.Marshal(o.Value)
		if err != nil {
			return nil, err
		}
		out = fmt.Appendf(out, "  - {at: %s, client: %s, f: %s, key: %s, value: %s", readable(time.Duration(o.At)), quoted(o.Client),
			quoted(string(o.Function)), quoted(o.Key), value)
		if o.Must {
			out = append(out, ", must: true"...)
		}
		out = append(out, "}\n"...)
	}
	return out, nil
}

// appendFault writes what the kind would fill in otherwise, too.
func appendFault(out []byte, fault nemesis.Fault) []byte {
	kind, err := nemesis.Find(fault.Kind)
	out = fmt.Appendf(out, "  - kind: %s\n    start: %s\n    duration: %s\n", quoted(fault.Kind), readable(time.Duration(fault.Start)),
		readable(time.Duration(fault.Duration)))
	if fault.Target != "" {
		out = fmt.Appendf(out, "    target: %s\n", quoted(string(fault.Target)))
	}
	if fault.Period != 0 || err == nil && kind.Period != 0 {
		out = fmt.Appendf(out, "    period: %s\n", readable(time.Duration(fault.Period)))
	}
	if fault.Offset != 0 || err == nil && kind.Offset != 0 {
		out = fmt.Appendf(out, "    offset: %s\n", readable(time.Duration(fault.Offset)))
	}
	return fmt.Appendf(out, "    draw: %d\n", fault.Draw)
}

// readable is a time with its unit, in seconds unless it is a minute's or an hour's whole number.
func readable(d time.Duration) string {
	if d%time.Millisecond != 0 {
		return d.String()
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"
}

// quoted is a text that YAML reads as it is: in quotes unless it is plainly a word.
func quoted(text string) string {
	plain := text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && text[0] >= 'a' && text[0] <= 'z'
	if plain && !slices.Contains([]string{"null", "true", "false", "y", "n", "yes", "no", "on", "off"}, text) {
		return text
	}
	out, err := json.Marshal(text)
	if err != nil {
		return strconv.Quote(text)
	}
	return string(out)
}
