package linear

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/golden"
)

// TestContradictionsInWords judges the histories of testdata: a line with the name of a model, and an operation a line,
// which is client, times in milliseconds, function, and words "to x" for the argument and "= x" for the result; "10-?"
// has an unknown outcome.
func TestContradictionsInWords(t *testing.T) { golden.Scripts(t, "testdata/*.txt", sayOf) }

// sayOf judges the operations of a script.
func sayOf(t *testing.T, lines []string) string {
	var operations []history.Operation
	for _, line := range lines[1:] {
		operations = append(operations, read(t, line))
	}
	answer := Judge(lines[0], operations)
	if answer.Verdict != Invalid {
		return fmt.Sprintf("%s %s", answer.Verdict, answer.Cause)
	}
	few, alone := answer.Alone(operations)
	return strings.Join(Explain(few, nil, alone), "\n")
}

// read makes an operation of a line.
func read(t *testing.T, line string) history.Operation {
	words := strings.Fields(line)
	o := history.Operation{Client: words[0], Function: history.Function(words[2]), Key: "x", Outcome: history.Ok}
	from, to, _ := strings.Cut(words[1], "-")
	o.Invoked = milliseconds(t, from)
	if to == "?" {
		o.Outcome, o.Completed = history.Info, history.Forever
	} else {
		o.Completed = milliseconds(t, to)
	}
	for i := 3; i < len(words); i += 2 {
		value := history.Text(words[i+1])
		if number, err := strconv.ParseInt(words[i+1], 10, 64); err == nil {
			value = history.Integer(number)
		}
		if one, other, isPair := strings.Cut(words[i+1], "/"); isPair {
			value = history.List(history.Text(one), history.Text(other))
		}
		if words[i] == "=" {
			o.Result = value
		} else {
			o.Argument = value
		}
	}
	return o
}

func milliseconds(t *testing.T, text string) history.Time {
	number, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return history.Time(number * 1_000_000)
}
