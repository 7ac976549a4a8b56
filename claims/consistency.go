package claims

import "cleave/history"

// consistency are claims on what a CP store shows and keeps.
var consistency = []Claim{
	{
		ID: "updates-ordered", Says: "All updates take effect in one order, and each client's in the order in which it sent them.",
		Source: Source{"ZooKeeper Programmer's Guide, Consistency Guarantees (sequential consistency)",
			"Updates from a client will be applied in the order that they were sent."},
		Worded: []Finding{
			{Shows: "writes and quorum-synced reads have one order, under cuts of every shape", Of: anyCut, Must: kept,
				Number: promise("linearizable", "writes and quorum-synced reads are linearizable")},
			{Shows: "no session sees the state go back, under cuts of every shape", Of: anyCut, Number: promise("sequential", ""), Must: kept},
		},
		Found:     Supported,
		Precisely: "Acknowledged writes have one order that agrees with real time; what one session is shown never goes back in it.",
		Bounds: []Finding{
			{Shows: "the same, while the leader is cut off and back again and again", Of: crowd, Must: kept,
				Number: promise("linearizable", "writes and quorum-synced reads are linearizable")},
			{Shows: "no session sees the state go back then", Of: crowd, Number: promise("sequential", ""), Must: kept},
		},
		Real: true,
	},
	{
		ID: "updates-atomic", Says: "An update, also one of several znodes together, takes effect whole or not at all.",
		Source: Source{"ZooKeeper Programmer's Guide, Consistency Guarantees (atomicity)", "Updates either succeed or fail: there are no partial results."},
		Worded: []Finding{
			{Shows: "every pair that was read is of one transaction, with the leader cut off", Of: pairs, Number: promise("all-or-nothing", ""), Must: kept},
			{Shows: "the same, with all servers killed at once", Of: pairsKilled, Number: promise("all-or-nothing", ""), Must: kept},
		},
		Found:     Supported,
		Precisely: "A transaction takes effect whole at one zxid or not at all, across crashes of all servers; its client may not learn which.",
		Bounds: []Finding{
			{Shows: "transactions that were answered on the minority side", Of: pairs, Number: answered(minority, history.MultiWrite), Must: none},
			{Shows: "every pair that was read is of one transaction", Of: pairs, Number: promise("all-or-nothing", ""), Must: kept},
		},
		Real: true,
	},
	{
		ID: "acknowledged-stays", Says: "What was acknowledged stays, through crashes and partitions.",
		Source: Source{"ZooKeeper Programmer's Guide, Consistency Guarantees (reliability); Jepsen: ZooKeeper (2013)",
			"Once an update has been applied it persists until a client overwrites it; the analysis of 2013 lost no write in a partition."},
		Worded: []Finding{
			{Shows: "no acknowledged write is lost when all servers lose power at once", Of: powerLost, Must: kept,
				Number: promise("linearizable", "writes and quorum-synced reads are linearizable")},
			{Shows: "nor when the network is cut in any shape", Of: anyCut, Must: kept,
				Number: promise("linearizable", "writes and quorum-synced reads are linearizable")},
		},
		Found:     Supported,
		Precisely: "What was acknowledged stays as long as disks keep what they said was synced: through partitions, and the loss of power of all servers.",
		Bounds: []Finding{
			{Shows: "all servers agree after power came back", Of: powerLost, Number: promise("convergence", ""), Must: kept},
			{Shows: "no acknowledged write is lost when all servers are killed", Of: pairsKilled, Number: promise("all-or-nothing", ""), Must: kept},
		},
		Real:    true,
		Differs: "power loss was not put to ZooKeeper 3.9.5 here: two of three servers that lose power soon after their first start do not start again.",
	},
	{
		ID: "one-system-image", Says: "Every server shows the same data.",
		Source: Source{"ZooKeeper overview (replicated database; every server holds the whole tree), as it is often retold",
			"Clients may connect to any server, since each one holds the same data and gives the same view of the service."},
		Worded: []Finding{
			{Shows: "reads, each of the server beside the client, fit one order with all writes", Of: slowLeader, In: InMost, Must: kept,
				Number: promise("linearizable", "are local reads linearizable too?")},
		},
		Found:   Refuted,
		Because: "Servers apply the same changes in the same order, but not at the same instant: a server that hears late shows old data to its clients.",
		Precisely: "Every server shows a state that was the newest once; no client sees it go back, and servers are the same when nothing is written " +
			"and all is healed.",
		Bounds: []Finding{
			{Shows: "no session sees the state go back", Of: slowLeader, Number: promise("sequential", ""), Must: kept},
			{Shows: "all servers say the same after the heal", Of: slowLeader, Number: promise("convergence", ""), Must: kept},
			{Shows: "reads of values that had been replaced", Of: slowLeader, In: InMost, Must: some,
				Number: Number{Checker: "staleness", Name: "stale reads", F: history.Read}},
		},
		Real: true,
	},
	{
		ID: "latest-within-a-bound", Says: "A client sees the latest data within a bound of time, or notices that it is cut off.",
		Source: Source{"ZooKeeper Programmer's Guide, Consistency Guarantees (timeliness)",
			"The clients' view is up to date within a bound, on the order of tens of seconds; else the client detects an outage."},
		Worded: []Finding{
			{Shows: "the oldest data that a read gave, by the time since it had been replaced; leaders cut off again and again", Of: crowd,
				Number: Number{Checker: "staleness", Name: "staleness max"}, Must: atMost(10 * second)},
			{Shows: "the same while all that the leader sends is 30 to 70 ms late", Of: slowLeader,
				Number: Number{Checker: "staleness", Name: "staleness max"}, Must: atMost(10 * second)},
		},
		Found: Supported,
		Precisely: "A server that hears of no leader stops answering after its limit (1.5 s here, syncLimit ticks in ZooKeeper), a leader without a " +
			"quorum after up to two election times (2 s here): no answer is older than that.",
		Bounds: []Finding{
			{Shows: "the oldest data that a read gave; leaders cut off again and again", Of: crowd,
				Number: Number{Checker: "staleness", Name: "staleness max"}, Must: atMost(2 * second)},
			{Shows: "for how long the cut-off side still answered reads", Of: crowd, Number: lastAnswer(minority, history.Read), Must: atMost(2 * second)},
		},
		Real: true,
	},
	{
		ID: "sync-is-current", Says: "A read after sync gives the latest data.",
		Source: Source{"ZooKeeper Programmer's Guide, note on simultaneously consistent cross-client views",
			"A client that must read the latest value calls sync first; ZOOKEEPER-1675 says that sync is not a quorum operation."},
		Worded: []Finding{
			{Shows: "reads after sync fit one order with all writes", Of: crowd, Must: kept,
				Number: promise("linearizable", "are reads after ZooKeeper's own sync linearizable too?")},
		},
		Found:   Refuted,
		Because: "The leader answers a sync without asking anybody: one that was deposed and has not noticed vouches for data that others have replaced.",
		Precisely: "A read after sync is current while the leader that answers it still leads; a read after a round to a quorum (or after a write of " +
			"one's own) always is.",
		Bounds: []Finding{
			{Shows: "reads after a round to a quorum fit one order with all writes", Of: crowd, Must: kept,
				Number: promise("linearizable", "writes and quorum-synced reads are linearizable")},
			{Shows: "how old data was that a read after a round to a quorum gave", Of: crowd, Must: none,
				Number: Number{Checker: "staleness", Name: "staleness max", F: history.QuorumRead}},
			{Shows: "without a fault that deposes a leader, reads after sync fit one order with all writes", Of: slowLeader, Must: kept,
				Number: promise("linearizable", "are reads after ZooKeeper's own sync linearizable too?")},
		},
	},
	{
		ID: "clocks-do-not-order", Says: "Its order does not depend on the clocks of servers.",
		Source: Source{"Hunt, Konar, Junqueira and Reed, ZooKeeper: Wait-free coordination for Internet-scale systems (USENIX ATC 2010)",
			"Order comes from the leader's transaction numbers, not from time stamps."},
		Worded: []Finding{
			{Shows: "with a server's clock a minute ahead, writes and quorum-synced reads have one order", Of: wrongClock, Must: kept,
				Number: promise("linearizable", "writes and quorum-synced reads are linearizable")},
			{Shows: "everybody who reaches a quorum is served", Of: wrongClock, Number: promise("availability", ""), Must: kept},
		},
		Found:     Supported,
		Precisely: "Jumps of wall clocks change neither the order of updates nor who is served; clocks that run at the wrong speed would move timeouts.",
		Bounds: []Finding{
			{Shows: "no session sees the state go back", Of: wrongClock, Number: promise("sequential", ""), Must: kept},
			{Shows: "the longest time that a client went unanswered", Of: wrongClock, Number: outage("", ""), Must: atMost(second)},
		},
	},
	{
		ID: "latest-stamp-wins", Says: "In an AP registry, of two versions the later one wins.",
		Source: Source{"Netflix Eureka, peer replication (lastDirtyTimestamp)",
			"Peers keep the copy with the later time stamp, which its client's clock gave it."},
		Worded: []Finding{
			{Shows: "with a client's clock a minute ahead, the oldest data that a read gave after all was healed", Of: registryClock, Must: atMost(2 * second),
				Number: Number{Checker: "staleness", Name: "staleness max", Phase: history.Quiet}},
		},
		Found:   Refuted,
		Because: "The later stamp wins, not the later version: what was written by a clock that is ahead wins until the others have caught up.",
		Precisely: "With clocks that agree, the later version has won soon after the heal; a clock that is a minute ahead lets an older version win for " +
			"up to that minute.",
		Bounds: []Finding{
			{Shows: "with clocks that agree, the oldest data that a read gave after the heal", Of: registryValues, Must: atMost(2 * second),
				Number: Number{Checker: "staleness", Name: "staleness max", Phase: history.Quiet}},
			{Shows: "all servers say the same in the end, be it the wrong thing", Of: registryClock, Number: promise("convergence", ""), Must: kept},
		},
	},
}
