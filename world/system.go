package world

import (
	"slices"
	"time"
)

// System is what a system under test gives the harness: how to make its nodes and clients.
type System struct {
	// Name as on the command line, e.g. "cpstore".
	Name string
	// Summary is one sentence for lists and reports.
	Summary string
	// Guarantee is the side of the CAP line it stands on, "CP" or "AP", or "CP+cache". It fixes what it promises.
	Guarantee string
	// Grace is how long after any change of connectivity a client may still be without service.
	Grace time.Duration
	// OnDemand says that a client looks for another server only when it has something to ask: Grace then counts
	// from its first operation since the change.
	OnDemand bool
	// Delay is the longest time a message may take on the network for the promises that are about time:
	// above it they are measured. 0 is any.
	Delay time.Duration
	// Boot is how long a restarted node may take until it serves.
	Boot time.Duration
	// Ghost is how long an instance that died may go on being listed once all faults are over.
	Ghost time.Duration
	// Notice is how long a change (a registration, a cancel, a status), or the end of all faults, may take
	// until every node's list and every client's own shows it. A registry has it; 0 if nobody has said.
	Notice time.Duration
	// Quorum is how many of a number of nodes must be mutually connected for the system to serve.
	Quorum func(nodes int) int
	// Node makes a node as it boots; it is called again at every restart. nil: it does not run in
	// simulation.
	Node func(name string, cluster Cluster) Process
	// Types names what a message carries, such as "vote" or "append", for the coverage of many runs; one
	// message may carry several things. nil: nobody knows.
	Types func(Message) []string
	// Client makes a client that lives beside a node.
	Client func(name, host string, cluster Cluster) Client
	// Services are what else its nodes may ask: processes of the harness's own, which no fault touches and everybody reaches. In
	// simulation alone.
	Services []Service
	// Leaderless says that none of its nodes ever tells that it leads a term: that no term has two leaders is not promised.
	Leaderless bool
	// Diskless says that its nodes keep nothing on disk, so that nothing done to one hurts them.
	Diskless bool
	// Enlists says that its nodes are Enlisted: that members can be removed and added.
	Enlists bool
	// Deployment is how it runs in containers; nil: it does not.
	Deployment *Deployment
	// Recovery is how long after all faults have ended the system may take before it must serve and
	// agree again: the quiet phase is at least this long.
	Recovery time.Duration
	// Workloads are the names of those that it can carry; empty for all.
	Workloads []string
	// Bugs are the faults of the system's own that can be planted, for testing the tester.
	Bugs []Bug
}

// Service is a process beside nodes and clients, known to them by its name.
type Service struct {
	Name string
	New  func() Process
}

// Carries tells whether the system can carry a workload.
func (s System) Carries(workload string) bool {
	return len(s.Workloads) == 0 || slices.Contains(s.Workloads, workload)
}

// Cluster is what every node and client of one run knows.
type Cluster struct {
	Nodes    []string // all nodes, in order
	Workload string   // what the clients do
	Bug      string   // the planted bug, "" for none
	Roll     Roll     // who of the nodes is to be a member, as of when a node boots
}

// Bug is a mistake that can be planted in a system, off by default.
type Bug struct {
	Name     string // as on the command line
	Breaks   string // what it does wrong, one sentence
	Origin   string // the real bug whose damage it does, with its number, one sentence; "" if there is none
	Workload string // the workload that shows it
	Checker  string // the checker that must find it
	Faults   string // the schedule under which it shows: a fault kind, or "random"
	// What a plan must differ in from the default for the bug to show; zero is the default.
	Clients         int
	Every           time.Duration // mean time between two operations of a client
	Latency, Jitter time.Duration // of the network
}
