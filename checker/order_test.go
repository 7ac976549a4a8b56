package checker

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker/linear"
	"cleave/history"
)

// told is a circle of relations, a line each.
func circleTold(operations ...history.Operation) []string {
	var lines []string
	for i := range operations {
		operations[i].ID = i
	}
	for _, r := range circle(operations) {
		lines = append(lines, fmt.Sprintf("#%d: %s: #%d", r.Before, r.Reason, r.After))
	}
	return lines
}

func op(function history.Function, from, to history.Time, value int64) history.Operation {
	o := history.Operation{Function: function, Invoked: from, Completed: to, Outcome: history.Ok}
	if to == history.Forever {
		o.Outcome = history.Info
	}
	if function == history.Read {
		if value != 0 {
			o.Result = history.Integer(value)
		}
		return o
	}
	o.Argument = history.Integer(value)
	return o
}

func TestCircle(t *testing.T) {
	const never = history.Forever
	require.Equal(t, []string{"#1: it had ended before the other began: #2", "#2: it saw 1, which the other replaced: #1"},
		circleTold(op(history.Write, 1, 2, 1), op(history.Write, 3, 4, 2), op(history.Read, 5, 6, 1)), "a stale read")
	require.Equal(t, []string{"#0: it had ended before the other began: #1", "#1: it saw nil, which the other replaced: #0"},
		circleTold(op(history.Write, 1, 2, 1), op(history.Read, 5, 6, 0)), "a lost write")
	require.Equal(t, []string{"#1: it wrote 2, which the other saw: #2", "#2: it had ended before the other began: #3",
		"#3: it saw 1, which the other replaced: #1"},
		circleTold(op(history.Write, 1, 2, 1), op(history.Write, 3, never, 2), op(history.Read, 4, 5, 2), op(history.Read, 6, 7, 1)),
		"back to the value before, of a write nobody acknowledged")
	require.Equal(t, []string{"#0: it had ended before the other began: #1", "#1: it wrote 1, which the other saw: #0"},
		circleTold(op(history.Read, 1, 2, 1), op(history.Write, 3, 4, 1)), "read before it was written")
	require.Empty(t, circleTold(op(history.Write, 1, 2, 1), op(history.Write, 3, never, 2), op(history.Read, 5, 6, 1)), "a write that may never happen")
	require.Empty(t, circleTold(op(history.Write, 1, 4, 1), op(history.Write, 3, 5, 2), op(history.Read, 5, 6, 1)), "writes at one time")
	require.Empty(t, circleTold(op(history.Write, 1, 2, 1), op(history.Write, 3, 4, 1), op(history.Read, 5, 6, 0)), "a value written twice")
}

// No legal history has a circle, and nearly every illegal one of few operations has.
func TestCirclesOfRandomHistories(t *testing.T) {
	illegal, told := 0, 0
	for seed := range uint64(20_000) {
		operations := chaos(seed)
		if seed%2 == 0 {
			operations = walk{seed: seed, clients: 3, operations: 8, info: 20, stale: 20, swaps: seed%4 == 0}.run()
		}
		found := linear.Judge("register", operations)
		if found.Verdict == linear.Unsuited {
			continue
		}
		relations := circle(operations)
		if found.Verdict == linear.Valid {
			require.Empty(t, relations, "seed %d", seed)
			continue
		}
		if seed%2 == 0 { // not of values that nobody wrote
			illegal++
		}
		if len(relations) > 0 && seed%2 == 0 {
			told++
		}
		for i, relation := range relations {
			require.Equal(t, relation.After, relations[(i+1)%len(relations)].Before, "seed %d", seed)
		}
	}
	require.Greater(t, illegal, 500)
	t.Logf("%d of %d illegal histories are told as a circle", told, illegal)
	require.Greater(t, told*10, illegal*8)
}
