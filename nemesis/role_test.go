package nemesis

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/golden"
	"cleave/internal/rng"
)

// Each role is whom it says, among five nodes of which n2 leads.
func TestRoles(t *testing.T) {
	for draw := range uint64(50) {
		whom := func(role Role) []string {
			m := &moment{run: five(), leader: "n2", random: rng.New(draw), target: role, usual: All}
			nodes, who := m.aimed()
			require.NotEmpty(t, who)
			require.True(t, slices.IsSorted(nodes))
			return nodes
		}
		leads := func(nodes []string) bool { return slices.Contains(nodes, "n2") }
		require.Equal(t, []string{"n2"}, whom(TheLeader))
		require.Equal(t, []string{"n1", "n3", "n4", "n5"}, whom(Followers))
		require.Len(t, whom(OneFollower), 1)
		require.False(t, leads(whom(OneFollower)))
		require.Len(t, whom(Any), 1)
		require.Len(t, whom(Majority), 3)
		require.True(t, leads(whom(Majority)))
		require.Len(t, whom(Minority), 2)
		require.True(t, leads(whom(Minority)))
		require.Len(t, whom(QuorumEdge), 2, "three are a quorum")
		require.False(t, leads(whom(QuorumEdge)))
		require.Len(t, whom(All), 5)
		require.Equal(t, []string{"n3", "n5"}, whom("n5, n3"))
		require.Len(t, whom(""), 5, "as usual")
	}
}

// Every kind that can be aimed can be aimed at everybody whom Validate lets through, leaves nothing behind, and
// hits just those.
func TestKindsHitWhomTheyAreAimedAt(t *testing.T) {
	for _, kind := range Catalogue {
		for _, role := range append(slices.Clone(Roles), "n1,n3") {
			fault := One(kind, 3, Window{10 * time.Second, 18 * time.Second})[0]
			fault.Target = role
			err := Validate([]Fault{fault}, 5)
			require.Equal(t, kind.Aim == "" || kind.parts && role == All, err != nil, "%s at %s: %v", kind.Name, role, err)
			if err != nil {
				continue
			}
			world := newTarget("n2")
			world.run([]Fault{fault}, five())
			for thing, count := range world.held {
				require.Zero(t, count, "%s at %s: %s is still held at the end", kind.Name, role, thing)
			}
			if role == "n1,n3" && kind.Name != "rolling-restart" { // one after the other
				require.Contains(t, world.log.String(), "nodes [n1 n3]", kind.Name)
			}
		}
	}
}

// In the smallest clusters too, what Validate lets through hits somebody, and cuts those off whom it is to cut off.
func TestSmallClustersAreHit(t *testing.T) {
	for _, nodes := range []int{1, 2, 3} {
		run := five()
		run.Nodes, run.Clients, run.Quorum = run.Nodes[:nodes], run.Clients[:nodes], nodes/2+1
		for _, kind := range Catalogue {
			for _, role := range append(slices.Clone(Roles), "") {
				fault := One(kind, 3, Window{10 * time.Second, 18 * time.Second})[0]
				fault.Target = role
				if kind.Name == None || Validate([]Fault{fault}, nodes) != nil {
					continue
				}
				world := newTarget("n1")
				New(world, run, func(event history.Event) {
					if event.Fault.Stage == history.FaultStart {
						require.NotEmpty(t, event.Fault.Nodes, "%s at %q of %d", kind.Name, role, nodes)
						require.False(t, kind.parts && event.Fault.Links == 0, "%s at %q of %d", kind.Name, role, nodes)
					}
				}).Carry([]Fault{fault})
				world.pass()
			}
		}
	}
}

// Aims as a script that the reviewer reads.
func TestAimsAsAScript(t *testing.T) {
	world := newTarget("n2")
	seconds := func(n int) Duration { return Duration(time.Duration(n) * time.Second) }
	world.run([]Fault{
		{Kind: "isolate-leader", Start: seconds(1), Duration: seconds(1), Target: Minority},
		{Kind: "one-way-in", Start: seconds(3), Duration: seconds(1), Target: QuorumEdge},
		{Kind: "pause", Start: seconds(5), Duration: seconds(1), Target: Followers},
		{Kind: "kill-one", Start: seconds(7), Duration: seconds(1), Target: "n1,n3"},
		{Kind: "slow-sync", Start: seconds(9), Duration: seconds(1), Target: All},
	}, five())
	golden.Equal(t, "testdata/aims.txt", "# isolate-leader at a minority, one-way-in at the quorum's edge, pause at the followers,\n"+
		"# kill-one at n1 and n3, slow-sync at all\n"+world.log.String())
}

// As many are alone as have led, up to a minority; then all see each other again.
func TestPrimariesAlone(t *testing.T) {
	m := &moment{run: five(), leader: "n2", random: rng.New(1)}
	var sizes []int
	for m.round = range 4 {
		bouts := primariesAlone(m)
		m.past = bouts[0].effect.nodes
		sizes = append(sizes, len(m.past))
		s := state{run: five()}
		s.apply(&bouts[0].effect, 1)
		require.Equal(t, "kept", s.quorum())
		for _, node := range m.past {
			require.Equal(t, 1, s.sees(node))
		}
	}
	require.Equal(t, []int{1, 2, 1, 2}, sizes)
}

// Whatever is drawn, the leader misses somebody.
func TestRandomLinksHitTheLeader(t *testing.T) {
	for draw := range uint64(200) {
		e := randomLinks(&moment{run: five(), leader: "n2", random: rng.New(draw)})
		require.Contains(t, e.nodes, "n2")
	}
}

// However long it lasts, nothing is held at the end.
func TestHarmEndsAtAnyMoment(t *testing.T) {
	for _, kind := range []string{"bit-flip", "old-disk", "rolling-restart", "primaries-alone", "crash-loop"} {
		for length := range Duration(60) {
			world := newTarget("n2")
			world.run([]Fault{{Kind: kind, Start: 1, Duration: (length + 1) * 200_000_000, Draw: uint64(length), Period: 500_000_000}}, five())
			for thing, count := range world.held {
				require.Zero(t, count, "%s: %s is still held at the end", kind, thing)
			}
		}
	}
}
