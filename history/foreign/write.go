package foreign

import (
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"cleave/history"
)

// Write writes events in a format: Lines or EDN. A log cannot be written, since it would lose the times. It ends with
// the first error of the events, or of the output.
func Write(output io.Writer, format Format, events iter.Seq2[history.Event, error]) error {
	var line func(buffer []byte, event *history.Event) []byte
	switch format {
	case Lines:
		line = func(buffer []byte, event *history.Event) []byte { return event.AppendJSON(buffer) }
	case EDN:
		line = appendEDN
	default:
		return fmt.Errorf("histories are written as %s or %s, not as %s", Lines, EDN, format)
	}
	buffer := make([]byte, 0, 1<<16)
	for event, err := range events {
		if err != nil {
			return err
		}
		buffer = line(buffer, &event)
		if len(buffer) > 1<<15 {
			if _, err := output.Write(buffer); err != nil {
				return err
			}
			buffer = buffer[:0]
		}
	}
	_, err := output.Write(buffer)
	return err
}

// appendEDN writes an operation as Jepsen does, a map a line. What is no operation is left out, except that a fault
// becomes one of the nemesis.
func appendEDN(out []byte, e *history.Event) []byte {
	process, kind, function, value := strconv.Itoa(e.Process), string(e.Type), string(e.Function), e.Value
	switch {
	case e.Type == history.FaultEvent:
		process, kind, function, value = ":nemesis", "info", e.Fault.Kind+"-"+string(e.Fault.Stage), history.Text(e.Fault.Detail)
	case !isOperation(e.Type):
		return out
	}
	out = fmt.Appendf(out, "{:index %d, :time %d, :type :%s, :process %s, :f :%s, ", e.Index, int64(e.Time), kind, process, function)
	if e.Key != "" {
		out = append(append(append(out, ":key "...), quoted(e.Key)...), ", "...)
	}
	out = append(out, ":value "...)
	if e.Function == history.Txn {
		out = appendTransaction(out, value)
	} else {
		out = appendEDNValue(out, value)
	}
	if e.Error != "" {
		out = append(append(out, ", :error "...), quoted(e.Error)...)
	}
	return append(out, "}\n"...)
}

// appendTransaction writes micro-operations, whose functions are keywords.
func appendTransaction(out []byte, value history.Value) []byte {
	steps, _ := value.AsList()
	out = append(out, '[')
	for i, step := range steps {
		if i > 0 {
			out = append(out, ' ')
		}
		parts, _ := step.AsList()
		if len(parts) == 0 {
			out = appendEDNValue(out, step)
			continue
		}
		out = append(append(out, "[:"...), parts[0].String()...)
		for _, part := range parts[1:] {
			out = appendEDNValue(append(out, ' '), part)
		}
		out = append(out, ']')
	}
	return append(out, ']')
}

func appendEDNValue(out []byte, value history.Value) []byte {
	if list, isList := value.AsList(); isList {
		out = append(out, '[')
		for i, element := range list {
			if i > 0 {
				out = append(out, ' ')
			}
			out = appendEDNValue(out, element)
		}
		return append(out, ']')
	}
	if text, isText := value.AsText(); isText {
		if keyword.MatchString(text) {
			return append(out, text...)
		}
		return append(out, quoted(text)...)
	}
	return append(out, value.String()...)
}

// keyword is what keywords look like, such as were read and kept their colon.
var keyword = regexp.MustCompile(`^:[a-zA-Z][a-zA-Z0-9_./-]*$`)

// quoted is a string of EDN.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text) + `"`
}
