package reports

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
)

// What a checker measured may be of no column: a sum over sides where there is but one. Then it has no table, rather than a
// heading over nothing.
func TestNoTableOfNoMeasures(t *testing.T) {
	measured := func(phase, side string) []checker.Result {
		return []checker.Result{{Checker: "last-answer", Measures: []checker.Measure{{Name: "last answer after cut", Phase: phase, Side: side, Value: 3}}}}
	}
	require.Empty(t, measureTables(measured("", "minority")))
	require.Len(t, measureTables(measured("faults", "minority")), 1)
}
