package nemesis

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/golden"
	"cleave/internal/link"
	"cleave/internal/rng"
)

// target is a world in which n2 leads, that writes down what is done to it.
type target struct {
	now     history.Time
	plan    []planned
	log     *strings.Builder
	leader  string
	held    map[string]int
	dropped int64
}

type planned struct {
	at     history.Time
	action func()
}

func (t *target) At(at history.Time, action func()) { t.plan = append(t.plan, planned{at, action}) }
func (t *target) Now() history.Time                 { return t.now }
func (t *target) Leader() string                    { return t.leader }
func (t *target) Dropped(string, string) int64      { return t.dropped }
func (t *target) Cut(from, to string)               { t.hold(from+">"+to, 1) }
func (t *target) Mend(from, to string)              { t.hold(from+">"+to, -1) }
func (t *target) Kill(node string)                  { t.say("kill", node); t.hold("life of "+node, 1) }
func (t *target) Restart(node string)               { t.say("restart", node); t.hold("life of "+node, -1) }
func (t *target) Pause(node string)                 { t.say("pause", node); t.hold("run of "+node, 1) }
func (t *target) Resume(node string)                { t.say("resume", node); t.hold("run of "+node, -1) }
func (t *target) PowerOff(node string)              { t.say("power off", node); t.hold("power of "+node, 1) }
func (t *target) PowerOn(node string)               { t.say("power on", node); t.hold("power of "+node, -1) }
func (t *target) Fill(node string)                  { t.say("fill", node); t.hold("disk of "+node, 1) }
func (t *target) Drain(node string)                 { t.say("drain", node); t.hold("disk of "+node, -1) }
func (t *target) Disturbed(string, string) int64    { return 2 * t.dropped }
func (t *target) Disturb(from, to string, by link.Quality) {
	t.hold(fmt.Sprintf("quality of %s>%s %v", from, to, by), 1)
}
func (t *target) Calm(from, to string, by link.Quality) {
	t.hold(fmt.Sprintf("quality of %s>%s %v", from, to, by), -1)
}
func (t *target) Skew(node string, offset time.Duration) {
	t.say("skew", node, offset)
	t.hold("clock of "+node, int(offset/time.Millisecond))
}
func (t *target) KillWriting(node string, _ uint64) {
	t.say("kill writing", node)
	t.hold("life of "+node, 1)
	t.hold("writing of "+node, 0)
}
func (t *target) Slow(node string, pause time.Duration) {
	t.say("slow", node, pause)
	t.hold("speed of "+node, int(pause))
}
func (t *target) SlowSync(node string, longer time.Duration) {
	t.say("slow sync", node, longer)
	t.hold("syncs of "+node, int(longer))
}
func (t *target) FailSync(node string)          { t.say("fail sync", node); t.hold("failing of "+node, 1) }
func (t *target) MendSync(node string)          { t.say("mend sync", node); t.hold("failing of "+node, -1) }
func (t *target) FlipBit(node string, _ uint64) { t.say("flip bit", node); t.hold("bits of "+node, 1) }
func (t *target) MendBit(node string)           { t.say("mend bit", node); t.hold("bits of "+node, -1) }
func (t *target) LoseDisk(node string)          { t.say("lose disk", node); t.hold("swap of "+node, 0) }
func (t *target) KeepDisk(node string)          { t.say("keep disk", node); t.hold("swap of "+node, 0) }
func (t *target) RestoreDisk(node string)       { t.say("restore disk", node); t.hold("swap of "+node, 0) }
func (t *target) Expel(node string)             { t.say("expel", node); t.hold("seat of "+node, 1) }
func (t *target) Admit(node string)             { t.say("admit", node); t.hold("seat of "+node, -1) }
func (t *target) Renew(node string)             { t.say("renew", node); t.hold("name of "+node, 0) }
func (t *target) say(words ...any) {
	fmt.Fprintf(t.log, "%8.3f %s", t.now.Seconds(), fmt.Sprintln(words...))
}
func (t *target) hold(thing string, change int) { t.held[thing] += change }

