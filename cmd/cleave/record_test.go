package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/history"
	"cleave/world"
)

// record hunts every planted bug through all its seeds and writes what came of it. It takes many minutes.
var record = flag.Bool("record", false, "write docs/bugs.md anew")

// kept is where a long hunt keeps what it has found, so that it can be interrupted.
var kept = flag.String("kept", "", "with -record, a file that keeps what was found: a hunt with the same file goes on where that one was interrupted")

// never stands in the record where a bug has no first seed.
const never = "never"

const recordIntroduction = `# Planted bugs: the track record

A tester that finds nothing has shown nothing. So the reference systems carry mistakes that can be
switched on, one at a time, with ` + "`--bug`" + `. Those with a number do the damage of a bug that ZooKeeper
once had, and are named after its issue. Without the bug, the same plans break no promise.

` + "`make bug-NAME`" + ` hunts one until the first seed that breaks a promise, and shows the witness: the
fewest operations that contradict each other, and why. ` + "`make bugs`" + ` hunts all and writes this page;
nothing here is written by hand. It fails, and leaves the page as it is, when a bug that was found is
no longer found.
`

const matrixIntroduction = `
## The kill matrix

Each bug with the seeds 1 to %d under its workload and faults, in five nodes and 60 simulated seconds.

- *found*: in how many of the runs the expected checker said invalid; *first*: the first of these seeds.
- *median*: how many seeds it takes to find it, the middle one of the distances between two finds; and the
  time of a processor for so many runs, checks included. This is the one column that depends on the machine.
- *seen by*: every checker that said invalid, and in how many of the runs; the expected one first.
- *items*: faults and operations of the first find, before and after ` + "`cleave shrink --runs %d`" + `. A + says that
  the runs were used up, so that it might become smaller yet.

| system | bug | found | first | median | time | seen by | items |
|---|---|---|---|---|---|---|---|
`

const checkersIntroduction = `
## What each checker finds

The bugs in whose runs above it said invalid, and those in whose runs no other checker did.

`

const kindsIntroduction = `
## What each kind of fault finds

%d bugs show without any fault. Each of the other %d was hunted under every kind of fault with the seeds 1 to %d
(and up to its first seed under its own kind), and, if one kind alone showed it so far, under all others with the
seeds 1 to %d; it counts as found when any promise broke. So few seeds say that a kind finds a bug, not that it
cannot. What ` + "`random-links`" + ` finds too counts as another's whose graph it may draw: with seed 1 it draws a bridge. The
bugs called ` + "`spare-KIND`" + ` were planted for this table: each is about what one kind of fault looks like from within.

`

// The record has every planted bug as the table of bugs has it, and found; and no others.
func TestBugRecord(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "bugs.md")
	if *record {
		old, err := os.ReadFile(path)
		if !os.IsNotExist(err) {
			require.NoError(t, err)
		}
		rewriteRecord(t, path, string(old))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	found := foundIn(string(text))
	rows := 0
	for _, system := range plantable() {
		require.Contains(t, string(text), bugTable(system), "%s: not in the record as it is in the table; `make bugs` writes it anew", system.Name)
		for _, bug := range system.Bugs {
			rows++
			require.True(t, found[matrixStart(system, bug)], "%s/%s: not found; `make bugs` writes the record anew", system.Name, bug.Name)
		}
	}
	require.Len(t, found, rows, "bugs in the record that are not in the table; `make bugs` writes it anew")
	require.Empty(t, unowned(t, string(text)), "nothing is theirs alone, and no reason says why")
}

