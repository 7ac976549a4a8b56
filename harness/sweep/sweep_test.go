package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/nemesis"
	"cleave/systems/cpstore"
	"cleave/world"
	"cleave/world/sim"
)

// wired is a wiring of the CP store alone, with its nodes changed.
func wired(change func(name string, node world.Process) world.Process) harness.Wiring {
	return harness.Wiring{
		Systems: func(harness.Plan) []world.System {
			system := cpstore.System(cpstore.DefaultOptions())
			if node := system.Node; change != nil {
				system.Node = func(name string, cluster world.Cluster) world.Process { return change(name, node(name, cluster)) }
			}
			return []world.System{system}
		},
		World: func(_ context.Context, _ harness.Plan, _ world.System, s harness.Schedule, keep harness.Keep) (world.World, error) {
			var w *sim.World
			options := sim.DefaultOptions(s.Seed)
			if keep.Step != nil {
				options.Trace = func(t sim.Trace) { keep.Step(w.Step(t)) }
			}
			w = sim.New(options)
			return w, nil
		},
	}
}

// short is a plan whose runs take a few milliseconds.
func short() harness.Plan {
	plan := harness.DefaultPlan()
	seconds := func(n int) nemesis.Duration { return nemesis.Duration(time.Duration(n) * time.Second) }
	plan.Version, plan.Faults, plan.Nodes, plan.Clients = "test", "random", 3, 3
	plan.Duration, plan.Warmup, plan.Quiet = seconds(14), seconds(3), seconds(5)
	return plan
}

// fresh is the record of a sweep that collects everything.
func fresh(t *testing.T, plan harness.Plan, first, last uint64, shard *Shard) *Record {
	record, err := New(plan, first, last, shard)
	require.NoError(t, err)
	record.Collect, record.Audit, record.Tolerance = true, 10, 100
	return record
}

func run1(t *testing.T, wiring harness.Wiring, record *Record, bounds Bounds) (folder string) {
	folder = t.TempDir()
	require.NoError(t, Run(t.Context(), wiring, record, folder, bounds, Watch{}))
	return folder
}

// timeless is sweep.json without its times.
func timeless(t *testing.T, folder string) string {
	record, err := Load(folder)
	require.NoError(t, err)
	record.Times = Times{}
	text, err := json.MarshalIndent(record, "", " ")
	require.NoError(t, err)
	return string(text)
}

// buggy is a plan whose runs break something, some of them.
func buggy() harness.Plan {
	plan := short()
	plan.Faults, plan.Bug = "kill-all", cpstore.BugAckBeforeSync
	return plan
}

// A sweep in one go, on many cores and one, in two goes, and in shards that were merged is the same, byte
// for byte, but for its times; and so are the run folders.
func TestTheSameHoweverItWasMade(t *testing.T) {
	whole := run1(t, wired(nil), fresh(t, buggy(), 1, 40, nil), Bounds{Cores: 4})
	want := timeless(t, whole)
	require.Contains(t, want, `"done": [`)

	require.Equal(t, want, timeless(t, run1(t, wired(nil), fresh(t, buggy(), 1, 40, nil), Bounds{Cores: 1})), "on one core")

	var parts []Part
	for index := 3; index >= 1; index-- {
		record := fresh(t, buggy(), 1, 40, &Shard{index, 3})
		parts = append(parts, Part{run1(t, wired(nil), record, Bounds{}), record})
	}
	merged, err := Merge(parts)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, SaveMerged(merged, parts, folder))
	require.Equal(t, want, timeless(t, folder), "in shards")
	require.NotEmpty(t, merged.kept())
	for _, seed := range merged.kept() {
		for _, file := range []string{"history.jsonl", "schedule.json", "verdict.json"} {
			a, err := os.ReadFile(filepath.Join(RunFolder(whole, seed), file))
			require.NoError(t, err)
			b, err := os.ReadFile(filepath.Join(RunFolder(folder, seed), file))
			require.NoError(t, err)
			require.Equal(t, string(a), string(b))
		}
	}
}

