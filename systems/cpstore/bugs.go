package cpstore

import (
	"time"

	"cleave/systems/znodes"
	"cleave/world"
)

// The planted bugs of the node itself; those of the journal are in journal.go, those of the replicated
// state in systems/znodes. One with a number is named after the issue of ZooKeeper's whose damage it
// does.
const (
	BugAckBeforeSync   = "zk-4785"
	BugLoneCheck       = "zk-2623"
	BugStaleLeaderRead = "stale-leader-read"
	BugForgetVote      = "forget-vote"
	BugDoubleApply     = "double-apply"
	BugBackInTime      = "back-in-time"
	BugLateEvents      = "late-events"
)

// bugs is the table of all that can be planted in the store, and where each shows.
func bugs() []world.Bug {
	return []world.Bug{
		{Name: BugAckBeforeSync, Workload: "register", Checker: "linearizable", Faults: "kill-all",
			Breaks: "Log entries are acknowledged before they are synced to the disk; a crash of all nodes loses acknowledged writes."},
		{Name: BugKeepSuffix, Workload: "register", Checker: "linearizable", Faults: "kill-all",
			Breaks: "A node that rejoins keeps the entries of its log that its leader had replaced."},
		{Name: BugHalfInstall, Workload: "register", Checker: "linearizable", Faults: "kill-all",
			Breaks: "A leader's snapshot is taken over, but the log of before it is kept and goes on after it."},
		{Name: BugBareEpoch, Workload: "register", Checker: "election-safety", Faults: "kill-all",
			Breaks: "A new segment of the log gets term and vote only with the next write; a crash before it loses them."},
		{Name: BugEpochFirst, Workload: "register", Checker: "linearizable", Faults: "kill-all",
			Breaks: "Term and vote are synced first, and the entries that came with them are acknowledged before they are written."},
		{Name: BugEmptyStart, Workload: "register", Checker: "linearizable", Faults: "kill-all",
			Breaks: "The purge removes snapshots that the log needs, and a node without one starts empty."},
		{Name: znodes.Bug1367, Workload: "sessions", Checker: "ephemerals", Faults: "kill-one",
			Breaks: "A node restored from a snapshot does not know which ephemeral nodes a session owns; they outlive it there."},
		{Name: znodes.Bug2355, Workload: "sessions", Checker: "ephemerals", Faults: "kill-one",
			Breaks: "A node restored from a snapshot misses the last ephemeral node of a session that ends."},
		{Name: znodes.Bug4466, Workload: "watches", Checker: "no-missed-event", Faults: "none",
			Breaks: "A standard watch turns the persistent one of the same client on the same znode into one that fires once."},
		{Name: BugLoneCheck, Workload: "multi", Checker: "no-panic", Faults: "none",
			Breaks: "A check outside a multi goes into the log, where nobody can carry it out: every node that reads it dies, again at each start."},
		{Name: znodes.BugMultiOneByOne, Workload: "multi", Checker: "all-or-nothing", Faults: "none",
			Breaks: "A multi that fails keeps the operations before the one that was refused."},
		{Name: znodes.BugSequenceReuse, Workload: "sequences", Checker: "sequences", Faults: "none",
			Breaks: "Sequential znodes are numbered by the children there are, so that numbers come again after deletions."},
		{Name: BugLateEvents, Workload: "watches", Checker: "event-before-data", Faults: "none",
			Breaks: "A watch's event is sent after replies that already show the change."},
		{Name: BugBackInTime, Workload: "register", Checker: "sequential", Faults: "flapping",
			Breaks: "A server takes a client that has seen more than the server itself, and shows it the past."},
		{Name: BugStaleLeaderRead, Workload: "register", Checker: "linearizable", Faults: "flapping",
			Clients: 100, Every: 2 * time.Second, // enough that some do not hang in a write when the leader is deposed
			Breaks: "A leader answers a quorum sync from its own state without asking a quorum whether it still leads."},
		{Name: BugForgetVote, Workload: "register", Checker: "election-safety", Faults: "bridge-crash",
			Latency: 20 * time.Millisecond, Jitter: 200 * time.Millisecond, Every: time.Second, // elections that take long enough to crash in
			Breaks: "A restarted node does not remember whom it voted for in the current term, and may vote again."},
		{Name: BugDoubleApply, Workload: "register", Checker: "linearizable", Faults: "flicker",
			Breaks: "A follower proposes a forwarded write again when it is slow to come through, and nothing drops the second one."},
	}
}
