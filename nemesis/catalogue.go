package nemesis

import (
	"slices"
	"time"

	"cleave/internal/link"
)

// Kind is an entry of the catalogue.
type Kind struct {
	Name    string
	Summary string        // what it does, one sentence
	Picture string        // who sees whom, on five nodes of which n1 leads
	Nodes   int           // the fewest nodes with which it hits anybody
	Usual   time.Duration // how long it lasts when nobody says; 0 is the whole window
	Period  time.Duration // for kinds that go on and off: the time of each
	Offset  time.Duration // for clock kinds: how far
	Quality link.Quality  // for kinds that disturb messages: what it adds to a link
	needs   []Ability
	single  bool // Random does not draw it
	steady  bool // only what it kills or pauses goes on and off, its cuts stay
	plan    func(*moment) effect
	bouts   func(*moment) []bout // instead of plan, for kinds that do one thing after another, round after round
}

// Ability is something that a world must be able to do for a kind of fault.
type Ability string

// The abilities, each with the methods of Target that it stands for.
const (
	CutLinks     Ability = "cut links"        // Cut, Mend, Dropped
	DisturbLinks Ability = "disturb messages" // Disturb, Calm, Disturbed
	KillNodes    Ability = "kill nodes"       // Kill, Restart
	CutPower     Ability = "cut power"        // PowerOff, PowerOn
	PauseNodes   Ability = "pause nodes"      // Pause, Resume
	FillDisks    Ability = "fill disks"       // Fill, Drain
	MoveClocks   Ability = "move clocks"      // Skew
)

// Needs says what a world must be able to do for faults of this kind.
func (k Kind) Needs() []Ability { return slices.Clone(k.needs) }

var (
	cuts  = []Ability{CutLinks}
	kills = []Ability{KillNodes}
	both  = []Ability{CutLinks, KillNodes}
	noise = []Ability{DisturbLinks}
	skews = []Ability{MoveClocks}
)

// None is the kind that does nothing: the run without a fault that others are compared with.
const None = "none"

