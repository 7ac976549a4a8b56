package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/world"
)

// record hunts every planted bug through all its seeds and writes what came of it. It takes minutes.
var record = flag.Bool("record", false, "write docs/bugs.md anew")

const recordIntroduction = `# Planted bugs: the track record

A tester that finds nothing has shown nothing. So the reference systems carry mistakes that can be
switched on, one at a time, with ` + "`--bug`" + `. Those with a number do the damage of a bug that ZooKeeper
once had, and are named after its issue. Each is hunted with %d seeds under the workload and faults
below. Without the bug, the same plans break no promise.

` + "`make bug-NAME`" + ` hunts one until the first seed that breaks a promise, and shows the witness: the
fewest operations that contradict each other, and why. ` + "`make bugs`" + ` hunts all and writes this page;
nothing here is written by hand.
`

// The record has every planted bug as the table of bugs has it, and found; and no others.
func TestBugRecord(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "bugs.md")
	if *record {
		require.NoError(t, os.WriteFile(path, []byte(newRecord(t)), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	rows := 0
	for _, system := range systems(harness.DefaultPlan()) {
		for _, bug := range system.Bugs {
			rows++
			require.True(t, strings.Contains(string(text), "\n"+rowStart(bug)), "%s/%s: not in the record as it is in the table; `make bugs` writes it anew",
				system.Name, bug.Name)
		}
	}
	require.Equal(t, rows, strings.Count(string(text), "`make bug-")-1, "bugs in the record that are not in the table; `make bugs` writes it anew")
	require.NotContains(t, string(text), "| never |")
}

func newRecord(t *testing.T) string {
	out := &strings.Builder{}
	fmt.Fprintf(out, recordIntroduction, bugSeeds)
	for _, system := range systems(harness.DefaultPlan()) {
		fmt.Fprintf(out, "\n## %s: %s\n\n", system.Name, system.Summary)
		fmt.Fprintf(out, "| bug | what it breaks | workload | faults | seen by | first seed | seeds of %d | to see it |\n", bugSeeds)
		fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
		for _, bug := range system.Bugs {
			first, count := "never", 0
			hunt(t, system, bug, func(seed uint64, _ checker.Result) bool {
				if count++; count == 1 {
					first = fmt.Sprint(seed)
				}
				return true
			})
			t.Logf("%s: first seed %s, %d of %d", bug.Name, first, count, bugSeeds)
			fmt.Fprintf(out, "%s %s | %d | `make bug-%s` |\n", rowStart(bug), first, count, bug.Name)
		}
	}
	return out.String()
}

// rowStart is what the record says of a bug before what the hunt gave.
func rowStart(bug world.Bug) string {
	breaks := bug.Breaks
	if bug.Origin != "" {
		breaks += " *" + bug.Origin + "*"
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s | %s |", bug.Name, breaks, bug.Workload, bug.Faults, bug.Checker)
}
