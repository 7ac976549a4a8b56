package nemesis

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/golden"
)

// Whatever the schedule, over a whole run no more nodes than a minority are out of the membership or replaced; at
// the end everybody is a member.
func TestAMajorityIsAlwaysSpared(t *testing.T) {
	suite, found := FindSuite("membership")
	require.True(t, found)
	hit := map[string]int{}
	for seed := range uint64(300) {
		var faults []Fault
		for i := range uint64(3) {
			faults = append(faults, suite.Faults(3*seed+i, 5, middle, nil)...)
		}
		world, out := newTarget("n2"), map[string]bool{}
		New(world, five(), func(event history.Event) {
			for _, node := range event.Fault.After.Out {
				out[node] = true
			}
			kind, err := Find(event.Fault.Kind)
			require.NoError(t, err)
			if slices.ContainsFunc(kind.Needs(), Ability.OfMembers) && event.Fault.Stage == history.FaultStart {
				hit[event.Fault.Kind] += len(event.Fault.Nodes)
			}
		}).Carry(faults)
		world.pass()
		require.LessOrEqual(t, len(out), 2, "seed %d", seed)
		for thing, count := range world.held {
			require.Zero(t, count, "%s is still held at the end", thing)
		}
	}
	require.Len(t, hit, 3)
}

// Two faults that take the same member out: it is back when both are over. Of others named, none can be spared.
func TestOverlappingRemovalsCompose(t *testing.T) {
	world := newTarget("n2")
	seconds := func(n int) Duration { return Duration(time.Duration(n) * time.Second) }
	world.run([]Fault{
		{Kind: "remove-member", Start: seconds(1), Duration: seconds(5), Target: "n4"},
		{Kind: "remove-member", Start: seconds(2), Duration: seconds(2), Target: "n4,n5,n3"},
		{Kind: "replace-member", Start: seconds(3), Duration: seconds(4), Target: "n4"},
		{Kind: "remove-member", Start: seconds(8), Duration: seconds(1), Target: "n1"},
		{Kind: "add-member", Start: seconds(8), Duration: seconds(1), Target: TheLeader},
	}, five())
	for thing, count := range world.held {
		require.Zero(t, count, "%s is still held at the end", thing)
	}
	golden.Equal(t, "testdata/overlap-members.txt",
		"# remove-member of n4 from 1 to 6 s, of n4, n5 and n3 from 2 to 4 s, replace-member of n4 from 3 to 7 s,\n"+
			"# remove-member of n1 and add-member of the leader from 8 to 9 s\n"+world.log.String())
}
