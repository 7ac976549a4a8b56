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
	Drag    time.Duration // for kinds that make a node or its disk slow: how long it takes more
	Quality link.Quality  // for kinds that disturb messages: what it adds to a link
	Aim     Role          // whom it hits when the schedule does not say; "" if it cannot be aimed
	needs   []Ability
	parts   bool // it cuts whom it hits off from others, of whom there must be some
	Harms   bool // it takes back what a disk has promised to keep: no system promises anything then
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
	KillWriters  Ability = "kill in a sync"   // KillWriting, Restart
	SlowNodes    Ability = "slow nodes"       // Slow
	SlowDisks    Ability = "slow disks"       // SlowSync
	FailDisks    Ability = "fail syncs"       // FailSync, MendSync
	DamageDisks  Ability = "damage disks"     // FlipBit, MendBit
	SwapDisks    Ability = "swap disks"       // LoseDisk, KeepDisk, RestoreDisk
	MoveMembers  Ability = "move members"     // Expel, Admit
	RenewMembers Ability = "renew members"    // Renew
)

// OfDisks tells whether it does something to disks alone, and so nothing to a node that keeps nothing there.
func (a Ability) OfDisks() bool {
	return slices.Contains([]Ability{FillDisks, KillWriters, SlowDisks, FailDisks, DamageDisks, SwapDisks, RenewMembers}, a)
}

