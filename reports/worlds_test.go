package reports_test

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/golden"
	"cleave/reports"
)

func TestTerminalOfWorlds(t *testing.T) {
	var run, comparison bytes.Buffer
	require.NoError(t, reports.TerminalRun(&run, containerReport(t), false))
	golden.Equal(t, "testdata/container.txt", run.String())
	require.NoError(t, reports.TerminalComparison(&comparison, sampleWorlds(), false))
	golden.Equal(t, "testdata/worlds.txt", comparison.String())
	require.LessOrEqual(t, widest(run.String()), 80)
	require.LessOrEqual(t, widest(comparison.String()), 100)
}

func TestWorldsPageSays(t *testing.T) {
	page := comparisonPage(t, sampleWorlds())
	for _, words := range []string{
		`cpstore <span class="place">in simulation</span>`, `data-system="cpstore in containers"`, `zookeeper <span class="place">in containers</span>`,
		"Runs were simulated (world sim) and in containers (world docker)", "cpstore in containers <span",
		"Where the worlds differ", "of cpstore in containers under flapping", "another verdict", ": n3 did not answer the final reads",
		"&#43;16.7 points", "&#43;2.20 s, ×2.16", "in one world only", "cpstore, register: everything that was compared",
	} {
		require.True(t, strings.Contains(page, words), words)
	}
	require.NotContains(t, page, "zookeeper in simulation")
	require.NotContains(t, page, "not shown")
	requireWellFormed(t, parse(t, page))
}

// Of one world alone, pages are as they were before there was another.
func TestSimulationAloneNeedsNoWords(t *testing.T) {
	plain, named := sampleComparison(), sampleComparison()
	named.Worlds = []string{"sim"}
	for i := range named.Cells {
		named.Cells[i].World = "sim"
	}
	page := comparisonPage(t, named)
	require.Equal(t, comparisonPage(t, plain), page)
	require.NotContains(t, page, "in simulation")
	require.NotContains(t, page, "Where the worlds differ")
	named.Worlds = []string{"docker"}
	require.Contains(t, comparisonPage(t, named), "48 runs are not shown", "none of them was in that world")
	for i := range named.Cells {
		named.Cells[i].World = "docker"
	}
	page = comparisonPage(t, named)
	require.Contains(t, page, "All runs were in containers (world docker)")
	require.NotContains(t, page, "Where the worlds differ")
}

func TestContainerPageSays(t *testing.T) {
	page := runPage(t, containerReport(t))
	for _, words := range []string{
		"in containers (world docker)", "The schedule of faults is the same; the processes, the network and the time are real",
		"Where it ran", "Docker 20.10.24, API 1.41", "What the network carried", "all 90 links", "n10 → n1", "36 MB", "lost or damaged by chance",
		"66 further links are not shown; together", "frames dropped", "frames touched", "1,907", "ended by itself", "by itself, with code 2",
		"no room on its disk",
	} {
		require.True(t, strings.Contains(page, words), words)
	}
	require.NotContains(t, page, "byte for byte")
	requireWellFormed(t, parse(t, page))
	simulated := runPage(t, sampleReport(t))
	require.Contains(t, simulated, "in the simulated world it gives the same history, byte for byte")
	for _, words := range []string{"Where it ran", "What the network carried", "ended by itself", "frames", "disturbed", "no room"} {
		require.NotContains(t, simulated[strings.Index(simulated, "</style>"):], words)
	}
}

// Between processes go messages, over a network that is not real.
func TestProcessPageSays(t *testing.T) {
	report := sampleReport(t)
	report.World = "native"
	page := runPage(t, report)
	for _, words := range []string{"with processes, in real time (world native)", "the processes and the time are real", "messages dropped"} {
		require.Contains(t, page, words)
	}
	require.NotContains(t, page, "frames")
}

