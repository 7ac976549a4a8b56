package reports_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"cleave/checker"
	"cleave/reports"
)

// The page of a sweep has the verdict, what was found with its smallest story, and how to see it again.
func TestSweepPageSays(t *testing.T) {
	page := html.UnescapeString(sweepPage(t, sampleSweep(t)))
	for _, words := range []string{
		"INVALID: a promise was BROKEN in 7 of 100 runs", "It is not complete: it was interrupted.", "The bug <code>stale-leader-read</code> was planted",
		"linearizable: an answer from the past", "Broken in 6 runs of 100, 6.0%; seeds 2 41 55 57 58 90.", "4,977 faults and operations made 3 by shrinking.",
		`href="shrunk/2-linearizable/report.html"`, `href="runs/2/report.html"`, "cleave shrink store/sweeps/one/runs/2", "How this was broken",
		"no-panic: a node panicked", "Why runs came to nothing", "cleave run --seed 11", "never, and it must sometimes", "4,105,432", "5, all the same",
		"cleave sweep --seeds 1-200 --collect", "cleave sweep --resume store/sweeps/one", "The last quarter of the runs, after seed 95",
		"11 situations", "flapping: 4 situations",
	} {
		require.True(t, strings.Contains(page, words), words)
	}
	requireWellFormed(t, parse(t, page))
}

// The table of the curves counts what there was up to a seed, and the lines stop where the seeds stop.
func TestSweepCurves(t *testing.T) {
	page := sweepPage(t, sampleSweep(t))
	// up to seed, runs, invalid runs, kinds, situations, states
	for _, row := range [][]string{{"10", "10", "1", "1", "5", "1"}, {"60", "60", "5", "1", "11", "1"}, {"80", "60", "5", "1", "11", "1"},
		{"90", "70", "6", "1", "11", "2"}, {"200", "100", "7", "2", "11", "2"}} {
		cells := `<th scope="row">` + row[0] + `</th><td>` + strings.Join(row[1:], "</td><td>") + "</td>"
		require.True(t, strings.Contains(page, cells), cells)
	}
	require.Equal(t, 2, strings.Count(page, `class="unrun"`), "seeds 61 to 80, and 121 to 200")
	require.Contains(t, page, "seeds 121 to 200 were not run")
}

// What a fault never met is an empty cell that says so; what it met has its count.
func TestSweepCoverage(t *testing.T) {
	page := sweepPage(t, sampleSweep(t))
	overview := page[strings.Index(page, "<caption>All kinds of faults"):]
	overview = overview[:strings.Index(overview, "</table>")]
	rows := regexp.MustCompile(`<tr><th scope="row">([a-z-]+)</th>(.*)</tr>`).FindAllStringSubmatch(overview, -1)
	require.Len(t, rows, 3)
	cells := regexp.MustCompile(`<td class="heat-(\d)[^>]*>(?:<span class="hide">)?([a-z0-9]+)`)
	var counts [][]string
	for _, row := range rows {
		var line []string
		for _, cell := range cells.FindAllStringSubmatch(row[2], -1) {
			require.Equal(t, cell[1] == "0", cell[2] == "never")
			line = append(line, cell[2])
		}
		counts = append(counts, line)
	}
	// role: a follower, the leader; phase: following, leading; message: append, commit, heartbeat, none
	require.Equal(t, [][]string{{"2", "2", "2", "2", "1", "1", "1", "1"}, {"30", "1", "30", "1", "1", "8", "never", "22"},
		{"58", "30", "58", "30", "1", "15", "29", "43"}}, counts)
}

func TestSweepVerdicts(t *testing.T) {
	for verdict, words := range map[checker.Verdict]string{
		checker.Valid:   "VALID: no promise was broken in 31 runs, of 300 seeds",
		checker.Unknown: "UNKNOWN: no promise was broken, but that does not say enough",
	} {
		page := sweepPage(t, reports.Sweep{First: 1, Last: 300, Done: []reports.Seeds{{First: 1, Last: 31}}, Valid: 31, Verdict: verdict,
			Ended: "its time was up"})
		require.Contains(t, page, words)
		require.Contains(t, page, "It is not complete: its time was up.")
	}
}

// Empty, huge and hostile sweeps make pages that are whole, bounded and run nothing.
func TestSweepPageOfAnything(t *testing.T) {
	requireWellFormed(t, parse(t, sweepPage(t, reports.Sweep{})))
	requireWellFormed(t, parse(t, sweepPage(t, reports.Sweep{First: 5, Last: 1, Valid: 3, Curve: []int{1}, Done: []reports.Seeds{{First: 9, Last: 2}}})))
	huge := sweepPage(t, hugeSweep())
	requireWellFormed(t, parse(t, huge))
	require.Less(t, len(huge), 10<<20)
	for _, note := range []string{"240 further kinds are not shown", "295 further kinds of faults are not shown", "140 further columns are not shown"} {
		require.True(t, strings.Contains(huge, note), note)
	}
	sweep := sampleSweep(t)
	story := sweep.Finds[0].Smallest.History
	sweep.Finds[0].Smallest.History = nil
	fill(reflect.ValueOf(&sweep).Elem(), hostile)
	sweep.Finds[0].Smallest.History = story
	page := sweepPage(t, sweep)
	requireWellFormed(t, parse(t, page))
	require.True(t, utf8.ValidString(page))
	for _, r := range page {
		require.True(t, r == '\n' || unicode.IsPrint(r), "%U is in the page", r)
	}
	require.Equal(t, page, sweepPage(t, sweep), "the same sweep gives the same bytes")
	require.ErrorContains(t, reports.WriteSweep(brokenPipe{}, sweep), "the pipe is broken")
}

// Counts on the heat maps are readable in both schemes.
func TestHeatContrast(t *testing.T) {
	plain, err := os.ReadFile("page/style.css")
	require.NoError(t, err)
	own, err := os.ReadFile("page/sweep.css")
	require.NoError(t, err)
	const dark = "@media (prefers-color-scheme: dark)"
	colors, _, _ := strings.Cut(string(plain), "box-sizing")
	inks, heat := strings.SplitN(colors, dark, 2), strings.SplitN(string(own), dark, 2)
	for scheme := range 2 {
		ink := luminance(t, colorsOf(inks[scheme])["--ink"])
		for _, shade := range []string{"--heat-one", "--heat-two", "--heat-three", "--heat-four", "--heat-five"} {
			paper := luminance(t, colorsOf(heat[scheme])[shade])
			require.GreaterOrEqual(t, (max(ink, paper)+0.05)/(min(ink, paper)+0.05), 4.5, shade)
		}
	}
}
