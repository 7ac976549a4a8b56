package main

import (
	"flag"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/world"
)

var measureShrinking = flag.Int("shrink", 0, "shrink this many finds of every planted bug, and print the table")

var (
	shrinkOnly = flag.String("shrinkonly", "", "with -shrink, only the bug of this name")
	shrinkTime = flag.Duration("shrinktime", time.Minute, "with -shrink, wall time for each")
)

// TestMeasureShrinking prints how small the finds of every planted bug become, and how fast.
func TestMeasureShrinking(t *testing.T) {
	if *measureShrinking == 0 {
		t.Skip("asked for with -shrink N")
	}
	fmt.Println("| system | bug | finds | items before | items after, median (most) | nodes | seconds | runs | wall, median (most) | processors |")
	for _, system := range systems(harness.DefaultPlan()) {
		for _, bug := range system.Bugs {
			if *shrinkOnly != "" && bug.Name != *shrinkOnly {
				continue
			}
			var all []timed
			for _, find := range finds(t, system, bug, *measureShrinking) {
				options := shrink.DefaultOptions()
				options.Parallel, options.Time = 2, *shrinkTime
				before := used(t)
				shrunk, err := shrink.Shrink(t.Context(), wiring, find.original, find.broken, options)
				require.NoError(t, err)
				all = append(all, timed{shrunk, used(t) - before})
				for _, p := range shrunk.Passes {
					t.Logf("%s", p)
				}
				t.Logf("%s: %+v", shrunk.Ending, shrunk.Case)
			}
			fmt.Println(shrinkRow(system.Name, bug.Name, all))
		}
	}
}

// find is a run that shows a bug.
type find struct {
	original shrink.Case
	broken   []checker.Result
}

// finds are the first runs in which a bug is found by its checker.
func finds(t *testing.T, system world.System, bug world.Bug, count int) []find {
	var all []find
	require.NoError(t, wiring.Seeds(t.Context(), harness.BugPlan(system, bug), 1, 400, func(finished harness.Finished) bool {
		broken := finished.Judgement.Broken()
		if at := slices.IndexFunc(broken, func(r checker.Result) bool { return r.Checker == bug.Checker }); at >= 0 {
			broken[0], broken[at] = broken[at], broken[0]
			all = append(all, find{shrink.Case{Plan: finished.Plan, Schedule: finished.Schedule}, broken})
		}
		return len(all) < count
	}))
	return all
}

// timed is what came out, and the time of the processors that it took.
type timed struct {
	shrink.Shrunk
	processors time.Duration
}

func used(t *testing.T) time.Duration {
	var usage syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func shrinkRow(system, bug string, all []timed) string {
	if len(all) == 0 {
		return system + " " + bug + " not found"
	}
	of := func(value func(timed) int) (median, most int) {
		var values []int
		for _, s := range all {
			values = append(values, value(s))
		}
		slices.Sort(values)
		return values[len(values)/2], values[len(values)-1]
	}
	before, _ := of(func(s timed) int { return s.Before.Items() })
	after, most := of(func(s timed) int { return s.After.Items() })
	nodes, _ := of(func(s timed) int { return s.After.Nodes })
	long, _ := of(func(s timed) int { return int(time.Duration(s.After.Duration) / time.Millisecond) })
	runs, _ := of(func(s timed) int { return s.Runs })
	wall, slowest := of(func(s timed) int { return int(s.Wall / time.Millisecond) })
	busy, _ := of(func(s timed) int { return int(s.processors / time.Millisecond) })
	return fmt.Sprintf("| %s | %s | %d | %d | %d (%d) | %d | %.1f | %d | %.2f s (%.2f s) | %.2f s |", system, bug, len(all), before, after, most,
		nodes, float64(long)/1000, runs, float64(wall)/1000, float64(slowest)/1000, float64(busy)/1000)
}
