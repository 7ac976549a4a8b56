package conformance

import (
	"slices"
	"testing"

	"cleave/history"
	"cleave/internal/conformance/probe"
	"cleave/world"

	"github.com/stretchr/testify/require"
)

// Need is what cases want of their world besides what every world has.
type Need struct {
	// PowerLoss is a disk that loses what was not synced when the power fails.
	PowerLoss bool
}

// Make gives an empty world, or skips the test with a reason if this machine has none of this kind.
type Make func(t *testing.T, need Need) world.World

// Run puts worlds through all cases, as sub-tests. It makes two, one after the other, and closes them.
func Run(t *testing.T, make Make) {
	t.Run("ordinary", func(t *testing.T) { play(t, make, Need{}, ordinary) })
	t.Run("power", func(t *testing.T) { play(t, make, Need{PowerLoss: true}, power) })
}

// RunWithout puts a world through the cases for any world, but for some that it cannot be put through, by their names.
func RunWithout(t *testing.T, make Make, lacking ...string) {
	left := slices.DeleteFunc(slices.Clone(ordinary), func(each scene) bool { return slices.Contains(lacking, each.name) })
	require.Len(t, left, len(ordinary)-len(lacking), "cases that are left out are cases")
	play(t, make, Need{}, left)
}

// scene is a case: it finds the world in order, and leaves it so.
type scene struct {
	name string
	play func(*stage)
}

// ordinary are the cases for any world.
var ordinary = []scene{
	{"actions come in order and time goes on", actionsComeInOrder},
	{"requests reach any node", requestsReachAnyNode},
	{"a cut stops both ways and others go on", cutStopsBothWays},
	{"a short cut only delays", shortCutOnlyDelays},
	{"a cut of one way lets the other pass", cutOfOneWay},
	{"cuts count", cutsCount},
	{"a client can be cut off alone", clientCutOff},
	{"latency is added and taken away", latencyIsAdded},
	{"connections stay whole whatever happens to messages", connectionsStayWhole},
	{"bandwidth holds", bandwidthHolds},
	{"a kill resets connections at once", killResets},
	{"kills count", killsCount},
	{"a restart knows what was synced", restartKnows},
	{"a pause keeps connections", pauseKeepsConnections},
	{"pauses count", pausesCount},
	{"a full disk takes no more, and recovers", fullDisk},
	{"a lost disk is empty", lostDisk},
	{"a copy of a disk comes back", oldDisk},
	{"a bit turned around is found, unless it is mended", damagedDisk},
	{"a slow node takes long", slowNode},
	{"clocks are moved and put right", clocksMove},
	{"who is a member is told to all", membersAreTold},
	{"a member is replaced, and all know", membersAreReplaced},
	{"notes arrive in order", notesArrive},
	{"the leader of the highest term leads", highestTermLeads},
}

// power are the cases for worlds whose disks lose what was not synced.
var power = []scene{
	{"a loss of power loses what was not synced", powerLoses},
	{"it counts with kills", powerCounts},
	{"such a disk is lost too", lostDisk},
	{"and comes back as it was", oldDisk},
	{"and is damaged", damagedDisk},
}

// play has one world go through some cases. One that cannot find it in order ends them all: it would
// take the others a minute each to find out the same.
func play(t *testing.T, make Make, need Need, scenes []scene) {
	before := count()
	w := make(t, need)
	open := true
	t.Cleanup(func() {
		if open {
			_ = w.Close() // the test has failed already
		}
	})
	notes, err := populate(w)
	require.NoError(t, err)
	for _, each := range scenes {
		order := false
		t.Run(each.name, func(t *testing.T) {
			s := &stage{t: t, world: w, notes: notes}
			s.settle()
			order = true
			each.play(s)
		})
		if !order {
			t.Fatalf("the world is not in order before %q: this and what comes after it is left out", each.name)
		}
	}
	open = false
	require.NoError(t, w.Close())
	leavesNothing(t, before)
}

// populate brings everybody up, and keeps what they note.
func populate(w world.World) (notes *[]history.Note, err error) {
	notes = new([]history.Note)
	w.OnNote(func(note history.Note) { *notes = append(*notes, note) })
	if err := w.Populate(probe.System(), world.Cluster{Nodes: nodes}, clients); err != nil {
		return nil, err
	}
	return notes, w.Run(w.Now() + 1) // only now do clients start
}
