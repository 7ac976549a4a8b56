package nemesis

import (
	"slices"
	"strings"
	"time"
)

// Members come and go as an operator wants it: nodes are told who is to be one, and see to it themselves.
//
//	remove-member   |-- n5 is out ---------------------------------------| n5 is back
//	add-member      |-- n5 is out, down --|-- out, up --|-- n5 is in ----|
//	replace-member  |-- n5 is down, its disk gone --|-- another n5 is in |
//
// No more nodes than a minority are ever hit, over a whole run: a change may not have been made yet when the next
// is asked for, or its fault is over, and of the members that there are a majority must always be able to come back.

func removeMember(m *moment) effect {
	nodes, who := m.spared()
	e := effect{out: nodes, nodes: slices.Clone(nodes), detail: who + " " + are(nodes) + " no member any more"}
	return e.orNobody(who)
}

// addMember has nodes start outside that have been away, and lets them in while the others work.
func addMember(m *moment) []bout {
	nodes, who := m.spared()
	away := effect{out: nodes, kill: nodes, nodes: slices.Clone(nodes), detail: who + " " + are(nodes) + " down, and no member any more"}
	outside := effect{out: nodes, nodes: slices.Clone(nodes), detail: who + " " + are(nodes) + " started, outside"}
	inside := effect{nodes: slices.Clone(nodes), detail: who + " " + are(nodes) + " to be a member again"}
	return []bout{{away.orNobody(who), m.lasts / 3}, {outside.orNobody(who), m.lasts / 3}, {inside.orNobody(who), m.lasts}}
}

// replaceMember has other members come in the places of nodes, with their names and nothing of what they had.
func replaceMember(m *moment) []bout {
	nodes, who := m.spared()
	gone := m.harmed(nodes, harm{renew: nodes}, who+" "+are(nodes)+" killed, and the disk gone for good")
	gone.kill = nodes
	fresh := effect{nodes: slices.Clone(nodes), detail: who + " " + are(nodes) + " to be another member, with an empty disk"}
	return []bout{{gone.orNobody(who), 2 * time.Second}, {fresh.orNobody(who), m.lasts}}
}

// orNobody says so where nobody can be hit.
func (e effect) orNobody(who string) effect {
	if len(e.nodes) == 0 {
		e.detail = "nobody is hit: without " + trimmed(who) + " fewer than a majority would be sure to stay members"
	}
	return e
}

// spared are those of the aimed nodes that can be done without, and who they are in words, with those that cannot. If
// none can, one that has been hit before stands for them. Nodes that the schedule names are all hit or none is: then who
// says who cannot be done without.
func (m *moment) spared() (nodes []string, who string) {
	aimed, who := m.aimed()
	budget := len(m.run.Nodes) - (len(m.run.Nodes)/2 + 1)
	room := budget - len(m.unsure)
	var needed []string
	for _, node := range aimed {
		switch known := slices.Contains(m.unsure, node); {
		case known:
			nodes = append(nodes, node)
		case room > 0:
			nodes = append(nodes, node)
			room--
		default:
			needed = append(needed, node)
		}
	}
	switch {
	case len(needed) == 0:
		return nodes, who
	case m.target.named() != nil:
		return nil, who
	case len(nodes) == 0:
		nodes = []string{m.unsure[m.random.Below(int64(len(m.unsure)))]}
		return nodes, nodes[0] + ", which has been hit before,"
	}
	return nodes, strings.Join(nodes, " ") + " (" + strings.Join(needed, " ") + " " + are(needed) + " spared)"
}
