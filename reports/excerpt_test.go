package reports_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/reports"
)

// An excerpt has what was under way while an operation of the evidence was, and nothing else.
func TestExcerpt(t *testing.T) {
	h := storyHistory(t)
	excerpt, found := reports.NewExcerpt(h, storyResult(h), storyPassages())
	require.True(t, found)
	var kinds []string
	for _, p := range excerpt.Passages {
		kinds = append(kinds, strings.Join(p.Types, ""))
	}
	require.Equal(t, []string{"request setData", "forwarded write", "append", "append", "append answer", "commit", "reply",
		"request getData", "reply"}, kinds, "no heartbeat and no vote: those came before")
	require.Empty(t, excerpt.Sentences)
	require.Equal(t, h.Operations[0].Invoked-5*millisecond, excerpt.From)
	require.Equal(t, h.Operations[1].Completed+5*millisecond, excerpt.To)
	require.Equal(t, h.Operations[1].ID, excerpt.Culprit)

	_, found = reports.NewExcerpt(h, storyResult(h), storyPassages()[:5])
	require.False(t, found, "all of these were before")
	_, found = reports.NewExcerpt(h, checker.Result{Verdict: checker.Invalid}, storyPassages())
	require.False(t, found, "there are no operations to show it around")
}

func excerptReport(t testing.TB) reports.Run {
	run := storyReport(t)
	excerpt, found := reports.NewExcerpt(run.History, storyResult(run.History), storyPassages())
	require.True(t, found)
	run.Story, run.Verdict, run.Folder, run.World = &excerpt, checker.Invalid, "store/a/1", "sim"
	run.Promises = []checker.Result{storyResult(run.History)}
	return run
}

// The page of a run with an excerpt has the evidence first, then the messages, and still says how to make it small.
func TestPageWithAnExcerpt(t *testing.T) {
	run := excerptReport(t)
	page := runPage(t, run)
	evidence, messages, shrinking := strings.Index(page, `id="evidence"`), strings.Index(page, `id="story"`), strings.Index(page, "cleave shrink store/a/1")
	require.Positive(t, evidence)
	require.Greater(t, messages, evidence)
	require.Positive(t, shrinking)
	require.Contains(t, page, "<h2>Who told whom what</h2>")
	require.Contains(t, page, "forwarded write")
	require.NotContains(t, page, "Runs keep no messages")
	require.NotContains(t, page, "<h2>The story</h2>")
	for _, c := range reports.RunSuite(run).Cases {
		require.NotContains(t, strings.Join(c.Text, "\n"), "What went over the network", "it has no sentences to tell")
	}
}
