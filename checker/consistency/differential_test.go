package consistency

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// Every model against its definition, on random small histories: the same verdict, and a witness that is
// broken by itself and from which no operation can be taken.
func TestModelsAgreeWithTheirDefinitions(t *testing.T) {
	broken := map[string]int{}
	for seed := range uint64(*histories) {
		operations := small(seed)
		b := newBrute(operations)
		_, _, possible := b.past()
		for _, c := range []struct {
			name  string
			judge judge
			want  func() bool
		}{
			{"monotonic reads", monotonicReads, b.monotonicReads},
			{"read your writes", readYourWrites, b.readYourWrites},
			{"monotonic writes", monotonicWrites, func() bool { return b.replacedBy(writes) }},
			{"writes follow reads", writesFollowReads, func() bool { return b.replacedBy(sees) }},
			{"pram", pram, b.pram},
			{"causal", causal, b.causal},
			{"convergent", convergent, b.convergent},
			{"sequential", sequential(false, 1e6), func() bool { return b.sequential(false) }},
			{"ordered sequential", sequential(true, 1e6), func() bool { return b.sequential(true) }},
		} {
			r, problem := read(operations)
			if problem != nil {
				require.False(t, possible, "%v", operations)
				continue
			}
			found, unknown := c.judge(r)
			require.Empty(t, unknown)
			want := c.want()
			require.Equal(t, want, found == nil, "seed %d, %s: %v\n%v", seed, c.name, found, lines(operations))
			if found != nil {
				broken[c.name]++
				finding := decide(r, c.judge, "")
				requireSmallest(t, c.judge, finding.Operations)
			}
		}
	}
	for name, count := range broken {
		require.Greater(t, count, *histories/200, name)
	}
	t.Log(broken)
}

func requireSmallest(t *testing.T, judge judge, operations []history.Operation) {
	breaks := func(operations []history.Operation) bool {
		r, problem := read(operations)
		if problem != nil {
			return false
		}
		found, _ := judge(r)
		return found != nil
	}
	require.True(t, breaks(operations), lines(operations))
	for i := range operations {
		rest := append(append([]history.Operation{}, operations[:i]...), operations[i+1:]...)
		require.False(t, breaks(rest), "%d can be taken away:\n%v", i, lines(operations))
	}
}

func lines(operations []history.Operation) string {
	text := ""
	for _, o := range operations {
		text += o.String() + "\n"
	}
	return text
}
