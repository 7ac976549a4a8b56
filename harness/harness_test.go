package harness

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/nemesis"
	"cleave/reports"
	"cleave/workloads"
	"cleave/world"
	"cleave/world/sim"
)

// toy is a system of one register in one node's memory, which its clients reach without a message.
// It shows the harness, not the system.
type toy struct {
	world.Process
	values map[string]history.Value
	stale  bool // answers reads with nothing
}

func (t *toy) Start(world.Environment) {}

func (t *toy) Invoke(request history.Request, done func(history.Completion)) {
	c := history.Completion{Outcome: history.Ok, Node: "n1"}
	switch request.Function {
	case history.Write:
		t.values[request.Key] = request.Value
	case history.CAS:
		c = history.Completion{Outcome: history.Fail, Error: "value differs"}
	case history.Home:
	default:
		if !t.stale {
			c.Value = t.values[request.Key]
		}
	}
	done(c)
}

func toyWiring(stale bool) Wiring {
	values := map[string]history.Value{}
	return Wiring{
		Systems: func(Plan) []world.System {
			return []world.System{{
				Name: "toy", Guarantee: "CP", Grace: time.Second, Quorum: func(int) int { return 1 },
				Node:   func(string, world.Cluster) world.Process { return &toy{} },
				Client: func(string, string, world.Cluster) world.Client { return &toy{values: values, stale: stale} },
			}}
		},
		World: func(_ context.Context, _ Plan, _ world.System, s Schedule, _ Keep) (world.World, error) {
			return sim.New(sim.DefaultOptions(s.Seed)), nil
		},
	}
}

func toyPlan() Plan {
	plan := DefaultPlan()
	plan.System, plan.Faults, plan.Nodes, plan.Clients = "toy", nemesis.None, 1, 2
	plan.Duration, plan.Warmup, plan.Quiet = nemesis.Duration(12*time.Second), nemesis.Duration(time.Second), nemesis.Duration(10*time.Second)
	return plan
}

func verdictOf(t *testing.T, finished Finished, name string) checker.Result {
	for _, result := range finished.Judgement.Promises {
		if result.Checker == name {
			return result
		}
	}
	t.Fatalf("nothing was judged by %s", name)
	return checker.Result{}
}

// The same plan on a register that works and on one that forgets.
func TestAGoodAndABrokenRegister(t *testing.T) {
	for stale, want := range map[bool]checker.Verdict{false: checker.Valid, true: checker.Invalid} {
		wiring := toyWiring(stale)
		system, err := wiring.System(toyPlan())
		require.NoError(t, err)
		schedule, err := wiring.Generate(toyPlan(), system)
		require.NoError(t, err)
		finished, err := wiring.Dry(context.Background(), toyPlan(), schedule)
		require.NoError(t, err)
		require.Equal(t, want, verdictOf(t, finished, "linearizable").Verdict)
	}
}

// A run that is interrupted leaves a folder with the history so far, which can be read back.
func TestAnInterruptedRunLeavesItsHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store", "toy", "1")
	wiring, plan := toyWiring(false), toyPlan()
	system, err := wiring.System(plan)
	require.NoError(t, err)
	schedule, err := wiring.Generate(plan, system)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	_, err = wiring.Run(ctx, plan, schedule, path, func(p reports.Progress) {
		if p.Done >= 5 {
			stop()
		}
	})
	require.ErrorIs(t, err, context.Canceled)

	stored, err := Load(path)
	require.NoError(t, err)
	require.False(t, stored.Finished)
	require.Equal(t, schedule, stored.Schedule, "a schedule survives its file")
	require.Equal(t, plan, stored.Plan)
	require.Less(t, stored.History.End(), history.Time(6*time.Second))
	judged, err := wiring.Rejudge(stored)
	require.NoError(t, err)
	require.NotEqual(t, checker.Valid, judged.Judgement.Verdict)
}

func TestAFolderIsNeverWrittenOver(t *testing.T) {
	path := t.TempDir()
	_, err := toyWiring(false).Run(context.Background(), toyPlan(), Schedule{}, path, nil)
	require.ErrorContains(t, err, "making the run folder")
	left, err := os.ReadDir(path)
	require.NoError(t, err)
	require.Empty(t, left)
}

// The shortest command line names what differs from the default, and nothing else.
func TestCommand(t *testing.T) {
	plan := DefaultPlan()
	plan.Seed, plan.Loss = 7, 5
	require.Equal(t, "cleave run --system cpstore --workload register --faults isolate-leader --seed 7 --loss 5", plan.Command())
}

