package claims

import "cleave/history"

// registries are claims on registries without a leader, Eureka above all. All its times are divided by 30 here.
var registries = []Claim{
	{
		ID: "no-election", Says: "A registry of equals has no election: when a node falls, clients go to another and nothing stands still.",
		Source: Source{"Eureka wiki, Understanding Eureka peer to peer communication; comparisons with ZooKeeper",
			"All nodes are equal; if one does not answer, the client turns to the next."},
		Worded: []Finding{
			{Shows: "registrations answered while a node is down", Of: registryAlone, Number: answered(majority, history.Register), Must: all},
			{Shows: "the longest time that a client went unanswered, from the node's death on",
				Of: registryAlone, Number: outage("", ""), Must: atMost(second)},
		},
		Found:     Supported,
		Precisely: "Whoever reaches any node is served, at once where the dead node refuses connections, and after a request's timeout where it is silent.",
		Bounds: []Finding{
			{Shows: "whoever reaches any node is served, one down", Of: registryAlone, Number: promise("availability", ""), Must: kept},
			{Shows: "whoever reaches any node is served, two sides", Of: registryHalves, Number: promise("availability", ""), Must: kept},
		},
		Real:    true,
		Differs: "real servers that share a busy machine miss a client's timeout of a second now and then, in these runs before the fault too.",
	},
	{
		ID: "restarted-node-catches-up", Says: "A node that comes back just catches up.",
		Source: Source{"Eureka wiki, Understanding Eureka peer to peer communication",
			"A server that starts gets all registrations from a neighbour, and then serves."},
		Worded: []Finding{
			{Shows: "after the restart every list and cache shows all who are up", Of: registryOneDown, Number: promise("live-listed", ""), Must: kept},
		},
		Found:     Supported,
		Precisely: "It shows all who are up within three renewals of its restart (3 s here, a minute and a half in production).",
		Bounds: []Finding{
			{Shows: "after all nodes are back, all lists and caches are the same", Of: registryOneDown, Number: promise("same-lists", ""), Must: kept},
			{Shows: "from the restart until all lists showed all who were up",
				Of: registryOneDown, Number: Number{Checker: "live-listed", Name: "live sets equal"}, Must: atMost(3 * second)},
		},
		Real: true,
	},
	{
		ID: "both-sides-serve", Says: "In a partition each side goes on serving and takes registrations.",
		Source: Source{"Eureka wiki; Knewton (2014)", "Each side of a partition keeps working with the instances that it can see."},
		Worded: []Finding{
			{Shows: "lookups answered on the minority side", Of: registryHalves, Number: answered(minority, history.Lookup), Must: all},
			{Shows: "lookups answered on the majority side", Of: registryHalves, Number: answered(majority, history.Lookup), Must: all},
			{Shows: "registrations answered on the minority side", Of: registryHalves, Number: answered(minority, history.Register), Must: all},
		},
		Found:     Supported,
		Precisely: "All that reach any node are answered on both sides, from the instant of the cut; what they are told is another matter.",
		Bounds: []Finding{
			{Shows: "the longest time that a client went unanswered", Of: registryHalves, Number: outage("", ""), Must: none},
			{Shows: "listed instances that were dead, on the minority side",
				Of: registryHalves, In: InMost, Number: listed("ghosts", minority, ""), Must: atLeast(20 * percent)},
		},
		Real:    true,
		Differs: "real servers that share a busy machine miss a client's timeout of a second now and then, in these runs before the fault too.",
	},
	{
		ID: "newcomers-on-their-side", Says: "Who registers during a partition is found on its own side, and not across.",
		Source: Source{"Eureka wiki, Understanding Eureka peer to peer communication",
			"Registrations reach the servers on the same side; clients of the two sides may see different instances."},
		Worded: []Finding{
			{Shows: "newcomers of the minority side that were found there", Of: registryHalves, Number: newcomer("newcomers found here", minority), Must: all},
			{Shows: "newcomers of the majority side that were found there", Of: registryHalves, Number: newcomer("newcomers found here", majority), Must: all},
			{Shows: "newcomers of the minority side that were found on the other",
				Of: registryHalves, Number: newcomer("newcomers found across", minority), Must: none},
		},
		Found: Supported,
		Precisely: "Found on its own side within two refreshes of the servers' caches (2 s here, a minute in production), and on the other side only " +
			"after the heal.",
		Bounds: []Finding{
			{Shows: "until a newcomer of the minority side was found",
				Of: registryHalves, Number: newcomer("newcomer found after max", minority), Must: atMost(2 * second)},
			{Shows: "until a newcomer of the majority side was found",
				Of: registryHalves, Number: newcomer("newcomer found after max", majority), Must: atMost(2 * second)},
		},
		Real: true,
	},
	{
		ID: "converges-after-heal", Says: "After a partition the registries come together again by themselves.",
		Source: Source{"Eureka wiki", "When the network is well again, heartbeats bring the registries into agreement."},
		Worded: []Finding{
			{Shows: "every list and every cache shows all who are up", Of: turnoverHalves, Number: promise("live-listed", ""), Must: kept},
			{Shows: "all lists and caches are the same, but for those who leave", Of: turnoverHalves, Number: promise("same-lists", ""), Must: kept},
		},
		Found: Supported,
		Precisely: "The living are listed everywhere within three renewals (3 s here) of the heal; the dead go when their leases end, or stay where " +
			"self-preservation keeps them.",
		Bounds: []Finding{
			{Shows: "from the heal until all lists showed all who were up",
				Of: turnoverHalves, Number: Number{Checker: "live-listed", Name: "live sets equal"}, Must: atMost(3 * second)},
			{Shows: "the dead are gone in time, unless preserved", Of: turnoverHalves, Number: promise("dead-gone", ""), Must: kept},
		},
		Real: true,
	},
	{
		ID: "preserves-the-living", Says: "Self-preservation keeps healthy instances through a partition.",
		Source: Source{"Eureka wiki, Self preservation mode",
			"A server that loses too many heartbeats at once stops evicting, so that a network problem empties no registry."},
		Worded: []Finding{
			{Shows: "no side forgets the living of the other, two sides for 30 s (15 minutes in production)",
				Of: registryHalves, Number: promise("no-forgetting", ""), Must: kept},
			{Shows: "a server that preserves itself drops nobody", Of: fewCut, Number: promise("no-eviction", ""), Must: kept},
		},
		Found: Supported,
		Precisely: "From the first minute in which 15% of the heartbeats are missing a server drops nobody; leases end later than that, so nobody " +
			"living is lost to a cut.",
		Bounds: []Finding{
			{Shows: "servers enter and leave it when the formula says so", Of: fewCut, Number: promise("self-preservation", ""), Must: kept},
			{Shows: "how often servers entered it", Of: fewCut, Number: Number{Checker: "self-preservation", Name: "protections entered"}, Must: atLeast(5)},
		},
		Real: true,
	},
	{
		ID: "preserves-the-dead", Says: "Self-preservation keeps dead instances too.",
		Source: Source{"Eureka wiki, Self preservation mode; operators' reports",
			"While it lasts, clients may be given instances that do not exist any more."},
		Worded: []Finding{
			{Shows: "the dead that are still listed at the very end, few instances, no fault of the network", Of: fewCrash, In: InMost,
				Number: departed("dead kept"), Must: some},
		},
		Found: Supported,
		Precisely: "With six instances or fewer the loss of one is enough heartbeats lost: it stays listed until somebody acts, with no fault of the " +
			"network at all.",
		Bounds: []Finding{
			{Shows: "a small registry never evicts a single crash", Of: fewCrash, Number: promise("small-registry", ""), Must: kept},
			{Shows: "for how long the first of the dead to go was listed, two sides",
				Of: registryHalves, Number: departed("listed after death min"), Must: atLeast(5 * second)},
		},
		Real: true,
	},
	{
		ID: "evicted-after-90-s", Says: "An instance that sends no heartbeat for 90 s is evicted.",
		Source: Source{"Eureka documentation (leaseExpirationDurationInSeconds, default 90)",
			"A server waits 90 s after the last heartbeat before it removes an instance; eviction runs every 60 s."},
		Worded: []Finding{
			{Shows: "for how long the first of the dead to go was still listed, of 90 and 60 s (5 s here) and two caches (2 s here)",
				Of: turnoverCalm, In: InMost,
				Number: departed("listed after death p50"), Must: atMost(7 * second)},
		},
		Found: Refuted,
		Because: "Each renewal adds the lease's duration twice, which is known and will not be mended: 180 s, and then only if the server does not " +
			"preserve itself.",
		Precisely: "Not before 180 s less a renewal (5 s here) after it died, and never while 15% of the heartbeats are missing; in good order, within " +
			"a refresh of the caches.",
		Bounds: []Finding{
			{Shows: "for how long the dead were listed at least", Of: turnoverCalm, Number: departed("listed after death min"), Must: atLeast(5 * second)},
			{Shows: "for how long those were listed that took leave", Of: turnoverCalm, Number: departed("listed after cancel max"), Must: atMost(2 * second)},
		},
		Real: true,
	},
	{
		ID: "cancel-removes-everywhere", Says: "An instance that shuts down in good order is removed from all servers.",
		Source: Source{"Eureka wiki, Understanding Eureka client/server communication (Cancel)",
			"The client sends a cancel on shutdown, which removes the instance; servers replicate it to their peers."},
		Worded: []Finding{
			{Shows: "cancels that were lost, two sides for 30 s (15 minutes in production)", Of: turnoverHalves, In: InMost,
				Number: Number{Checker: "cancels-heard", Name: "lost cancels"}, Must: none},
		},
		Found: Refuted,
		Because: "A cancel that cannot be delivered within 30 s is dropped and nothing remembers it: the other side keeps the instance until its " +
			"lease ends, which self-preservation puts off.",
		Precisely: "It is removed from every server that can be told within 30 s (1 s here); from the others only when its lease ends, up to the length " +
			"of the partition and more later.",
		Bounds: []Finding{
			{Shows: "a cancel reaches every node that can be told", Of: turnoverHalves, Number: promise("cancels-heard", ""), Must: kept},
			{Shows: "cancels that were lost without a partition",
				Of: turnoverCalm, Number: Number{Checker: "cancels-heard", Name: "lost cancels"}, Must: none},
			{Shows: "for how long a lost cancel left its instance listed", Of: turnoverHalves, In: InMost,
				Number: Number{Checker: "cancels-heard", Name: "lost cancel longest"}, Must: atLeast(5 * second)},
		},
		Real: true,
	},
	{
		ID: "client-cache-survives", Says: "The client's cache survives the loss of all servers.",
		Source: Source{"Eureka wiki, Eureka at a glance (resilience)", "Clients keep the registry in memory and go on working when all servers are down."},
		Worded: []Finding{
			{Shows: "no cache forgets what its client was told, all servers killed", Of: registryDown, Number: promise("cache-survives", ""), Must: kept},
			{Shows: "no cache forgets what its client was told, clients cut off from all servers",
				Of: clientsAlone, Number: promise("cache-survives", ""), Must: kept},
			{Shows: "the longest that a cache answered whose client had lost all servers (15 s are 7.5 minutes in production)", Of: clientsAlone,
				Number: Number{Checker: "cache-survives", Name: "age of a cut-off cache max"}, Must: atLeast(15 * second)},
		},
		Found:     Supported,
		Precisely: "What a client was told it answers as long as no server answers, and goes on giving those that have died meanwhile.",
		Bounds: []Finding{
			{Shows: "lookups that a server answered while all were down", Of: registryDown, Number: answered(cutOff, history.Lookup), Must: none},
			{Shows: "instances in the caches that were dead", Of: registryDown, In: InMost, Number: listed("ghosts", cutOff, history.CacheLookup), Must: some},
		},
		Real: true,
	},
	{
		ID: "eventually-consistent", Says: "What an AP registry shows may be old, and it orders nothing.",
		Source: Source{"CAP as the literature on registries tells it; Eureka wiki",
			"Availability is chosen over consistency: replication is asynchronous and best effort."},
		Worded: []Finding{
			{Shows: "reads and writes of values that instances publish fit one order",
				Of: registryValues, Number: promise("linearizable", "is anything linearizable?"), Must: broken},
		},
		Found:     Supported,
		Precisely: "A third of what was read had been replaced already, for up to seconds here; after the heal all servers say the same.",
		Bounds: []Finding{
			{Shows: "reads of values that had been replaced",
				Of: registryValues, Number: Number{Checker: "staleness", Name: "stale reads"}, Must: atLeast(10 * percent)},
			{Shows: "all servers say the same in the end", Of: registryValues, Number: promise("convergence", ""), Must: kept},
		},
	},
}