// A sweep that was stopped in the midst, and goes on from its folder, ends as one that was not.
func TestInterruptedAndResumed(t *testing.T) {
	want := timeless(t, run1(t, wired(nil), fresh(t, buggy(), 1, 40, nil), Bounds{}))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	folder := t.TempDir()
	watch := Watch{Every: time.Millisecond, Progress: func(record *Record, _ time.Duration) {
		if record.Runs() >= 5 {
			stop()
		}
	}}
	require.NoError(t, Run(ctx, wired(nil), fresh(t, buggy(), 1, 40, nil), folder, Bounds{Cores: 2}, watch))
	half, err := Load(folder)
	require.NoError(t, err)
	require.True(t, half.Interrupted())
	require.Empty(t, half.Diverged, "runs that were stopped are not compared")
	require.Greater(t, half.Runs(), 4)
	require.Less(t, half.Runs(), 40)
	require.NoError(t, Run(t.Context(), wired(nil), half, folder, Bounds{}, Watch{}))
	require.Equal(t, want, timeless(t, folder))
}

// Where the share of the audited comes to no seed, the first is audited, of a sweep in shards too; which others are does not
// change.
func TestAuditsOneAtLeast(t *testing.T) {
	audited := func(r Record) (seeds []uint64) {
		for seed := range r.todo() {
			if r.audits(seed) {
				seeds = append(seeds, seed)
			}
		}
		return seeds
	}
	first := uint64(1)
	for ; (&Record{First: first, Last: first + 39, Audit: 5}).choosesAny(); first++ {
	}
	require.Equal(t, []uint64{first}, audited(Record{First: first, Last: first + 39, Audit: 5}))
	require.Empty(t, audited(Record{First: first, Last: first + 39}), "none is asked for")
	require.Empty(t, audited(Record{First: first, Last: first + 39, Audit: 5, Shard: &Shard{Index: 2, Of: 2}}), "the first is the other shard's")
	require.Equal(t, []uint64{math.MaxUint64}, audited(Record{First: math.MaxUint64, Last: math.MaxUint64, Audit: 1}))
	var share []uint64
	for seed := first; seed < first+400; seed++ {
		if chosen(seed, 5) {
			share = append(share, seed)
		}
	}
	require.NotEmpty(t, share)
	require.Equal(t, share, audited(Record{First: first, Last: first + 399, Audit: 5}))
}

// Stopping a sweep in the midst of an audit is no difference between the two runs.
func TestInterruptedAudits(t *testing.T) {
	for wait := range 20 {
		ctx, stop := context.WithTimeout(t.Context(), time.Duration(20+7*wait)*time.Millisecond)
		record := fresh(t, short(), 1, 1000, nil)
		record.Audit = 100
		require.NoError(t, Run(ctx, wired(nil), record, t.TempDir(), Bounds{}, Watch{}))
		require.Empty(t, record.Diverged)
		require.Zero(t, record.Broken)
		require.True(t, record.Interrupted())
		stop()
	}
}

// A planted bug is found, its failures are one group or few, and no more than three of each are kept.
func TestFailuresAreGrouped(t *testing.T) {
	record := fresh(t, buggy(), 1, 60, nil)
	folder := run1(t, wired(nil), record, Bounds{})
	verdict, _ := record.Judge()
	require.Equal(t, checker.Invalid, verdict)
	require.Greater(t, record.Invalid, 4)
	require.LessOrEqual(t, len(record.Violations), 6, "%+v", record.Violations)
	for _, group := range record.Violations {
		require.LessOrEqual(t, len(group.Kept), mostKept)
		require.LessOrEqual(t, len(group.Seeds), mostSeeds)
	}
	folders, err := os.ReadDir(filepath.Join(folder, runsFolder))
	require.NoError(t, err)
	require.Len(t, folders, len(record.kept()))
	page, err := os.ReadFile(filepath.Join(folder, markdownFile))
	require.NoError(t, err)
	require.Contains(t, string(page), "## Broken promises")
}