// run carries a schedule out and writes down everything, in order.
func (t *target) run(faults []Fault, run history.Run) {
	New(t, run, func(event history.Event) {
		f := event.Fault
		fmt.Fprintf(t.log, "%8.3f %s %s: %s\n%17s nodes %v, links %d, dropped %d, quorum %s, leader %s (%s)\n", event.Time.Seconds(),
			f.Kind, f.Stage, f.Detail, "", f.Nodes, f.Links, f.Dropped, f.Quorum, f.Leader, f.LeaderSide)
		if f.Disturbed > 0 {
			fmt.Fprintf(t.log, "%17s disturbed links %d, touched %d\n", "", f.Disturbed, f.Touched)
		}
		for _, group := range f.Groups {
			fmt.Fprintf(t.log, "%17s together: %s\n", "", group)
		}
		fmt.Fprintf(t.log, "%17s after: %s\n", "", inWords(f.After))
	}).Carry(faults)
	t.pass()
}

// pass lets everything happen that is planned, in order.
func (t *target) pass() {
	for len(t.plan) > 0 { // what is done may plan more
		slices.SortStableFunc(t.plan, func(a, b planned) int { return int(a.at - b.at) })
		p := t.plan[0]
		t.plan = t.plan[1:]
		t.now = p.at
		t.dropped += 3
		p.action()
	}
}

// inWords shows who hears nothing of whom.
func inWords(c history.Connectivity) string {
	deaf := map[string][]string{}
	for _, link := range c.Cut {
		deaf[link.To] = append(deaf[link.To], link.From)
	}
	var words []string
	for to, from := range deaf {
		words = append(words, fmt.Sprintf("%s<-/-%s", to, strings.Join(from, ",")))
	}
	slices.Sort(words)
	state := fmt.Sprintf("%s; down %v; paused %v", strings.Join(words, " "), c.Down, c.Paused)
	if len(c.Full) > 0 {
		state += fmt.Sprintf("; full %v", c.Full)
	}
	if len(c.Out) > 0 {
		state += fmt.Sprintf("; out %v", c.Out)
	}
	if len(c.Ailing) > 0 {
		state += fmt.Sprintf("; ailing %v", c.Ailing)
	}
	if c.Hampered > 0 {
		state += fmt.Sprintf("; links hampered %d", c.Hampered)
	}
	return state
}

func five() history.Run {
	run := history.Run{Quorum: 3}
	for i := range 5 {
		run.Nodes = append(run.Nodes, fmt.Sprintf("n%d", i+1))
		run.Clients = append(run.Clients, history.Placement{Client: fmt.Sprintf("c%d", i+1), Host: fmt.Sprintf("n%d", i+1)})
	}
	return run
}

func newTarget(leader string) *target {
	return &target{log: &strings.Builder{}, leader: leader, held: map[string]int{}}
}

// Every kind of the catalogue, on five nodes with a client each, as a script that the reviewer reads.
func TestEveryKindAsAScript(t *testing.T) {
	for _, kind := range Catalogue {
		t.Run(kind.Name, func(t *testing.T) {
			world := newTarget("n2")
			world.run(One(kind, 1, Window{10 * time.Second, 18 * time.Second}), five())
			for thing, count := range world.held {
				require.Zero(t, count, "%s is still held at the end", thing)
			}
			golden.Equal(t, "testdata/"+kind.Name+".txt", "# "+kind.Summary+"\n"+world.log.String())
		})
	}
}

// Whenever it ends, nothing is held any more, and nothing comes after.
func TestRejoinCrashEndsAtAnyMoment(t *testing.T) {
	for length := range Duration(60) {
		world := newTarget("n2")
		world.run([]Fault{{Kind: "rejoin-crash", Start: 1, Duration: (length + 1) * 200_000_000, Draw: uint64(length)}}, five())
		for thing, count := range world.held {
			require.Zero(t, count, "%s is still held at the end", thing)
		}
		require.LessOrEqual(t, world.now, history.Time(1+(length+1)*200_000_000))
	}
}

// It takes turns: the leader, one that does not lead, the leader.
func TestRejoinCrashTakesTurns(t *testing.T) {
	for draw := range uint64(100) {
		m := &moment{run: five(), leader: "n2", random: rng.New(draw)}
		for m.round = range 4 {
			bouts := rejoinCrash(m)
			require.Len(t, bouts, 4)
			away, down := bouts[0].effect, bouts[2].effect
			require.Equal(t, away.nodes, down.kill)
			require.Equal(t, m.round%2 == 0, away.nodes[0] == "n2")
			require.GreaterOrEqual(t, bouts[0].lasts, 2*time.Second)
		}
	}
}

