package checker

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

func TestVerdictsMerge(t *testing.T) {
	of := func(verdicts ...Verdict) Verdict {
		var results []Result
		for _, verdict := range verdicts {
			results = append(results, Result{Verdict: verdict})
		}
		return Merge(results)
	}
	require.Equal(t, Unknown, of())
	require.Equal(t, Valid, of(Valid, Valid))
	require.Equal(t, Unknown, of(Valid, Unknown, Valid))
	require.Equal(t, Invalid, of(Unknown, Invalid, Valid))
	require.Equal(t, Invalid, Unknown.Worse(Invalid))
	require.Equal(t, Invalid, Invalid.Worse(Unknown))
}

type broken struct{}

func (broken) Name() string                          { return "broken" }
func (broken) Check(*history.History, Budget) Result { panic("an oversight") }

func TestPanicIsUnknown(t *testing.T) {
	result := Run(broken{}, &history.History{}, Budget{})
	require.Equal(t, Result{Checker: "broken", Verdict: Unknown, Reason: "the checker panicked: an oversight"}, result)
}
