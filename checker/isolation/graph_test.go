package isolation

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

// randomGraph has few nodes, of which the last may be none of transactions, and edges of all kinds. Process
// and realtime edges lead upwards, as they do in a history, and no transaction is on both sides of a node.
func randomGraph(random *rng.Stream) *graph {
	transactions := int32(random.Between(2, 7))
	nodes := transactions + int32(random.Below(3))
	var edges []edge
	for range random.Between(1, 14) {
		from, to := int32(random.Below(int64(transactions))), int32(random.Below(int64(transactions)))
		l := labelled(relation(random.Below(3)), grade(random.Below(3)), plain)
		switch {
		case random.Chance(1, 4):
			from, to = min(from, to), max(from, to)
			l = []label{labelled(process, certain, bySession), labelled(realtime, certain, byTime)}[random.Below(2)]
		case random.Chance(1, 6):
			l = labelled(rw, grade(random.Below(2)), scope(random.Below(3)))
		}
		edges = append(edges, edge{from, to, l})
	}
	for node := transactions; node < nodes; node++ {
		border, turned := random.Between(1, int64(transactions)-1), random.Chance(1, 2)
		for range 2 {
			from, to := int32(random.Below(border)), int32(random.Between(border, int64(transactions)-1))
			if turned {
				from, to = to, from
			}
			edges = append(edges, edge{from, node, labelled(relation(random.Below(3)), certain, plain)}, edge{node, to, labelled(onward, certain, plain)})
		}
	}
	return newGraph(transactions, nodes, edges)
}

// walks go everywhere, step by step.
type walks struct {
	*graph
	view *view // not layered
}

// step is the end of a walk: how many rw edges it had, 2 for more, and whether the last one and the first one
// were rw.
type step struct {
	node        int32
	count       int
	last, first bool
}

// shortest is how many edges the shortest closed walk of a family has, 0 for none.
func (w walks) shortest(family family) int {
	best := 0
	for start := range w.transactions {
		level, seen := []step{{node: start}}, map[step]bool{}
		for length := 1; len(level) > 0; length++ {
			var next []step
			for _, from := range level {
				for _, to := range w.steps(from, length == 1, family) {
					closed := to.node == start && !(family == nonadjacent && to.last && to.first) && !(family == single && to.count != 1)
					if closed && (best == 0 || length < best) {
						best = length
					}
					if !seen[to] {
						seen[to] = true
						next = append(next, to)
					}
				}
			}
			level = next
		}
	}
	return best
}

// steps are the ways on.
func (w walks) steps(from step, first bool, family family) []step {
	var all []step
	for at := w.heads[from.node]; at < w.heads[from.node+1]; at++ {
		to := step{w.targets[at], from.count, false, from.first}
		switch w.view.roles[w.labels[at]] {
		case absent:
			continue
		case through:
			to.last = from.last
		case against:
			if from.last && family == nonadjacent {
				continue
			}
			to.last, to.count, to.first = true, min(2, from.count+1), from.first || first
		}
		all = append(all, to)
	}
	return all
}

// TestFamiliesOfRandomGraphs compares what is found in random graphs with what walking everywhere finds, and
// checks every witness.
func TestFamiliesOfRandomGraphs(t *testing.T) {
	found := map[family]int{}
	for seed := range uint64(*histories / 10) {
		c := classify(randomGraph(rng.New(seed, 7)))
		lengths := [families][scopes]int{}
		for scope := plain; scope < scopes; scope++ {
			for family := range families {
				v := newView(family, scope)
				if family == single || family == nonadjacent {
					v = newView(anyCycle, scope)
				}
				lengths[family][scope] = walks{c.graph, v}.shortest(family)
				if family != single {
					require.Equal(t, lengths[family][scope] > 0, c.found[family][scope], "seed %d, family %d, scope %d", seed, family, scope)
				}
			}
			skew := lengths[single][scope] > 0 && !c.found[readCycle][scope]
			reported := slices.ContainsFunc(c.reports, func(r *report) bool { return r.family == single && r.scope <= scope })
			require.False(t, skew && !reported, "seed %d, scope %d: no G-single", seed, scope)
		}
		for _, r := range c.reports {
			found[r.family]++
			hops := checkWitness(t, seed, c, r)
			if len(c.reports) == 1 && c.nodes == c.transactions && (r.backs == nil || len(r.backs.circular) == 0) {
				require.Len(t, hops, lengths[r.family][r.scope], "seed %d: not the shortest", seed)
			}
		}
	}
	for family := range families {
		require.NotZero(t, found[family], "no graph had a cycle of family %d", family)
	}
}

// checkWitness wants a closed walk with as many rw edges as the family has.
func checkWitness(t *testing.T, seed uint64, c *classes, r *report) []hop {
	hops := c.witness(r)
	require.NotEmpty(t, hops, "seed %d", seed)
	v := newView(anyCycle, r.scope)
	var anti []bool
	for i, hop := range hops {
		require.Equal(t, hop.to, hops[(i+1)%len(hops)].from, "seed %d: not closed", seed)
		edges := c.targets[c.heads[hop.from]:c.heads[hop.from+1]]
		require.Contains(t, edges, hop.to, "seed %d", seed)
		require.NotEqual(t, absent, v.roles[hop.label], "seed %d", seed)
		if role := v.roles[hop.label]; role != through {
			anti = append(anti, role == against)
		}
	}
	count := len(slices.DeleteFunc(slices.Clone(anti), func(one bool) bool { return !one }))
	switch r.family {
	case writeCycle, readCycle:
		require.Zero(t, count, "seed %d", seed)
	case single:
		require.LessOrEqual(t, count, 1, "seed %d", seed)
	case nonadjacent:
		require.Greater(t, count, 1, "seed %d", seed)
		for i := range anti {
			require.False(t, anti[i] && anti[(i+1)%len(anti)], "seed %d: adjacent", seed)
		}
	default:
		require.Greater(t, count, 1, "seed %d", seed)
	}
	return hops
}
