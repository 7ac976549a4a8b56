package reports

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// evenly is a cell in which each seed gave so much with a retry, and half of it without.
func evenly(calls int, shares ...float64) CallersCell {
	cell, total := CallersCell{Calls: calls}, 0.0
	for i, share := range shares {
		cell.Seeds = append(cell.Seeds, CallersSeed{uint64(i + 1), share / 2, share})
		total += share / float64(len(shares))
	}
	cell.Retried, cell.Reached = int(total*float64(calls)+0.5), int(total*float64(calls)/2+0.5)
	return cell
}

func smallCallers() Callers {
	return Callers{Command: "cleave compare --seeds 1-4", First: 1, Last: 4,
		Columns: []CallersColumn{{System: "store", Kind: "CP"}, {System: "registry", Kind: "AP"}, {System: "registry", Kind: "AP", Cached: true}},
		Rows: []CallersRow{
			{Fault: "none", Phase: "faults", Cells: []CallersCell{evenly(10, 1, 1, 1, 1), evenly(10, 1, 1, 1, 1), {}}},
			{Fault: "none", Side: "majority", Phase: "faults", Cells: []CallersCell{evenly(10, 1, 1, 1, 1), evenly(10, 1, 1, 1, 1), {}}},
			{Fault: "cut", Phase: "faults",
				Cells: []CallersCell{evenly(400, 0.6, 0.6, 0.6, 0.6), evenly(400, 0.5, 0.5, 0.5, 0.7), evenly(4, 0.1, 0.2, 0.3, 0.4)}},
			{Fault: "cut", Side: "majority", Phase: "faults",
				Cells: []CallersCell{evenly(200, 0.9, 0.9, 0.9, 0.9), evenly(200, 0.8, 0.8, 0.95, 0.95), evenly(4, 0.1, 0.2, 0.3, 0.4)}},
			{Fault: "cut", Side: "minority", Phase: "faults",
				Cells: []CallersCell{evenly(200, 0, 0, 0, 0.01), evenly(200, 0.6, 0.7, 0.8, 0.9), evenly(4, 0.5, 0.6, 0.7, 0.8)}},
			{Fault: "cut", Phase: "quiet", Cells: []CallersCell{evenly(1, 0), evenly(1, 0), evenly(1, 0)}},
		}}
}

// The best of a row stand out, unless all are alike; what did not run is a dash. A side that all callers are on is told once.
func TestMarkdownCallers(t *testing.T) {
	var text strings.Builder
	require.NoError(t, MarkdownCallers(&text, smallCallers()))
	_, tables, found := strings.Cut(text.String(), "named together.\n\n")
	require.True(t, found)
	require.Equal(t, `| faults | all callers | majority side | minority side |
|---|---|---|---|
| none | **all alike**: CP 100, AP 100 | **all alike**: CP 100, AP 100 | – |
| cut | **CP**: CP 60, AP 50 | **all alike**: CP 90, AP 88 | **AP**: AP 75, CP 0 |

Calls that reached a live instance: % at the first address / with a retry at the next; 4 seeds, mean.

| faults | store | registry | registry, cache |
|---|---:|---:|---:|
| none | 50 / 100 | 50 / 100 | – |
| cut | **30 / 60** | 28 / 55 | 25 / 25 |
| cut, majority | **45 / 90** | 44 / 88 | 25 / 25 |
| cut, minority | 0 / 1 | **38 / 75** | **25 / 75** |

| quiet | store | registry | registry, cache |
|---|---:|---:|---:|
| cut | 0 / 0 | 0 / 0 | 0 / 0 |

| faults, with a retry: the worst seed and the best | store | registry | registry, cache |
|---|---:|---:|---:|
| none | 100–100 | 100–100 | – |
| cut | 60–60 | 50–70 | 10–40 |
| cut, majority | 90–90 | 80–95 | 10–40 |
| cut, minority | 0–1 | 60–90 | 50–80 |

Made by `+"`cleave compare --seeds 1-4`"+`.
`, tables)
}

// On a terminal: a bar for each system, in which a retry and the best seed are told from the rest, and who gave most above.
func TestTerminalCallers(t *testing.T) {
	var text strings.Builder
	require.NoError(t, TerminalCallers(&text, smallCallers(), false))
	for _, line := range strings.Split(text.String(), "\n") {
		require.LessOrEqual(t, len([]rune(line)), comparisonWidth)
	}
	require.Contains(t, text.String(), `
minority side: AP (AP 75, CP 0)
  store                     |                              |   0 /   0  0–1
  registry                  |###########++++++++++++....   |  38 /  75  60–90
`)
	_, none, _ := strings.Cut(text.String(), "-- none")
	require.NotContains(t, none[:strings.Index(none, "-- cut")], "majority side", "it has all callers")
}

// One is ahead only if it is so in three of four seeds that both have, and by over a point.
func TestAheadInMostSeeds(t *testing.T) {
	for _, test := range []struct {
		one, other []float64
		ahead      bool
	}{
		{[]float64{0.5, 0.5, 0.5, 0.5}, []float64{0.4, 0.4, 0.4, 0.9}, true},
		{[]float64{0.5, 0.5, 0.5, 0.5}, []float64{0.4, 0.4, 0.9, 0.9}, false},
		{[]float64{0.5, 0.5}, []float64{0.495, 0.495}, false},
		{[]float64{0.5}, []float64{0.4, 0.9}, true},
		{nil, []float64{0.4}, false},
	} {
		one, other := evenly(100, test.one...), evenly(100, test.other...)
		require.Equal(t, test.ahead, one.ahead(&other, retried), "%v, %v", test.one, test.other)
	}
	one := CallersCell{Seeds: []CallersSeed{{2, 0.5, 0.5}}}
	other := CallersCell{Seeds: []CallersSeed{{1, 0.1, 0.1}, {3, 0.1, 0.1}}}
	require.False(t, one.ahead(&other, retried), "no seed in common")
}
