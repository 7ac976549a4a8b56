package nemesis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/history"
)

func oneLink(m *moment) effect {
	drawn := m.drawn()
	one, other := drawn[0], drawn[len(drawn)-1]
	e := effect{nodes: []string{one, other}, detail: one + " and " + other + " do not see each other, and both see all others",
		cuts: []history.Link{{From: one, To: other}, {From: other, To: one}}}
	return e
}

func chain(m *moment) effect {
	order := m.shuffled()
	e := m.cutWhere(func(a, b string) bool {
		apart := slices.Index(order, a) - slices.Index(order, b)
		return max(apart, -apart) <= 1
	})
	e.nodes, e.detail = slices.Clone(m.run.Nodes), "a chain: "+strings.Join(order, " - ")
	return e
}

func (m *moment) shuffled() []string {
	order := slices.Clone(m.run.Nodes)
	m.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

func star(m *moment) effect {
	middle := m.other() // a leader in the middle would notice nothing
	e := m.cutWhere(func(a, b string) bool { return a == middle || b == middle })
	for _, node := range m.run.Nodes {
		if node != middle {
			e.nodes = append(e.nodes, node)
		}
	}
	e.detail = middle + " sees all others, which do not see each other"
	return e
}

// randomLinks cuts the leader off from one at least: those that do not lead say little to each other.
func randomLinks(m *moment) effect {
	var apart [][2]string
	for i, one := range m.run.Nodes {
		for _, other := range m.run.Nodes[i+1:] {
			if m.random.Chance(1, 2) {
				apart = append(apart, [2]string{one, other})
			}
		}
	}
	if drawn := m.drawn(); !slices.ContainsFunc(apart, func(pair [2]string) bool { return slices.Contains(pair[:], drawn[0]) }) {
		apart = append(apart, [2]string{drawn[0], drawn[1]})
	}
	e := m.cutWhere(func(a, b string) bool {
		return !slices.Contains(apart, [2]string{a, b}) && !slices.Contains(apart, [2]string{b, a})
	})
	var words []string
	for _, pair := range apart {
		words = append(words, pair[0]+"-"+pair[1])
		for _, node := range pair {
			if !slices.Contains(e.nodes, node) {
				e.nodes = append(e.nodes, node)
			}
		}
	}
	e.nodes = sorted(e.nodes, m.run.Nodes)
	e.detail = "these do not see each other: " + strings.Join(words, " ")
	return e
}

// primariesAlone takes the leader of each round away, alone. A leader that is gone is replaced; it may not know
// that yet, so there are as many that would like to lead as there are rounds.
func primariesAlone(m *moment) []bout {
	most := max(1, (len(m.run.Nodes)-1)/2)
	alone := slices.Clone(m.past)
	if len(alone) == most {
		alone = nil
	}
	first, _ := m.chosen()
	if slices.Contains(alone, first) { // nobody else leads yet
		first = m.remaining(alone)
	}
	alone = append(alone, first)
	e := m.cutWhere(func(a, b string) bool { return a == b || !slices.Contains(alone, a) && !slices.Contains(alone, b) })
	e.nodes, e.detail = alone, strings.Join(alone, " and ")+" "+are(alone)+" cut off, each alone: they have led"
	for _, node := range alone {
		e.groups = append(e.groups, m.group([]string{node}, withNode, nil))
	}
	bouts := []bout{{e, 4 * time.Second}}
	if len(alone) == most {
		bouts = append(bouts, bout{effect{}, 2 * time.Second})
	}
	return bouts
}

// remaining is a node that is not among some, drawn.
func (m *moment) remaining(some []string) string {
	rest := slices.DeleteFunc(slices.Clone(m.run.Nodes), func(node string) bool { return slices.Contains(some, node) })
	return rest[m.random.Below(int64(len(rest)))]
}

func clientsCutOff(m *moment) effect {
	nodes, who := m.aimed()
	e := effect{nodes: slices.Clone(nodes), detail: "the clients beside " + strings.TrimSuffix(who, ",") + " see no node"}
	for _, l := range m.links() {
		for _, end := range []string{l.From, l.To} {
			if !slices.Contains(m.run.Nodes, end) && slices.Contains(nodes, m.host(end)) {
				e.cuts = append(e.cuts, l)
			}
		}
	}
	return e
}

func clientsMiss(m *moment) effect {
	nodes, who := m.aimed()
	e := effect{nodes: slices.Clone(nodes), detail: fmt.Sprintf("no client sees %s", trimmed(who))}
	for _, l := range m.links() {
		node, client := l.From, l.To
		if slices.Contains(m.run.Nodes, client) {
			node, client = client, node
		}
		if slices.Contains(nodes, node) && !slices.Contains(m.run.Nodes, client) {
			e.cuts = append(e.cuts, l)
		}
	}
	return e
}

// trimmed is who at the end of a clause.
func trimmed(who string) string { return strings.TrimSuffix(who, ",") }
