package harness

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/reports"
)

// A key or a name, whatever it is, is part of a file's name that is short, stays in the folder, and is no other's.
func TestFileNamesAreBoundedAndOnesOwn(t *testing.T) {
	for _, text := range []string{"x", "n1", "a-b_c.9"} {
		require.Equal(t, text, fileName(text))
	}
	long := strings.Repeat("k", 300)
	owners := map[string]string{}
	for _, text := range []string{"", "a/k", "b/k", "../k", "k", "a?b#c%41", "a?b#c%42", "a_k", "é", "e\x00", long, long + "k", long[:60], long[:61]} {
		name := fileName(text)
		require.Regexp(t, `^[A-Za-z0-9_.~-]{0,80}$`, name)
		require.NotContains(t, owners, name)
		owners[name] = text
	}
	require.Equal(t, "a_k~5371e89f3406", fileName("a/k"))
	require.NotEqual(t, "a_k~5371e89f3406", fileName("a_k~5371e89f3406"), "the sign before a hash is in no name of its own")
}

// What a process with a very long name logged is found again.
func TestALongNameHasItsLog(t *testing.T) {
	f := &folder{path: t.TempDir()}
	require.NoError(t, os.Mkdir(f.at(nodesFolder), 0o755))
	names := []string{strings.Repeat("n", 260), strings.Repeat("n", 261), "../../n"}
	for i, name := range names {
		_, err := fmt.Fprintf(f.log(name), "1.0 line %d\n", i)
		require.NoError(t, err)
	}
	require.NoError(t, f.err)
	logs, err := f.logs(names)
	require.NoError(t, err)
	require.Len(t, logs, len(names))
	for i, log := range logs {
		require.Equal(t, names[i], log.Name)
		require.Contains(t, fmt.Sprint(log), fmt.Sprintf("line %d", i))
	}
}

// brokenRun is a run of a register that forgets, all of whose operations are on one key, in a folder.
func brokenRun(t *testing.T, key string) Finished {
	wiring, plan := toyWiring(true), toyPlan()
	schedule := toySchedule(t, wiring, plan)
	for i := range schedule.Operations {
		if schedule.Operations[i].Key != "" {
			schedule.Operations[i].Key = key
		}
	}
	finished, err := wiring.Run(context.Background(), plan, schedule, filepath.Join(t.TempDir(), "toy"), func(reports.Progress) {})
	require.NoError(t, err)
	return finished
}

func toySchedule(t *testing.T, wiring Wiring, plan Plan) Schedule {
	system, err := wiring.System(plan)
	require.NoError(t, err)
	schedule, err := wiring.Generate(plan, system)
	require.NoError(t, err)
	return schedule
}

// Whatever the key of the witness is, the run has its verdict, and its report links a picture that is there.
func TestAnyKeyHasItsVerdictAndPicture(t *testing.T) {
	for _, key := range []string{"x", "a?b#c%41", "a/k", strings.Repeat("k", 300)} {
		folder := brokenRun(t, key).Folder
		require.FileExists(t, filepath.Join(folder, verdictFile))
		page, err := os.ReadFile(filepath.Join(folder, reportFile))
		require.NoError(t, err)
		found := regexp.MustCompile(`href="(linearizable-[^"]*)"`).FindSubmatch(page)
		require.NotNil(t, found, key)
		link, err := url.Parse(html.UnescapeString(string(found[1])))
		require.NoError(t, err)
		require.FileExists(t, filepath.Join(folder, link.Path))
	}
}

// A picture that cannot be drawn is an error, and takes neither the verdict nor the report away.
func TestVerdictComesBeforePictures(t *testing.T) {
	finished := brokenRun(t, "x")
	at := func(name string) string { return filepath.Join(finished.Folder, name) }
	for _, name := range []string{verdictFile, reportFile, pictureFile("x")} {
		require.NoError(t, os.Remove(at(name)))
	}
	require.NoError(t, os.MkdirAll(at(filepath.Join(pictureFile("x"), "in the way")), 0o755))
	finished.Porcupine = ""
	require.ErrorContains(t, finished.Rewrite(), pictureFile("x"))
	require.FileExists(t, at(verdictFile))
	page, err := os.ReadFile(at(reportFile))
	require.NoError(t, err)
	require.NotContains(t, string(page), pictureFile("x"), "a link to nothing")
}

// A report has the whole line that makes the run anew, if there is one: none makes a schedule that somebody edited.
func TestAReportHasTheLineThatMakesTheRunAnew(t *testing.T) {
	wiring, plan := toyWiring(false), toyPlan()
	made := toySchedule(t, wiring, plan)
	edited, file := made, plan
	edited.Operations = made.Operations[1:]
	file.Faults = FileFaults
	for _, run := range []struct {
		plan     Plan
		schedule Schedule
		told     bool
	}{{plan, made, true}, {plan, edited, false}, {file, made, false}} {
		finished, err := wiring.Run(context.Background(), run.plan, run.schedule, filepath.Join(t.TempDir(), "toy"), func(reports.Progress) {})
		require.NoError(t, err)
		requireTold := func() {
			page, err := os.ReadFile(filepath.Join(finished.Folder, reportFile))
			require.NoError(t, err)
			require.Contains(t, string(page), "cleave replay ")
			require.Equal(t, run.told, strings.Contains(string(page), run.plan.Command()))
		}
		requireTold()
		stored, err := Load(finished.Folder)
		require.NoError(t, err)
		again, err := wiring.Rejudge(stored)
		require.NoError(t, err)
		require.NoError(t, again.Rewrite())
		requireTold()
	}
}