// OfMembers tells whether it changes who belongs to a cluster, which not every system's nodes can be told.
func (a Ability) OfMembers() bool { return a == MoveMembers || a == RenewMembers }

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
		Nodes: 3, needs: cuts, Aim: Minority, parts: true, plan: halvesLeaderMinority},
	{Name: "halves-leader-majority", Summary: "two sides; the leader is on the larger", Picture: "n1 n2 n3 | n4 n5",
		Nodes: 3, needs: cuts, plan: halvesLeaderMajority},
	{Name: "halves-clients-across", Summary: "two sides, the leader on the smaller; every client is on the other side than its node",
		Picture: "n1 n2 c3 c4 c5 | n3 n4 n5 c1 c2", Nodes: 3, needs: cuts, Aim: Minority, parts: true, plan: halvesClientsAcross},
	{Name: "isolate-leader", Summary: "the leader, with the clients beside it, is cut off from all others", Picture: "n1 | n2 n3 n4 n5",
		Nodes: 2, needs: cuts, Aim: TheLeader, parts: true, plan: isolateLeader},
	{Name: "isolate-one", Summary: "one node that does not lead is cut off, with the clients beside it", Picture: "n1 n2 n3 n4 | n5",
		Nodes: 2, needs: cuts, Aim: OneFollower, parts: true, plan: isolateOne},
	{Name: "one-way-in", Summary: "the leader can send but hears nothing", Picture: "n1 -> others, n1 <-/- others", Nodes: 2,
		needs: cuts, Aim: TheLeader, parts: true, plan: oneWayIn},
	{Name: "one-way-out", Summary: "the leader hears but nothing it sends arrives", Picture: "n1 -/-> others, n1 <- others", Nodes: 2,
		needs: cuts, Aim: TheLeader, parts: true, plan: oneWayOut},
	{Name: "bridge", Summary: "two sides that do not see each other, and one node that sees both", Picture: "n1 n2 - n3 - n4 n5", Nodes: 3,
		needs: cuts, plan: bridge},
	{Name: "majorities-ring", Summary: "every node sees a majority, no two the same one",
		Picture: "n1 - n2 - n3 - n4 - n5 - n1", Nodes: 5, needs: cuts, plan: majoritiesRing},
	{Name: "shatter", Summary: "every node is alone with its clients", Picture: "n1 | n2 | n3 | n4 | n5", Nodes: 2, needs: cuts, plan: shatter},
	{Name: "flapping", Summary: "whoever leads is cut off, and back, again and again", Picture: "n1 | n2 n3 n4 n5, on and off",
		Nodes: 2, Period: 2 * time.Second, needs: cuts, Aim: TheLeader, parts: true, plan: isolateLeader},
	{Name: "flicker", Summary: "two sides, the leader on the smaller, for half a second at a time: too short to replace it",
		Picture: "n1 n2 | n3 n4 n5, on and off", Nodes: 3, Period: 500 * time.Millisecond, needs: cuts, Aim: Minority, parts: true, plan: halvesLeaderMinority},
	{Name: "bridge-crash", Summary: "two sides, and one node that sees both, which is killed and restarted again and again",
		Picture: "n1 n2 - (n3 down, up) - n4 n5", Nodes: 3, Period: 600 * time.Millisecond, steady: true, needs: both, plan: bridgeCrash},
	{Name: "rejoin-crash", Summary: "the leader, and then a node that does not lead, is cut off, joins again, and is killed as it catches up; again and again",
		Picture: "n1 | n2 n3 n4 n5, then (n1 down) n2 n3 n4 n5", Nodes: 2, needs: both, bouts: rejoinCrash},
	{Name: "kill-one", Summary: "one node that does not lead is killed, and restarted at the end", Picture: "n1 n2 n3 n4 (n5 down)",
		Nodes: 2, Usual: 10 * time.Second, needs: kills, Aim: OneFollower, plan: kill},
	{Name: "kill-leader", Summary: "the leader is killed, and restarted at the end", Picture: "(n1 down) n2 n3 n4 n5",
		Nodes: 1, Usual: 10 * time.Second, needs: kills, Aim: TheLeader, plan: kill},
	{Name: "kill-all", Summary: "all nodes are killed at once, and restarted at the end", Picture: "(all down)",
		Nodes: 1, Usual: 5 * time.Second, needs: kills, Aim: All, plan: kill},
	{Name: "pause", Summary: "the leader stops running, its connections open, and then goes on as if nothing had been", Picture: "(n1 stopped) n2 n3 n4 n5",
		Nodes: 1, Usual: 10 * time.Second, needs: []Ability{PauseNodes}, Aim: TheLeader, plan: pause},
	{Name: "clock-skew", Summary: "the wall clocks of one node and its clients jump a minute ahead, and back at the end", Picture: "n1+60s n2 n3 n4 n5",
		Nodes: 1, Offset: time.Minute, needs: skews, Aim: Any, plan: skewSome},
	{Name: "loss", Summary: "one message in five between hosts is lost, on all links", Picture: "n1 ~ n2 ~ n3 ~ n4 ~ n5, a fifth lost",
		Nodes: 2, Quality: link.Quality{Loss: link.Chance{Of: 20, In: 100}}, needs: noise, single: true, Aim: All, plan: disturbSome},
	{Name: "delay", Summary: "all that the leader sends to other hosts, and hears from them, is 30 to 70 ms late: slow, and not slow enough to be replaced",
		Picture: "n1 ~50ms~ n2 n3 n4 n5", Nodes: 2,
		Quality: link.Quality{Latency: link.Spread{Least: 30 * time.Millisecond, Jitter: 40 * time.Millisecond}},
		needs:   noise, single: true, Aim: TheLeader, plan: disturbSome},
	{Name: "duplicate", Summary: "one packet in five between hosts arrives twice; connections hide it, datagrams do not",
		Picture: "n1 => n2 => n3 => n4 => n5", Nodes: 2, Quality: link.Quality{Duplicate: link.Chance{Of: 20, In: 100}},
		needs: noise, single: true, Aim: All, plan: disturbSome},
	{Name: "reorder", Summary: "one packet in five between hosts is held back and overtaken; connections hide it, datagrams do not",
		Picture: "n1 x> n2 x> n3 x> n4 x> n5", Nodes: 2, Quality: link.Quality{Reorder: link.Chance{Of: 20, In: 100}},
		needs: noise, single: true, Aim: All, plan: disturbSome},
	{Name: "corrupt", Summary: "one message in ten between hosts arrives damaged, and is thrown away for its checksum",
		Picture: "n1 ~ n2 ~ n3 ~ n4 ~ n5, a tenth damaged", Nodes: 2, Quality: link.Quality{Corrupt: link.Chance{Of: 10, In: 100}},
		needs: noise, single: true, Aim: All, plan: disturbSome},
	{Name: "slow-link", Summary: "every link between hosts carries 20 kB a second; what would wait longer than a second is lost",
		Picture: "n1 - n2 - n3 - n4 - n5, 20 kB/s each", Nodes: 2, Quality: link.Quality{Bandwidth: 20_000}, needs: noise, single: true,
		Aim: All, plan: disturbSome},
	{Name: "power-loss", Summary: "all nodes lose power at once, with all that is not synced, and start again at the end", Picture: "(all dark)",
		Nodes: 1, Usual: 5 * time.Second, needs: []Ability{CutPower}, single: true, Aim: All, plan: cutPower},
	{Name: "full-disk", Summary: "the leader's disk has no room left; a node that ends of it is started again when there is room at the end",
		Picture: "(n1 full) n2 n3 n4 n5", Nodes: 1, Usual: 10 * time.Second, needs: []Ability{FillDisks}, single: true, Aim: TheLeader, plan: fillDisks},
	{Name: "clock-strobe", Summary: "the wall clocks of one node after another, and of its clients, jump ten seconds ahead and back, again and again",
		Picture: "n1+10s n2 n3 n4 n5, n1 n2 n3+10s n4 n5", Nodes: 1, Period: 500 * time.Millisecond, Offset: 10 * time.Second,
		needs: skews, single: true, Aim: Any, plan: skewSome},
	{Name: "clock-drift", Summary: "the wall clocks of one node and its clients gain a tenth of a second each second, and are set right every ten",
		Picture: "n1+0.1s, +0.2s, ... +1s, +0s; n2 n3 n4 n5", Nodes: 1, Offset: 100 * time.Millisecond, needs: skews, single: true, Aim: Any, bouts: driftSome},

	{Name: "one-link", Summary: "the leader and one that does not lead do not see each other, and both see all others",
		Picture: "n1 | n5, n2 n3 n4 see both", Nodes: 3, needs: cuts, single: true, plan: oneLink},
	{Name: "chain", Summary: "every node sees its two neighbours alone, and those at the ends one", Picture: "n1 - n2 - n3 - n4 - n5",
		Nodes: 4, needs: cuts, single: true, plan: chain},
	{Name: "star", Summary: "one node that does not lead sees all others, which do not see each other", Picture: "n1 - n5 - n2, n3 and n4 as n1 and n2",
		Nodes: 3, needs: cuts, single: true, plan: star},
	{Name: "random-links", Summary: "each two nodes see each other or do not, by chance", Picture: "n1 - n2 | n3 - n4 - n5, by chance",
		Nodes: 3, needs: cuts, single: true, plan: randomLinks},
	{Name: "primaries-alone", Summary: "the leader is alone, and a little later who leads then too, up to a minority; then all see each other again",
		Picture: "n1 | n2 | n3 n4 n5, one after another", Nodes: 3, needs: cuts, single: true, bouts: primariesAlone},
	{Name: "clients-cut-off", Summary: "the nodes see each other, and half of the clients see no node, not even their own",
		Picture: "n1 n2 n3 n4 n5 c3 c4 c5 | c1 | c2", Nodes: 1, needs: cuts, single: true, Aim: Minority, plan: clientsCutOff},
	{Name: "clients-miss-leader", Summary: "the nodes see each other, and no client sees the leader", Picture: "n1 | c1 c2 c3 c4 c5, n2 n3 n4 n5 see all",
		Nodes: 1, needs: cuts, single: true, Aim: TheLeader, plan: clientsMiss},
	{Name: "rolling-restart", Summary: "one node after another is killed for a second and started again, two seconds apart",
		Picture: "(n1 down) n2 n3 n4 n5, each in its turn", Nodes: 1, needs: kills, single: true, Aim: All, bouts: roll},
	{Name: "crash-loop", Summary: "the leader is killed, and again and again half a second after it was started",
		Picture: "(n1 down) n2 n3 n4 n5, again and again",
		Nodes:   1, Usual: 10 * time.Second, Period: 500 * time.Millisecond, needs: kills, single: true, steady: true, Aim: TheLeader, plan: kill},
	{Name: "kill-during-write", Summary: "the leader is killed in the midst of a sync, which leaves what it wrote torn at any byte; started again at the end",
		Picture: "(n1 torn) n2 n3 n4 n5", Nodes: 1, Usual: 5 * time.Second, needs: []Ability{KillWriters}, single: true,
		Aim: TheLeader, plan: killWriting},
	{Name: "slow-node", Summary: "the leader's processor is slow: half a millisecond passes before each message, timer or sync is taken up",
		Picture: "(n1 slow) n2 n3 n4 n5", Nodes: 1, Usual: 10 * time.Second, Drag: 500 * time.Microsecond, needs: []Ability{SlowNodes}, single: true,
		Aim: TheLeader, plan: slowDown},
	{Name: "slow-sync", Summary: "each sync of the leader's disk takes 50 ms longer", Picture: "(n1 slow) n2 n3 n4 n5, its disk",
		Nodes: 1, Usual: 10 * time.Second, Drag: 50 * time.Millisecond, needs: []Ability{SlowDisks}, single: true, Aim: TheLeader, plan: slowSync},
	{Name: "failing-sync", Summary: "the leader's disk fails at each sync; a node that ends of it is started again when the disk is well at the end",
		Picture: "(n1 failing) n2 n3 n4 n5", Nodes: 1, Usual: 10 * time.Second, needs: []Ability{FailDisks}, single: true, Aim: TheLeader, plan: failSync},
	{Name: "bit-flip", Summary: "a node that does not lead is killed, and finds a bit of its log or snapshot turned around, until the bit is mended at the end",
		Picture: "n1 n2 n3 n4 (n5 damaged)", Nodes: 2, Usual: 10 * time.Second, needs: []Ability{KillNodes, DamageDisks}, single: true,
		Aim: OneFollower, bouts: flipBit},
	{Name: "lost-disk", Summary: "a node that does not lead is killed, and finds its disk empty: nothing is promised then",
		Picture: "n1 n2 n3 n4 (n5 empty)", Nodes: 2, Usual: 5 * time.Second, Harms: true, needs: []Ability{KillNodes, SwapDisks}, single: true,
		Aim: OneFollower, plan: loseDisk},
	{Name: "old-disk", Summary: "a node that does not lead is killed, and finds its disk as it was some time ago: nothing is promised then",
		Picture: "n1 n2 n3 n4 (n5 old)", Nodes: 2, Usual: 10 * time.Second, Harms: true, needs: []Ability{KillNodes, SwapDisks}, single: true,
		Aim: OneFollower, bouts: oldDisk},

	{Name: "remove-member", Summary: "one node that does not lead is no member any more, and runs on; at the end it is let in again",
		Picture: "n1 n2 n3 n4 (n5 outside)", Nodes: 3, needs: []Ability{MoveMembers}, single: true, Aim: OneFollower, plan: removeMember},
	{Name: "add-member", Summary: "one node that does not lead is down and no member; after a third of the time it starts, after another it is let in",
		Picture: "n1 n2 n3 n4 (n5 down), then (n5 outside), then n5", Nodes: 3,
		needs: []Ability{MoveMembers, KillNodes}, single: true, Aim: OneFollower, bouts: addMember},
	{Name: "replace-member", Summary: "one node that does not lead is killed and its disk gone for good; another member with an empty disk comes in its place",
		Picture: "n1 n2 n3 n4 (n5 empty), another by its name", Nodes: 3, Usual: 15 * time.Second,
		needs: []Ability{KillNodes, RenewMembers}, single: true, Aim: OneFollower, bouts: replaceMember},
}

// MovesMembers tells whether a fault of a schedule changes who is to be a member.
func MovesMembers(faults []Fault) bool {
	return slices.ContainsFunc(faults, func(f Fault) bool {
		kind, err := Find(f.Kind)
		return err == nil && slices.ContainsFunc(kind.needs, Ability.OfMembers)
	})
}

// Harmful tells whether a fault of a schedule takes back what a disk has promised to keep.
func Harmful(faults []Fault) bool {
	return slices.ContainsFunc(faults, func(f Fault) bool {
		kind, err := Find(f.Kind)
		return err == nil && kind.Harms
	})
}
