package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
)

var measureShrinking = flag.Int("shrink", 0, "shrink this many finds of every planted bug, and print the table")

var shrinkOnly = flag.String("shrinkonly", "", "only the bug of this name")

// TestMeasureShrinking prints how small the finds of every planted bug become, and how fast.
func TestMeasureShrinking(t *testing.T) {
	if *measureShrinking == 0 {
		t.Skip("asked for with -shrink N")
	}
	fmt.Println("| system | bug | finds | items before | items after, median (most) | nodes | seconds | runs | wall, median (most) |")
	for _, system := range systems(harness.DefaultPlan()) {
		for _, bug := range system.Bugs {
			if *shrinkOnly != "" && bug.Name != *shrinkOnly {
				continue
			}
			var all []shrink.Shrunk
			err := wiring.Seeds(t.Context(), harness.BugPlan(system, bug), 1, 400, func(finished harness.Finished) bool {
				broken := finished.Judgement.Broken()
				at := slices.IndexFunc(broken, func(r checker.Result) bool { return r.Checker == bug.Checker })
				if at < 0 {
					return true
				}
				broken[0], broken[at] = broken[at], broken[0]
				options := shrink.DefaultOptions()
				options.Parallel, options.Time = 2, 20*time.Second
				shrunk, err := shrink.Shrink(t.Context(), wiring, shrink.Case{Plan: finished.Plan, Schedule: finished.Schedule}, broken, options)
				require.NoError(t, err)
				all = append(all, shrunk)
				if testing.Verbose() {
					for _, p := range shrunk.Passes {
						t.Logf("%s", p)
					}
					t.Logf("%v %v", shrunk.Ending, shrunk.Wall)
					t.Logf("%+v", shrunk.Case)
				}
				return len(all) < *measureShrinking
			})
			require.NoError(t, err)
			fmt.Println(shrinkRow(system.Name, bug.Name, all))
		}
	}
}

func shrinkRow(system, bug string, all []shrink.Shrunk) string {
	if len(all) == 0 {
		return system + " " + bug + " not found"
	}
	of := func(value func(shrink.Shrunk) int) (median, most int) {
		var values []int
		for _, s := range all {
			values = append(values, value(s))
		}
		slices.Sort(values)
		return values[len(values)/2], values[len(values)-1]
	}
	before, _ := of(func(s shrink.Shrunk) int { return s.Before.Items() })
	after, most := of(func(s shrink.Shrunk) int { return s.After.Items() })
	nodes, _ := of(func(s shrink.Shrunk) int { return s.After.Nodes })
	seconds, _ := of(func(s shrink.Shrunk) int { return int(time.Duration(s.After.Duration) / time.Millisecond) })
	runs, _ := of(func(s shrink.Shrunk) int { return s.Runs })
	wall, slowest := of(func(s shrink.Shrunk) int { return int(s.Wall / time.Millisecond) })
	return strings.Join([]string{"", system, bug, fmt.Sprint(len(all)), fmt.Sprint(before), fmt.Sprintf("%d (%d)", after, most), fmt.Sprint(nodes),
		fmt.Sprintf("%.1f", float64(seconds)/1000), fmt.Sprint(runs), fmt.Sprintf("%.2f s (%.2f s)", float64(wall)/1000, float64(slowest)/1000), ""}, " | ")
}
