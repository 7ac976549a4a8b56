package nemesis

import (
	"fmt"
	"slices"
	"strings"
)

// Role says whom a fault hits. Who that is, is looked up when the fault starts. Nodes may also be named,
// with commas between them: "n1,n3".
type Role string

// The roles. If nobody leads, a node that is drawn stands for the leader.
const (
	TheLeader   Role = "leader"
	Followers   Role = "followers"   // all but the leader
	OneFollower Role = "one"         // one node that does not lead, drawn
	Any         Role = "any"         // one node, drawn, which may lead
	Majority    Role = "majority"    // the fewest nodes that are more than half, with the leader
	Minority    Role = "minority"    // the most that are fewer than half, with the leader
	QuorumEdge  Role = "quorum-edge" // so many that do not lead that just a quorum is left
	All         Role = "all"
)

// Roles are all roles, in the order of lists.
var Roles = []Role{TheLeader, Followers, OneFollower, Any, Majority, Minority, QuorumEdge, All}

// named are the nodes that it names itself, nil if it is a role.
func (r Role) named() []string {
	if r == "" || slices.Contains(Roles, r) {
		return nil
	}
	names := strings.Split(string(r), ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// validate tells what keeps faults of a kind from hitting it among n1, n2, ...
func (r Role) validate(kind Kind, nodes int) error {
	if kind.Aim == "" {
		return fmt.Errorf("%s cannot be aimed at %.60q: whom it hits is a part of what it is", kind.Name, r)
	}
	names := r.named()
	for i, name := range names {
		if !slices.Contains(numbered(nodes), name) {
			return fmt.Errorf("%s: nobody is %.60q; a target is one of %s, or names of nodes from n1 to n%d", kind.Name, name, listOf(Roles), nodes)
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%s: %s is named twice", kind.Name, name)
		}
	}
	const pair = 2 // of which a majority is both
	switch {
	case nodes == 1 && (r == Followers || r == QuorumEdge):
		return fmt.Errorf("%s cannot be aimed at %s: there is nobody beside the one node", kind.Name, r)
	case kind.parts && (r == All || len(names) == nodes || r == Majority && nodes == pair):
		return fmt.Errorf("%s cannot be aimed at all nodes: there would be nobody to cut them off from", kind.Name)
	}
	return nil
}

func numbered(nodes int) []string {
	names := make([]string, nodes)
	for i := range names {
		names[i] = fmt.Sprintf("n%d", i+1)
	}
	return names
}

func listOf(roles []Role) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = string(role)
	}
	return strings.Join(words, ", ")
}

// aimed are the nodes that the fault is aimed at, in the run's order, and who they are in words.
func (m *moment) aimed() (nodes []string, who string) {
	role := m.target
	if role == "" {
		role = m.usual
	}
	switch total := len(m.run.Nodes); role {
	case TheLeader:
		node, who := m.chosen()
		return []string{node}, who
	case OneFollower:
		nodes = []string{m.other()}
	case Any:
		nodes = []string{m.run.Nodes[m.random.Below(int64(total))]}
	case All:
		return slices.Clone(m.run.Nodes), "all nodes"
	case Followers:
		nodes = m.drawn()[1:]
	case Majority:
		nodes = m.drawn()[:total/2+1]
	case Minority:
		nodes = m.drawn()[:max(1, (total-1)/2)]
	case QuorumEdge:
		nodes = m.drawn()[1:]
		nodes = nodes[:min(len(nodes), max(1, total-m.run.Quorum))]
	default:
		nodes = role.named()
	}
	nodes = sorted(nodes, m.run.Nodes)
	return nodes, strings.Join(nodes, " ")
}

// are is the verb for a number of nodes.
func are(nodes []string) string {
	if len(nodes) == 1 {
		return "is"
	}
	return "are"
}
