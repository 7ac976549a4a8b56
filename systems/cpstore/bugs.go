package cpstore

import (
	"slices"
	"time"

	"cleave/systems/znodes"
	"cleave/world"
)

// The planted bugs of the node itself; those of the journal are in journal.go, those
// that only one checker or kind of fault finds in flaws.go and sparing.go, those of the replicated
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
	BugLostWatches     = "lost-watches"
	BugFollowerExpiry  = "follower-expiry"
	BugWallClock       = "zk-1366"
	BugMuteLeader      = "zk-2247"
	BugNoChecksum      = "no-checksum"
	BugServesOutside   = "serves-outside"
	BugOwnCluster      = "own-cluster"
	BugForgetsMembers  = "forgets-members"
	BugSameMember      = "same-member"
)

// bugs is the table of all that can be planted in the store, and where each shows.
func bugs() []world.Bug { return slices.Concat(numberedBugs(), otherBugs(), loneBugs(), sparingBugs()) }

// numberedBugs do the damage that bugs of ZooKeeper's did.
func numberedBugs() []world.Bug {
	return []world.Bug{
		{Name: BugAckBeforeSync, Workload: "register", Checker: "linearizable", Faults: "kill-all",
			Breaks: "Log entries are acknowledged before they are synced to the disk; a crash of all nodes loses acknowledged writes.",
			Origin: "ZOOKEEPER-4785: a follower told a new leader that it had its transactions before they were on its disk; " +
				"it crashed, was elected, and committed ones were lost."},
		{Name: BugEpochFirst, Workload: "register", Checker: "linearizable", Faults: "kill-all",
			Breaks: "Term and vote are synced first, and the entries that came with them are acknowledged before they are written.",
			Origin: "ZOOKEEPER-4643: a follower wrote its new epoch before the transactions that belong to it; a crash in between lost them."},
		{Name: BugKeepSuffix, Workload: "register", Checker: "linearizable", Faults: "rejoin-crash",
			Breaks: "After a restart, entries of a node's log that its leader had replaced are there again.",
			Origin: "ZOOKEEPER-2845: a server that joined again kept what it had in memory, and what it had logged and was never committed " +
				"came back when it next read its log."},
		{Name: BugHalfInstall, Workload: "register", Checker: "no-panic", Faults: "rejoin-crash",
			Breaks: "A leader's snapshot is taken over, but the log of before it is kept and goes on after it.",
			Origin: "ZOOKEEPER-3642: a server kept half of a snapshot whose transfer had failed, and applied what came later on top of it."},
		{Name: BugBareEpoch, Workload: "register", Checker: "no-panic", Faults: "bridge-crash",
			Breaks: "A new segment of the log gets term and vote only when they next change; a node that crashes before cannot start again.",
			Origin: "ZOOKEEPER-1653: a server that crashed between writing its epoch and its snapshot refused to start for ever after."},
		{Name: BugEmptyStart, Workload: "register", Checker: "linearizable", Faults: "bridge-crash",
			Breaks: "The purge removes snapshots that the log needs, and a node without one starts empty.",
			Origin: "ZOOKEEPER-2325: a server whose snapshots were all gone started with an empty tree, and could even be elected."},
		{Name: znodes.Bug1367, Workload: "sessions", Checker: "ephemerals", Faults: "kill-one",
			Breaks: "A node restored from a snapshot does not know which ephemeral nodes a session owns; they outlive it there.",
			Origin: "ZOOKEEPER-1367: a server that joined did not take over the sessions of the transactions that it was sent; " +
				"their ephemeral nodes stayed there for ever."},
		{Name: znodes.Bug2355, Workload: "sessions", Checker: "ephemerals", Faults: "kill-one",
			Breaks: "A node restored from a snapshot misses the last ephemeral node of a session that ends.",
			Origin: "ZOOKEEPER-2355: a server counted transactions as processed before it had them, and never deleted an ephemeral node."},
		{Name: znodes.Bug4466, Workload: "watches", Checker: "no-missed-event", Faults: "none",
			Breaks: "A standard watch turns the persistent one of the same client on the same znode into one that fires once.",
			Origin: "ZOOKEEPER-4466: watches were kept by client and path alone, so that a second one changed the first."},
		{Name: BugLoneCheck, Workload: "multi", Checker: "no-panic", Faults: "none",
			Breaks: "A check outside a multi goes into the log, where nobody can carry it out: every node that applies it dies, again at each start.",
			Origin: "ZOOKEEPER-2623: a check sent alone was logged as a transaction that cannot be read; " +
				"the leader died and could not start again, and each such request killed the next one."},
		{Name: BugWallClock, Workload: "sessions", Checker: "availability", Faults: "clock-strobe",
			Breaks: "The leader times sessions by its wall clock; when that jumps ahead, they all end.",
			Origin: "ZOOKEEPER-1366: servers timed sessions by the wall clock, and ended them when it was set."},
		{Name: BugMuteLeader, Workload: "register", Checker: "availability", Faults: "failing-sync",
			Breaks: "A leader that cannot write to its disk any more goes on sending heartbeats, and nobody takes its place.",
			Origin: "ZOOKEEPER-2247: when a leader could not write its log the thread that wrote it ended, and the leader stayed, " +
				"serving nobody."},
	}
}

