package conformance

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"cleave/history"
	"cleave/internal/link"
	"cleave/world"
	"cleave/world/sim"

	"github.com/stretchr/testify/require"
)

// Worlds with one thing wrong each.
type (
	cutsNothing    struct{ world.World }
	cutsBothWays   struct{ world.World }
	cutsOnce       struct{ once }
	countsNoDrops  struct{ world.World }
	disturbsNobody struct{ world.World }
	calmsNobody    struct{ world.World }
	killsByPausing struct{ world.World }
	killsOnce      struct{ once }
	losesNothing   struct{ world.World }
	pausesByKill   struct{ world.World }
	pausesOnce     struct{ once }
	losesNoDisk    struct{ world.World }
	keepsFirst     struct{ once }
	restoresNow    struct{ world.World }
	flipsNothing   struct{ world.World }
	mendsNothing   struct{ world.World }
	slowsNobody    struct{ world.World }
	slowsForever   struct{ world.World }
	skewsHalf      struct{ world.World }
	expelsOnce     struct{ once }
	renewsNobody   struct{ world.World }
	leadsForever   struct{ world.World }
	isLate         struct{ world.World }
	tellsNothing   struct{ world.World }
)

func (cutsNothing) Cut(string, string)                      {}
func (cutsNothing) Mend(string, string)                     {}
func (w cutsBothWays) Cut(from, to string)                  { w.World.Cut(from, to); w.World.Cut(to, from) }
func (w cutsBothWays) Mend(from, to string)                 { w.World.Mend(from, to); w.World.Mend(to, from) }
func (w cutsOnce) Cut(from, to string)                      { w.do(from+to, func() { w.World.Cut(from, to) }) }
func (w cutsOnce) Mend(from, to string)                     { w.undo(from+to, func() { w.World.Mend(from, to) }) }
func (countsNoDrops) Dropped(string, string) int64          { return 0 }
func (disturbsNobody) Disturb(string, string, link.Quality) {}
func (disturbsNobody) Calm(string, string, link.Quality)    {}
func (calmsNobody) Calm(string, string, link.Quality)       {}
func (w killsByPausing) Kill(node string)                   { w.Pause(node) }
func (w killsByPausing) Restart(node string)                { w.Resume(node) }
func (w killsOnce) Kill(node string)                        { w.do(node, func() { w.World.Kill(node) }) }
func (w killsOnce) Restart(node string)                     { w.undo(node, func() { w.World.Restart(node) }) }
func (w losesNothing) PowerOff(node string)                 { w.Cut(node, "c2"); w.Cut("c2", node) }
func (w losesNothing) PowerOn(node string)                  { w.Mend(node, "c2"); w.Mend("c2", node) }
func (w pausesByKill) Pause(node string)                    { w.Kill(node) }
func (w pausesByKill) Resume(node string)                   { w.Restart(node) }
func (w pausesOnce) Pause(node string)                      { w.do(node, func() { w.World.Pause(node) }) }
func (w pausesOnce) Resume(node string)                     { w.undo(node, func() { w.World.Resume(node) }) }
func (losesNoDisk) LoseDisk(string)                         {}
func (w keepsFirst) KeepDisk(node string)                   { w.do(node, func() { w.World.KeepDisk(node) }) }
func (w restoresNow) RestoreDisk(node string)               { w.World.KeepDisk(node) }
func (flipsNothing) FlipBit(string, uint64)                 {}
func (flipsNothing) MendBit(string)                         {}
func (mendsNothing) MendBit(string)                         {}
func (slowsNobody) Slow(string, time.Duration)              {}
func (w slowsForever) Slow(node string, by time.Duration)   { w.World.Slow(node, max(by, 0)) }
func (w skewsHalf) Skew(node string, by time.Duration)      { w.World.Skew(node, by/2) }
func (w expelsOnce) Expel(node string)                      { w.do(node, func() { w.World.Expel(node) }) }
func (w expelsOnce) Admit(node string)                      { w.undo(node, func() { w.World.Admit(node) }) }
func (w renewsNobody) Renew(node string)                    { w.LoseDisk(node) }
func (leadsForever) Leader() string                         { return "n2" }
func (w isLate) At(at history.Time, action func())          { w.World.At(at+history.Time(time.Second), action) }
func (tellsNothing) OnNote(func(history.Note))              {}

