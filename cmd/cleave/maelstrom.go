package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cleave/harness"
	"cleave/nemesis"
	"cleave/systems/maelstrom"
	"cleave/workloads"
)

// maelstromOptions are the flags of Maelstrom's own names, and some of ours.
type maelstromOptions struct {
	bringing
	runOptions
	workload     string
	nodes        int
	timeLimit    float64
	rate         float64
	concurrency  string
	latency      millis
	distribution string
	topology     string
	nemesis      []string
	interval     float64
	availability string
	consistency  []string
	keys         int
	txnLength    int
	writes       int
	logStderr    bool
	logSent      bool
	logReceived  bool

	seed           uint64
	faults, suite  string
	timeout, check time.Duration
	recovery       time.Duration
}

func newMaelstromOptions() maelstromOptions {
	return maelstromOptions{seed: 1, latency: millis(time.Millisecond), timeout: maelstrom.DefaultTimeout, recovery: time.Duration(programRecovery),
		check: time.Duration(harness.DefaultPlan().CheckTime)}
}

func maelstromCommand(s screen) *cobra.Command {
	o := newMaelstromOptions()
	command := &cobra.Command{
		Use:   "maelstrom --bin FILE [flags] [-- ARGUMENT...]",
		Short: "Test any program that speaks Maelstrom's protocol for nodes",
		Long: "Test any program that speaks Maelstrom's protocol for nodes (lines of JSON on standard input and output), unmodified, with Maelstrom's\n" +
			"own flags. A program compiled to WebAssembly with WASI preview 1 runs in simulation: a run is a function of its seed, and can be\n" +
			"replayed, shrunk and swept (cleave sweep --bin). Any other is started as processes of this machine, in real time.",
		Example: "  GOOS=wasip1 GOARCH=wasm go build -o node.wasm ./node && cleave maelstrom --bin node.wasm --workload lin-kv --nemesis partition\n" +
			"  cleave maelstrom --bin ./node --workload broadcast --node-count 25 --rate 100 --latency 100 --topology tree4",
		RunE: func(command *cobra.Command, arguments []string) error {
			for _, argument := range arguments { // as if --arg had been said, so that a report says it too
				if err := command.Flags().Set("arg", argument); err != nil {
					return bad(err)
				}
			}
			plan, err := o.plan(command)
			if err == nil {
				err = s.ci.begin(o.store)
			}
			if err == nil {
				err = check(plan)
			}
			if err != nil {
				return bad(err)
			}
			if err := checkMachine(command.Context(), plan); err != nil {
				return bad(err)
			}
			return s.maelstrom(command.Context(), plan, o.runOptions)
		},
	}
	o.flags(command.Flags())
	o.ownFlags(command.Flags())
	s.ci.flags(command.Flags())
	command.MarkFlagsMutuallyExclusive("seed", "seeds")
	command.MarkFlagsMutuallyExclusive("faults", "suite", "nemesis")
	return command
}

// maelstrom runs a plan, or many seeds of it.
func (s screen) maelstrom(ctx context.Context, plan harness.Plan, options runOptions) error {
	switch {
	case options.seeds == "":
		return s.runOne(ctx, plan, options)
	case plan.World != harness.Simulation:
		return s.runSeedsKept(ctx, plan, options)
	}
	return s.runSeeds(ctx, plan, options)
}

