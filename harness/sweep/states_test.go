package sweep

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/history"
	"cleave/systems/apregistry"
	"cleave/world"
)

// A change of the members counts once, whoever tells of it and however often; what a node finds when it starts is none, and a
// learner has not taken a place yet.
func TestStatesOfMembers(t *testing.T) {
	h := &history.History{Run: history.Run{Nodes: []string{"n1", "n2", "n3"}, Quorum: 2}}
	said := func(node, detail string) {
		h.Events = append(h.Events, history.Event{Type: history.NoteEvent, Note: &history.Note{Node: node, Kind: "members", Detail: detail}})
	}
	said("n1", "at 10: n1 n2")
	said("n2", "at 10: n1 n2")
	said("n1", "at 12: n1 n2, learning n3.1")
	require.Equal(t, map[string]int{stateMembers: 2}, statesOf(h))
	said("n1", "at 15: n1 n2 n3.1")
	said("n3", "by 15: n1 n2 n3.1")
	said("n2", "at 12: n1 n2, learning n3.1")
	said("n2", "at 15: n1 n2 n3.1")
	require.Equal(t, map[string]int{stateMembers: 3, stateReplaced: 1}, statesOf(h))
	said("n1", "at 20: n2 n3.1")
	said("n1", "at 25: n1 n2 n3.1")
	require.Equal(t, map[string]int{stateMembers: 5, stateReplaced: 1}, statesOf(h))
}

// What a program does is not said of a disk.
func TestStatesOfPrograms(t *testing.T) {
	h := &history.History{Run: history.Run{Nodes: []string{"n1"}, Quorum: 1}}
	for _, kind := range []string{"exit", "halt"} {
		h.Events = append(h.Events, history.Event{Type: history.NoteEvent, Note: &history.Note{Node: "n1", Kind: kind, Detail: "exited with status 2"}})
	}
	states := statesOf(h)
	require.Equal(t, map[string]int{stateExit: 1, stateHalt: 1}, states)
	require.NotContains(t, stateHalt+stateExit, "disk")
}

// The quorum lost with everybody a member is another state than the quorum lost with one out.
func TestStateOfTheQuorumWithAMemberOut(t *testing.T) {
	h := &history.History{Run: history.Run{Nodes: []string{"n1", "n2", "n3"}, Quorum: 2}}
	lost := history.Fault{Kind: "kill-leader", Stage: history.FaultStart, Leader: "n1", Quorum: "lost"}
	h.Events = []history.Event{{Type: history.FaultEvent, Fault: &lost}}
	require.Equal(t, map[string]int{stateQuorumLost: 1}, statesOf(h))
	lost.After.Out = []string{"n3"}
	require.Equal(t, map[string]int{stateQuorumLost: 1, stateOutLost: 1}, statesOf(h))
}

// A sweep of the suite everything must have changed who is a member, and the kind replace-member does all of that.
func TestMembersMustChangeSometimes(t *testing.T) {
	plan := harness.DefaultPlan()
	plan.Faults = "everything"
	record := fresh(t, plan, 1, 500, nil)
	record.Valid = 500
	missing := func() (states []string) {
		for _, one := range record.Never() {
			states = append(states, one.State)
		}
		return states
	}
	require.Subset(t, missing(), []string{stateMembers, stateReplaced, stateOutLost})
	reached := fresh(t, short(), 1, 3, nil)
	reached.Plan.Faults = "replace-member"
	run1(t, wired(nil), reached, Bounds{})
	require.Positive(t, reached.reached(stateMembers))
	require.Positive(t, reached.reached(stateReplaced))
	record.States = addStates(record.States, reached.States)
	require.NotContains(t, missing(), stateMembers)
	require.NotContains(t, missing(), stateReplaced)
}

// A peer that is dropped and one that is let in again are a change each, and only the latter gives a node one again; a node
// that preserves itself does so while a peer is out, or not.
func TestStatesOfPeers(t *testing.T) {
	h := &history.History{Run: history.Run{Nodes: []string{"n1", "n2", "n3"}, Quorum: 1}}
	said := func(node, kind, detail string) {
		h.Events = append(h.Events, history.Event{Type: history.NoteEvent, Note: &history.Note{Node: node, Kind: kind, Detail: detail}})
	}
	moved := func(stage history.Stage, out ...string) {
		h.Events = append(h.Events, history.Event{Type: history.FaultEvent, Fault: &history.Fault{Kind: "remove-member", Stage: stage,
			After: history.Connectivity{Out: out}}})
	}
	said("n1", "self-preservation", "entered expected=9")
	require.Equal(t, map[string]int{statePreserving: 1}, statesOf(h))
	moved(history.FaultStart, "n3")
	said("n1", "peers", "n2")
	said("n3", "peers", "")
	said("n1", "self-preservation", "left expected=6")
	require.Equal(t, map[string]int{statePreserving: 1, statePreserved: 1, statePeers: 2}, statesOf(h))
	said("n1", "self-preservation", "entered expected=6")
	moved(history.FaultEnd)
	said("n1", "peers", "n2 n3")
	said("n3", "self-preservation", "entered expected=6")
	require.Equal(t, map[string]int{statePreserving: 3, statePreserved: 1, statePreservingOut: 1, statePeers: 3, statePeerBack: 1}, statesOf(h))
}

// A sweep of a registry must have dropped peers and let them in again, and the kind remove-member does so.
func TestPeersMustChangeSometimes(t *testing.T) {
	wiring := wired(nil)
	wiring.Systems = func(harness.Plan) []world.System {
		return []world.System{apregistry.System(apregistry.ProfileOptions(apregistry.Netflix).Scaled(30))}
	}
	reached := fresh(t, short(), 1, 3, nil)
	reached.Plan.System, reached.Plan.Workload, reached.Plan.Faults = "apregistry", "convergence", "remove-member"
	run1(t, wiring, reached, Bounds{})
	for _, suite := range []string{"everything", "membership"} {
		plan := harness.DefaultPlan()
		plan.System, plan.Workload, plan.Faults = "apregistry", "convergence", suite
		record := fresh(t, plan, 1, 500, nil)
		record.Valid = 500
		never := func() (states []string) {
			for _, one := range record.Never() {
				states = append(states, one.State)
			}
			return states
		}
		require.Subset(t, never(), []string{statePeers, statePeerBack, statePreservingOut})
		record.States = addStates(record.States, reached.States)
		require.NotContains(t, never(), statePeers)
		require.NotContains(t, never(), statePeerBack)
	}
}
