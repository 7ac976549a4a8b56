package reports

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The best of a row stand out, unless all are alike; what did not run is a dash.
func TestMarkdownCallers(t *testing.T) {
	callers := Callers{Command: "cleave compare --seeds 1-20", First: 1, Last: 20,
		Columns: []CallersColumn{{System: "store"}, {System: "registry"}, {System: "registry", Cached: true}},
		Rows: []CallersRow{
			{Fault: "none", Phase: "faults", Cells: []CallersCell{
				{Calls: 10, Reached: 9, Retried: 10, Least: 1, Most: 1}, {Calls: 10, Reached: 5, Retried: 10, Least: 1, Most: 1}, {}}},
			{Fault: "cut", Side: "minority", Phase: "faults", Cells: []CallersCell{
				{Calls: 200, Retried: 1, Most: 0.02}, {Calls: 200, Reached: 99, Retried: 150, Least: 0.6, Most: 0.8},
				{Calls: 3, Reached: 1, Retried: 2, Least: 0.5, Most: 0.7}}},
			{Fault: "cut", Phase: "quiet", Cells: []CallersCell{{Calls: 1}, {Calls: 1}, {Calls: 1}}},
		}}
	var text strings.Builder
	require.NoError(t, MarkdownCallers(&text, callers))
	require.Equal(t, `Calls that reached a live instance: % at the first address / with a retry at the next; 20 seeds, mean.

| faults | store | registry | registry, cache |
|---|---:|---:|---:|
| none | 90 / 100 | 50 / 100 | – |
| cut, minority | 0 / 1 | **50 / 75** | 33 / 67 |

| quiet | store | registry | registry, cache |
|---|---:|---:|---:|
| cut | 0 / 0 | 0 / 0 | 0 / 0 |

| faults, with a retry: the worst seed and the best | store | registry | registry, cache |
|---|---:|---:|---:|
| none | 100–100 | 100–100 | – |
| cut, minority | 0–2 | 60–80 | 50–70 |

Made by `+"`cleave compare --seeds 1-20`"+`.
`, text.String())
}
