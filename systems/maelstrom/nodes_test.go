package maelstrom_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/internal/wasi"
	"cleave/nemesis"
	"cleave/systems/maelstrom"
	"cleave/workloads"
	"cleave/world"
	"cleave/world/sim"
)

// nodeSeeds is how many seeds every right node must keep its promises on.
var nodeSeeds = flag.Uint64("node-seeds", 1, "seeds of each workload and fault for TestRightNodes")

// nodes is package nodes as WebAssembly, compiled once.
var nodes = sync.OnceValues(func() (*wasi.Program, error) {
	folder, err := os.MkdirTemp("", "nodes")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "nodes.wasm")
	for _, folder := range []string{"node", "nodes"} { // seen here, so that go test knows what its answer hangs on
		sources, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, source := range sources {
			if _, err := os.Stat(source); err != nil {
				return nil, err
			}
		}
	}
	build := exec.Command("go", "build", "-o", file, "./nodes")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, &exec.Error{Name: string(out), Err: err}
	}
	module, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return wasi.Compile(context.Background(), module, "")
})

// guaranteeOf is what is promised of a workload's nodes.
func guaranteeOf(workload string) workloads.Guarantee {
	switch workload {
	case "lin-kv", "kafka", "txn-list-append", "txn-rw-register":
		return workloads.Linearizable
	}
	return workloads.Available
}

// nodePlan is a short run of a node of package nodes, by its workload and variant.
func nodePlan(workload, variant, fault string, seed uint64) harness.Plan {
	seconds := func(n int) nemesis.Duration { return nemesis.Duration(time.Duration(n) * time.Second) }
	plan := harness.DefaultPlan()
	plan.System, plan.Workload, plan.Faults, plan.Seed = "nodes", workload, fault, seed
	plan.Clients, plan.Duration, plan.Warmup, plan.Quiet = 5, seconds(14), seconds(2), seconds(6)
	switch workload {
	case "lin-kv", "txn-list-append", "txn-rw-register":
		plan.Keys = 3
	case "kafka":
		plan.Keys = 1 // where all meet
	}
	plan.Custom = &harness.Custom{Door: harness.ProgramDoor, Summary: variant, Guarantee: guaranteeOf(workload), Recovery: seconds(2), Again: "-"}
	return plan
}

// nodeWiring runs the node whose variant a plan has as its summary.
var nodeWiring = harness.Wiring{
	Custom: func(plan harness.Plan) (world.System, error) {
		program, err := nodes()
		arguments := []string{plan.Workload, plan.Custom.Summary}
		return maelstrom.Equip(plan.Custom.System(plan.System), maelstrom.Options{Workload: plan.Workload,
			Program: maelstrom.WebAssembly{Program: program, Name: "nodes", Arguments: arguments}}), err
	},
	World: func(_ context.Context, plan harness.Plan, _ world.System, schedule harness.Schedule, keep harness.Keep) (world.World, error) {
		options := sim.DefaultOptions(schedule.Seed)
		options.Overtaking, options.Log = true, keep.Log
		return sim.New(options), nil
	},
}

// nodeRun runs a plan with the nodes of package nodes, wiredRun with others.
func nodeRun(t *testing.T, plan harness.Plan) harness.Finished {
	t.Helper()
	return wiredRun(t, nodeWiring, plan)
}

func wiredRun(t *testing.T, wiring harness.Wiring, plan harness.Plan) harness.Finished {
	t.Helper()
	require.NoError(t, plan.Validate())
	system, err := wiring.System(plan)
	require.NoError(t, err)
	schedule, err := wiring.Generate(plan, system)
	require.NoError(t, err)
	finished, err := wiring.Dry(t.Context(), plan, schedule)
	require.NoError(t, err)
	return finished
}

// Nodes that are right keep every promise: whatever happens to them, and when they are parted or restarted. A fault that cuts
// links on which nodes say nothing puts nothing to the test.
func TestRightNodes(t *testing.T) {
	for _, right := range []struct{ workload, variant, fault string }{
		{"echo", "", "rolling-restart"},
		{"unique-ids", "", "rolling-restart"},
		{"broadcast", "", "shatter"},
		{"g-set", "", "shatter"},
		{"g-counter", "", "shatter"},
		{"pn-counter", "", "shatter"},
		{"lin-kv", "", "rolling-restart"},
		{"lin-kv", "raft", "isolate-one"},
		{"kafka", "", "rolling-restart"},
		{"txn-list-append", "", "rolling-restart"},
		{"txn-rw-register", "", "rolling-restart"},
	} {
		t.Run(right.workload+" "+right.variant, func(t *testing.T) {
			for seed := uint64(1); seed <= *nodeSeeds; seed++ {
				for _, fault := range []string{harness.RandomFaults, right.fault} {
					for _, promise := range nodeRun(t, nodePlan(right.workload, right.variant, fault, seed)).Judgement.Promises {
						if promise.Checker != (checker.Vacuity{}).Name() || fault == right.fault {
							require.Equal(t, checker.Valid, promise.Verdict, "%s, seed %d: %s: %s", fault, seed, promise.Checker, promise.Reason)
						}
					}
				}
			}
		})
	}
}

// Each mistake is found, by the checker whose affair it is, under a fault that brings it out, on one of the first seeds.
func TestWrongNodes(t *testing.T) {
	for _, wrong := range []struct{ workload, mistake, fault, checker string }{
		{"echo", "garbles", "none", "echoes"},
		{"unique-ids", "begins-again", "kill-one", "unique-ids"},
		{"broadcast", "tells-once", "shatter", "delivered"},
		{"g-set", "replaces", "none", "delivered"},
		{"g-set", "forgets", "kill-one", "delivered"},
		{"g-counter", "overwrites", "none", "counter-total"},
		{"pn-counter", "only-up", "none", "counter-total"},
		{"lin-kv", "stale-read", "none", "linearizable"},
		{"lin-kv", "lost-write", "kill-one", "linearizable"},
		{"lin-kv", "raft-reads-alone", "halves-leader-minority", "linearizable"},
		{"kafka", "same-offset", "none", "log-offsets"},
		{"kafka", "local-commits", "none", "commits"},
		{"txn-list-append", "lost-append", "none", "strict-serializable"},
		{"txn-rw-register", "stepwise", "none", "strict-serializable"},
	} {
		t.Run(wrong.workload+"/"+wrong.mistake, func(t *testing.T) {
			var broken []checker.Result
			for seed := uint64(1); seed <= 10 && len(broken) == 0; seed++ {
				broken = nodeRun(t, nodePlan(wrong.workload, wrong.mistake, wrong.fault, seed)).Judgement.Broken()
			}
			require.Len(t, broken, 1)
			require.Equal(t, wrong.checker, broken[0].Checker)
			require.NotEmpty(t, broken[0].Witness.Explanation)
			t.Logf("%s: %s", broken[0].Reason, broken[0].Witness.Explanation)
		})
	}
}

// A node with timers, goroutines and maps is a function of the seed.
func TestNodesAreDeterministic(t *testing.T) {
	first := nodeRun(t, nodePlan("txn-list-append", "", harness.RandomFaults, 3))
	require.Equal(t, first.Hash, nodeRun(t, nodePlan("txn-list-append", "", harness.RandomFaults, 3)).Hash)
	require.NotEqual(t, first.Hash, nodeRun(t, nodePlan("txn-list-append", "", harness.RandomFaults, 4)).Hash)
}
