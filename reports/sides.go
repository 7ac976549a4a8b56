package reports

import (
	"slices"
	"sort"

	"cleave/history"
)

// sides tells on which side of the faults a client was at any time.
type sides struct {
	from []history.Time
	side []map[string]string // by client, from each time on
}

func newSides(h *history.History) sides {
	s := sides{from: []history.Time{0}, side: []map[string]string{sidesUnder(h.Run, history.Connectivity{})}}
	for _, event := range h.Faults() {
		s.from = append(s.from, event.Time)
		s.side = append(s.side, sidesUnder(h.Run, event.Fault.After))
	}
	return s
}

// at is "majority", "minority", "cut off", or "" of a client nobody knows.
func (s sides) at(client string, t history.Time) string {
	after := sort.Search(len(s.from), func(i int) bool { return s.from[i] > t })
	return s.side[max(after-1, 0)][client]
}

// sidesUnder places each client: with a node that sees a majority of all nodes, only with others, or
// with none.
func sidesUnder(run history.Run, state history.Connectivity) map[string]string {
	cut := map[history.Link]bool{}
	for _, link := range state.Cut {
		cut[link] = true
	}
	both := func(a, b string) bool { return !cut[history.Link{From: a, To: b}] && !cut[history.Link{From: b, To: a}] }
	runs := func(node string) bool {
		return !slices.Contains(state.Down, node) && !slices.Contains(state.Paused, node)
	}
	large := map[string]bool{}
	for _, node := range run.Nodes {
		sees := 0
		for _, other := range run.Nodes {
			if runs(node) && runs(other) && both(node, other) {
				sees++
			}
		}
		large[node] = sees > len(run.Nodes)/2
	}
	side := map[string]string{}
	for _, placement := range run.Clients {
		side[placement.Client] = "cut off"
		for _, node := range run.Nodes {
			if !runs(node) || !both(placement.Client, node) {
				continue
			}
			if large[node] {
				side[placement.Client] = "majority"
				break
			}
			side[placement.Client] = "minority"
		}
	}
	return side
}