// What a kind says it needs is what it does to a world.
func TestKindsSayWhatTheyNeed(t *testing.T) {
	thing := map[Ability]string{KillNodes: "life of ", CutPower: "power of ", PauseNodes: "run of ", FillDisks: "disk of ",
		MoveClocks: "clock of ", DisturbLinks: "quality of ", KillWriters: "writing of ", SlowNodes: "speed of ", SlowDisks: "syncs of ",
		FailDisks: "failing of ", DamageDisks: "bits of ", SwapDisks: "swap of ", MoveMembers: "seat of ", RenewMembers: "name of "}
	for _, kind := range Catalogue {
		world, done := newTarget("n2"), map[Ability]bool{}
		world.run(One(kind, 1, Window{0, 30 * time.Second}), five())
		for held := range world.held {
			found := CutLinks
			for ability, prefix := range thing {
				if strings.HasPrefix(held, prefix) {
					found = ability
				}
			}
			done[found] = true
		}
		if done[KillWriters] {
			delete(done, KillNodes) // the same life
		}
		require.ElementsMatch(t, kind.Needs(), slices.Collect(maps.Keys(done)), kind.Name)
		require.Equal(t, len(kind.Needs()) > 0 && kind.Needs()[0] == DisturbLinks, kind.Quality != link.Quality{}, kind.Name)
	}
}

// Two disturbances of the same links: when one ends, the other stays, and its links still count.
func TestOverlappingDisturbancesCompose(t *testing.T) {
	world := newTarget("n2")
	seconds := func(n int) Duration { return Duration(time.Duration(n) * time.Second) }
	world.run([]Fault{
		{Kind: "loss", Start: seconds(1), Duration: seconds(5)},
		{Kind: "loss", Start: seconds(2), Duration: seconds(2)},
		{Kind: "duplicate", Start: seconds(3), Duration: seconds(1)},
		{Kind: "delay", Start: seconds(5), Duration: seconds(2)},
		{Kind: "full-disk", Start: seconds(5), Duration: seconds(4)},
		{Kind: "power-loss", Start: seconds(6), Duration: seconds(2)},
	}, five())
	for thing, count := range world.held {
		require.Zero(t, count, "%s is still held at the end", thing)
	}
	golden.Equal(t, "testdata/overlap-disturbances.txt", "# loss from 1 to 6 s and from 2 to 4 s, duplicate from 3 to 4 s, delay from 5 to 7 s,\n"+
		"# full-disk from 5 to 9 s, power-loss from 6 to 8 s\n"+world.log.String())
}

// However long it lasts, the clock is right in the end, and never further off than it may be.
func TestClockDriftEndsAtAnyMoment(t *testing.T) {
	for length := range Duration(60) {
		world := newTarget("n2")
		world.run([]Fault{{Kind: "clock-drift", Start: 1, Duration: (length + 1) * 200_000_000, Draw: uint64(length), Offset: Duration(time.Second)}}, five())
		for thing, count := range world.held {
			require.Zero(t, count, "%s is still held at the end", thing)
		}
	}
}

// Two faults that overlap: when one heals, what the other holds stays cut.
func TestOverlappingFaultsCompose(t *testing.T) {
	world := newTarget("n2")
	seconds := func(n int) Duration { return Duration(time.Duration(n) * time.Second) }
	world.run([]Fault{
		{Kind: "isolate-leader", Start: seconds(1), Duration: seconds(5)},
		{Kind: "shatter", Start: seconds(2), Duration: seconds(2)},
		{Kind: "kill-leader", Start: seconds(3), Duration: seconds(4)},
	}, five())
	golden.Equal(t, "testdata/overlap.txt", "# isolate-leader from 1 to 6 s, shatter from 2 to 4 s, kill-leader from 3 to 7 s\n"+world.log.String())
}

// Whatever the draw, a shape does what its name says.
func TestShapesKeepTheirWord(t *testing.T) {
	for draw := range uint64(200) {
		for _, nodes := range []int{3, 5, 7} {
			run := history.Run{Quorum: nodes/2 + 1}
			for i := range nodes {
				run.Nodes = append(run.Nodes, fmt.Sprintf("n%d", i+1))
			}
			for _, kind := range Catalogue {
				if nodes >= kind.Nodes {
					keepsItsWord(t, kind, run, draw)
				}
			}
		}
	}
}

