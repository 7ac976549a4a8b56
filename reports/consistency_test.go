package reports_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/checker/consistency"
	"cleave/reports"
)

// What was measured of consistency says what each model means, and that it is not the promise of the same name.
func TestConsistencyIsExplained(t *testing.T) {
	run := sampleReport(t)
	measured := func(reason string) (page, terminal string) {
		run.Measured = []checker.Result{{Checker: "consistency", Verdict: checker.Valid, Reason: reason}}
		var text bytes.Buffer
		require.NoError(t, reports.TerminalRun(&text, run, false))
		return runPage(t, run), text.String()
	}
	page, terminal := measured("measured: the strongest that holds is sequential; " +
		"not ordered sequential: no one order of all operations explains what the sessions did")
	require.Contains(t, page, "the strongest that holds is sequential (some order of all operations, with those of each client as it asked them")
	require.Contains(t, page, "not ordered sequential (such an order as for sequential, in which no write stands before what had ended when it was asked): "+
		"no such order explains what the sessions did.")
	require.Contains(t, page, "The promise “no client sees a state older than one it has seen” is another property")
	require.Contains(t, terminal, "  the strongest that holds is sequential (some order")
	for _, model := range consistency.Models() {
		page, _ = measured("measured: none of the models; undecided " + string(model) + ": it takes too long")
		require.Contains(t, page, "undecided "+string(model)+" (", "its meaning")
	}
	run.Promises = nil
	page, _ = measured("measured: the strongest that holds is causally convergent and PRAM")
	require.Contains(t, page, "is causally convergent (clients see causes before effects, and agree on which value replaced which) and PRAM (every client")
	require.NotContains(t, page, "another property")
}
