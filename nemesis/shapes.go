package nemesis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/history"
	"cleave/internal/link"
	"cleave/internal/rng"
)

// moment is what a kind knows when it starts.
type moment struct {
	run    history.Run
	leader string // "" if nobody leads
	random *rng.Stream
	round  uint64 // how often it has been on before
	offset time.Duration
	by     link.Quality
	drag   time.Duration // for kinds that make a node slow
	draw   uint64        // decides what is done to a disk
	target Role          // whom the schedule says, "" if it leaves that to the kind
	usual  Role          // whom the kind hits then
	lasts  time.Duration // the whole fault
	past   []string      // who was hit in earlier rounds, for kinds that remember
	unsure []string      // who has been out of the membership, or been replaced: perhaps still no member
}

// effect is what a kind does, as data.
type effect struct {
	cuts   []history.Link
	kill   []string
	pause  []string
	dark   []string // without power
	full   []string // without room on their disks
	out    []string // not to be members
	skew   []string
	offset time.Duration // of the clocks in skew
	worse  []history.Link
	by     link.Quality // what is added to the links in worse
	harm   harm
	nodes  []string // whom the fault is about
	groups []string // who stands together
	detail string
}

// bout is a part of a round: an effect, or nothing, for a while.
type bout struct {
	effect effect
	lasts  time.Duration
}

// chosen is the leader, or a node drawn if nobody leads, and a remark that says which.
func (m *moment) chosen() (string, string) {
	if m.leader != "" {
		return m.leader, m.leader + ", the leader,"
	}
	node := m.run.Nodes[m.random.Below(int64(len(m.run.Nodes)))]
	return node, node + " (nobody leads; it was drawn)"
}

// drawn are all nodes, the leader first and the others in random order.
func (m *moment) drawn() []string {
	first, _ := m.chosen()
	others := slices.DeleteFunc(slices.Clone(m.run.Nodes), func(node string) bool { return node == first })
	m.random.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return append([]string{first}, others...)
}

// other is a node that does not lead.
func (m *moment) other() string {
	drawn := m.drawn()
	return drawn[len(drawn)-1]
}

func sorted(nodes []string, all []string) []string {
	slices.SortFunc(nodes, func(a, b string) int { return slices.Index(all, a) - slices.Index(all, b) })
	return nodes
}

func halvesLeaderMinority(m *moment) effect {
	few, _ := m.aimed()
	return m.split(few, withNode)
}

func halvesLeaderMajority(m *moment) effect {
	drawn, small := m.drawn(), (len(m.run.Nodes)-1)/2
	return m.split(drawn[len(drawn)-small:], withNode)
}

func halvesClientsAcross(m *moment) effect {
	few, _ := m.aimed()
	return m.split(few, across)
}

func isolateLeader(m *moment) effect {
	nodes, who := m.aimed()
	e := m.split(nodes, withNode)
	e.detail = who + " " + are(nodes) + " cut off"
	return e
}

func isolateOne(m *moment) effect {
	nodes, _ := m.aimed()
	return m.split(nodes, withNode)
}

func shatter(m *moment) effect {
	e := m.cutWhere(func(a, b string) bool { return a == b })
	e.nodes, e.detail = slices.Clone(m.run.Nodes), "every node is alone"
	for _, node := range m.run.Nodes {
		e.groups = append(e.groups, m.group([]string{node}, withNode, nil))
	}
	return e
}

func bridge(m *moment) effect {
	order := slices.Clone(m.run.Nodes)
	m.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	if at := len(order) / 2; order[at] == m.leader {
		order[0], order[at] = order[at], order[0] // a leader in the middle would notice nothing
	}
	middle := order[len(order)/2]
	left, right := sorted(order[:len(order)/2], m.run.Nodes), sorted(order[len(order)/2+1:], m.run.Nodes)
	e := m.cutWhere(func(a, b string) bool {
		return a == middle || b == middle || slices.Contains(left, a) == slices.Contains(left, b)
	})
	e.nodes = append(append(e.nodes, left...), right...)
	e.groups = []string{m.group(left, withNode, nil), m.group([]string{middle}, withNode, nil), m.group(right, withNode, nil)}
	e.detail = fmt.Sprintf("%s sees both %s and %s, which do not see each other", middle, strings.Join(left, " "), strings.Join(right, " "))
	return e
}

func bridgeCrash(m *moment) effect {
	e := bridge(m)
	for _, node := range m.run.Nodes {
		if !slices.Contains(e.nodes, node) {
			e.kill = []string{node}
		}
	}
	e.nodes = slices.Clone(m.run.Nodes)
	e.detail += ", and is killed and restarted again and again"
	return e
}

