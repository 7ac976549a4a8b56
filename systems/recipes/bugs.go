package recipes

import (
	"slices"

	"cleave/world"
)

// The mistakes that can be planted.
const (
	BugKeepsLeading = "election-keeps-leading"
	BugWatchParent  = "election-watches-parent"
	BugOrphan       = "election-orphan"
	BugStaysDown    = "election-stays-down"

	BugKeepsLock     = "lock-keeps-holding"
	BugPassesReaders = "lock-passes-readers"
	BugUnfenced      = "lock-without-fencing"

	BugTakesUnasked  = "queue-takes-unasked"
	BugRetriesDelete = "queue-retries-delete"

	BugCountsItself = "barrier-counts-itself-twice"
	BugLeavesAlone  = "barrier-leaves-alone"

	BugKeepsConsuming = "consumers-keep-consuming"
	BugDeaf           = "consumers-deaf"
	BugGivesUp        = "consumers-give-up"
	BugBlindCommit    = "consumers-commit-blindly"
	BugRoundsUp       = "consumers-round-up"

	BugRunsAlone       = "scheduler-runs-alone"
	BugReshardsAtOnce  = "scheduler-reshards-at-once"
	BugNoMarker        = "scheduler-marks-nothing"
	BugForgetsTriggers = "scheduler-forgets-triggers"

	BugWatchesOnce = "config-watches-once"
	BugReadsOnce   = "config-reads-once"
	BugWatchesLate = "config-watches-late"
	BugFirstZxid   = "config-first-zxid"
	BugAsksTwice   = "config-asks-twice"

	BugStaysOut       = "group-stays-out"
	BugForgetsItself  = "group-forgets-itself"
	BugSwallowsExists = "dubbo-swallows-exists"
	BugBelievesEmpty  = "dubbo-believes-empty"

	BugCountsNames = "naming-counts"
	BugNamesAgain  = "naming-asks-again"
	BugSharedName  = "naming-shares-prefix"
)

// bugs is the table of all mistakes, and where each shows.
func bugs() []world.Bug { return slices.Concat(contestBugs(), copyBugs()) }

// contestBugs are of recipes by which clients contend for something, or divide it among themselves.
func contestBugs() []world.Bug {
	return []world.Bug{
		{Name: BugKeepsLeading, Workload: "election", Checker: "one-holder", Faults: "isolate-leader",
			Breaks: "A leader that loses its connection goes on leading until it is told that its session has expired."},
		{Name: BugWatchParent, Workload: "election", Checker: "no-herd", Faults: "none",
			Breaks: "Everybody who waits watches the list of all, and every departure wakes them all."},
		{Name: BugOrphan, Workload: "election", Checker: "one-place", Faults: "random",
			Breaks: "A node whose creation was not answered is made again, and the first one, nobody's, leads for as long as its session lives.",
			Origin: "CURATOR-45: a node made twice by one session after its connection was lost."},
		{Name: BugStaysDown, Workload: "election", Checker: "somebody-holds", Faults: "rolling-restart",
			Breaks: "A leader that stepped down when its connection was lost never leads again in that session: its node is the first, and nobody leads."},
		{Name: BugKeepsLock, Workload: "lock", Checker: "one-holder", Faults: "isolate-leader",
			Breaks: "Who holds a lock goes on with its work when its connection is lost, until it is told that its session has expired."},
		{Name: BugPassesReaders, Workload: "lock", Checker: "one-holder", Faults: "none",
			Breaks: "A writer waits for the writer before it and not for the readers in between."},
		{Name: BugUnfenced, Workload: "fenced-lock", Checker: "fenced-writes", Faults: "isolate-leader",
			Breaks: "What the lock protects is written without a look at the token of the last writer.",
			Origin: "Jepsen's analysis of etcd 3.4.3: a lock without fencing tokens does not exclude anybody."},
		{Name: BugTakesUnasked, Workload: "queue", Checker: "queue", Faults: "none",
			Breaks: "An element that was read counts as taken, though somebody else was quicker to delete its node."},
		{Name: BugRetriesDelete, Workload: "queue", Checker: "queue", Faults: "random",
			Breaks: "A delete that was not answered is sent again; if the node is gone, which it may have done itself, the next element is taken."},
		{Name: BugCountsItself, Workload: "barrier", Checker: "barrier", Faults: "none",
			Breaks: "Who enters counts itself besides all the nodes, its own among them: one too few suffice."},
		{Name: BugLeavesAlone, Workload: "barrier", Checker: "barrier", Faults: "none",
			Breaks: "Who leaves removes its own node and does not wait for the others."},
		{Name: BugKeepsConsuming, Workload: "consumers", Checker: "one-holder", Faults: "isolate-leader",
			Breaks: "A consumer that loses its connection goes on consuming until it is told that its session has expired."},
		{Name: BugDeaf, Workload: "consumers", Checker: "balanced", Faults: "none",
			Breaks: "The list of members is watched once and not again after the event, and its later changes go unheard."},
		{Name: BugGivesUp, Workload: "consumers", Checker: "somebody-holds", Faults: "none",
			Breaks: "A claim that was refused, for its owner had not released it yet, is not made again, and the partition stays an orphan."},
		{Name: BugBlindCommit, Workload: "consumers", Checker: "committed-once", Faults: "none",
			Breaks: "The offset is set whatever it is by now, also by a consumer that has lost the partition while it worked."},
		{Name: BugRoundsUp, Workload: "consumers", Checker: "balanced", Faults: "none",
			Breaks: "Every share is rounded up, so that the last members in the list are left with less, or nothing."},
		{Name: BugRunsAlone, Workload: "scheduler", Checker: "one-holder", Faults: "isolate-leader",
			Breaks: "An instance that loses its connection goes on running its shards by its own clock until it is told that its session has expired."},
		{Name: BugReshardsAtOnce, Workload: "scheduler", Checker: "one-holder", Faults: "random",
			Breaks: "The leader divides the shards anew while they still run."},
		{Name: BugNoMarker, Workload: "scheduler", Checker: "runs-once", Faults: "none",
			Breaks: "That a shard was run for a trigger is known to whom has run it alone, and the next instance runs it again."},
		{Name: BugForgetsTriggers, Workload: "scheduler", Checker: "every-trigger", Faults: "none",
			Breaks: "Who is given a shard runs it from the next trigger on; what the last one did not come to is lost.",
			Origin: "xxl-job keeps the triggers of the next seconds in the memory of one server: they are lost with it."},
	}
}

