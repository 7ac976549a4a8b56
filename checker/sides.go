package checker

import (
	"slices"
	"strings"

	"cleave/history"
)

// Side is where a client stands in a partition.
type Side string

// The sides. A client stands on exactly one of the first three at every instant.
const (
	Majority Side = "majority" // it can reach, in both directions, a node of a group of more than half of all nodes that all reach each other
	Minority Side = "minority" // it can reach a node, but none of such a group
	CutOff   Side = "cut off"  // it can reach no node
	Changing Side = "changing" // of an operation during which its client's side changed
)

func (s Side) order() int {
	return slices.Index([]Side{"", Majority, Minority, CutOff, Changing}, s)
}

// stretch is a time in which nobody's reach changes.
type stretch struct {
	from, until history.Time // until is excluded; that of the last stretch is Forever
	reach       reach
}

// reach is who can reach whom: nodes by their position in Run.Nodes, only those that run.
type reach struct {
	nodes   []string
	up      []bool            // it runs, and its disk has room
	since   []history.Time    // when each node was last restarted, later by what it was paused since; the beginning of time if never
	paused  []bool            // it stands still
	mutual  [][]bool          // between nodes: both directions of the link pass, both nodes run and are to be members
	joined  [][]int           // the nodes that each is joined to, itself included, by way of others too
	sure    []bool            // it has always been to be a member, and so is one
	clients map[string][]bool // the nodes that may answer
	// hampered: messages are lost or late by a fault, so that nothing is owed in any time.
	hampered bool
}

// Sides is the connectivity of a run as time goes by.
type Sides struct {
	stretches []stretch
	starts    []history.Time
	sides     []standing
}

// standing is the side of every client.
type standing map[string]Side

// of is a client's side; one that the run does not know is cut off.
func (s standing) of(client string) Side {
	if side, known := s[client]; known {
		return side
	}
	return CutOff
}

// NewSides reads the connectivity from the fault events of a history: what a fault event says holds
// until the next one. A history without a "run" line has no nodes, and every client is cut off.
func NewSides(h *history.History) *Sides {
	s := &Sides{}
	last := history.Connectivity{}
	s.begin(h, beginning, last)
	for _, event := range h.Faults() {
		if after := event.Fault.After; !sameConnectivity(after, last) {
			last = after
			s.begin(h, event.Time, after)
		}
	}
	s.stretches[len(s.stretches)-1].until = history.Forever
	return s
}

// begin starts a stretch, in the place of one that had no length.
func (s *Sides) begin(h *history.History, at history.Time, state history.Connectivity) {
	r := reachOf(h.Run, state)
	r.since = s.startsOf(h.Run.Nodes, state, at)
	if count := len(s.stretches); count > 0 {
		for i, sure := range s.stretches[count-1].reach.sure {
			r.sure[i] = r.sure[i] && sure
		}
	}
	if count := len(s.stretches); count > 0 {
		if s.stretches[count-1].from == at {
			s.stretches, s.starts, s.sides = s.stretches[:count-1], s.starts[:count-1], s.sides[:count-1]
		} else {
			s.stretches[count-1].until = at
		}
	}
	s.stretches = append(s.stretches, stretch{from: at, reach: r})
	s.starts = append(s.starts, at)
	s.sides = append(s.sides, r.sides(len(h.Run.Nodes)/2+1))
}

// startsOf tells when each node was last restarted, if a state begins at an instant. What stands still does not go on booting: a
// node that is paused is taken to have been restarted so much later, and so has run for as long as is said here.
//
//	down |-- up --|== paused ==|------ up ------
//	     restarted     taken for |-- restarted here
func (s *Sides) startsOf(nodes []string, state history.Connectivity, at history.Time) []history.Time {
	starts := make([]history.Time, len(nodes))
	for i, node := range nodes {
		switch {
		case slices.Contains(state.Down, node), slices.Contains(state.Full, node), slices.Contains(state.Ailing, node):
			starts[i] = history.Forever
		case len(s.stretches) > 0:
			before := &s.stretches[len(s.stretches)-1]
			starts[i] = min(before.reach.since[i], at)
			if before.reach.paused[i] && starts[i] > beginning && starts[i] < at {
				starts[i] += at - max(before.from, starts[i])
			}
		default:
			starts[i] = beginning // the first boot of all is covered by Grace
		}
	}
	return starts
}

// At is the side of a client at an instant.
func (s *Sides) At(client string, at history.Time) Side {
	return s.sides[lastAtMost(s.starts, at)].of(client)
}

// During is the side of a client throughout an operation, from its invocation until the client gave
// up, or Changing.
func (s *Sides) During(operation history.Operation) Side {
	first, last := lastAtMost(s.starts, operation.Invoked), lastAtMost(s.starts, operation.GaveUp)
	side := s.sides[first].of(operation.Client)
	for i := first + 1; i <= last; i++ {
		if s.sides[i].of(operation.Client) != side {
			return Changing
		}
	}
	return side
}

// stretchAt is the stretch that an instant falls into.
func (s *Sides) stretchAt(at history.Time) *stretch { return &s.stretches[lastAtMost(s.starts, at)] }