func keepsItsWord(t *testing.T, kind Kind, run history.Run, draw uint64) {
	world := newTarget("n2")
	var started *history.Fault
	New(world, run, func(event history.Event) {
		if event.Fault.Stage == history.FaultStart {
			started = event.Fault
		}
	}).Carry([]Fault{{Kind: kind.Name, Duration: 1, Draw: draw, Offset: 1}})
	world.plan[0].action()
	switch kind.Name {
	case "halves-leader-minority", "halves-clients-across", "isolate-leader", "one-way-in", "one-way-out", "flapping":
		require.Equal(t, "minority", started.LeaderSide, "%s %v", kind.Name, started)
	case "flicker", "rejoin-crash":
		require.Equal(t, "minority", started.LeaderSide, "%s %v", kind.Name, started)
	case "halves-leader-majority", "isolate-one", "kill-one", "majorities-ring", "remove-member", "add-member", "replace-member":
		require.Equal(t, "majority", started.LeaderSide, "%s %v", kind.Name, started)
	case "kill-leader", "kill-all", "pause", "power-loss", "full-disk":
		require.Equal(t, "down", started.LeaderSide, "%s %v", kind.Name, started)
	}
	if slices.Contains([]string{"chain", "random-links"}, kind.Name) {
		return // whether a quorum is left depends
	}
	lost := slices.Contains([]string{"shatter", "kill-all", "bridge-crash", "power-loss"}, kind.Name)
	require.Equal(t, map[bool]string{true: "lost", false: "kept"}[lost], started.Quorum, "%s %v", kind.Name, started)
	if kind.Name != None {
		require.NotEmpty(t, started.Nodes, "%s hits nobody", kind.Name)
	}
}

// In a majorities ring every node sees a majority, and no two the same.
func TestMajoritiesRing(t *testing.T) {
	run := five()
	s := state{run: run}
	m := &moment{run: run, leader: "n1", random: rng.New(3)}
	e := majoritiesRing(m)
	s.apply(&e, 1)
	seen := map[string]bool{}
	for _, node := range run.Nodes {
		require.Equal(t, 3, s.sees(node))
		view := ""
		for _, other := range run.Nodes {
			if other == node || s.passes(node, other) {
				view += other
			}
		}
		require.False(t, seen[view], "two nodes see %s", view)
		seen[view] = true
	}
}

func TestWithoutALeaderANodeIsDrawn(t *testing.T) {
	world := newTarget("")
	world.run(One(Catalogue[4], 1, Window{0, time.Second}), five())
	require.Contains(t, world.log.String(), "nobody leads; it was drawn")
}

func TestValidateNamesTheFault(t *testing.T) {
	for _, bad := range []struct {
		fault Fault
		nodes int
		want  string
	}{
		{Fault{Kind: "isolate-laeder", Duration: 1}, 5, `the fault at 0s: unknown fault "isolate-laeder"; there are: none, halves-leader-minority`},
		{Fault{Kind: "isolate-leader"}, 5, "the fault at 0s: isolate-leader lasts 0s; it must last"},
		{Fault{Kind: "isolate-leader", Start: -1, Duration: 1}, 5, "the fault at -1ns: isolate-leader starts at -1ns, before the run"},
		{Fault{Kind: "flapping", Period: -1, Duration: 1}, 5, "the fault at 0s: flapping has the period -1ns; it cannot be negative"},
		{Fault{Kind: "majorities-ring", Duration: 1}, 3, "the fault at 0s: majorities-ring hits nobody with 3 nodes; it needs 5"},
		{Fault{Kind: "replace-member", Period: 1, Duration: 1}, 5, "the fault at 0s: replace-member does not go on and off"},
		{Fault{Kind: "remove-member", Offset: 1, Duration: 1}, 5, "the fault at 0s: remove-member moves no clocks"},
	} {
		err := Validate([]Fault{{Kind: "none", Duration: 1}, bad.fault}, bad.nodes)
		require.ErrorContains(t, err, bad.want)
	}
}

func TestRandomSchedulesAreLegalAndVaried(t *testing.T) {
	window := Window{10 * time.Second, 40 * time.Second}
	kinds := map[string]bool{}
	for seed := range uint64(500) {
		faults := Random(seed, 5, window)
		require.Equal(t, faults, Random(seed, 5, window))
		require.NoError(t, Validate(faults, 5))
		for _, fault := range faults {
			kinds[fault.Kind] = true
			require.GreaterOrEqual(t, time.Duration(fault.Start), window.Start)
			require.LessOrEqual(t, fault.End(), window.End)
		}
	}
	for _, kind := range Catalogue {
		require.Equal(t, kind.Name != None && !kind.single, kinds[kind.Name], kind.Name)
	}
}
