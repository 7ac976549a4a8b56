package workloads

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/checker"
	"cleave/history"
)

// Workload is something clients do, and what there is to say about it afterwards.
type Workload struct {
	Name    string
	Summary string
	// Numbers are those of its own that a plan may set otherwise: keys, txn-length, writes-per-key.
	Numbers []string
	// Plan lists the operations of a run, in order of time.
	Plan func(Shape) []Planned
	// Promises are the properties that a kind of system declares under this workload.
	Promises func(Guarantee, Conditions) []Promise
	// Measures are the properties that are reported as found.
	Measures func(Guarantee, Conditions) []Promise
}

// Promise is a property in words, and the checker that judges it.
type Promise struct {
	Text    string
	Checker checker.Checker
}

// Guarantee is the side of the CAP line a system stands on, or what it makes of both. It fixes its promises. For the workloads
// of transactions it may also be the name of a consistency model (see ConsistencyModels).
type Guarantee string

// The guarantees.
const (
	Consistent Guarantee = "CP" // linearizable writes, sequential reads, unavailable without a quorum
	Available  Guarantee = "AP" // answers on every side, converges after the heal

	// Linearizable is a store of which every operation is, reads included, and which serves whoever reaches a quorum of its
	// nodes. A system of somebody's own promises this first.
	Linearizable Guarantee = "linearizable"

	// Cached is a consistent store behind a cache on every host: writes and reads as Consistent, and a cache that
	// answers whatever happens, as of some time ago.
	Cached Guarantee = "CP+cache"
)

// Validate tells that there is no such guarantee.
func (g Guarantee) Validate() error {
	known := append([]string{string(Consistent), string(Linearizable), string(Available), string(Cached)}, ConsistencyModels()...)
	if slices.Contains(known, string(g)) {
		return nil
	}
	return fmt.Errorf("unknown guarantee %.60q; there are: %s", g, strings.Join(known, ", "))
}

// Shape is what a plan depends on.
type Shape struct {
	Seed      uint64
	Guarantee Guarantee
	Clients   []history.Placement
	// Faults is when the first fault may start, Quiet when all are over, End when the run is.
	Faults, Quiet, End time.Duration
	// Settle is how long after Quiet a system may take to recover; final reads come after it.
	Settle time.Duration
	// Every is the mean time between two operations of one client.
	Every time.Duration
	// Alike has every system asked the same, whether its clients have caches or not, so that they can be compared: of the
	// workloads that look services up, discovery does so.
	Alike bool
	// Keys, TxnLength and WritesPerKey are how many keys a workload of programs uses at a time (or, of a registry's, instances that
	// stand), operations a transaction has at most and writes a key takes; 0 is the workload's own number.
	Keys, TxnLength, WritesPerKey int
}

// Conditions are what promises depend on besides the system.
type Conditions struct {
	Faults   []string      // the kinds in the schedule
	Settle   time.Duration // after the quiet phase begins, before final reads
	Spread   time.Duration // after the last write of a key, before all nodes must say the same of it
	Recovery time.Duration // after the quiet phase begins, or what was acknowledged in it, before every node must have it
	Grace    time.Duration // after any change of connectivity, before a client must be served
	OnDemand bool          // Grace counts from a client's first operation since the change
	Boot     time.Duration // after its restart, before a node must serve
	Ghost    time.Duration // how long the dead may be listed
	Notice   time.Duration // after a change of a registry, or the heal, before every list and every cache shows it
}

// All lists every workload.
func All() []Workload {
	return []Workload{Register(), Discovery(), Watches(), Sessions(), Sequences(), Multi(),
		Convergence(), SelfPreservation(), StatusOverride(),
		Election(), Lock(), FencedLock(), Queue(), Barriers(), Consumers(), Scheduler(), Config(), Group(), Dubbo(), Naming(),
		Echo(), UniqueIDs(), Broadcast(), GSet(), GCounter(), PNCounter(), LinKV(), Kafka(), TxnListAppend(), TxnRWRegister()}
}

// Find is the workload of a name.
func Find(name string) (Workload, error) {
	var names []string
	for _, workload := range All() {
		if workload.Name == name {
			return workload, nil
		}
		names = append(names, workload.Name)
	}
	return Workload{}, fmt.Errorf("unknown workload %.60q; there are: %s", name, strings.Join(names, ", "))
}
