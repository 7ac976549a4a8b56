package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"cleave/harness"
	"cleave/nemesis"
)

// planFlags lets flags set a plan. Those that a comparison varies itself are left out there.
func planFlags(flags *pflag.FlagSet, plan *harness.Plan, single bool) {
	if single {
		flags.StringVar(&plan.System, "system", plan.System, "what is tested (see: cleave list --systems)")
		flags.StringVar(&plan.Workload, "workload", plan.Workload, "what clients do (see: cleave list --workloads)")
		flags.StringVar(&plan.Faults, "faults", plan.Faults, "what is done to it: a fault, a suite, or \"random\" (see: cleave list --faults --suites)")
		flags.StringVar(&plan.Bug, "bug", plan.Bug, "plant a bug of the system (see: cleave list --bugs)")
	}
	flags.Var((*seed)(&plan.Seed), "seed", "decides everything that is random")
	if single {
		flags.StringVar(&plan.World, "world", plan.World,
			"where it runs: sim; docker for containers (see: cleave doctor); native for programs as processes (see: cleave maelstrom)")
	}
	flags.BoolVar(&plan.Capture, "pcap", plan.Capture, "in containers, keep every frame that arrives as frames.pcap")
	flags.IntVar(&plan.Nodes, "nodes", plan.Nodes, "servers of the system")
	flags.IntVar(&plan.Clients, "clients", plan.Clients, "its users, beside the nodes in turn")
	for _, d := range []struct {
		value *nemesis.Duration
		name  string
		usage string
	}{
		{&plan.Duration, "duration", "length of the run"},
		{&plan.Warmup, "warmup", "time before the first fault"},
		{&plan.Quiet, "quiet", "time after the last fault, for recovery and final reads"},
		{&plan.Every, "every", "mean time between two operations of a client"},
		{&plan.Latency, "latency", "least one-way latency between hosts"},
		{&plan.Jitter, "jitter", "what is added to it at most"},
		{&plan.Tail, "tail", "mean of what is added to it besides, drawn exponentially"},
		{&plan.Interval, "interval", "have faults of the kinds and suites of --faults, with + between them, come in turn; the mean time of each (0s: no)"},
		{&plan.CheckTime, "check-time", "wall time that each checker may take"},
	} {
		flags.DurationVar((*time.Duration)(d.value), d.name, time.Duration(*d.value), d.usage)
	}
	flags.Uint64Var(&plan.Loss, "loss", plan.Loss, "percent of messages lost")
	flags.IntVar(&plan.Keys, "keys", plan.Keys, "keys in use at a time, of workloads of programs; of convergence, instances that stand (0: the workload's own)")
	flags.IntVar(&plan.TxnLength, "txn-length", plan.TxnLength, "operations of a transaction, at most, of workloads of programs (0: the workload's own number)")
	flags.IntVar(&plan.WritesPerKey, "writes-per-key", plan.WritesPerKey, "writes of a key, at most, of workloads of programs (0: the workload's own number)")
	flags.Uint64Var(&plan.SnapshotEvery, "snapshot-every", plan.SnapshotEvery, "entries of the CP store's log from one snapshot to the next (0: 100)")
	flags.BoolVar(&plan.Alike, "alike", plan.Alike, "ask every system the same, whether its clients have caches or not, to compare them (discovery)")
	flags.IntVar(&plan.Scale, "scale", plan.Scale, "divides the times of the AP registry (30s between heartbeats, ...)")
}

// seed is the value of a seed flag.
type seed uint64

// Set reads a decimal, 0x or 0b number.
func (s *seed) Set(text string) error {
	number, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		return fmt.Errorf("a seed is a whole number from 0, not %.60q", text)
	}
	*s = seed(number)
	return nil
}

// String shows the seed.
func (s *seed) String() string { return strconv.FormatUint(uint64(*s), 10) }

// Type names what the flag takes.
func (s *seed) Type() string { return "number" }

// seedRange reads "1-500".
func seedRange(text string) (first, last uint64, err error) {
	from, to, found := strings.Cut(text, "-")
	var a, b seed
	if !found || a.Set(from) != nil || b.Set(to) != nil || a > b {
		return 0, 0, fmt.Errorf("--seeds: seeds are given as first-last, such as 1-500, not %.60q", text)
	}
	return uint64(a), uint64(b), nil
}

// newPath is a folder that is not there yet, in the store.
func newPath(store, name string, seed uint64) string {
	stamp := time.Now().Format("20060102T150405.000")
	return filepath.Join(store, name, fmt.Sprintf("%s-%d", strings.Replace(stamp, ".", "", 1), seed))
}