// hostileWorlds is a comparison in two worlds in which every text is hostile, but names differ.
func hostileWorlds(text string) reports.Comparison {
	c := sampleWorlds()
	for _, subjects := range [][]reports.Subject{c.Systems, c.Workloads, c.Faults} {
		for i := range subjects {
			subjects[i] = reports.Subject{Name: subjects[i].Name + text, Text: text, Picture: text}
		}
	}
	for i := range c.Worlds {
		c.Worlds[i] += text
	}
	for i := range c.Cells {
		cell := &c.Cells[i]
		cell.System, cell.Workload, cell.Fault, cell.World = cell.System+text, cell.Workload+text, cell.Fault+text, cell.World+text
		cell.Link, cell.Replay = text, text
		for j := range cell.Promises {
			cell.Promises[j] = checker.Result{Checker: fmt.Sprint(j, text), Promise: fmt.Sprint(j, text), Reason: text,
				Verdict: []checker.Verdict{checker.Valid, checker.Invalid, checker.Unknown}[(i+j)%3]}
		}
		for j := range cell.Measured[0].Measures {
			m := &cell.Measured[0].Measures[j]
			m.Value = []float64{math.NaN(), math.Inf(1), -1, 1e300, 0}[(i+j)%5]
			if j%4 == 0 {
				m.Name, m.Side, m.Function = "success", "minority", history.Function(fmt.Sprint(j, text))
			}
		}
	}
	return c
}

func TestHostileWorlds(t *testing.T) {
	hostileRunIn := func(text string) reports.Run {
		run := containerReport(t)
		fill(reflect.ValueOf(&run.Environment).Elem(), text)
		fill(reflect.ValueOf(&run.Traffic).Elem(), text)
		run.World = text
		return run
	}
	long := strings.Repeat("many words ", 10_000)
	for _, text := range []string{hostile, long} {
		for _, page := range []string{comparisonPage(t, hostileWorlds(text)), runPage(t, hostileRunIn(text))} {
			requireWellFormed(t, parse(t, page))
			require.Less(t, len(page), 10<<20)
			for _, r := range page {
				require.True(t, r == '\n' || unicode.IsPrint(r), "%U is in the page", r)
			}
			require.Contains(t, html.UnescapeString(page), map[bool]string{true: "⟨U+202E⟩", false: "more bytes not shown"}[text == hostile])
		}
		var out bytes.Buffer
		require.NoError(t, reports.TerminalComparison(&out, hostileWorlds(text), false))
		require.LessOrEqual(t, widest(out.String()), 100)
		require.NoError(t, reports.TerminalRun(&out, hostileRunIn(text), false))
		for _, r := range out.String() {
			require.True(t, r == '\n' || unicode.IsPrint(r), "%U is written to the terminal", r)
		}
	}
}

// Very many runs in many worlds still make a page of a few megabytes, which says what it left out.
func TestWorldsAreBounded(t *testing.T) {
	c := reports.Comparison{Worlds: []string{"sim", "docker", "third", "fourth", "fifth"}}
	promises := make([]checker.Result, 20)
	for i := range promises {
		promises[i] = checker.Result{Checker: fmt.Sprint("promise ", i), Verdict: checker.Valid}
	}
	for i := range 12 {
		c.Systems = append(c.Systems, reports.Subject{Name: fmt.Sprint("system ", i)})
	}
	for i := range 3 {
		c.Workloads = append(c.Workloads, reports.Subject{Name: fmt.Sprint("workload ", i)})
	}
	for i := range 12 {
		c.Faults = append(c.Faults, reports.Subject{Name: fmt.Sprint("fault ", i)})
	}
	for w, world := range c.Worlds {
		verdicts := append([]checker.Result{}, promises...)
		for i := range verdicts {
			if w > 0 {
				verdicts[i].Verdict, verdicts[i].Reason = checker.Invalid, "so it was"
			}
		}
		for _, workload := range c.Workloads {
			for _, fault := range c.Faults {
				for _, system := range c.Systems {
					c.Cells = append(c.Cells, reports.Cell{System: system.Name, Workload: workload.Name, Fault: fault.Name, World: world, Promises: verdicts})
				}
			}
		}
	}
	page := comparisonPage(t, c)
	require.Less(t, len(page), 10<<20)
	for _, note := range []string{"further differences are not shown here", "further rows are not shown",
		"further systems and workloads are not shown", "432 runs are not shown"} {
		require.Contains(t, page, note)
	}
	var out bytes.Buffer
	require.NoError(t, reports.TerminalComparison(&out, c, false))
	require.Contains(t, out.String(), "further differences are on the page")
}