// Without Collect the sweep ends at the lowest seed that fails, on any number of cores.
func TestStopsAtTheFirst(t *testing.T) {
	var seeds []uint64
	for cores := range 3 {
		record := fresh(t, buggy(), 1, 60, nil)
		record.Collect = false
		run1(t, wired(nil), record, Bounds{Cores: cores + 1})
		require.Equal(t, 1, record.Invalid)
		require.Equal(t, endedFirst, record.Times.Ended)
		seeds = append(seeds, record.Done[0].Last)
	}
	require.Equal(t, []uint64{seeds[0], seeds[0], seeds[0]}, seeds)
}

// A panic of the harness, and a run that does not end, cost that run alone; its seed is told.
func TestBrokenRunsAreContained(t *testing.T) {
	wiring := wired(nil)
	inner := wiring.World
	wiring.World = func(ctx context.Context, plan harness.Plan, system world.System, schedule harness.Schedule, keep harness.Keep) (world.World, error) {
		if plan.Seed == 3 {
			panic("the third is no good")
		}
		return inner(ctx, plan, system, schedule, keep)
	}
	record := fresh(t, short(), 1, 6, nil)
	run1(t, wiring, record, Bounds{})
	require.Equal(t, 1, record.Broken)
	require.Equal(t, []uint64{3}, record.Failures[0].Seeds)
	require.Contains(t, record.Failures[0].Reason, "a panic in cleave/harness/sweep.TestBrokenRunsAreContained")
	verdict, reasons := record.Judge()
	require.Equal(t, checker.Unknown, verdict)
	require.Contains(t, reasons[0], "1 run came to nothing")
}

// dawdler is a node that wastes wall time once it has booted.
type dawdler struct{ world.Process }

func (d dawdler) Start(environment world.Environment) {
	time.Sleep(300 * time.Millisecond)
	d.Process.Start(environment)
}

func TestSlowRunsAreGivenUp(t *testing.T) {
	record := fresh(t, short(), 1, 2, nil)
	record.Audit = 0
	run1(t, wired(func(_ string, node world.Process) world.Process { return dawdler{node} }), record, Bounds{RunTime: 100 * time.Millisecond})
	require.Equal(t, 2, record.Broken)
	require.Equal(t, 2, record.Runaway)
	require.Contains(t, record.Failures[0].Reason, "did not end within 100ms")
}

// A run that the world gives up shows nothing, whatever it was in time for, and is counted among those that are unknown.
func TestRunsThatRanAwayAreUnknown(t *testing.T) {
	wiring := wired(nil)
	wiring.World = func(_ context.Context, _ harness.Plan, _ world.System, s harness.Schedule, _ harness.Keep) (world.World, error) {
		options := sim.DefaultOptions(s.Seed)
		options.MaxRate = 100
		return sim.New(options), nil
	}
	record := fresh(t, short(), 1, 3, nil)
	record.Audit = 0
	run1(t, wiring, record, Bounds{})
	require.Equal(t, 3, record.Runaway)
	require.Equal(t, 3, record.Unknown)
	require.Contains(t, record.Doubts[len(record.Doubts)-1].Reason, "the run ended early: too many events a second: over 100 in the second before ")
	var text strings.Builder
	require.NoError(t, record.Summary(&text, ""))
	require.Contains(t, text.String(), "3 unknown · 0 invalid · 0 came to nothing\n  of these 3 ran away: ")
}

// Two goes at one sweep at once would write over each other.
func TestOneGoAtATime(t *testing.T) {
	folder := t.TempDir()
	unlock, err := lock(folder)
	require.NoError(t, err)
	require.ErrorIs(t, Run(t.Context(), wired(nil), fresh(t, short(), 1, 1, nil), folder, Bounds{}, Watch{}), ErrBusy)
	require.NoFileExists(t, filepath.Join(folder, recordFile))
	unlock()
	require.NoError(t, Run(t.Context(), wired(nil), fresh(t, short(), 1, 1, nil), folder, Bounds{}, Watch{}))
	require.NoError(t, Run(t.Context(), wired(nil), fresh(t, short(), 1, 1, nil), folder, Bounds{}, Watch{}), "nothing of the lock is left")
}

