package reports_test

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/reports"
)

// exhibited is what the tests read of a page's data.
type exhibited struct {
	Bins struct {
		Outcomes [3][]int
		Registry []struct {
			Name      string
			Some, All []int
		}
		Losses []struct {
			Name string
			Some []int
		}
		Waits []struct {
			Merged int
			All    []int64
		}
	}
	Operations struct {
		ID, Outcome, Witness, Stale []int
		Invoked, Waited, Age        []int64
		Texts                       []string
		Note                        string
		Total, Shown                int
	}
	Logs []struct {
		Name, Cut string
		Lines     []reports.LogLine
	}
}

// unpacked reads the data of a page.
func unpacked(t *testing.T, page string) (e exhibited) {
	t.Helper()
	_, data, found := strings.Cut(page, `<div id="data" hidden>`)
	require.True(t, found)
	data, _, _ = strings.Cut(data, "<")
	zipped, err := gzip.NewReader(base64.NewDecoder(base64.RawURLEncoding, strings.NewReader(data)))
	require.NoError(t, err)
	text, err := io.ReadAll(zipped)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &e))
	return e
}

func sum[T int | int64](list []T) (total T) {
	for _, one := range list {
		total += one
	}
	return total
}

// The data of a page is the run: each operation, when it was asked and how long it took, and counts of all of them.
func TestDataIsTheRun(t *testing.T) {
	run := sampleReport(t)
	e := unpacked(t, runPage(t, run))
	require.Len(t, e.Operations.ID, len(run.History.Operations))
	require.Empty(t, e.Operations.Note)
	id, at, by := 0, int64(0), [3]int{}
	longest := int64(0)
	for i, o := range run.History.Operations {
		id, at = id+e.Operations.ID[i], at+e.Operations.Invoked[i]
		require.Equal(t, o.ID, id)
		require.Equal(t, int64(o.Invoked)/1000, at)
		waited := int64(-1)
		if o.GaveUp != history.Forever {
			waited = int64(o.GaveUp-o.Invoked) / 1000
		}
		require.Equal(t, waited, e.Operations.Waited[i])
		by[e.Operations.Outcome[i]]++
		if o.Outcome == history.Ok {
			longest = max(longest, waited)
		}
	}
	for outcome, counts := range e.Bins.Outcomes {
		require.Equal(t, by[outcome], sum(counts))
	}
	for _, level := range e.Bins.Waits {
		require.Equal(t, longest, maximum(level.All), "of columns %d together", level.Merged)
	}
	require.NotEmpty(t, e.Operations.Stale, "the minority reads what has been replaced")
	require.Len(t, e.Operations.Age, len(e.Operations.Stale))
}

func maximum(list []int64) (most int64) {
	for _, one := range list {
		most = max(most, one)
	}
	return most
}

// Of more operations than there is room for, each that tells something is kept where that leaves room for the others, and the
// page says what it has. Counts are of all.
func TestDataIsSampled(t *testing.T) {
	run := bigReport(t, 3000)
	outcomes, note := reports.Sample(run, 1000)
	others, kept := 0, 0
	for _, o := range run.History.Operations {
		if o.Outcome != history.Ok {
			others++
		}
	}
	for _, outcome := range outcomes {
		if outcome != 0 {
			kept++
		}
	}
	require.Less(t, others, 500)
	require.Equal(t, others, kept)
	require.LessOrEqual(t, len(outcomes), 1000)
	require.Greater(t, len(outcomes), 800)
	require.Contains(t, note, fmt.Sprintf("%d of 3,000 operations are here one by one: one in 4 that ended ok, each one that did not", len(outcomes)))

	outcomes, note = reports.Sample(run, 100)
	require.LessOrEqual(t, len(outcomes), 100)
	require.Regexp(t, "one in [0-9]+ that ended ok, one in [0-9]+ that did not", note)
	outcomes, _ = reports.Sample(run, 0)
	require.Empty(t, outcomes)
	_, note = reports.Sample(run, 3000)
	require.Empty(t, note)
}

// However little room there is, the operations of the evidence are there.
func TestEvidenceIsAlwaysInTheData(t *testing.T) {
	run := sampleReport(t)
	witness := *run.Promises[0].Witness
	witness.Operations = run.History.Operations[100:104]
	run.Promises[0].Witness = &witness
	outcomes, _ := reports.Sample(run, 0)
	require.Len(t, outcomes, 4)
}

// What was read and listed wrongly is counted as the measures count it.
func TestGhostsAreCounted(t *testing.T) {
	e := unpacked(t, runPage(t, registryReport(t)))
	require.Equal(t, "dead, listed", e.Bins.Registry[0].Name)
	require.Equal(t, []int{1, 3}, []int{sum(e.Bins.Registry[0].Some), sum(e.Bins.Registry[0].All)})
	require.Equal(t, "alive, missing", e.Bins.Registry[1].Name)
	require.Equal(t, []int{1, 3}, []int{sum(e.Bins.Registry[1].Some), sum(e.Bins.Registry[1].All)})
}

func TestReadLog(t *testing.T) {
	log, err := reports.ReadLog("n1", strings.NewReader("   1.500000 starts\nno time\n2 "+strings.Repeat("long", 5000)+"\n    NaN odd"))
	require.NoError(t, err)
	require.Len(t, log.Lines, 4)
	require.Equal(t, []reports.LogLine{{At: 1_500_000, Text: "starts"}, {At: 1_500_000, Text: "no time"}}, log.Lines[:2])
	require.Equal(t, int64(2_000_000), log.Lines[2].At)
	require.Less(t, len(log.Lines[2].Text), 5000)
	require.Equal(t, reports.LogLine{At: 2_000_000, Text: "    NaN odd"}, log.Lines[3])

	log, err = reports.ReadLog("n1", strings.NewReader(strings.Repeat("1.0 line\n", 10_000)))
	require.NoError(t, err)
	require.Equal(t, 10_000, len(log.Lines)+log.Left)
	run := sampleReport(t)
	run.Logs = []reports.Log{log}
	e := unpacked(t, runPage(t, run))
	require.Contains(t, e.Logs[0].Cut, "earlier lines are only in the file.")
}

func TestLossesAreDrawn(t *testing.T) {
	run := sampleReport(t)
	for i := range 15 {
		run.Losses = append(run.Losses, reports.Loss{From: fmt.Sprint("n", i), To: "n0", Lost: [][2]int{{100, 1}, {110 + i, i + 1}}})
	}
	page := runPage(t, run)
	e := unpacked(t, page)
	require.Len(t, e.Bins.Losses, 12, "the links that lost most")
	require.Equal(t, "n14 → n0", e.Bins.Losses[0].Name)
	require.Equal(t, 16, sum(e.Bins.Losses[0].Some))
	require.Contains(t, page, "3 further links are not drawn; together 9 were lost there.")
	require.NotContains(t, runPage(t, sampleReport(t)), "Messages lost on links")
}