// otherBugs are mistakes that any store of this kind could have.
func otherBugs() []world.Bug {
	return []world.Bug{
		{Name: znodes.BugMultiOneByOne, Workload: "multi", Checker: "all-or-nothing", Faults: "none",
			Breaks: "A multi that fails keeps the operations before the one that was refused."},
		{Name: znodes.BugSequenceReuse, Workload: "sequences", Checker: "sequences", Faults: "none",
			Breaks: "Sequential znodes are numbered by the children there are, so that numbers come again after deletions."},
		{Name: BugLateEvents, Workload: "watches", Checker: "event-before-data", Faults: "none",
			Breaks: "A watch's event is sent after replies that already show the change."},
		{Name: BugLostWatches, Workload: "watches", Checker: "event-before-data", Faults: "flapping",
			Breaks: "A server that takes a client over sets its watches anew, and does not tell it what has changed meanwhile."},
		{Name: BugFollowerExpiry, Workload: "sessions", Checker: "ephemerals", Faults: "flapping",
			Breaks: "A server ends a session that has left it by itself, though the session lives on another."},
		{Name: BugBackInTime, Workload: "register", Checker: "sequential", Faults: "rejoin-crash",
			Clients: 40, Every: 100 * time.Millisecond, // so that some read at once where they have come to
			Latency: 20 * time.Millisecond, Jitter: 20 * time.Millisecond, // a node that has joined again takes as long to catch up
			Breaks: "A server takes a client that has seen more than the server itself, and shows it the past."},
		{Name: BugStaleLeaderRead, Workload: "register", Checker: "linearizable", Faults: "flapping",
			Clients: 100, Every: time.Second, // enough that some do not hang in a write when the leader is deposed
			Breaks: "A leader answers a quorum sync from its own state without asking a quorum whether it still leads."},
		{Name: BugForgetVote, Workload: "register", Checker: "election-safety", Faults: "bridge-crash",
			Latency: 20 * time.Millisecond, Jitter: 200 * time.Millisecond, Every: time.Second, // elections that take long enough to crash in
			Breaks: "A restarted node does not remember whom it voted for in the current term, and may vote again."},
		{Name: BugDoubleApply, Workload: "register", Checker: "sequential", Faults: "flicker",
			Breaks: "A follower proposes a forwarded write again when it is slow to come through, and nothing drops the second one."},
		{Name: BugNoChecksum, Workload: "register", Checker: "convergence", Faults: "bit-flip",
			Clients: 20, Every: 2 * time.Second, // a small snapshot, and values that are not soon replaced
			Breaks: "A node that starts takes what is on its disk as it is, without looking at the checksums of log and snapshots."},
		{Name: BugServesOutside, Workload: "register", Checker: "linearizable", Faults: "remove-member",
			Breaks: "A node that is no member any more goes on serving, and answers what would need a quorum by itself."},
		{Name: BugOwnCluster, Workload: "register", Checker: "linearizable", Faults: "add-member",
			Breaks: "A node that starts outside begins a group of its own, with a log of its own."},
		{Name: BugForgetsMembers, Workload: "register", Checker: "membership", Faults: "replace-member",
			Breaks: "Snapshots say that those of the beginning are the members, whoever they are now."},
		{Name: BugSameMember, Workload: "register", Checker: "no-panic", Faults: "replace-member",
			Breaks: "A node whose disk is gone for good comes back as the member that it was, which had promised to keep what it no longer has."},
	}
}
