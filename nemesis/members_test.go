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
		{Kind: "remove-member", Start: seconds(2), Duration: seconds(2), Target: "n4,n3"},
		{Kind: "replace-member", Start: seconds(3), Duration: seconds(4), Target: "n4"},
		{Kind: "remove-member", Start: seconds(8), Duration: seconds(1), Target: "n1"},
		{Kind: "add-member", Start: seconds(8), Duration: seconds(1), Target: TheLeader},
	}, five())
	for thing, count := range world.held {
		require.Zero(t, count, "%s is still held at the end", thing)
	}
	golden.Equal(t, "testdata/overlap-members.txt",
		"# remove-member of n4 from 1 to 6 s, of n4 and n3 from 2 to 4 s, replace-member of n4 from 3 to 7 s,\n"+
			"# remove-member of n1 and add-member of the leader from 8 to 9 s\n"+world.log.String())
}

// Of nodes that a schedule names, all are hit or nobody is; of a role as many as can be spared, and it is told who is not.
func TestNamedMembersAreAllHitOrNobodyIs(t *testing.T) {
	for _, c := range []struct {
		before, target Role
		hit            int
		told           string
	}{
		{"n4", "n4,n5", 2, "n4 n5 are"},
		{"n4", "n4,n5,n3", 0, "nobody is hit: without n3 n4 n5 fewer than a majority"},
		{"n4", "n1,n3", 0, "nobody is hit: without n1 n3 fewer than a majority"},
		{"n1", "n1,n2,n3", 0, "nobody is hit: without n1 n2 n3 fewer than a majority"},
		{"n1", "n1,n2,n3,n4,n5", 0, "nobody is hit: without n1 n2 n3 n4 n5 fewer than a majority"},
		{"n1", All, 2, "n1 n2 (n3 n4 n5 are spared) are"},
		{"n3", Followers, 2, "n1 n3 (n4 n5 are spared) are"},
	} {
		for _, kind := range []string{"remove-member", "add-member", "replace-member"} {
			var told *history.Fault
			world := newTarget("n2")
			New(world, five(), func(event history.Event) {
				if event.Fault.ID == 1 && event.Fault.Stage == history.FaultStart {
					told = event.Fault
				}
			}).Carry([]Fault{
				{Kind: "remove-member", Start: 1, Duration: Duration(time.Second), Target: c.before},
				{Kind: kind, Start: Duration(2 * time.Second), Duration: Duration(9 * time.Second), Target: c.target},
			})
			world.pass()
			require.Len(t, told.Nodes, c.hit, "%s of %s", kind, c.target)
			require.Contains(t, told.Detail, c.told, "%s of %s", kind, c.target)
		}
	}
}
