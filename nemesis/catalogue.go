package nemesis

import "time"

// Kind is an entry of the catalogue.
type Kind struct {
	Name    string
	Summary string        // what it does, one sentence
	Picture string        // who sees whom, on five nodes of which n1 leads
	Nodes   int           // the fewest nodes with which it hits anybody
	Usual   time.Duration // how long it lasts when nobody says; 0 is the whole window
	Period  time.Duration // for kinds that go on and off: the time of each
	Offset  time.Duration // for clock kinds: how far
	steady  bool          // only what it kills or pauses goes on and off, its cuts stay
	plan    func(*moment) effect
	bouts   func(*moment) []bout // instead of plan, for kinds that do one thing after another, round after round
}

// None is the kind that does nothing: the run without a fault that others are compared with.
const None = "none"

// Catalogue lists every kind of fault.
var Catalogue = []Kind{
	{Name: None, Summary: "nothing happens: what the other runs are compared with", Picture: "n1 n2 n3 n4 n5",
		Nodes: 1, plan: func(*moment) effect { return effect{detail: "nothing"} }},
	{Name: "halves-leader-minority", Summary: "two sides; the leader is on the smaller", Picture: "n1 n2 | n3 n4 n5",
		Nodes: 3, plan: halvesLeaderMinority},
	{Name: "halves-leader-majority", Summary: "two sides; the leader is on the larger", Picture: "n1 n2 n3 | n4 n5",
		Nodes: 3, plan: halvesLeaderMajority},
	{Name: "halves-clients-across", Summary: "two sides, the leader on the smaller; every client is on the other side than its node",
		Picture: "n1 n2 c3 c4 c5 | n3 n4 n5 c1 c2", Nodes: 3, plan: halvesClientsAcross},
	{Name: "isolate-leader", Summary: "the leader, with the clients beside it, is cut off from all others", Picture: "n1 | n2 n3 n4 n5",
		Nodes: 2, plan: isolateLeader},
	{Name: "isolate-one", Summary: "one node that does not lead is cut off, with the clients beside it", Picture: "n1 n2 n3 n4 | n5",
		Nodes: 2, plan: isolateOne},
	{Name: "one-way-in", Summary: "the leader can send but hears nothing", Picture: "n1 -> others, n1 <-/- others", Nodes: 2, plan: oneWayIn},
	{Name: "one-way-out", Summary: "the leader hears but nothing it sends arrives", Picture: "n1 -/-> others, n1 <- others", Nodes: 2, plan: oneWayOut},
	{Name: "bridge", Summary: "two sides that do not see each other, and one node that sees both", Picture: "n1 n2 - n3 - n4 n5", Nodes: 3, plan: bridge},
	{Name: "majorities-ring", Summary: "every node sees a majority, no two the same one",
		Picture: "n1 - n2 - n3 - n4 - n5 - n1", Nodes: 5, plan: majoritiesRing},
	{Name: "shatter", Summary: "every node is alone with its clients", Picture: "n1 | n2 | n3 | n4 | n5", Nodes: 2, plan: shatter},
	{Name: "flapping", Summary: "whoever leads is cut off, and back, again and again", Picture: "n1 | n2 n3 n4 n5, on and off",
		Nodes: 2, Period: 2 * time.Second, plan: isolateLeader},
	{Name: "flicker", Summary: "two sides, the leader on the smaller, for half a second at a time: too short to replace it",
		Picture: "n1 n2 | n3 n4 n5, on and off", Nodes: 3, Period: 500 * time.Millisecond, plan: halvesLeaderMinority},
	{Name: "bridge-crash", Summary: "two sides, and one node that sees both, which is killed and restarted again and again",
		Picture: "n1 n2 - (n3 down, up) - n4 n5", Nodes: 3, Period: 600 * time.Millisecond, steady: true, plan: bridgeCrash},
	{Name: "rejoin-crash", Summary: "the leader, and then a node that does not lead, is cut off, joins again, and is killed as it catches up; again and again",
		Picture: "n1 | n2 n3 n4 n5, then (n1 down) n2 n3 n4 n5", Nodes: 2, bouts: rejoinCrash},
	{Name: "kill-one", Summary: "one node that does not lead is killed, and restarted at the end", Picture: "n1 n2 n3 n4 (n5 down)",
		Nodes: 2, Usual: 10 * time.Second, plan: killOne},
	{Name: "kill-leader", Summary: "the leader is killed, and restarted at the end", Picture: "(n1 down) n2 n3 n4 n5",
		Nodes: 1, Usual: 10 * time.Second, plan: killLeader},
	{Name: "kill-all", Summary: "all nodes are killed at once, and restarted at the end", Picture: "(all down)",
		Nodes: 1, Usual: 5 * time.Second, plan: killAll},
	{Name: "pause", Summary: "the leader stops running, its connections open, and then goes on as if nothing had been", Picture: "(n1 stopped) n2 n3 n4 n5",
		Nodes: 1, Usual: 10 * time.Second, plan: pauseLeader},
	{Name: "clock-skew", Summary: "the wall clocks of one node and its clients jump a minute ahead, and back at the end", Picture: "n1+60s n2 n3 n4 n5",
		Nodes: 1, Offset: time.Minute, plan: skewOne},
}
