package claims

import "cleave/history"

// recipes are claims on what people build on a store: elections, locks, queues, and caches in front of it.
var recipes = []Claim{
	{
		ID: "one-elected-master", Says: "A master elected through numbered ephemeral znodes is the only one.",
		Source: Source{"ZooKeeper Recipes and Solutions (leader election); texts on masters and schedulers that build on it",
			"Who owns the smallest number leads; when it fails its znode goes, and the next one leads."},
		Worded: []Finding{
			{Shows: "no two clients believe that they lead, if a leader goes on until it is told that its session is over",
				Of: masterGoesOn, Number: promise("one-holder", ""), Must: kept},
		},
		Found: Refuted,
		Because: "The store has one first znode at a time; a leader that is cut off does not know that its own is gone, and whatever it does " +
			"meanwhile is done twice.",
		Precisely: "At most one at a time if every leader stops when its connection is lost, before the store may end its session; writes with the " +
			"znode's number as a token are safe either way.",
		Bounds: []Finding{
			{Shows: "no two clients believe that they lead, if a leader stops when its connection is lost",
				Of: master, Number: promise("one-holder", ""), Must: kept},
			{Shows: "no write with an old leader's token is accepted, though old leaders went on",
				Of: masterGoesOn, Number: promise("fenced-writes", ""), Must: kept},
			{Shows: "the longest time in which nobody led", Of: master, Must: atMost(20 * second), Number: Number{Checker: "one-holder", Name: "vacancy"}},
		},
	},
	{
		ID: "lock-excludes", Says: "A lock on ZooKeeper gives mutual exclusion.",
		Source: Source{"ZooKeeper Recipes and Solutions (locks); Jepsen: etcd 3.4.3 (2020) on locks of this kind",
			"Locks are synchronous: no two clients think that they hold the same lock at any time. Jepsen: a distributed lock cannot guarantee it."},
		Worded: []Finding{
			{Shows: "no two clients believe that they hold a lock, if who holds it goes on until it is told that its session is over",
				Of: lockGoesOn, Must: kept,
				Number: promise("one-holder", "")},
		},
		Found:   Refuted,
		Because: "A lock is held by a session, and work is done by a client that may not know yet that its session is over.",
		Precisely: "It excludes those who let go when their connection is lost. What it protects is safe only if it refuses tokens older than the last " +
			"it saw.",
		Bounds: []Finding{
			{Shows: "no two clients believe that they hold a lock, if they let go when their connection is lost",
				Of: lock, Number: promise("one-holder", ""), Must: kept},
			{Shows: "no write with an old holder's token is accepted, whoever goes on", Of: lockFenced, Number: promise("fenced-writes", ""), Must: kept},
		},
	},
	{
		ID: "no-herd", Says: "When one who waits leaves, only the next one is woken.",
		Source: Source{"ZooKeeper Recipes and Solutions (leader election, avoiding the herd effect)", "Each client watches the znode just before its own."},
		Worded: []Finding{
			{Shows: "how many were woken by one departure, at most", Of: master, Must: atMost(1), Number: Number{Checker: "no-herd", Name: "woken"}},
		},
		Found:     Supported,
		Precisely: "One departure wakes one client, across partitions and reconnects.",
		Bounds: []Finding{
			{Shows: "one departure wakes one", Of: master, Number: promise("no-herd", ""), Must: kept},
			{Shows: "nobody takes part twice, answers lost or not", Of: master, Number: promise("one-place", ""), Must: kept},
		},
	},
	{
		ID: "queue-once", Says: "A queue of numbered znodes hands out each element once, in order.",
		Source: Source{"ZooKeeper Recipes and Solutions (queues)", "Elements are sequential znodes; a consumer takes the smallest and deletes it."},
		Worded: []Finding{
			{Shows: "no element is lost, doubled or taken out of order, leaders cut off again and again", Of: queue, Number: promise("queue", ""), Must: kept},
		},
		Found: Supported,
		Precisely: "Each element goes to the one whose delete was acknowledged. A delete without an answer may have taken one: whoever sends it again " +
			"must not take the next for it.",
		Bounds: []Finding{
			{Shows: "elements that were handed out twice", Of: queue, Must: none, Number: Number{Checker: "queue", Name: "duplicated"}},
			{Shows: "no element is lost or doubled, though deletes without an answer are sent again and the next one is taken",
				Of: queueAgain, In: InSome, Must: broken,
				Number: promise("queue", "")},
		},
	},
	{
		ID: "scheduler-runs-once", Says: "A scheduler with one elected master runs no job twice.",
		Source: Source{"elastic-job, Saturn and schedulers like them, on ZooKeeper",
			"One leader assigns shards to instances and hands those of the fallen on, so that each job runs once."},
		Worded: []Finding{
			{Shows: "no shard runs at two instances at a time, if one that is cut off goes on by its own clock",
				Of: scheduleAlone, Number: promise("one-holder", ""), Must: kept},
			{Shows: "no shard runs twice for one trigger, if who ran it alone knows that it has",
				Of: scheduleUnmarked, Number: promise("runs-once", ""), Must: kept},
		},
		Found: Refuted,
		Because: "The master is one, and those who run the jobs are not told in time: one that was cut off runs beside its successor, and what is not " +
			"written down is run again.",
		Precisely: "Once a trigger, if instances stop when their connection is lost, and mark in the store what they have run; a run that is " +
			"interrupted is not made up for.",
		Bounds: []Finding{
			{Shows: "no shard runs at two instances at a time", Of: schedule, Number: promise("one-holder", ""), Must: kept},
			{Shows: "no shard runs twice for one trigger", Of: schedule, Number: promise("runs-once", ""), Must: kept},
			{Shows: "every shard runs for every trigger that nothing disturbs", Of: schedule, Number: promise("every-trigger", ""), Must: kept},
			{Shows: "runs that were interrupted", Of: schedule, In: InSome, Must: some, Number: Number{Checker: "runs-once", Name: "interrupted"}},
		},
	},
	{
		ID: "configuration-reaches-all", Says: "A change of the configuration reaches every client at once.",
		Source: Source{"Descriptions of configuration centres with ZooKeeper",
			"Clients watch the znode of the configuration and fetch it again when they are told."},
		Worded: []Finding{
			{Shows: "the oldest copy on the majority side, by the time since it had been replaced, the leader cut off",
				Of: configured, In: InMost, Must: atMost(2 * second),
				Number: Number{Checker: "copy-follows", Name: "copy age max", Side: majority, Phase: history.Faults}},
			{Shows: "the same on the minority side", Of: configured, In: InMost, Must: atMost(2 * second),
				Number: Number{Checker: "copy-follows", Name: "copy age max", Side: minority, Phase: history.Faults}},
		},
		Found:   Refuted,
		Because: "Who is cut off hears of nothing, and works with what it had for as long as that lasts.",
		Precisely: "It reaches those who reach a quorum, in order and never going back; the others when they can reach one again. Versions in between " +
			"may be skipped.",
		Bounds: []Finding{
			{Shows: "no client is shown an older configuration than before", Of: configured, Number: promise("config-versions", ""), Must: kept},
			{Shows: "after the heal every copy is current", Of: configured, Number: promise("copy-follows", ""), Must: kept},
		},
	},
	{
		ID: "watch-tells-members", Says: "Through its watch every member learns who else is in the group.",
		Source: Source{"ZooKeeper Recipes and Solutions (group membership)", "Members are ephemeral children of one znode, which everybody watches."},
		Worded: []Finding{
			{Shows: "for how long a view of the minority side lacked one who was in, at most, the leader cut off", Of: grouped, Must: atMost(5 * second),
				Number: listed("missing longest", minority, history.CacheLookup)},
		},
		Found:     Refuted,
		Because:   "Nobody tells those who are cut off, and they know of nothing: their view is that of before.",
		Precisely: "It learns so while it reaches a quorum; after the heal every view comes to show the members and no others.",
		Bounds: []Finding{
			{Shows: "after the heal every view shows the members, and no others", Of: grouped, Number: promise("cache-follows", ""), Must: kept},
			{Shows: "after the heal all views are the same", Of: grouped, Number: promise("same-lists", ""), Must: kept},
		},
	},
	{
		ID: "wrong-address-unseen", Says: "A provider that registered a wrong address looks well to the registry.",
		Source: Source{"Operators' reports on Dubbo (internal addresses, several network cards)",
			"The provider is registered and its session lives; consumers cannot connect."},
		Worded: []Finding{
			{Shows: "every cache shows the living and not the dead: the registry is well", Of: dubbo, Number: promise("cache-follows", ""), Must: kept},
			{Shows: "calls to a provider that was up and could not be reached, with nothing cut", Of: dubbo, Must: some,
				Number: reached("calls cut off", "", "")},
		},
		Found:     Supported,
		Precisely: "A session says that its owner lives, and nothing of its address: only calls find out, and a retry at the next address mends most.",
		Bounds: []Finding{
			{Shows: "calls that reached a live provider with a retry, less those without", Of: dubbo, Must: some,
				Number: reached("calls reached with a retry", "", ""), Minus: &Subtrahend{Number: reached("calls reached", "", "")}},
			{Shows: "who registered is listed, whatever the address", Of: dubbo, Number: promise("no-lost-registration", ""), Must: kept},
		},
	},
	{
		ID: "restart-registers-again", Says: "A provider that is restarted quickly registers again and is found.",
		Source: Source{"Dubbo, ZookeeperRegistry and its client on Curator",
			"The znode of its address is made at the start; if it exists already, that is taken for success."},
		Worded: []Finding{
			{Shows: "who registered and lives is listed in the end, if a znode that exists is taken for success", Of: dubboSwallows, Must: kept,
				Number: promise("no-lost-registration", "")},
		},
		Found:     Refuted,
		Because:   "The znode that exists is that of the session before: it goes when that expires, and a live provider is missing.",
		Precisely: "It is found if it deletes the znode of its former session and makes its own.",
		Bounds: []Finding{
			{Shows: "who registered and lives is listed in the end, if the former znode is replaced", Of: dubbo, Must: kept,
				Number: promise("no-lost-registration", "")},
		},
	},
	{
		ID: "message-once", Says: "Consumers that share out partitions through ZooKeeper process each message once.",
		Source: Source{"Kafka to 0.8 and MetaQ, consumer balancing",
			"Each partition is owned by one consumer of a group, which keeps its offset in ZooKeeper."},
		Worded: []Finding{
			{Shows: "messages that were processed twice, the leader of the store cut off",
				Of: consumers, In: InMost, Must: none, Number: Number{Checker: "committed-once", Name: "handled twice"}},
		},
		Found: Refuted,
		Because: "A message is processed before its offset is committed: who loses the partition in between has done it, and the next owner does it " +
			"again.",
		Precisely: "One owner at a time, each message processed at least once and committed once; each has its share again seconds after the heal.",
		Bounds: []Finding{
			{Shows: "no two consumers believe that they have one partition", Of: consumers, Number: promise("one-holder", ""), Must: kept},
			{Shows: "every message is committed once, and none is left out", Of: consumers, Number: promise("committed-once", ""), Must: kept},
			{Shows: "from the heal until every consumer had its share",
				Of: consumers, Must: atMost(5 * second), Number: Number{Checker: "balanced", Name: "balanced after"}},
		},
	},
	{
		ID: "cache-gives-neither", Says: "A cache in front of a CP store gives neither consistency nor full availability.",
		Source: Source{"Knewton (2014); Pinterest on its ZooKeeper daemon (2014)",
			"Caching what ZooKeeper said hides an outage from those who look; it does not mend what is wrong, and nobody can register."},
		Worded: []Finding{
			{Shows: "registrations answered on the minority side", Of: cached, Number: answered(minority, history.Register), Must: none},
			{Shows: "the oldest list that a cache gave on the minority side",
				Of: cached, In: InMost, Number: listed("list age max", minority, history.CacheLookup), Must: atLeast(5 * second)},
		},
		Found: Supported,
		Precisely: "Who looks up is answered on every side, with lists as old as the cut; who registers still needs a quorum. For callers that is far " +
			"better than the store alone.",
		Bounds: []Finding{
			{Shows: "a cache that has answered always does, and is never empty", Of: cached, Number: promise("cache-survives", ""), Must: kept},
			{Shows: "once a quorum is within reach, every cache comes to show the living and not the dead",
				Of: cached, Number: promise("cache-follows", ""), Must: kept},
			{Shows: "calls of the minority side that reached a live instance: cached store less store",
				Of: cached, In: InMost, Number: reached("calls reached", minority, ""),
				Minus: &Subtrahend{Of: callsStore, Number: reached("calls reached", minority, "")}, Must: some},
		},
	},
	{
		ID: "cache-as-good", Says: "A CP store behind a cache serves the callers of the smaller side as well as an AP registry does.",
		Source: Source{"Airbnb on SmartStack (2013); Pinterest (2014)",
			"With the last good list on every host, and a check of those listed, an outage of ZooKeeper is not noticed."},
		Worded: []Finding{
			{Shows: "calls of the minority side that reached a live instance: cached store less AP registry",
				Of: cached, In: InMost, Number: reached("calls reached", minority, ""),
				Minus: &Subtrahend{Of: callsRegistry, Number: reached("calls reached", minority, "")}, Must: atLeast(0)},
		},
		Found: Inconclusive,
		Because: "The cached store asks whether the listed are alive and calls fewer of the dead; the registry lists those who came up on that side " +
			"meanwhile, whom no cache can know. Which weighs more depends on who comes and goes.",
		Precisely: "On the side with a quorum the cached store gives callers more; on the other one it depends on how many come up there during the cut.",
		Bounds: []Finding{
			{Shows: "calls of the majority side that reached a live instance: cached store less AP registry",
				Of: cached, Number: reached("calls reached", majority, ""),
				Minus: &Subtrahend{Of: callsRegistry, Number: reached("calls reached", majority, "")}, Must: some},
		},
	},
}