// Catalogue lists every kind of fault.
var Catalogue = []Kind{
	{Name: None, Summary: "nothing happens: what the other runs are compared with", Picture: "n1 n2 n3 n4 n5",
		Nodes: 1, plan: func(*moment) effect { return effect{detail: "nothing"} }},
	{Name: "halves-leader-minority", Summary: "two sides; the leader is on the smaller", Picture: "n1 n2 | n3 n4 n5",
		Nodes: 3, needs: cuts, plan: halvesLeaderMinority},
	{Name: "halves-leader-majority", Summary: "two sides; the leader is on the larger", Picture: "n1 n2 n3 | n4 n5",
		Nodes: 3, needs: cuts, plan: halvesLeaderMajority},
	{Name: "halves-clients-across", Summary: "two sides, the leader on the smaller; every client is on the other side than its node",
		Picture: "n1 n2 c3 c4 c5 | n3 n4 n5 c1 c2", Nodes: 3, needs: cuts, plan: halvesClientsAcross},
	{Name: "isolate-leader", Summary: "the leader, with the clients beside it, is cut off from all others", Picture: "n1 | n2 n3 n4 n5",
		Nodes: 2, needs: cuts, plan: isolateLeader},
	{Name: "isolate-one", Summary: "one node that does not lead is cut off, with the clients beside it", Picture: "n1 n2 n3 n4 | n5",
		Nodes: 2, needs: cuts, plan: isolateOne},
	{Name: "one-way-in", Summary: "the leader can send but hears nothing", Picture: "n1 -> others, n1 <-/- others", Nodes: 2,
		needs: cuts, plan: oneWayIn},
	{Name: "one-way-out", Summary: "the leader hears but nothing it sends arrives", Picture: "n1 -/-> others, n1 <- others", Nodes: 2,
		needs: cuts, plan: oneWayOut},
	{Name: "bridge", Summary: "two sides that do not see each other, and one node that sees both", Picture: "n1 n2 - n3 - n4 n5", Nodes: 3,
		needs: cuts, plan: bridge},
	{Name: "majorities-ring", Summary: "every node sees a majority, no two the same one",
		Picture: "n1 - n2 - n3 - n4 - n5 - n1", Nodes: 5, needs: cuts, plan: majoritiesRing},
	{Name: "shatter", Summary: "every node is alone with its clients", Picture: "n1 | n2 | n3 | n4 | n5", Nodes: 2, needs: cuts, plan: shatter},
	{Name: "flapping", Summary: "whoever leads is cut off, and back, again and again", Picture: "n1 | n2 n3 n4 n5, on and off",
		Nodes: 2, Period: 2 * time.Second, needs: cuts, plan: isolateLeader},
	{Name: "flicker", Summary: "two sides, the leader on the smaller, for half a second at a time: too short to replace it",
		Picture: "n1 n2 | n3 n4 n5, on and off", Nodes: 3, Period: 500 * time.Millisecond, needs: cuts, plan: halvesLeaderMinority},
	{Name: "bridge-crash", Summary: "two sides, and one node that sees both, which is killed and restarted again and again",
		Picture: "n1 n2 - (n3 down, up) - n4 n5", Nodes: 3, Period: 600 * time.Millisecond, steady: true, needs: both, plan: bridgeCrash},
	{Name: "rejoin-crash", Summary: "the leader, and then a node that does not lead, is cut off, joins again, and is killed as it catches up; again and again",
		Picture: "n1 | n2 n3 n4 n5, then (n1 down) n2 n3 n4 n5", Nodes: 2, needs: both, bouts: rejoinCrash},
	{Name: "kill-one", Summary: "one node that does not lead is killed, and restarted at the end", Picture: "n1 n2 n3 n4 (n5 down)",
		Nodes: 2, Usual: 10 * time.Second, needs: kills, plan: killOne},
	{Name: "kill-leader", Summary: "the leader is killed, and restarted at the end", Picture: "(n1 down) n2 n3 n4 n5",
		Nodes: 1, Usual: 10 * time.Second, needs: kills, plan: killLeader},
	{Name: "kill-all", Summary: "all nodes are killed at once, and restarted at the end", Picture: "(all down)",
		Nodes: 1, Usual: 5 * time.Second, needs: kills, plan: killAll},
	{Name: "pause", Summary: "the leader stops running, its connections open, and then goes on as if nothing had been", Picture: "(n1 stopped) n2 n3 n4 n5",
		Nodes: 1, Usual: 10 * time.Second, needs: []Ability{PauseNodes}, plan: pauseLeader},
	{Name: "clock-skew", Summary: "the wall clocks of one node and its clients jump a minute ahead, and back at the end", Picture: "n1+60s n2 n3 n4 n5",
		Nodes: 1, Offset: time.Minute, needs: skews, plan: skewOne},
	{Name: "loss", Summary: "one message in five between hosts is lost, on all links", Picture: "n1 ~ n2 ~ n3 ~ n4 ~ n5, a fifth lost",
		Nodes: 2, Quality: link.Quality{Loss: link.Chance{Of: 20, In: 100}}, needs: noise, single: true, plan: disturbAll},
	{Name: "delay", Summary: "all that the leader sends to other hosts, and hears from them, is 30 to 70 ms late: slow, and not slow enough to be replaced",
		Picture: "n1 ~50ms~ n2 n3 n4 n5", Nodes: 2,
		Quality: link.Quality{Latency: link.Spread{Least: 30 * time.Millisecond, Jitter: 40 * time.Millisecond}},
		needs:   noise, single: true, plan: disturbLeader},
	{Name: "duplicate", Summary: "one packet in five between hosts arrives twice; connections hide it, datagrams do not",
		Picture: "n1 => n2 => n3 => n4 => n5", Nodes: 2, Quality: link.Quality{Duplicate: link.Chance{Of: 20, In: 100}},
		needs: noise, single: true, plan: disturbAll},
	{Name: "reorder", Summary: "one packet in five between hosts is held back and overtaken; connections hide it, datagrams do not",
		Picture: "n1 x> n2 x> n3 x> n4 x> n5", Nodes: 2, Quality: link.Quality{Reorder: link.Chance{Of: 20, In: 100}},
		needs: noise, single: true, plan: disturbAll},
	{Name: "corrupt", Summary: "one message in ten between hosts arrives damaged, and is thrown away for its checksum",
		Picture: "n1 ~ n2 ~ n3 ~ n4 ~ n5, a tenth damaged", Nodes: 2, Quality: link.Quality{Corrupt: link.Chance{Of: 10, In: 100}},
		needs: noise, single: true, plan: disturbAll},
	{Name: "slow-link", Summary: "every link between hosts carries 20 kB a second; what would wait longer than a second is lost",
		Picture: "n1 - n2 - n3 - n4 - n5, 20 kB/s each", Nodes: 2, Quality: link.Quality{Bandwidth: 20_000}, needs: noise, single: true, plan: disturbAll},
	{Name: "power-loss", Summary: "all nodes lose power at once, with all that is not synced, and start again at the end", Picture: "(all dark)",
		Nodes: 1, Usual: 5 * time.Second, needs: []Ability{CutPower}, single: true, plan: powerLoss},
	{Name: "full-disk", Summary: "the leader's disk has no room left; a node that ends of it is started again when there is room at the end",
		Picture: "(n1 full) n2 n3 n4 n5", Nodes: 1, Usual: 10 * time.Second, needs: []Ability{FillDisks}, single: true, plan: fillLeader},
	{Name: "clock-strobe", Summary: "the wall clocks of one node after another, and of its clients, jump ten seconds ahead and back, again and again",
		Picture: "n1+10s n2 n3 n4 n5, n1 n2 n3+10s n4 n5", Nodes: 1, Period: 500 * time.Millisecond, Offset: 10 * time.Second,
		needs: skews, single: true, plan: skewOne},
	{Name: "clock-drift", Summary: "the wall clocks of one node and its clients gain a tenth of a second each second, and are set right every ten",
		Picture: "n1+0.1s, +0.2s, ... +1s, +0s; n2 n3 n4 n5", Nodes: 1, Offset: 100 * time.Millisecond, needs: skews, single: true, bouts: driftOne},
}
