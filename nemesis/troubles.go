package nemesis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/internal/link"
)

func killOne(m *moment) effect {
	node := m.other()
	return effect{kill: []string{node}, nodes: []string{node}, detail: node + " is killed"}
}

func killLeader(m *moment) effect {
	node, who := m.chosen()
	return effect{kill: []string{node}, nodes: []string{node}, detail: who + " is killed"}
}

func killAll(m *moment) effect {
	return effect{kill: m.run.Nodes, nodes: slices.Clone(m.run.Nodes), detail: "all nodes are killed"}
}

func pauseLeader(m *moment) effect {
	node, who := m.chosen()
	return effect{pause: []string{node}, nodes: []string{node}, detail: who + " stops running"}
}

func skewOne(m *moment) effect {
	node := m.run.Nodes[m.random.Below(int64(len(m.run.Nodes)))]
	return skew(node, m.offset)
}

func skew(node string, offset time.Duration) effect {
	return effect{skew: []string{node}, offset: offset, nodes: []string{node}, detail: fmt.Sprintf("the clocks at %s are off by %s", node, offset)}
}

// driftOne is a clock that gains, and is set right in the end, as clocks are.
func driftOne(m *moment) []bout {
	node := m.run.Nodes[m.random.Below(int64(len(m.run.Nodes)))]
	var all []bout
	for step := range time.Duration(10) {
		all = append(all, bout{skew(node, (step+1)*m.offset), time.Second})
	}
	return append(all, bout{effect{}, time.Second})
}

func powerLoss(m *moment) effect {
	return effect{dark: m.run.Nodes, nodes: slices.Clone(m.run.Nodes), detail: "all nodes are without power"}
}

func fillLeader(m *moment) effect {
	node, who := m.chosen()
	return effect{full: []string{node}, nodes: []string{node}, detail: who + " has no room left on its disk"}
}

// disturbAll makes all links between hosts worse.
func disturbAll(m *moment) effect {
	return m.disturb(m.run.Nodes, "on all links between hosts", func(string, string) bool { return true })
}

// disturbLeader makes the links worse between the leader and other hosts. One slow node among quick ones
// is harder to tell from a dead one than a network that is slow everywhere.
func disturbLeader(m *moment) effect {
	node, who := m.chosen()
	where := "between " + strings.TrimSuffix(who, ",") + " and other hosts"
	return m.disturb([]string{node}, where, func(from, to string) bool { return from == node || to == node })
}

// disturb makes those links between hosts worse that pass a test.
func (m *moment) disturb(nodes []string, where string, which func(from, to string) bool) effect {
	e := effect{by: m.by, nodes: slices.Clone(nodes), detail: wordsOf(m.by) + " " + where}
	for _, l := range m.links() {
		if m.host(l.From) != m.host(l.To) && which(l.From, l.To) {
			e.worse = append(e.worse, l)
		}
	}
	return e
}

// wordsOf says what a quality adds to a link.
func wordsOf(q link.Quality) string {
	var words []string
	add := func(possible bool, format string, values ...any) {
		if possible {
			words = append(words, fmt.Sprintf(format, values...))
		}
	}
	chance := func(c link.Chance, what string) { add(c.Of > 0, "%d of %d messages are %s", c.Of, c.In, what) }
	add(q.Latency != link.Spread{}, "messages take %s to %s more", q.Latency.Least, q.Latency.Least+q.Latency.Jitter)
	chance(q.Loss, "lost")
	chance(q.Corrupt, "damaged")
	chance(q.Duplicate, "doubled")
	chance(q.Reorder, "held back")
	add(q.Bandwidth > 0, "%d bytes pass a second", q.Bandwidth)
	return strings.Join(words, ", ")
}