func TestScheduleOutsideItsWindow(t *testing.T) {
	late := Schedule{Faults: []nemesis.Fault{{Kind: "shatter", Start: nemesis.Duration(39 * time.Second), Duration: nemesis.Duration(2 * time.Second)}}}
	require.ErrorContains(t, late.Validate(DefaultPlan()), "the fault at 39s: shatter lasts 2s, into the quiet phase at 40s; its duration can be 1s at most")
}

// A number that the workload would not heed is refused, and not ignored.
func TestNumbersOfAWorkload(t *testing.T) {
	plan := DefaultPlan()
	plan.Keys = 9
	require.EqualError(t, plan.Validate(),
		"keys: the workload register has no such number to set; convergence, lin-kv, kafka, txn-list-append, txn-rw-register have")
	plan.System, plan.Workload = "apregistry", "convergence"
	require.NoError(t, plan.Validate())
	plan.TxnLength = 2
	require.EqualError(t, plan.Validate(), "txn-length: the workload convergence has no such number to set; txn-list-append, txn-rw-register have")
	plan.TxnLength, plan.Keys = 0, -1
	require.EqualError(t, plan.Validate(), "keys: -1; it cannot be negative")
}

func TestPlanSurvivesItsFile(t *testing.T) {
	text, err := json.Marshal(DefaultPlan())
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "plan.json")
	require.NoError(t, os.WriteFile(path, append(text, []byte("{}")...), 0o644))
	var plan Plan
	require.ErrorContains(t, readStrict(path, &plan), "something follows the end")
	require.Equal(t, DefaultPlan(), plan)
}

// A lossy network excuses availability, a short quiet phase what is promised of the end; nothing else.
func TestWhatAPlanExcuses(t *testing.T) {
	owners := checker.Convergence{Functions: []history.Function{history.Owners}}
	all := []workloads.Promise{{Checker: checker.Availability{}}, {Checker: checker.Continuity{}}, {Checker: owners},
		{Checker: checker.Convergence{}}, {Checker: checker.NoDeadOwner{}}, {Checker: checker.NoPanic{}}, {Checker: checker.NoForgetting{}}}
	plan, system := DefaultPlan(), world.System{Recovery: 10 * time.Second}
	promised, measured := due(plan, system, all)
	require.Len(t, promised, 7)
	require.Empty(t, measured)
	plan.Loss = 1
	promised, measured = due(plan, system, all)
	require.Equal(t, all[3:6], promised)
	require.Equal(t, append(slices.Clone(all[:3]), all[6]), measured)
	plan.Loss, system.Recovery = 0, time.Minute
	promised, measured = due(plan, system, all)
	require.Equal(t, []workloads.Promise{all[0], all[5], all[6]}, promised)
	require.Equal(t, all[1:5], measured)
}

// A system that cannot carry a workload is refused, or left out of a comparison, in words.
func TestWhatASystemCarries(t *testing.T) {
	wiring := toyWiring(false)
	all := wiring.Systems
	wiring.Systems = func(plan Plan) []world.System {
		systems := all(plan)
		systems[0].Workloads = []string{"register", "multi"}
		return append(systems, world.System{Name: "anything"})
	}
	plan := toyPlan()
	_, err := wiring.System(plan)
	require.NoError(t, err)
	plan.Workload = "watches"
	_, err = wiring.System(plan)
	require.EqualError(t, err, `toy cannot carry the workload "watches"; it carries: register, multi`)

	plans, leftOut := wiring.Plans(Comparison{Base: toyPlan(), Systems: []string{"toy", "anything"},
		Workloads: []string{"watches", "register"}, Faults: []string{"none", "shatter"}})
	require.Equal(t, []string{"toy cannot carry the workload watches"}, leftOut)
	var names []string
	for _, plan := range plans {
		names = append(names, plan.Name())
	}
	require.Equal(t, []string{"anything-watches-none", "anything-watches-shatter", "toy-register-none", "anything-register-none",
		"toy-register-shatter", "anything-register-shatter"}, names)
	plans, _ = wiring.Plans(Comparison{Base: toyPlan(), Systems: []string{"typo"}, Workloads: []string{"register"}, Faults: []string{"none"}})
	require.Len(t, plans, 1, "who does not exist is told so by the plan's check")
}
