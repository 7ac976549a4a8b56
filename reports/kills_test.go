package reports_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/reports"
)

func killsPage(t testing.TB, kills reports.Kills) string {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, reports.WriteKills(&page, kills))
	return page.String()
}

func sampleKills() reports.Kills {
	return reports.Kills{Version: "v0.1.0", Seeds: 50, Bugs: []reports.Kill{
		{System: "cpstore", Bug: "forget-vote", Breaks: "It votes twice.", Workload: "register", Faults: "bridge-crash", Expected: "election-safety", Found: 3,
			First: "7", Median: "12", Items: "800 → 4", Seen: []reports.Seen{{Checker: "election-safety", Runs: 3}, {Checker: "linearizable", Runs: 1}}},
		{System: "cpstore", Bug: "stale-leader-read", Expected: "linearizable", Found: 50, Seen: []reports.Seen{{Checker: "linearizable", Runs: 50}}},
	}}
}

// The matrix has each bug with each checker that found any; a bug that survives is told at the top.
func TestKillsPage(t *testing.T) {
	kills := sampleKills()
	page := killsPage(t, kills)
	requireWellFormed(t, parse(t, page))
	for _, words := range []string{
		"ALL FOUND: 2 planted bugs, each by the checker that is to find it",
		`<th scope="row">cpstore, forget-vote</th><td class="heat-1 from">1</td><td class="heat-2">3</td></tr>`,
		`<th scope="row">cpstore, stale-leader-read</th><td class="heat-5 from">50</td><td class="heat-0"><span class="hide">never</span></td></tr>`,
		"3 of 50", "800 → 4",
	} {
		require.True(t, strings.Contains(page, words), words)
	}
	kills.Bugs = append(kills.Bugs, reports.Kill{Bug: "sly"})
	require.Contains(t, killsPage(t, kills), "NOT ALL FOUND: 2 of 3 planted bugs")
	require.Contains(t, killsPage(t, reports.Kills{}), "NOT ALL FOUND: none of 0 planted bugs")

	fill(reflect.ValueOf(&kills).Elem(), hostile)
	requireWellFormed(t, parse(t, killsPage(t, kills)))
	for i := range 1000 {
		kills.Bugs = append(kills.Bugs, reports.Kill{Seen: []reports.Seen{{Checker: fmt.Sprint("checker ", i), Runs: 60}}})
	}
	page = killsPage(t, kills)
	require.Less(t, len(page), 10<<20)
	require.Contains(t, page, "503 further bugs are not shown")
	require.Contains(t, page, "further checkers are not shown")
}
