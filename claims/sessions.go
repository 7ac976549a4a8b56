package claims

import "cleave/history"

// sessions are claims on sessions, what hangs on them, and on being told.
var sessions = []Claim{
	{
		ID: "ephemeral-dies-with-client", Says: "The ephemeral znode of an instance disappears when the instance dies.",
		Source: Source{"Descriptions of service discovery with ZooKeeper",
			"A provider that crashes is taken out of the list, because its ephemeral node goes with it."},
		Worded: []Finding{
			{Shows: "for how long the first of the dead to go was still listed",
				Of: storeCalm, In: InMost, Number: departed("listed after death min"), Must: atMost(second)},
		},
		Found:   Refuted,
		Because: "It is the session's end that removes it, and a session ends a timeout after the last sign of life.",
		Precisely: "One that dies without a word stays listed for the session's timeout (4 s here) less what had passed since its last heartbeat, and a " +
			"tick; one that closes its session is gone at once.",
		Bounds: []Finding{
			{Shows: "for how long the dead were listed at least",
				Of: storeCalm, Number: departed("listed after death min"), Must: between(2*second, 42*second/10)},
			{Shows: "for how long the dead were listed at most",
				Of: storeCalm, Number: departed("listed after death max"), Must: between(2*second, 42*second/10)},
			{Shows: "for how long those were listed that took leave", Of: storeCalm, Number: departed("listed after cancel max"), Must: atMost(second / 20)},
		},
		Real: true,
	},
	{
		ID: "expiry-takes-one-timeout", Says: "An ephemeral znode is gone within one session timeout of its owner's death.",
		Source: Source{"Descriptions of ZooKeeper's sessions",
			"When no heartbeat comes within the session's timeout, the session expires and its ephemeral nodes go."},
		Worded: []Finding{
			{Shows: "for how long the dead were listed at most, the leader killed meanwhile",
				Of: storeLeader, Number: departed("listed after death max"), Must: atMost(42 * second / 10)},
			{Shows: "the same, two of five servers cut off, the leader among them",
				Of: storeHalves, Number: departed("listed after death max"), Must: atMost(42 * second / 10)},
		},
		Found:     Refuted,
		Because:   "A new leader gives every session its full time again, and without a leader nothing expires.",
		Precisely: "Within two timeouts (8 s here) and the election, if one leader falls meanwhile; never too early.",
		Bounds: []Finding{
			{Shows: "for how long the dead were listed at most, the leader killed",
				Of: storeLeader, Number: departed("listed after death max"), Must: atMost(10 * second)},
			{Shows: "for how long the dead were listed at most, two of five servers cut off",
				Of: storeHalves, Number: departed("listed after death max"), Must: atMost(10 * second)},
			{Shows: "an ephemeral lives as long as its session, no longer and no shorter", Of: owners, Number: promise("ephemerals", ""), Must: kept},
		},
		Real: true,
	},
	{
		ID: "expired-means-dead", Says: "Heartbeats sort out the dead: whose session expired has died.",
		Source: Source{"Descriptions of service discovery by heartbeats", "The instance whose heartbeats stop is taken to be dead and is removed."},
		Worded: []Finding{
			{Shows: "instances that are up and missing from the majority's lists, two of five servers cut off", Of: storeHalves, In: InMost,
				Number: listed("missing", majority, history.Lookup), Must: none},
		},
		Found:     Refuted,
		Because:   "A session says who can be heard. The merely cut off expire as the dead do, and are alive.",
		Precisely: "Who cannot be heard is removed on the side of the majority, dead or alive; without a cut no live instance is missing.",
		Bounds: []Finding{
			{Shows: "instances that are up and missing from the majority's lists, nothing cut",
				Of: storeCalm, Number: listed("missing", majority, history.Lookup), Must: atMost(percent)},
			{Shows: "for how long one that is up was missing",
				Of: storeHalves, In: InMost, Number: listed("missing longest", majority, history.Lookup), Must: atLeast(second)},
		},
		Real: true,
	},
	{
		ID: "sequence-orders-masters", Says: "Sequence numbers order those who would be master: each is unique and higher than all before.",
		Source: Source{"ZooKeeper Recipes and Solutions (leader election, locks)",
			"Sequential znodes get a counter of ten digits from their parent; the smallest leads."},
		Worded: []Finding{
			{Shows: "numbers are unique, in order, and none is lost, leaders cut off again and again",
				Of: numbers, Number: promise("sequences", ""), Must: kept},
		},
		Found: Supported,
		Precisely: "Unique and growing as long as their parent lives. A client that did not hear of its znode may own a second one, so that numbers " +
			"order znodes, and not clients.",
		Bounds: []Finding{
			{Shows: "all servers agree on the children in the end", Of: numbers, Number: promise("convergence", ""), Must: kept},
			{Shows: "creations of which the client heard; the others may own a znode all the same", Of: numbers, In: InMost,
				Number: answered(majority, history.CreateSequential), Must: atMost(9999)},
		},
		Real: true,
	},
	{
		ID: "watch-tells-all", Says: "A watch tells its client of every change.",
		Source: Source{"Descriptions of configuration centres with ZooKeeper; ZooKeeper Programmer's Guide, Watches",
			"Clients watch a znode and are told when it changes; the guide adds that watches are one-time triggers."},
		Worded: []Finding{
			{Shows: "changes of which a client that watched again after each event was not told",
				Of: watchers, Number: Number{Checker: "untold", Name: "changes untold"}, Must: none},
		},
		Found:   Refuted,
		Because: "A one-shot watch fires once: what changes before the client has watched again is one change to it.",
		Precisely: "Nobody who watches is left with old data: an event comes before any answer that shows the change, and after it the client reads the " +
			"latest; changes between are skipped.",
		Bounds: []Finding{
			{Shows: "no watch misses that something changed, across reconnects", Of: watchers, Number: promise("no-missed-event", ""), Must: kept},
			{Shows: "a change is told before any answer shows it", Of: watchers, Number: promise("event-before-data", ""), Must: kept},
			{Shows: "events come in the order of the changes", Of: watchers, Number: promise("event-order", ""), Must: kept},
		},
		Real: true,
	},
}
