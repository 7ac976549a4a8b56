package claims

import (
	"cleave/history"
)

// availability are claims on who is served, and on what an election costs.
var availability = []Claim{
	{
		ID: "minority-cannot-write", Says: "Cut off from the majority, a CP store takes no writes.",
		Source: Source{"Gilbert and Lynch, Brewer's conjecture (2002); ZooKeeper Administrator's Guide",
			"Without a majority no write can be agreed on, so none is acknowledged."},
		Worded: []Finding{
			{Shows: "writes answered on the minority side, two of five servers there", Of: halvesCut, Number: answered(minority, history.Write), Must: none},
			{Shows: "writes answered beside a leader that was cut off alone", Of: leaderCut, Number: answered(minority, history.Write), Must: none},
		},
		Found:     Supported,
		Precisely: "No write is acknowledged on a side without a majority, from the instant of the cut.",
		Bounds: []Finding{
			{Shows: "for how long the minority still answered writes", Of: leaderCut, Number: lastAnswer(minority, history.Write), Must: none},
			{Shows: "quorum reads answered on the minority side", Of: leaderCut, Number: answered(minority, history.QuorumRead), Must: none},
		},
		Real: true,
	},
	{
		ID: "minority-loses-discovery", Says: "Clients on the minority side of a CP store lose service discovery.",
		Source: Source{"Peter Kelley, Eureka! Why You Shouldn't Use ZooKeeper for Service Discovery (Knewton, 2014)",
			"In a partition, those who reach only nodes without a quorum can neither register nor find anybody."},
		Worded: []Finding{
			{Shows: "lookups answered on the minority side", Of: storeHalves, Number: answered(minority, history.Lookup), Must: none},
			{Shows: "registrations answered on the minority side", Of: storeHalves, Number: answered(minority, history.Register), Must: none},
		},
		Found:   Refuted,
		Because: "Lookups of clients with a session go on until their server notices that it is cut off; registrations and new sessions fail at once.",
		Precisely: "Registrations fail at once; lookups on sessions that exist are answered from the last known state for up to 3 s here (the server's " +
			"limit, and one request that was under way), and then not at all.",
		Bounds: []Finding{
			{Shows: "registrations answered on the minority side", Of: storeHalves, Number: answered(minority, history.Register), Must: none},
			{Shows: "for how long the minority still answered lookups",
				Of: storeHalves, Number: lastAnswer(minority, history.Lookup), Must: between(second, 3*second)},
		},
		Real: true,
	},
	{
		ID: "majority-alive-service-alive", Says: "As long as more than half of the servers are alive, the service is alive.",
		Source: Source{"ZooKeeper overview and Administrator's Guide", "The service is available as long as a majority of the servers are."},
		Worded: []Finding{
			{Shows: "writes answered with one of five servers down", Of: oneDead, Number: answered(majority, history.Write), Must: all},
			{Shows: "writes answered with all five alive and none reaching another", Of: shattered, Number: answered(minority, history.Write), Must: some},
		},
		Found:   Refuted,
		Because: "Servers that are alive and do not reach each other are no majority: with all five alive nothing is written.",
		Precisely: "Whoever reaches a server of a majority that all reach each other is served, from 8 s here after the last change of who reaches whom " +
			"(two elections and a session).",
		Bounds: []Finding{
			{Shows: "whoever reaches a quorum is served, cuts of every shape", Of: anyCut, Number: promise("availability", ""), Must: kept},
			{Shows: "whoever reaches a quorum is served, one server down", Of: oneDead, Number: promise("availability", ""), Must: kept},
		},
		Real: true,
	},
	{
		ID: "election-under-200-ms", Says: "A new leader is elected in less than 200 ms.",
		Source: Source{"ZooKeeper overview, Reliability (seven servers, 30% writes, failures injected)",
			"ZooKeeper takes less than 200 ms to elect a new leader."},
		Worded: []Finding{
			{Shows: "from the death of the leader to the first write that was asked for after it",
				Of: leaderDead, Number: firstAnswer(majority, history.Write), Must: atMost(second / 5)},
			{Shows: "the same from when the leader was cut off", Of: leaderCut, Number: firstAnswer(majority, history.Write), Must: atMost(second / 5)},
		},
		Found:   Refuted,
		Because: "The election itself is short; before it, the others must notice, and a leader that is silent costs its timeout.",
		Precisely: "A leader that was killed is replaced within half a second here, as its connections end; one that is cut off within two election " +
			"timeouts (1 s each) at most.",
		Bounds: []Finding{
			{Shows: "from the death of the leader to the first write", Of: leaderDead, Number: firstAnswer(majority, history.Write), Must: atMost(second / 2)},
			{Shows: "from the cut to the first write", Of: leaderCut, Number: firstAnswer(majority, history.Write), Must: between(second, 2*second)},
		},
		Real:    true,
		Differs: "ZooKeeper gives a silent leader up after five of its ticks, 2.5 s as set up here; the servers shared a busy machine.",
	},
	{
		ID: "election-takes-minutes", Says: "An election takes 30 to 120 s, and all that time the whole ensemble is unavailable.",
		Source: Source{"Comparisons of ZooKeeper and Eureka as registries, a passage copied from one to the next",
			"When the leader is lost, the others elect for 30 to 120 s, during which registration is paralysed."},
		Worded: []Finding{
			{Shows: "from the cut of the leader to the first registration, or other write, on the majority side", Of: leaderCut,
				Number: firstAnswer(majority, history.Write), Must: atLeast(30 * second)},
		},
		Found:   Refuted,
		Because: "An election takes seconds, and most of that is the time in which a silent leader is not yet given up.",
		Precisely: "On the majority side nothing is written for at most 2 s here, after the leader was cut off; a client that was waiting goes on " +
			"within 5 s.",
		Bounds: []Finding{
			{Shows: "from the cut to the first write on the majority side",
				Of: leaderCut, Number: firstAnswer(majority, history.Write), Must: atMost(2 * second)},
			{Shows: "the longest time that one client of the majority side went unanswered",
				Of: leaderCut, Number: outage(majority, ""), Must: atMost(5 * second)},
		},
		Real:    true,
		Differs: "ZooKeeper gives a silent leader up after five of its ticks, 2.5 s as set up here.",
	},
	{
		ID: "no-reads-during-election", Says: "During an election nothing is answered, not even reads.",
		Source: Source{"Comparisons of ZooKeeper and Eureka as registries", "While the servers elect, the cluster cannot be used."},
		Worded: []Finding{
			{Shows: "the longest time that a client of the majority side went without an answer to its reads, the leader cut off", Of: leaderCut,
				Number: outage(majority, history.Read), Must: some},
		},
		Found: Refuted,
		Because: "A server of the reference store goes on answering reads from its own copy until it has heard of no leader for 1.5 s, and by then " +
			"there is a new one.",
		Precisely: "Writes wait for the new leader. Reads of the majority side are answered all the time by servers that keep their clients through an " +
			"election as short as ours.",
		Bounds: []Finding{
			{Shows: "reads answered on the majority side", Of: leaderCut, In: InMost, Number: answered(majority, history.Read), Must: all},
			{Shows: "the longest time without an answer to reads, on the majority side",
				Of: leaderCut, Number: outage(majority, history.Read), Must: atMost(3 * second)},
		},
		Real:    true,
		Differs: "a ZooKeeper server that looks for a leader closes its clients' connections; that was so short here that no read failed.",
	},
	{
		ID: "never-two-leaders", Says: "A leader needs a majority, so there are never two leaders.",
		Source: Source{"Texts on split brain and majority quorums", "Of two sides one at most has a majority, so a second leader cannot be."},
		Worded: []Finding{
			{Shows: "how much longer the old leader, cut off, still vouched for reads (sync) than the new one took to serve writes", Of: crowd,
				Number: lastAnswer(minority, history.SyncRead), Minus: &Subtrahend{Number: firstAnswer(majority, history.Write)}, Must: atMost(0)},
		},
		Found:   Refuted,
		Because: "A leader that was cut off does not know at once: for a part of a second it and its successor both act as leaders.",
		Precisely: "Never two leaders of one term, and never two that have writes acknowledged; an old one may answer reads for up to a second after " +
			"its successor began.",
		Bounds: []Finding{
			{Shows: "one leader a term", Of: crowd, Number: promise("election-safety", ""), Must: kept},
			{Shows: "writes acknowledged on the minority side", Of: crowd, Number: answered(minority, history.Write), Must: none},
			{Shows: "how much longer the old leader vouched for reads than the new one took to serve writes", Of: crowd,
				Number: lastAnswer(minority, history.SyncRead), Minus: &Subtrahend{Number: firstAnswer(majority, history.Write)}, Must: atMost(second)},
		},
	},
	{
		ID: "session-outlives-its-server", Says: "A session outlives the server that it is connected to: its client goes on at another.",
		Source: Source{"ZooKeeper Programmer's Guide, Sessions",
			"A client that loses its server connects to the next of its list, and the session stays valid."},
		Worded: []Finding{
			{Shows: "sessions that expired, one server killed", Of: ownersMoved, Must: none, Number: Number{Checker: "continuity", Name: "sessions expired"}},
		},
		Found:     Supported,
		Precisely: "No session expires as one server dies; on the minority side of a partition that lasts longer than the session's time they do.",
		Bounds: []Finding{
			{Shows: "no session expires that nothing disturbs", Of: ownersMoved, Number: promise("continuity", ""), Must: kept},
			{Shows: "sessions that expired, two of five servers cut off for 30 s", Of: owners, In: InSome, Must: some,
				Number: Number{Checker: "continuity", Name: "sessions expired"}},
		},
		Real: true,
	},
}