// fickle is a node that asks the world for something that depends on the order of a map.
type fickle struct{ world.Process }

func (f fickle) Start(environment world.Environment) {
	f.Process.Start(environment)
	environment.After(2*time.Second, func() {
		for wait := range map[time.Duration]bool{1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true, 8: true} {
			environment.After(wait*time.Millisecond, func() {})
			return
		}
	})
}

var calls atomic.Int64

// forgetful is a node that says something else whenever it is asked.
type forgetful struct{ world.Process }

func (f forgetful) Start(environment world.Environment) {
	f.Process.Start(environment)
	environment.Note("fickle", fmt.Sprint(calls.Add(1)))
}

// A system that depends on the order of a map, or on anything outside, is found out, with the first event
// that differs from both sides.
func TestNonDeterminismIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		change func(string, world.Process) world.Process
		what   string
	}{
		"map order": {func(name string, node world.Process) world.Process {
			if name == "n2" {
				return fickle{node}
			}
			return node
		}, "happens"},
		"outside": {func(_ string, node world.Process) world.Process { return forgetful{node} }, "the histories differ"},
	} {
		t.Run(name, func(t *testing.T) {
			record := fresh(t, short(), 1, 12, nil)
			record.Audit = 100
			run1(t, wired(c.change), record, Bounds{})
			require.NotEmpty(t, record.Diverged)
			require.Equal(t, 12, record.Valid+record.Unknown+record.Invalid+record.Broken)
			d := record.Diverged[0]
			require.Contains(t, d.What, c.what)
			require.NotEqual(t, d.Once, d.Again)
			require.NotEmpty(t, d.Before)
			if name == "map order" {
				require.Contains(t, d.Once+d.Again, "timer n2")
			}
			t.Log(d.String())
		})
	}
}

// What must happen sometimes and never does makes a sweep unknown, and says what.
func TestSometimes(t *testing.T) {
	plan := harness.DefaultPlan()
	plan.Faults = harness.RandomFaults
	record := fresh(t, plan, 1, 20, nil)
	record.Valid = 20
	record.States = addStates(nil, statesIn(map[string]int{stateElection: 3, stateChange: 1, stateMinority: 1, stateTaken: 1}, 1))
	verdict, reasons := record.Judge()
	require.Equal(t, checker.Unknown, verdict)
	require.Equal(t, []string{"it never happened that the outcome of an operation was unknown; in 20 runs it should"}, reasons)
	record.States = addStates(record.States, statesIn(map[string]int{stateInfo: 1}, 1))
	verdict, _ = record.Judge()
	require.Equal(t, checker.Valid, verdict)
	record.Valid = 5
	record.States = record.States[:1]
	verdict, _ = record.Judge()
	require.Equal(t, checker.Valid, verdict, "a small sweep is not asked")
	record.Unknown, record.Tolerance = 2, 5
	verdict, reasons = record.Judge()
	require.Equal(t, checker.Unknown, verdict)
	require.Equal(t, []string{"2 of 7 runs were unknown, and 5 % are tolerated"}, reasons)
}

// Bounds end a sweep between runs, and it can go on.
func TestTimeIsUp(t *testing.T) {
	record := fresh(t, short(), 1, 1_000_000_000, nil)
	run1(t, wired(nil), record, Bounds{Time: 300 * time.Millisecond})
	require.Equal(t, endedTime, record.Times.Ended)
	require.Positive(t, record.Runs())
	require.False(t, record.Interrupted())
	record = fresh(t, short(), 1, 1_000_000_000, nil)
	run1(t, wired(nil), record, Bounds{Memory: 1 << 20})
	require.Equal(t, endedMemory, record.Times.Ended)
}

