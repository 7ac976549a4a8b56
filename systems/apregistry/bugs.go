package apregistry

import "cleave/world"

// The names of the planted bugs. That of the client's own stands where the client is.
const (
	bugNoSelfPreservation  = "no-self-preservation"
	bugDropRegister        = "drop-register"
	bugEvictRenewed        = "evict-renewed"
	bugThresholdReached    = "threshold-reached"
	bugEvictionsReplicated = "evictions-replicated"
	bugCancelLost          = "cancel-lost"
	bugDeltaSwap           = "delta-swap"
	bugSkewRevives         = "skew-revives"
	bugOverrideForgotten   = "override-forgotten"
	bugNoTombstone         = "no-tombstone"
	bugStub                = "stub"
	bugLastStays           = "last-stays"
	bugThresholdRounded    = "threshold-rounded"
	bugExpectsTheLiving    = "expects-the-living"
	bugPeerLost            = "peer-lost"
	bugGoesOnDown          = "goes-on-down"
)

// bugs is the table of all that can be planted in a profile, and where each shows. What the plain profile's
// exchange repairs is no bug there.
func bugs(profile Profile) []world.Bug {
	if profile == Plain {
		return []world.Bug{
			{Name: bugNoSelfPreservation, Workload: "discovery", Checker: "no-forgetting", Faults: "isolate-one",
				Breaks: "the eviction runs however many instances are missing, so a partition empties both sides of each other's instances"},
			{Name: bugNoTombstone, Workload: "convergence", Checker: "cancels-heard", Faults: "none",
				Breaks: "a cancel is not remembered, so the exchange brings what was canceled back from a peer that had not heard of it"},
		}
	}
	all := []world.Bug{
		{Name: bugNoSelfPreservation, Workload: "discovery", Checker: "no-forgetting", Faults: "isolate-one",
			Breaks: "the eviction runs however many heartbeats are missing, so a partition empties both sides of each other's instances"},
		{Name: bugDropRegister, Workload: "discovery", Checker: "no-lost-registration", Faults: "none",
			Breaks: "every second registration that a node takes is told to no peer, and heartbeats do not repair it"},
		{Name: bugEvictRenewed, Workload: "discovery", Checker: "no-lost-registration", Faults: "none",
			Breaks: "leases end a fixed time after the registration whatever the heartbeats, which are answered as if all were well"},
		{Name: bugThresholdReached, Workload: "self-preservation", Checker: "self-preservation", Faults: "none",
			Breaks: "as many heartbeats as the threshold are enough to evict, where there must be more"},
		{Name: bugEvictionsReplicated, Workload: "self-preservation", Checker: "no-eviction", Faults: "bridge",
			Breaks: "a node tells its peers of its evictions as if they were cancels, so instances that they hear go there too"},
		{Name: bugCancelLost, Workload: "convergence", Checker: "cancels-heard", Faults: "none",
			Breaks: "a cancel is told to no peer"},
		{Name: bugDeltaSwap, Workload: "convergence", Checker: "same-lists", Faults: "none",
			Breaks: "a delta forgets one new instance and one that went, so that the counts in its hash agree and clients never notice"},
		{Name: bugSkewRevives, Workload: "convergence", Checker: "cancels-heard", Faults: "clock-skew",
			Breaks: "servers stamp copies and cancels with their own clocks, and the later stamp wins: after a step back the dead come back from the peers"},
		{Name: bugOverrideForgotten, Workload: "status-override", Checker: "overrides", Faults: "none",
			Breaks: "peers are told of instances without their overrides"},
		{Name: bugPeerLost, Workload: "discovery", Checker: "no-lost-registration", Faults: "remove-member",
			Breaks: "a peer that left and came back is told of nothing any more"},
	}
	all = append(all, loneBugs()...)
	if profile == Spring {
		return all // whose servers themselves give empty lists after they were all killed
	}
	return append(all, world.Bug{Name: bugEmptyWipesCache, Workload: "convergence", Checker: "cache-survives", Faults: "kill-all",
		Breaks: "a fetch that fails empties the client's cache"})
}

// loneBugs are those that only one checker finds.
func loneBugs() []world.Bug {
	return []world.Bug{
		{Name: bugStub, Workload: "discovery", Checker: "no-phantom", Faults: "isolate-one",
			Breaks: "a peer's heartbeat for an instance that is not known leaves an entry under its service's name, to be filled in later, and never is"},
		{Name: bugLastStays, Workload: "convergence", Checker: "dead-gone", Faults: "none",
			Breaks: "of the instances whose leases have ended the eviction forgets one"},
		{Name: bugGoesOnDown, Workload: "convergence", Checker: "live-listed", Faults: "none",
			Breaks: "a client that has taken an instance down goes on as down: the next that it registers is so from the start, and stays so",
			Origin: "spring-cloud-netflix 4278: an instance that its client had once called down stayed so in the registry, whatever the client sent later"},
		{Name: bugThresholdRounded, Workload: "self-preservation", Checker: "self-preservation", Faults: "none",
			Breaks: "the threshold is rounded up, where Eureka rounds it down"},
		{Name: bugExpectsTheLiving, Workload: "self-preservation", Checker: "small-registry", Faults: "none",
			Breaks: "a node expects heartbeats of those alone that it heard of last, so that nobody is ever missing"},
	}
}
