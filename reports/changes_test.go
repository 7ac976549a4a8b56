package reports_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"cleave/checker"
	"cleave/history"
	"cleave/reports"
)

// changedComparison is the sample set beside an earlier one, of which some runs were better, some worse and one was not made.
func changedComparison(change func(before []reports.Cell)) reports.Comparison {
	c := sampleComparison()
	against := sampleComparison().Cells
	change(against)
	c.Against = &reports.Against{Folder: "store/compare/before", Version: "v0.0.9", Cells: against, Margin: reports.Margin{Points: 10, Factor: 2}}
	return c
}

// cellOf is one of some cells.
func cellOf(t *testing.T, cells []reports.Cell, system, workload, fault string) *reports.Cell {
	at := slices.IndexFunc(cells, func(c reports.Cell) bool { return c.System == system && c.Workload == workload && c.Fault == fault })
	require.GreaterOrEqual(t, at, 0)
	return &cells[at]
}

// set changes a measure of the minority during the faults.
func set(t *testing.T, cell *reports.Cell, measure string, f history.Function, value float64) {
	for i := range cell.Measured[0].Measures {
		m := &cell.Measured[0].Measures[i]
		if m.Name == measure && m.Function == f && m.Side == string(checker.Minority) {
			m.Value = value
			return
		}
	}
	require.Fail(t, "no such measure", measure)
}

func changesText(t *testing.T, c reports.Comparison) string {
	var text bytes.Buffer
	require.NoError(t, reports.TerminalChanges(&text, c, false))
	require.LessOrEqual(t, widest(text.String()), 80)
	return text.String()
}

// Nothing has changed between a comparison and itself.
func TestNothingHasChanged(t *testing.T) {
	c := changedComparison(func([]reports.Cell) {})
	require.Zero(t, reports.Regressions(c))
	require.Contains(t, strings.Join(strings.Fields(changesText(t, c)), " "),
		"v0.0.9: 0 regressions and 0 changes for the better; 48 of 48 runs are as before.")
	require.Zero(t, reports.Regressions(sampleComparison()))
	require.Empty(t, changesText(t, sampleComparison()))
}

// A verdict for the worse and a number for the worse are regressions; what is for the better, or within the margin, is not.
func TestRegressions(t *testing.T) {
	for _, c := range []struct {
		name, row   string
		regressions int
		change      func(cell *reports.Cell)
	}{
		{"was broken, is kept", "✓ better     cpstore, discovery, bridge: sequential\n                 ✗ BROKEN -> ✓ kept, another verdict", 0,
			func(cell *reports.Cell) { cell.Promises[1].Verdict = checker.Invalid }},
		{"was promised, is not", "✗ REGRESSION cpstore, discovery, bridge: old\n                 ✓ kept -> not judged, not judged any more", 1,
			func(cell *reports.Cell) {
				cell.Promises = append(cell.Promises, checker.Result{Checker: "old", Verdict: checker.Valid})
			}},
		{"is promised, was not", "≠ moved      cpstore, discovery, bridge: no-panic\n                 not judged -> ✓ kept, judged for the first time", 0,
			func(cell *reports.Cell) { cell.Promises = cell.Promises[:3] }},
		{"fewer are answered", "✗ REGRESSION cpstore, discovery, bridge: minority: registrations answered\n                 20.0% -> 1.3%, −18.7 points", 1,
			func(cell *reports.Cell) { set(t, cell, "success", history.Register, 0.2) }},
		{"more are answered", "", 0, func(cell *reports.Cell) { set(t, cell, "success", history.Register, 0.0) }}, // within the margin
		{"ghosts are older", "✗ REGRESSION cpstore, discovery, bridge: ghost age max\n                 2.00 s -> 31.2 s, +29.2 s, ×15.6", 1,
			func(cell *reports.Cell) { set(t, cell, "ghost age max", "", 2000) }},
		{"ghosts are younger", "✓ better     cpstore, discovery, bridge: ghost age max", 0,
			func(cell *reports.Cell) { set(t, cell, "ghost age max", "", 90_000) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			comparison := changedComparison(func(before []reports.Cell) { c.change(cellOf(t, before, "cpstore", "discovery", "bridge")) })
			text := changesText(t, comparison)
			require.Equal(t, c.regressions, reports.Regressions(comparison), text)
			require.Contains(t, text, c.row)
			require.Equal(t, c.regressions, strings.Count(comparisonPage(t, comparison), "REGRESSION</span>"))
		})
	}
}

// A promise that is broken now and was kept is a regression; so is one that is not known any more.
func TestVerdictsThatBecameWorse(t *testing.T) {
	for verdict, words := range map[checker.Verdict]string{checker.Invalid: "✓ kept -> ✗ BROKEN", checker.Unknown: "✓ kept -> ? unknown"} {
		c := changedComparison(func([]reports.Cell) {})
		cellOf(t, c.Cells, "cpstore", "register", "none").Promises[0].Verdict = verdict
		require.Equal(t, 1, reports.Regressions(c))
		require.Contains(t, changesText(t, c), words)
	}
}

// Runs without a counterpart are told of, and are no regressions. The margin may be another.
func TestRunsThatOnlyOneHas(t *testing.T) {
	c := changedComparison(func([]reports.Cell) {})
	c.Against.Cells, c.Cells = c.Against.Cells[1:], c.Cells[:len(c.Cells)-2]
	require.Zero(t, reports.Regressions(c))
	page := html.UnescapeString(comparisonPage(t, c))
	require.NotContains(t, page, "not measured before")
	require.Contains(t, page, "1 run has nothing to be set beside")
	require.Contains(t, page, "2 runs of the earlier comparison were not made now.")
	requireWellFormed(t, parse(t, page))

	c = changedComparison(func(before []reports.Cell) {
		set(t, cellOf(t, before, "cpstore", "discovery", "bridge"), "success", history.Register, 0.2)
	})
	c.Against.Margin.Points = 20
	require.Zero(t, reports.Regressions(c))

	fill(reflect.ValueOf(c.Against).Elem(), hostile)
	for i := range c.Against.Cells {
		c.Against.Cells[i].System, c.Against.Cells[i].Workload, c.Against.Cells[i].Fault, c.Against.Cells[i].World =
			c.Cells[i].System, c.Cells[i].Workload, c.Cells[i].Fault, ""
	}
	requireWellFormed(t, parse(t, comparisonPage(t, c)))
	var text bytes.Buffer
	require.NoError(t, reports.MarkdownComparison(&text, c))
	require.NotContains(t, text.String(), "<img")
}