// flags are Maelstrom's.
func (o *maelstromOptions) flags(flags *pflag.FlagSet) {
	flags.StringVar(&o.file, "bin", "", "the program that runs a node")
	flags.StringArrayVar(&o.arguments, "arg", nil, "an argument for the program, as those after -- are; may be given again and again")
	flags.StringVarP(&o.workload, "workload", "w", defaultProgramWorkload, "what clients do: "+strings.Join(maelstrom.Workloads(), ", "))
	flags.IntVar(&o.nodes, "node-count", 5, "how many nodes")
	flags.Float64Var(&o.timeLimit, "time-limit", 60, "seconds for operations and faults; recovery and final reads come after")
	flags.Float64Var(&o.rate, "rate", 5, "operations a second, of all clients together")
	flags.StringVar(&o.concurrency, "concurrency", "1n", "how many clients; 4n is four for each node")
	flags.Var(&o.latency, "latency", "mean latency of the network, in milliseconds")
	flags.StringVar(&o.distribution, "latency-dist", "constant", "how latencies are spread: constant, uniform, exponential")
	flags.StringVar(&o.topology, "topology", string(maelstrom.DefaultTopology), "who is whose neighbour in broadcast: line, grid, tree2, tree3, tree4, total")
	flags.StringSliceVar(&o.nemesis, "nemesis", nil, "faults, again and again: partition, kill, pause")
	flags.Float64Var(&o.interval, "nemesis-interval", 10, "seconds that a fault of --nemesis lasts, and between two, on average")
	flags.StringVar(&o.availability, "availability", "", "what share of operations must be answered: a number from 0 to 1, or total")
	flags.StringSliceVar(&o.consistency, "consistency-models", nil, "what transactions must be: one of "+strings.Join(workloads.ConsistencyModels(), ", "))
	flags.IntVar(&o.keys, "key-count", 0, "keys in use at a time (0: the workload's own number)")
	flags.IntVar(&o.txnLength, "max-txn-length", 0, "operations of a transaction, at most (0: the workload's own number)")
	flags.IntVar(&o.writes, "max-writes-per-key", 0, "writes of a key, at most (0: the workload's own number)")
	flags.BoolVar(&o.logStderr, "log-stderr", false, "not taken: what nodes write to standard error is always kept, in nodes/*.log")
	flags.BoolVar(&o.logSent, "log-net-send", false, "keep what nodes send in nodes/*.log")
	flags.BoolVar(&o.logReceived, "log-net-recv", false, "keep what nodes are sent in nodes/*.log")
}

// ownFlags are those that Maelstrom has not.
func (o *maelstromOptions) ownFlags(flags *pflag.FlagSet) {
	o.limits(flags)
	flags.Var((*seed)(&o.seed), "seed", "decides everything that is random")
	flags.StringVar(&o.seeds, "seeds", "", "run many seeds, such as 1-500, and keep the folders of those that are not valid")
	flags.BoolVar(&o.first, "first", false, "of many seeds, stop at the first that is invalid, and show it")
	flags.StringVar(&o.faults, "faults", nemesis.None, "instead of --nemesis: a fault, a suite, or \"random\" (see: cleave list --faults --suites)")
	flags.StringVar(&o.suite, "suite", "", "the same, a suite of faults")
	flags.StringVar(&o.store, "store", "store", "where run folders go")
	flags.DurationVar(&o.timeout, "rpc-timeout", o.timeout, "how long a client waits for an answer")
	flags.DurationVar(&o.recovery, "recovery", o.recovery, "how long after the faults the nodes may take until final reads; operations go on in its first half")
	flags.DurationVar(&o.check, "check-time", o.check, "wall time that each checker may take")
}

// plan is what the flags ask for.
func (o *maelstromOptions) plan(command *cobra.Command) (harness.Plan, error) {
	plan := harness.DefaultPlan()
	plan.Version, plan.Seed, plan.Workload, plan.Nodes, plan.CheckTime = version(), o.seed, o.workload, o.nodes, nemesis.Duration(o.check)
	plan.Keys, plan.TxnLength, plan.WritesPerKey = o.keys, o.txnLength, o.writes
	switch {
	case o.file == "":
		return plan, errors.New("--bin: which program?")
	case !slices.Contains(maelstrom.Workloads(), o.workload):
		return plan, fmt.Errorf("--workload: %.40q; there are: %s", o.workload, strings.Join(maelstrom.Workloads(), ", "))
	case o.logStderr:
		return plan, errors.New("--log-stderr: leave it out: what nodes write to standard error is always kept, in the run folder's nodes/*.log")
	case o.first && o.seeds == "":
		return plan, errors.New("--first: there is only one seed; give many with --seeds")
	case o.nodes < 1:
		return plan, fmt.Errorf("--node-count: %d; there must be one at least", o.nodes)
	case o.fuel < 0:
		return plan, errors.New("--node-fuel: it cannot be negative")
	}
	setup, err := newProgramSetup(o.bringing)
	if err != nil {
		return plan, fmt.Errorf("--bin: %w", err)
	}
	setup.Topology, setup.Timeout = maelstrom.Topology(o.topology), nemesis.Duration(o.timeout)
	setup.LogSent, setup.LogReceived = o.logSent, o.logReceived
	if !setup.WebAssembly {
		plan.World = inRealTime
	}
	for _, step := range []func(*harness.Plan) error{o.times, o.clients, o.spread, o.disturbances} {
		if err := step(&plan); err != nil {
			return plan, err
		}
	}
	if err := setup.Topology.Validate(); err != nil {
		return plan, fmt.Errorf("--topology: %w", err)
	}
	if err := bring(&plan, setup, againOf(command)); err != nil {
		return plan, err
	}
	return plan, o.promises(plan.Custom)
}
