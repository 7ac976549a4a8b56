package checker

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// cluster is a run of five nodes with a client beside each.
func cluster() history.Run {
	run := history.Run{Quorum: 3, Nodes: []string{"n1", "n2", "n3", "n4", "n5"}}
	for i, client := range []string{"c1", "c2", "c3", "c4", "c5"} {
		run.Clients = append(run.Clients, history.Placement{Client: client, Host: run.Nodes[i]})
	}
	return run
}

// cuts are the links "a>b" one by one.
func cuts(links ...string) (cut []history.Link) {
	for _, text := range links {
		var link history.Link
		if err := link.UnmarshalText([]byte(text)); err != nil {
			panic(err)
		}
		cut = append(cut, link)
	}
	return cut
}

// apart are the links between two groups, both directions.
func apart(group, others []string) (cut []history.Link) {
	for _, one := range group {
		for _, other := range others {
			cut = append(cut, history.Link{From: one, To: other}, history.Link{From: other, To: one})
		}
	}
	return cut
}

// withFault is a history with one change of connectivity at 1 s, undone at 2 s.
func withFault(state history.Connectivity) *history.History {
	start := history.Event{Type: history.FaultEvent, Time: 1e9, Fault: &history.Fault{Stage: history.FaultStart, After: state}}
	end := history.Event{Type: history.FaultEvent, Time: 2e9, Fault: &history.Fault{Stage: history.FaultEnd}}
	return inOrder(cluster(), []history.Event{start, end})
}

func TestSides(t *testing.T) {
	left, right := []string{"n1", "n2", "c1", "c2"}, []string{"n3", "n4", "n5", "c3", "c4", "c5"}
	bridge := apart([]string{"n1", "n2", "c1", "c2"}, []string{"n4", "n5", "c4", "c5"})
	cases := map[string]struct {
		state history.Connectivity
		want  [5]Side // of c1 to c5
		must  [5]bool // be served, for a quorum of 3
	}{
		"all is well": {history.Connectivity{}, [5]Side{Majority, Majority, Majority, Majority, Majority}, [5]bool{true, true, true, true, true}},
		"two and three": {history.Connectivity{Cut: apart(left, right)},
			[5]Side{Minority, Minority, Majority, Majority, Majority}, [5]bool{false, false, true, true, true}},
		// n3 reaches everybody, n1 and n2 not n4 and n5: two groups of three that overlap, no component
		// that is one group. Nothing is promised.
		"bridge": {history.Connectivity{Cut: bridge}, [5]Side{Majority, Majority, Majority, Majority, Majority}, [5]bool{}},
		"one down": {history.Connectivity{Down: []string{"n1"}},
			[5]Side{Majority, Majority, Majority, Majority, Majority}, [5]bool{true, true, true, true, true}},
		"three down": {history.Connectivity{Down: []string{"n1", "n2"}, Paused: []string{"n3"}},
			[5]Side{Minority, Minority, Minority, Minority, Minority}, [5]bool{}},
		"a client alone": {history.Connectivity{Cut: apart([]string{"c1"}, cluster().Nodes)},
			[5]Side{CutOff, Majority, Majority, Majority, Majority}, [5]bool{false, true, true, true, true}},
		// Half a link is no link: c1 hears nobody.
		"one way": {history.Connectivity{Cut: cuts("n1>c1", "n2>c1", "n3>c1", "n4>c1", "n5>c1")},
			[5]Side{CutOff, Majority, Majority, Majority, Majority}, [5]bool{false, true, true, true, true}},
		"one way between nodes": {
			history.Connectivity{Cut: cuts("n1>n2", "n1>n3", "n1>n4", "n1>n5", "c1>n2", "c1>n3", "c1>n4", "c1>n5")},
			[5]Side{Minority, Majority, Majority, Majority, Majority}, [5]bool{false, true, true, true, true}},
		"all down": {history.Connectivity{Down: cluster().Nodes}, [5]Side{CutOff, CutOff, CutOff, CutOff, CutOff}, [5]bool{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			sides := NewSides(withFault(c.state))
			for i, placement := range cluster().Clients {
				require.Equal(t, c.want[i], sides.At(placement.Client, 1.5e9), placement.Client)
				require.Equal(t, Majority, sides.At(placement.Client, 0.5e9))
				require.Equal(t, Majority, sides.At(placement.Client, 2e9))
				group := sides.stretchAt(1.5e9).reach.mustServe(placement.Client, 3, 1.5e9)
				require.Equal(t, c.must[i], group != nil, placement.Client)
			}
		})
	}
}

func TestSideDuringAnOperation(t *testing.T) {
	h := withFault(history.Connectivity{Cut: apart([]string{"n1", "c1"}, []string{"n2", "n3", "n4", "n5", "c2", "c3", "c4", "c5"})})
	sides := NewSides(h)
	during := func(client string, from, until history.Time) Side {
		return sides.During(history.Operation{Client: client, Invoked: from, GaveUp: until})
	}
	require.Equal(t, Majority, during("c1", 0, 1e9-1))
	require.Equal(t, Changing, during("c1", 0, 1e9))
	require.Equal(t, Minority, during("c1", 1e9, 2e9-1))
	require.Equal(t, Changing, during("c1", 1e9, history.Forever))
	require.Equal(t, Majority, during("c2", 0, history.Forever), "the cut is not on its side")
	require.Equal(t, CutOff, during("nobody", 0, 1))
}
