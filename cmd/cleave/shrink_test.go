package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
)

// invalidRun is the first run of a planted bug that its checker finds.
func invalidRun(t *testing.T, system, bug string) (shrink.Case, []checker.Result) {
	t.Helper()
	all := systems(harness.DefaultPlan())
	of := all[slices.Index(names(all), system)]
	var found shrink.Case
	var broken []checker.Result
	for _, planted := range of.Bugs {
		if planted.Name != bug {
			continue
		}
		require.NoError(t, wiring.Seeds(t.Context(), harness.BugPlan(of, planted), 1, bugSeeds, func(finished harness.Finished) bool {
			results := finished.Judgement.Broken()
			at := slices.IndexFunc(results, func(r checker.Result) bool { return r.Checker == planted.Checker })
			if at < 0 {
				return true
			}
			results[0], results[at] = results[at], results[0]
			found, broken = shrink.Case{Plan: finished.Plan, Schedule: finished.Schedule}, results
			return false
		}))
	}
	require.NotEmpty(t, broken)
	return found, broken
}

// What a planted bug breaks becomes a handful of faults and operations, which show the same violation, and
// of which none can be spared.
func TestPlantedBugsShrink(t *testing.T) {
	for _, bug := range []struct {
		system, name string
		most         int
	}{
		{"cpstore", "stale-leader-read", 4}, {"cpstore", "zk-4785", 4}, {"cpstore", "late-events", 5}, {"cpstore", "multi-one-by-one", 4},
		{"cpstore", "zk-3642", 3}, {"cpstore", "zk-1653", 3}, {"cpstore", "zk-2325", 4}, // which take a long log, or many snapshots
		{"apregistry", "no-self-preservation", 6}, {"apregistry", "cancel-lost", 5}, {"apregistry-plain", "no-tombstone", 6},
	} {
		t.Run(bug.system+"/"+bug.name, func(t *testing.T) {
			t.Parallel()
			original, broken := invalidRun(t, bug.system, bug.name)
			shrunk, err := shrink.Shrink(t.Context(), wiring, original, broken, shrink.DefaultOptions())
			require.NoError(t, err)
			require.Equal(t, shrink.Smallest, shrunk.Ending)
			require.LessOrEqual(t, shrunk.After.Items(), bug.most)
			require.Equal(t, original.Items(), shrunk.Before.Items())
			for item := range shrunk.Case.Items() {
				require.NotContains(t, violations(t, spared(shrunk.Case, item)), shrunk.Violation, "item %d could go", item)
			}
			require.Contains(t, violations(t, shrunk.Case), shrunk.Violation)

			repaired := shrunk.Case
			repaired.Plan.Bug = ""
			require.Empty(t, violations(t, repaired), "without the bug nothing is broken")
		})
	}
}

// spared is a case without one of its items.
func spared(c shrink.Case, item int) shrink.Case {
	if faults := len(c.Schedule.Faults); item < faults {
		c.Schedule.Faults = slices.Delete(slices.Clone(c.Schedule.Faults), item, item+1)
	} else {
		c.Schedule.Operations = slices.Delete(slices.Clone(c.Schedule.Operations), item-faults, item-faults+1)
	}
	return c
}

// violations are all that a case breaks.
func violations(t *testing.T, c shrink.Case) []shrink.Violation {
	t.Helper()
	if c.Schedule.Validate(c.Plan) != nil {
		return nil
	}
	finished, err := wiring.Dry(t.Context(), c.Plan, c.Schedule)
	require.NoError(t, err)
	var all []shrink.Violation
	for _, result := range finished.Judgement.Broken() {
		all = append(all, shrink.ViolationOf(result))
	}
	return all
}

// What comes out does not depend on how many run at a time.
func TestShrinkingIsDeterministic(t *testing.T) {
	for _, bug := range []string{"zk-4785", "double-apply"} {
		original, broken := invalidRun(t, "cpstore", bug)
		var before *shrink.Shrunk
		for _, parallel := range []int{1, 2, 5} {
			options := shrink.DefaultOptions()
			options.Parallel, options.Runs = parallel, 700
			shrunk, err := shrink.Shrink(t.Context(), wiring, original, broken, options)
			require.NoError(t, err)
			shrunk.Wall = 0
			for i := range shrunk.Passes {
				shrunk.Passes[i] = shrunk.Passes[i].Timeless()
			}
			if before != nil {
				require.Equal(t, *before, shrunk)
			}
			before = &shrunk
		}
	}
}

// Only the violation that is looked for counts: a case that shows another one alone is not taken. Of a run
// that breaks two promises, each can be chosen, and comes out.
func TestShrinkingKeepsToItsViolation(t *testing.T) {
	original, broken := invalidRun(t, "cpstore", "double-apply")
	for _, result := range broken {
		options := shrink.DefaultOptions()
		options.Runs = 300
		shrunk, err := shrink.Shrink(t.Context(), wiring, original, []checker.Result{result}, options)
		require.NoError(t, err)
		require.Equal(t, shrink.ViolationOf(result), shrunk.Violation)
		require.Contains(t, violations(t, shrunk.Case), shrunk.Violation)
	}
	foreign := broken[0]
	foreign.Reason, foreign.Checker = "something else", "no-panic"
	_, err := shrink.Shrink(t.Context(), wiring, original, []checker.Result{foreign}, shrink.DefaultOptions())
	require.ErrorIs(t, err, shrink.ErrNotShown)
}