// rejoinCrash cuts a node off for long enough that the others go on without it: if it leads, its
// clients' writes make an end of its log that is never committed. It is killed while it takes over
// what it has missed, and whatever was half done on its disk is what it starts from.
func rejoinCrash(m *moment) []bout {
	node, who := m.chosen()
	if m.round%2 == 1 {
		node = m.other()
		who = node
	}
	milliseconds := func(least, most int64) time.Duration {
		return time.Duration(m.random.Between(least, most)) * time.Millisecond
	}
	away := m.split([]string{node}, withNode)
	away.detail = strings.TrimSuffix(who, ",") + " is cut off, to join again and be killed"
	down := effect{kill: []string{node}, nodes: []string{node}, detail: node + " is killed, just after it has joined again"}
	return []bout{{away, milliseconds(2000, 5000)}, {effect{}, milliseconds(200, 2000)}, {down, time.Second}, {effect{}, milliseconds(500, 1500)}}
}

func majoritiesRing(m *moment) effect {
	order := slices.Clone(m.run.Nodes)
	m.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	reach := (len(order)/2 + 1) / 2 // neighbours on each side, so that 2*reach+1 is a majority
	e := m.cutWhere(func(a, b string) bool {
		apart := slices.Index(order, a) - slices.Index(order, b)
		apart = max(apart, -apart)
		return min(apart, len(order)-apart) <= reach
	})
	e.nodes, e.detail = slices.Clone(m.run.Nodes), "a ring: "+strings.Join(order, " - ")+" - "+order[0]
	return e
}

func oneWayIn(m *moment) effect {
	nodes, who := m.aimed()
	verb := " hears nothing"
	if len(nodes) > 1 {
		verb = " hear nothing"
	}
	return m.oneWay(nodes, who+verb, func(from, to bool) bool { return to && !from })
}

func oneWayOut(m *moment) effect {
	nodes, who := m.aimed()
	return m.oneWay(nodes, "nothing arrives that is sent by "+strings.TrimSuffix(who, ","), func(from, to bool) bool { return from && !to })
}

// oneWay cuts the links between some nodes and the endpoints that live elsewhere, in one direction. cut is
// told which end of a link is one of the nodes.
func (m *moment) oneWay(nodes []string, detail string, cut func(from, to bool) bool) effect {
	e := effect{nodes: nodes, detail: detail}
	is := func(endpoint string) bool { return slices.Contains(nodes, endpoint) }
	beside := func(l history.Link) bool { return is(m.host(l.From)) && is(m.host(l.To)) }
	for _, l := range m.links() {
		if !beside(l) && m.host(l.From) != m.host(l.To) && cut(is(l.From), is(l.To)) {
			e.cuts = append(e.cuts, l)
		}
	}
	return e
}

// clientsStand says where the clients are in a split.
type clientsStand bool

const (
	withNode clientsStand = false // on their node's side
	across   clientsStand = true  // on the other
)

// split cuts a few nodes off from the others, both ways.
func (m *moment) split(few []string, stand clientsStand) effect {
	few = sorted(slices.Clone(few), m.run.Nodes)
	var many []string
	for _, node := range m.run.Nodes {
		if !slices.Contains(few, node) {
			many = append(many, node)
		}
	}
	inFew := func(endpoint string) bool {
		side := slices.Contains(few, m.host(endpoint))
		return side != (bool(stand) && !slices.Contains(m.run.Nodes, endpoint))
	}
	e := effect{nodes: few, detail: strings.Join(few, " ") + " cut off from " + strings.Join(many, " ")}
	for _, l := range m.links() {
		if inFew(l.From) != inFew(l.To) {
			e.cuts = append(e.cuts, l)
		}
	}
	e.groups = []string{m.group(few, stand, many), m.group(many, stand, few)}
	return e
}

// cutWhere cuts every pair of endpoints whose hosts do not see each other.
func (m *moment) cutWhere(see func(a, b string) bool) effect {
	var e effect
	for _, l := range m.links() {
		if a, b := m.host(l.From), m.host(l.To); a != b && !see(a, b) {
			e.cuts = append(e.cuts, l)
		}
	}
	return e
}

// links are all directed links that carry anything: between nodes, and between clients and nodes.
func (m *moment) links() []history.Link {
	var links []history.Link
	for _, a := range m.run.Nodes {
		for _, b := range m.run.Nodes {
			if a != b {
				links = append(links, history.Link{From: a, To: b})
			}
		}
		for _, c := range m.run.Clients {
			links = append(links, history.Link{From: a, To: c.Client}, history.Link{From: c.Client, To: a})
		}
	}
	return links
}

// host is the node that an endpoint is, or lives beside.
func (m *moment) host(endpoint string) string {
	for _, c := range m.run.Clients {
		if c.Client == endpoint {
			return c.Host
		}
	}
	return endpoint
}

// group names nodes and the clients that stand with them.
func (m *moment) group(nodes []string, stand clientsStand, others []string) string {
	members, hosts := slices.Clone(nodes), nodes
	if stand == across {
		hosts = others
	}
	for _, c := range m.run.Clients {
		if slices.Contains(hosts, c.Host) {
			members = append(members, c.Client)
		}
	}
	return strings.Join(members, " ")
}