// once is a world whose faults do not count.
type once struct {
	world.World
	done map[string]bool
}

func (o once) do(what string, fault func()) {
	if !o.done[what] {
		o.done[what] = true
		fault()
	}
}

func (o once) undo(what string, end func()) {
	if o.done[what] {
		o.done[what] = false
		end()
	}
}

// Each world with something wrong fails the case that is there for it, which a right world passes.
func TestWrongWorldsAreNoticed(t *testing.T) {
	for i, wrong := range []struct {
		of   func(world.World) world.World
		play func(*stage)
	}{
		{func(w world.World) world.World { return cutsNothing{w} }, cutStopsBothWays},
		{func(w world.World) world.World { return cutsNothing{w} }, clientCutOff},
		{func(w world.World) world.World { return cutsBothWays{w} }, cutOfOneWay},
		{func(w world.World) world.World { return cutsOnce{newOnce(w)} }, cutsCount},
		{func(w world.World) world.World { return countsNoDrops{w} }, cutStopsBothWays},
		{func(w world.World) world.World { return disturbsNobody{w} }, latencyIsAdded},
		{func(w world.World) world.World { return disturbsNobody{w} }, bandwidthHolds},
		{func(w world.World) world.World { return calmsNobody{w} }, latencyIsAdded},
		{func(w world.World) world.World { return killsByPausing{w} }, killResets},
		{func(w world.World) world.World { return killsOnce{newOnce(w)} }, killsCount},
		{func(w world.World) world.World { return losesNothing{w} }, powerLoses},
		{func(w world.World) world.World { return pausesByKill{w} }, pauseKeepsConnections},
		{func(w world.World) world.World { return pausesOnce{newOnce(w)} }, pausesCount},
		{func(w world.World) world.World { return losesNoDisk{w} }, lostDisk},
		{func(w world.World) world.World { return keepsFirst{newOnce(w)} }, oldDisk},
		{func(w world.World) world.World { return restoresNow{w} }, oldDisk},
		{func(w world.World) world.World { return flipsNothing{w} }, damagedDisk},
		{func(w world.World) world.World { return mendsNothing{w} }, damagedDisk},
		{func(w world.World) world.World { return slowsNobody{w} }, slowNode},
		{func(w world.World) world.World { return slowsForever{w} }, slowNode},
		{func(w world.World) world.World { return skewsHalf{w} }, clocksMove},
		{func(w world.World) world.World { return expelsOnce{newOnce(w)} }, membersAreTold},
		{func(w world.World) world.World { return renewsNobody{w} }, membersAreReplaced},
		{func(w world.World) world.World { return leadsForever{w} }, highestTermLeads},
		{func(w world.World) world.World { return isLate{w} }, actionsComeInOrder},
		{func(w world.World) world.World { return tellsNothing{w} }, notesArrive},
	} {
		right := sim.New(sim.DefaultOptions(uint64(i)))
		name := fmt.Sprintf("%T", wrong.of(right))
		require.Empty(t, failures(t, right, wrong.play), name)
		require.NotEmpty(t, failures(t, wrong.of(sim.New(sim.DefaultOptions(uint64(i)))), wrong.play), name)
	}
}

func newOnce(w world.World) once { return once{w, map[string]bool{}} }

// failures plays a case and gives what it says against the world.
func failures(t *testing.T, w world.World, play func(*stage)) []string {
	t.Helper()
	notes, err := populate(w)
	require.NoError(t, err)
	judge := &judge{}
	over := make(chan struct{})
	go func() {
		defer close(over) // also when the case fails, which ends this goroutine
		s := &stage{t: judge, world: w, notes: notes}
		s.settle()
		play(s)
	}()
	<-over
	for i := len(judge.cleanups) - 1; i >= 0; i-- {
		judge.cleanups[i]()
	}
	return judge.said
}

// judge stands in for a *testing.T.
type judge struct {
	said     []string
	cleanups []func()
}

func (j *judge) Helper()               {}
func (j *judge) FailNow()              { runtime.Goexit() }
func (j *judge) Cleanup(action func()) { j.cleanups = append(j.cleanups, action) }

func (j *judge) Errorf(format string, arguments ...any) {
	j.said = append(j.said, fmt.Sprintf(format, arguments...))
}

func (j *judge) Fatalf(format string, arguments ...any) {
	j.Errorf(format, arguments...)
	j.FailNow()
}