// When it is interrupted or its bounds are used up, the smallest case so far comes out, and shows the violation.
func TestShrinkingEndsEarly(t *testing.T) {
	original, broken := invalidRun(t, "cpstore", "zk-4785")
	for ending, bound := range map[shrink.Ending]func(*shrink.Options, context.CancelFunc){
		shrink.OutOfRuns: func(o *shrink.Options, _ context.CancelFunc) { o.Runs = 10 },
		shrink.OutOfTime: func(o *shrink.Options, _ context.CancelFunc) { o.Time = time.Nanosecond },
		shrink.Interrupted: func(o *shrink.Options, stop context.CancelFunc) {
			o.Progress = func(p shrink.Progress) {
				if p.Runs == 10 {
					stop()
				}
			}
		},
	} {
		ctx, stop := context.WithCancel(t.Context())
		options := shrink.DefaultOptions()
		bound(&options, stop)
		shrunk, err := shrink.Shrink(ctx, wiring, original, broken, options)
		stop()
		require.NoError(t, err, ending)
		require.Equal(t, ending, shrunk.Ending)
		require.LessOrEqual(t, shrunk.Runs, 10)
		if ending != shrink.OutOfTime {
			require.Less(t, shrunk.After.Items(), shrunk.Before.Items())
		}
		require.Contains(t, violations(t, shrunk.Case), shrunk.Violation)
	}
}

// The command leaves a folder that replays to the byte, with the story in it, and prints the story.
func TestShrinkCommand(t *testing.T) {
	store := t.TempDir()
	run := func(code int, arguments ...string) (out, errors string) {
		var a, b bytes.Buffer
		require.Equal(t, code, execute(t.Context(), append(arguments, "--store", store), &a, &b), "%s%s", a.String(), b.String())
		return a.String(), b.String()
	}
	run(exitInvalid, "run", "--faults", "kill-all", "--bug", "zk-4785", "--seed", "1")
	folders, err := filepath.Glob(filepath.Join(store, "*zk-4785", "*"))
	require.NoError(t, err)
	out, _ := run(exitInvalid, "shrink", folders[0])
	require.Contains(t, out, "How this was broken: writes and quorum-synced reads are linearizable\n  1. ")
	require.Contains(t, out, "acknowledged")
	require.Contains(t, out, "2467 items (1 fault, 2466 operations) -> 3 items (1 fault, 2 operations)")

	shrunk, err := filepath.Glob(filepath.Join(store, "*-shrunk", "*"))
	require.NoError(t, err)
	require.Len(t, shrunk, 1)
	for _, name := range []string{"plan.json", "schedule.json", "history.jsonl", "verdict.json", "report.html", "shrunk.json", "story.json", "story.md"} {
		require.FileExists(t, filepath.Join(shrunk[0], name))
	}
	var record struct {
		From  string
		After shrink.Size
		Runs  int
	}
	text, err := os.ReadFile(filepath.Join(shrunk[0], "shrunk.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &record))
	require.Equal(t, folders[0], record.From)
	require.Equal(t, 3, record.After.Items())

	page := filepath.Join(shrunk[0], "report.html")
	before, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Contains(t, string(before), `id="story-picture-title"`)
	again, _ := run(exitInvalid, "replay", shrunk[0])
	require.Contains(t, again, "identical to the original")
	var a, b bytes.Buffer
	require.Equal(t, exitInvalid, execute(t.Context(), []string{"report", shrunk[0]}, &a, &b))
	after, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, strings.Count(string(before), `class="message"`), strings.Count(string(after), `class="message"`), "the story outlives a new report")
}

// A folder that cannot be shrunk is refused in one line, before anything is run.
func TestShrinkRefuses(t *testing.T) {
	store := t.TempDir()
	var out, errors bytes.Buffer
	require.Equal(t, exitValid, execute(t.Context(), []string{"run", "--store", store}, &out, &errors))
	folders, err := filepath.Glob(filepath.Join(store, "cpstore*", "*"))
	require.NoError(t, err)
	half := filepath.Join(store, "half")
	require.NoError(t, os.Mkdir(half, 0o755))
	for _, refused := range []struct {
		arguments []string
		says      string
	}{
		{[]string{folders[0]}, "is valid: it breaks no promise, so there is nothing to shrink"},
		{[]string{half}, "no run folder, or half of one"},
		{[]string{filepath.Join(store, "nowhere")}, "no run folder"},
		{[]string{folders[0], "--runs", "-1"}, "cannot be negative"},
		{nil, "accepts 1 arg"},
	} {
		var out, errors bytes.Buffer
		require.Equal(t, exitUsage, execute(t.Context(), append([]string{"shrink"}, refused.arguments...), &out, &errors))
		require.Contains(t, errors.String(), refused.says)
		require.Equal(t, 1, strings.Count(errors.String(), "\n"))
	}
}