// reachesRestarted tells whether a client can reach, at any time from one instant to another, a node that was restarted before.
func (s *Sides) reachesRestarted(client string, from, until history.Time) bool {
	for _, stretch := range s.stretches[lastAtMost(s.starts, from):] {
		for node, reached := range stretch.reach.clients[client] {
			if reached && stretch.reach.since[node] > beginning && stretch.from < until {
				return true
			}
		}
	}
	return false
}

func sameConnectivity(one, other history.Connectivity) bool {
	return slices.Equal(one.Cut, other.Cut) && slices.Equal(one.Down, other.Down) && slices.Equal(one.Paused, other.Paused) &&
		slices.Equal(one.Full, other.Full) && slices.Equal(one.Ailing, other.Ailing) && (one.Hampered > 0) == (other.Hampered > 0) &&
		slices.Equal(one.Out, other.Out)
}

// reachOf works out who can reach whom.
func reachOf(run history.Run, state history.Connectivity) reach {
	cut := make(map[history.Link]bool, len(state.Cut))
	for _, link := range state.Cut {
		cut[link] = true
	}
	passes := func(one, other string) bool {
		return !cut[history.Link{From: one, To: other}] && !cut[history.Link{From: other, To: one}]
	}
	r := reach{nodes: run.Nodes, up: make([]bool, len(run.Nodes)), sure: make([]bool, len(run.Nodes)),
		paused: make([]bool, len(run.Nodes)), clients: make(map[string][]bool, len(run.Clients)), hampered: state.Hampered > 0}
	full := make([]bool, len(run.Nodes))
	for i, node := range run.Nodes {
		r.paused[i] = slices.Contains(state.Paused, node)
		runs := !slices.Contains(state.Down, node) && !r.paused[i]
		full[i] = runs && (slices.Contains(state.Full, node) || slices.Contains(state.Ailing, node))
		r.up[i] = runs && !full[i]
		r.sure[i] = !slices.Contains(state.Out, node)
	}
	for i, one := range run.Nodes {
		row := make([]bool, len(run.Nodes))
		for j, other := range run.Nodes {
			row[j] = i != j && r.up[i] && r.up[j] && passes(one, other) && !slices.Contains(state.Out, one) && !slices.Contains(state.Out, other)
		}
		r.mutual = append(r.mutual, row)
	}
	r.joined = r.components()
	for _, placement := range run.Clients {
		row := make([]bool, len(run.Nodes))
		for i, node := range run.Nodes {
			row[i] = (r.up[i] || full[i]) && passes(placement.Client, node)
		}
		r.clients[placement.Client] = row
	}
	return r
}

// sides gives every client its side.
func (r reach) sides(majority int) standing {
	grouped := make([]bool, len(r.nodes))
	for i := range r.nodes {
		grouped[i] = r.up[i] && r.hasGroup(i, majority)
	}
	sides := make(standing, len(r.clients))
	// order does not matter: every client is judged by itself
	for client, row := range r.clients {
		sides[client] = CutOff
		for i, reached := range row {
			if reached && grouped[i] {
				sides[client] = Majority
				break
			}
			if reached {
				sides[client] = Minority
			}
		}
	}
	return sides
}

// hasGroup tells whether a node is in a group of a size, all of which reach each other.
func (r reach) hasGroup(node, size int) bool {
	var candidates []int
	for other := range r.nodes {
		if r.mutual[node][other] {
			candidates = append(candidates, other)
		}
	}
	return r.clique(candidates, size-1)
}

// clique tells whether a number of the candidates all reach each other. It tries; clusters are small.
func (r reach) clique(candidates []int, size int) bool {
	if size <= 0 {
		return true
	}
	for i, first := range candidates {
		if len(candidates)-i < size {
			return false
		}
		var rest []int
		for _, other := range candidates[i+1:] {
			if r.mutual[first][other] {
				rest = append(rest, other)
			}
		}
		if r.clique(rest, size-1) {
			return true
		}
	}
	return false
}

// components gives each node its component, which its nodes share.
func (r reach) components() [][]int {
	all := make([][]int, len(r.nodes))
	for node := range r.nodes {
		if all[node] == nil {
			found := r.component(node)
			for _, member := range found {
				all[member] = found
			}
		}
	}
	return all
}

// component are the nodes that a node is joined to, itself included, by way of others too.
func (r reach) component(node int) []int {
	seen := make([]bool, len(r.nodes))
	seen[node] = true
	found := []int{node}
	for i := 0; i < len(found); i++ {
		for other, joined := range r.mutual[found[i]] {
			if joined && !seen[other] {
				seen[other] = true
				found = append(found, other)
			}
		}
	}
	slices.Sort(found)
	return found
}

// whole tells whether nodes all reach each other.
func (r reach) whole(nodes []int) bool {
	for i, one := range nodes {
		for _, other := range nodes[i+1:] {
			if !r.mutual[one][other] {
				return false
			}
		}
	}
	return true
}

// names are the names of nodes: "n1, n2".
func (r reach) names(nodes []int) string {
	names := make([]string, len(nodes))
	for i, node := range nodes {
		names[i] = r.nodes[node]
	}
	return strings.Join(names, ", ")
}