// copyBugs are of recipes by which clients know what all know: a configuration, who is there, and names.
func copyBugs() []world.Bug {
	return []world.Bug{
		{Name: BugWatchesOnce, Workload: "config", Checker: "copy-follows", Faults: "none",
			Breaks: "The watch on the configuration is not armed again after its event: what changes after the first change goes unheard."},
		{Name: BugReadsOnce, Workload: "config", Checker: "copy-follows", Faults: "isolate-leader",
			Breaks: "The configuration is not read again after a reconnect, not even by a new session, which has no watches."},
		{Name: BugWatchesLate, Workload: "config", Checker: "copy-follows", Faults: "none",
			Breaks: "The configuration is read and applied first, and the watch armed after that: a change in between goes unheard."},
		{Name: BugFirstZxid, Workload: "config", Checker: "config-versions", Faults: "none",
			Breaks: "The version of a copy is the zxid that made the znode, and not that of its last change: all configurations have the same."},
		{Name: BugAsksTwice, Workload: "config", Checker: "config-versions", Faults: "none",
			Breaks: "Data are read first; after a sync the version is asked for, and the watch armed: of a change in between a copy has the version alone."},
		{Name: BugStaysOut, Workload: "group", Checker: "no-lost-registration", Faults: "isolate-leader",
			Breaks: "A member whose session expired does not join again, and goes on for good without being one."},
		{Name: BugForgetsItself, Workload: "group", Checker: "same-lists", Faults: "kill-one",
			Breaks: "A member that has lost its connection leaves itself out of the next list: that its node is there is only known after it."},
		{Name: BugSwallowsExists, Workload: "dubbo", Checker: "no-lost-registration", Faults: "none",
			Breaks: "That a provider's node exists counts as registered, though it is an earlier session's, with which it goes: a live provider is missing.",
			Origin: "Dubbo's client for ZooKeeper swallowed NodeExists when it registered a provider."},
		{Name: BugBelievesEmpty, Workload: "dubbo", Checker: "cache-survives", Faults: "none",
			Breaks: "An empty list of providers wipes the list in memory, and nobody is called any more.",
			Origin: "Dubbo's registry made an empty list of nodes into an empty:// address, which took all providers away."},
		{Name: BugCountsNames, Workload: "naming", Checker: "unique-ids", Faults: "none",
			Breaks: "The number is how many other names there are, counted when its own has been made, and not the one that the store gave it."},
		{Name: BugNamesAgain, Workload: "naming", Checker: "no-orphans", Faults: "random",
			Breaks: "A name whose creation was not answered is asked for again, and the first one, if there is one, is nobody's.",
			Origin: "CURATOR-45: a node made twice by one client after its connection was lost."},
		{Name: BugSharedName, Workload: "naming", Checker: "unique-ids", Faults: "random",
			Breaks: "All names of a client begin alike: one whose creation was lost seems to be there when an earlier one is, and that is given again.",
			Origin: "CURATOR-498: a node of the same prefix, an earlier session's, was taken for the one whose creation was not answered."},
	}
}