// The summary fits a terminal, and says what matters.
func TestSummary(t *testing.T) {
	record := fresh(t, buggy(), 1, 40, nil)
	folder := run1(t, wired(nil), record, Bounds{})
	var text strings.Builder
	require.NoError(t, record.Summary(&text, folder))
	for line := range strings.Lines(text.String()) {
		if !strings.Contains(line, "cleave replay") {
			require.LessOrEqual(t, len([]rune(strings.TrimRight(line, "\n"))), width, line)
		}
	}
	require.Contains(t, text.String(), "cleave replay "+filepath.Join(folder, "runs"))
	require.Contains(t, text.String(), "a leader was elected")
	require.Contains(t, text.String(), "coverage: ")
}

// Where clients are busy, a fault meets messages of most kinds, and rarely none.
func TestFaultsMeetMessages(t *testing.T) {
	plan := short()
	plan.Faults, plan.Clients = "kill-leader", 10
	record := fresh(t, plan, 1, 30, nil)
	run1(t, wired(nil), record, Bounds{})
	counts := map[string]int{}
	for _, situation := range record.Situations {
		counts[situation.Message] += situation.Count
	}
	require.LessOrEqual(t, counts["none"], 3, "%v", counts)
	for _, kind := range []string{"heartbeat", "append answer", "commit", "request getData", "reply"} {
		require.Positive(t, counts[kind], "%v", counts)
	}
}

// The page is written at the end, when it is stopped in the midst, and when shards are merged; the same record gives the same
// bytes, and says so when seeds are missing.
func TestPage(t *testing.T) {
	read := func(folder string) string {
		page, err := os.ReadFile(filepath.Join(folder, pageFile))
		require.NoError(t, err)
		return string(page)
	}
	record := fresh(t, buggy(), 1, 40, &Shard{1, 2})
	folder := run1(t, wired(nil), record, Bounds{})
	page := read(folder)
	require.Contains(t, page, "INVALID: a promise was BROKEN")
	require.Contains(t, page, fmt.Sprintf(`href="runs/%d/report.html"`, record.kept()[0]))
	require.NoError(t, Rewrite(folder))
	require.Equal(t, page, read(folder))

	merged, err := Merge([]Part{{folder, record}})
	require.NoError(t, err)
	whole := t.TempDir()
	require.NoError(t, SaveMerged(merged, []Part{{folder, record}}, whole))
	require.Contains(t, read(whole), "It is not complete: a shard is missing")
	require.Contains(t, read(whole), "seeds 21 to 40 were not run")
	require.Equal(t, "cleave sweep --system cpstore --workload register --faults kill-all --seeds 1-40 --nodes 3 --clients 3 --duration 14s --warmup 3s "+
		"--quiet 5s --bug zk-4785 --collect --audit 10 --unknown 100", merged.command())

	stopped, stop := context.WithCancel(t.Context())
	stop()
	record = fresh(t, short(), 1, 40, nil)
	folder = t.TempDir()
	require.NoError(t, Run(stopped, wired(nil), record, folder, Bounds{}, Watch{}))
	require.Contains(t, read(folder), "It is not complete: it was interrupted.")
}

// The curve counts each invalid run in the stretch that its seed falls into, and firsts are the lowest seeds, however the runs
// were added up.
func TestCurve(t *testing.T) {
	record := fresh(t, buggy(), 1, 40, nil)
	run1(t, wired(nil), record, Bounds{})
	total := 0
	for i, count := range record.Curve {
		total += count
		if count > 0 {
			require.LessOrEqual(t, count, 1, "a stretch is a seed here, and %d is one", i)
		}
	}
	require.Equal(t, record.Invalid, total)
	require.Equal(t, 1, record.Curve[record.kept()[0]-1])
	for _, c := range []struct{ first, last, count uint64 }{{1, 1, 1}, {1, 100, 100}, {1, 101, 51}, {0, 1 << 61, 100}, {7, 206, 100}} {
		require.Equal(t, int(c.count), stretches(c.first, c.last))
		r := Record{First: c.first, Last: c.last}
		require.Equal(t, 0, r.stretch(c.first))
		require.Equal(t, int(c.count)-1, r.stretch(c.last))
	}
}
