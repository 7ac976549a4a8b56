package isolation

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/golden"
)

// TestGolden runs the scripts in testdata: a line with the model asked for, and a transaction a line, which is
//
//	p1 0-10 append x 1, r y [2 3]         process, call and return in milliseconds, steps
//	p1 0-? append x 1                     its outcome is unknown
//	p1 0-10 append x 1 fail               it failed
func TestGolden(t *testing.T) { golden.Scripts(t, "testdata/*.txt", answer) }

func answer(t *testing.T, script []string) string {
	name, option, _ := strings.Cut(script[0], " ")
	model, err := ParseModel(name)
	require.NoError(t, err)
	transactions, err := FromOperations(operationsOf(t, script[1:]))
	if err != nil {
		return "error: " + err.Error()
	}
	return describe(Check(transactions, Options{Consistency: model, WritesFollowReads: option == "writes-follow-reads"}))
}

func describe(r Result) string {
	lines := []string{fmt.Sprintf("%s: %s", r.Verdict, r.Reason)}
	if len(r.Open) > 0 {
		lines = append(lines, "open: "+listed(r.Open))
	}
	for _, example := range r.Found {
		relations := ""
		for _, edge := range example.Edges {
			relations += fmt.Sprintf(" %d-%s", edge.From+1, edge.Relation)
		}
		lines = append(lines, fmt.Sprintf("%s (%d), not %s%s:", example.Anomaly, example.Count, listed(example.RulesOut), relations))
		for _, sentence := range example.Explanation {
			lines = append(lines, "  "+sentence)
		}
	}
	return strings.Join(lines, "\n")
}

// operationsOf reads the transactions of a script; their numbers are their lines, from 1.
func operationsOf(t *testing.T, script []string) []history.Operation {
	var operations []history.Operation
	for at, line := range script {
		process, rest, _ := strings.Cut(line, " ")
		times, rest, _ := strings.Cut(rest, " ")
		call, end, _ := strings.Cut(times, "-")
		o := history.Operation{ID: at + 1, Function: history.Txn, Invoked: milliseconds(t, call), Completed: history.Forever, Outcome: history.Info}
		if end != "?" {
			o.Completed, o.Outcome = milliseconds(t, end), history.Ok
		}
		if left, failed := strings.CutSuffix(rest, " fail"); failed {
			rest, o.Outcome = left, history.Fail
		}
		number, err := strconv.Atoi(process[1:])
		require.NoError(t, err, line)
		o.Process = number
		o.Argument = stepsFrom(rest)
		if o.Outcome == history.Ok {
			o.Result = o.Argument
		}
		operations = append(operations, o)
	}
	return operations
}

func milliseconds(t *testing.T, text string) history.Time {
	number, err := strconv.Atoi(text)
	require.NoError(t, err)
	return history.Time(number) * 1_000_000
}

func stepsFrom(text string) history.Value {
	var steps []history.Value
	for _, step := range strings.Split(text, ", ") {
		words := strings.SplitN(step, " ", 3)
		steps = append(steps, history.List(history.Text(words[0]), history.Text(words[1]), valueFrom(words[2])))
	}
	return history.List(steps...)
}

func valueFrom(text string) history.Value {
	if text == "nil" {
		return history.Nothing
	}
	if inner, isList := strings.CutPrefix(text, "["); isList {
		var list []history.Value
		for _, word := range strings.Fields(strings.TrimSuffix(inner, "]")) {
			list = append(list, valueFrom(word))
		}
		return history.List(list...)
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		return history.Text(text)
	}
	return history.Integer(int64(number))
}
