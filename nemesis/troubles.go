package nemesis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/internal/link"
)

func kill(m *moment) effect {
	nodes, who := m.aimed()
	return effect{kill: nodes, nodes: slices.Clone(nodes), detail: who + " " + are(nodes) + " killed"}
}

func pause(m *moment) effect {
	nodes, who := m.aimed()
	verb := " stops running"
	if len(nodes) > 1 {
		verb = " stop running"
	}
	return effect{pause: nodes, nodes: slices.Clone(nodes), detail: who + verb}
}

func skewSome(m *moment) effect {
	nodes, who := m.aimed()
	return skew(nodes, who, m.offset)
}

func skew(nodes []string, who string, offset time.Duration) effect {
	return effect{skew: nodes, offset: offset, nodes: slices.Clone(nodes), detail: fmt.Sprintf("the clocks at %s are off by %s", who, offset)}
}

// driftSome are clocks that gain, and are set right in the end, as clocks are.
func driftSome(m *moment) []bout {
	nodes, who := m.aimed()
	var all []bout
	for step := range time.Duration(10) {
		all = append(all, bout{skew(nodes, who, (step+1)*m.offset), time.Second})
	}
	return append(all, bout{effect{}, time.Second})
}

func cutPower(m *moment) effect {
	nodes, who := m.aimed()
	return effect{dark: nodes, nodes: slices.Clone(nodes), detail: who + " " + are(nodes) + " without power"}
}

func fillDisks(m *moment) effect {
	nodes, who := m.aimed()
	has := " has no room left on its disk"
	if len(nodes) > 1 {
		has = " have no room left on their disks"
	}
	return effect{full: nodes, nodes: slices.Clone(nodes), detail: who + has}
}

// disturbSome makes the links worse between some nodes and other hosts. One slow node among quick ones is
// harder to tell from a dead one than a network that is slow everywhere.
func disturbSome(m *moment) effect {
	nodes, who := m.aimed()
	where := "between " + strings.TrimSuffix(who, ",") + " and other hosts"
	if len(nodes) == len(m.run.Nodes) {
		where = "on all links between hosts"
	}
	return m.disturb(nodes, where, func(from, to string) bool { return slices.Contains(nodes, from) || slices.Contains(nodes, to) })
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