// rewriteRecord writes the record, unless a bug that the old one has as found is not found any more.
func rewriteRecord(t *testing.T, path, old string) {
	var kills []kill
	before := readKept(t)
	for _, system := range plantable() {
		for _, bug := range system.Bugs {
			k, known := before[matrixStart(system, bug)]
			if known {
				k.system, k.bug = system, bug
			} else {
				k = hunted(t, system, bug)
				keep(t, k)
			}
			fmt.Println(k.row(), strings.Join(k.kinds, " "))
			kills = append(kills, k)
		}
	}
	require.Empty(t, lost(old, kills), "found once, and not any more; %s is left as it is", path)
	text := page(t, kills)
	require.Empty(t, unowned(t, text), "nothing is theirs alone, and no reason says why; %s is left as it is", path)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// keptKill is a line of the file of -kept.
type keptKill struct {
	Bug     string // the start of its row in the matrix
	Seeds   []uint64
	SeenBy  map[string]int
	Each    time.Duration
	Shrunk  *keptShrunk
	Without bool
	Kinds   []string
}

type keptShrunk struct {
	Before, After shrink.Size
	Ending        shrink.Ending
}

// keep adds what was found of a bug to the file of -kept.
func keep(t *testing.T, k kill) {
	if *kept == "" {
		return
	}
	line := keptKill{Bug: matrixStart(k.system, k.bug), Seeds: k.seeds, SeenBy: k.seenBy, Each: k.each, Without: k.without, Kinds: k.kinds}
	if k.shrunk != nil {
		line.Shrunk = &keptShrunk{k.shrunk.Before, k.shrunk.After, k.shrunk.Ending}
	}
	text, err := json.Marshal(line)
	require.NoError(t, err)
	file, err := os.OpenFile(*kept, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	_, err = file.Write(append(text, '\n'))
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// readKept is what the file of -kept has, by bug.
func readKept(t *testing.T) map[string]kill {
	all := map[string]kill{}
	if *kept == "" {
		return all
	}
	text, err := os.ReadFile(*kept)
	if os.IsNotExist(err) {
		return all
	}
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		var k keptKill
		require.NoError(t, json.Unmarshal([]byte(line), &k), "%s: %s", *kept, line)
		found := kill{seeds: k.Seeds, seenBy: k.SeenBy, each: k.Each, without: k.Without, kinds: k.Kinds}
		if k.Shrunk != nil {
			found.shrunk = &shrink.Shrunk{Before: k.Shrunk.Before, After: k.Shrunk.After, Ending: k.Shrunk.Ending}
		}
		all[k.Bug] = found
	}
	return all
}

// A bug that the record has as found and a new hunt does not find is named; one that is new, or was never found, is not.
func TestALostBugIsNamed(t *testing.T) {
	kills := func(seeds ...uint64) (all []kill) {
		for _, name := range []string{"one", "two"} {
			all = append(all, kill{system: world.System{Name: "store"}, bug: world.Bug{Name: name, Checker: "no-panic"},
				seeds: seeds, seenBy: map[string]int{"linearizable": 4, "no-panic": len(seeds)}, shrunk: &shrink.Shrunk{Ending: shrink.OutOfRuns}})
		}
		return all
	}
	found, missed := kills(3, 5, 9), kills()
	require.Equal(t, "| store | `one` | 3 | 3 | 3 | < 0.1 s | no-panic 3, linearizable 4 | 0 → 0+ |", found[0].row())
	old := fmt.Sprintf(matrixIntroduction, bugSeeds, shrinkRuns) + found[0].row() + "\n" + missed[1].row() + "\n\n## more\n"
	require.Equal(t, map[string]bool{"| store | `one` |": true, "| store | `two` |": false}, foundIn(old))
	require.Equal(t, []string{"store/one"}, lost(old, missed))
	require.Empty(t, lost(old, found))
	require.Empty(t, lost("", missed))
}

// lost are the bugs that an old record has as found and that are planted still, but were not found.
func lost(old string, kills []kill) []string {
	found, all := foundIn(old), []string{}
	for _, k := range kills {
		if len(k.seeds) == 0 && found[matrixStart(k.system, k.bug)] {
			all = append(all, k.system.Name+"/"+k.bug.Name)
		}
	}
	return all
}

// foundIn tells of the rows of a record's matrix, by their starts, whether they are of bugs that were found.
func foundIn(text string) map[string]bool {
	all := map[string]bool{}
	_, matrix, _ := strings.Cut(text, "\n## The kill matrix\n")
	matrix, _, _ = strings.Cut(matrix, "\n## ")
	for line := range strings.Lines(matrix) {
		if cells := strings.Split(line, "|"); len(cells) == 10 && strings.Contains(cells[2], "`") {
			all[strings.Join(cells[:3], "|")+"|"] = !strings.Contains(cells[4], never)
		}
	}
	return all
}

func page(t *testing.T, kills []kill) string {
	out := &strings.Builder{}
	out.WriteString(recordIntroduction)
	for _, system := range plantable() {
		out.WriteString(bugTable(system))
	}
	fmt.Fprintf(out, matrixIntroduction, bugSeeds, shrinkRuns)
	without := 0
	for _, k := range kills {
		fmt.Fprintln(out, k.row())
		if k.without {
			without++
		}
	}
	checkers := promisedCheckers(t)
	table, idle := tallied(kills, func(k kill) []string { return keys(k.seenBy) }).table("checker", checkers, func(string) string { return "" })
	fmt.Fprint(out, checkersIntroduction, table, idleLine("Idle, that is promised and never broken by a planted bug", idle))

	var kinds []string
	for _, kind := range kindsOfFaults() {
		kinds = append(kinds, kind.Name)
	}
	table, idle = tallied(kills, func(k kill) []string { return k.kinds }).table("kind of fault", kinds, reasonOf)
	fmt.Fprintf(out, kindsIntroduction, without, len(kills)-without, *kindSeeds, *aloneSeeds)
	fmt.Fprint(out, table, idleLine("Idle, that is under which none of these bugs showed", idle))
	return out.String()
}

// unowned are the checkers and kinds of faults of which a record says neither what they alone find nor why that
// is nothing.
func unowned(t *testing.T, text string) []string {
	var kinds []string
	for _, kind := range kindsOfFaults() {
		kinds = append(kinds, kind.Name)
	}
	return append(bare(text, "What each checker finds", promisedCheckers(t)), bare(text, "What each kind of fault finds", kinds)...)
}

// bare are the names whose row under a heading has nothing in its last column, or that have none.
func bare(text, heading string, names []string) (all []string) {
	_, table, _ := strings.Cut(text, "\n## "+heading+"\n")
	table, _, _ = strings.Cut(table, "\n## ")
	for _, name := range names {
		_, row, _ := strings.Cut(table, "\n| `"+name+"` |")
		row, _, _ = strings.Cut(row, "\n")
		if cells := strings.Split(row, "|"); len(cells) != 3 || strings.TrimSpace(cells[1]) == "" {
			all = append(all, name)
		}
	}
	return all
}

// Who finds no bug alone is named, unless there is a reason, and so is who has no row; a twin's finds are the other's.
func TestWhoOwnsNothingIsNamed(t *testing.T) {
	text := "\n## Other\n\n| `delay` | 2 | `bug` |\n\n## Kinds\n\n| kind |\n|---|\n| `loss` | 1 | `bug` |\n| `pause` | 4 |  |\n| `chain` | 4 | (so) |\n"
	require.Equal(t, []string{"delay", "pause"}, bare(text, "Kinds", []string{"chain", "delay", "loss", "pause"}))
	kills := []kill{{kinds: []string{"kill-all", "power-loss"}}, {kinds: []string{"kill-all", "pause"}}}
	tallied := tallied(kills, func(k kill) []string { return k.kinds })
	require.Equal(t, map[string][]string{"kill-all": {""}}, tallied.alone, "what a twin finds too is its own")
}

// Kinds that are said to be twins do the same to every node and client: all that happens is the same.
func TestTwins(t *testing.T) {
	for one, by := range shadows {
		if !by.twin {
			continue
		}
		var happened [2][]history.Operation
		for i, kind := range []string{one, by.of[0]} {
			plan := harness.DefaultPlan()
			plan.Faults = kind
			require.NoError(t, wiring.Seeds(t.Context(), plan, 1, 2, func(finished harness.Finished) bool {
				happened[i] = append(happened[i], finished.History.Operations...)
				return true
			}))
			require.NotEmpty(t, happened[i])
		}
		require.True(t, reflect.DeepEqual(happened[0], happened[1]), "%s is not as %s", one, by.of[0]) // not Equal: it would print all
	}
}

// reasonOf is why a kind of fault has no bug of its own, "" if there is no reason.
func reasonOf(kind string) string {
	if by := shadows[kind]; by.twin {
		return fmt.Sprintf("(as `%s`: %s)", by.of[0], by.reason)
	}
	return ""
}

func idleLine(what string, idle []string) string {
	if len(idle) == 0 {
		return "\n" + what + ": none.\n"
	}
	return "\n" + what + ": " + strings.Join(idle, ", ") + ".\n"
}

// bugTable is what the record says of a system's bugs before the hunt.
func bugTable(system world.System) string {
	out := &strings.Builder{}
	fmt.Fprintf(out, "\n## %s: %s\n\n", system.Name, system.Summary)
	fmt.Fprintln(out, "| bug | what it breaks | workload | faults | expected of | to see it |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|")
	for _, bug := range system.Bugs {
		breaks := bug.Breaks
		if bug.Origin != "" {
			breaks += " *" + bug.Origin + "*"
		}
		fmt.Fprintf(out, "| `%s` | %s | %s | %s | %s | `make bug-%s` |\n", bug.Name, breaks, bug.Workload, bug.Faults, bug.Checker, bug.Name)
	}
	return out.String()
}

// matrixStart is how a bug's row in the matrix starts.
func matrixStart(system world.System, bug world.Bug) string {
	return fmt.Sprintf("| %s | `%s` |", system.Name, bug.Name)
}

func keys(counts map[string]int) []string {
	var all []string
	for key := range counts {
		all = append(all, key)
	}
	return all
}
