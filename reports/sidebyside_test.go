package reports_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"cleave/checker"
	"cleave/history"
	"cleave/reports"
)

// The picture of two systems has every operation of both, by side and second, and a run without a history has none.
func TestSideBySide(t *testing.T) {
	require.Nil(t, reports.CourseOf(reports.Run{}))
	run := sampleReport(t)
	c := courseComparison(t)
	page := comparisonPage(t, c)
	requireWellFormed(t, parse(t, page))
	require.Equal(t, 1, strings.Count(page, `id="course-1"`)+strings.Count(page, `id="course-1-title"`))
	caption := "<caption>Answered of asked by side"
	table := page[strings.Index(page, caption):]
	table = table[:strings.Index(table, "</table>")]
	head := regexp.MustCompile(`<th scope="col">([^<]*)</th>`).FindAllStringSubmatch(table, -1)
	require.Contains(t, head[1][1], "cpstore: majority")
	asked := map[string]int{}
	for _, row := range regexp.MustCompile(`<tr><th scope="row">[^<]*</th>(.*)</tr>`).FindAllStringSubmatch(table, -1) {
		for i, cell := range regexp.MustCompile(`<td>([^<]*)</td>`).FindAllStringSubmatch(row[1], -1) {
			if _, of, found := strings.Cut(cell[1], " of "); found {
				number, err := strconv.Atoi(of)
				require.NoError(t, err)
				asked[head[i+1][1]] += number
			}
		}
	}
	want, sides := map[string]int{}, checker.NewSides(run.History)
	for _, operation := range run.History.Operations {
		side := sides.During(operation)
		if side == checker.Changing || operation.Function == history.Die || operation.Function == history.Home {
			continue
		}
		for _, system := range []string{"cpstore", "cachedcp"} { // those that the sample has of this workload
			want[fmt.Sprintf("%s: %s", system, side)]++
		}
	}
	require.Equal(t, want, asked)
	require.Equal(t, 2, strings.Count(page, `<details class="course" open>`), "of each workload the first with a minority side is unfolded")
	require.Less(t, len(page), 1<<20)

	for i := range c.Cells {
		c.Cells[i].Course = nil
	}
	require.NotContains(t, comparisonPage(t, c), "Over time, side by side")
}

// At a glance: what a minority was answered, and how wrong answers were. Which calls got through: at the first try and with a
// retry, where they were measured.
func TestGlanceAndCalls(t *testing.T) {
	page := html.UnescapeString(comparisonPage(t, courseComparison(t)))
	require.Contains(t, page, `<a href="#glance">at a glance</a>`)
	require.Contains(t, page, "dead of those listed")
	require.Contains(t, page, `87.6% / 97.6%<span class="more">, of 99.0% that could</span>`)
	require.Contains(t, page, `<span class="retry" style="width:98%"></span><span style="width:88%"></span>`)
	require.Contains(t, page, "minority, during the faults")
	require.Regexp(t, `<p class="lead">\d+ runs of seed \d+: .* which is of 20 seeds\.</p>`, comparisonPage(t, answerComparison(t)))
	require.NotContains(t, page, "after the heal", "nobody measured it")
	require.Contains(t, page, "27 numbers were not measured before, and can be set beside nothing.")
	require.NotContains(t, comparisonPage(t, sampleComparison()), "Which calls would have got through")
}
