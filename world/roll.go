package world

import "slices"

// Roll says who is to be a member of a cluster, as its operator wants it. What the cluster makes of it, and when,
// is the cluster's affair: who leads a store has it agreed upon, a registry's server minds its own list. The zero
// Roll is all nodes, as at first.
type Roll struct {
	Out     []string // nodes of the cluster that are not to be members for now
	Renewed []string // nodes whose disk was taken from them, once for each time: each time one becomes another member
}

// IsOut tells whether a node is not to be a member.
func (r Roll) IsOut(node string) bool { return slices.Contains(r.Out, node) }

// Equal tells whether two rolls say the same.
func (r Roll) Equal(other Roll) bool {
	return slices.Equal(r.Out, other.Out) && slices.Equal(r.Renewed, other.Renewed)
}

// Renewals is how often a node has become another member.
func (r Roll) Renewals(node string) (times int) {
	for _, name := range r.Renewed {
		if name == node {
			times++
		}
	}
	return times
}

// Enlisted is a Process whose cluster may gain and lose members while it runs. What holds when it boots is in
// its Cluster.
type Enlisted interface {
	Process
	// Enlist says who is to be a member from now on.
	Enlist(roll Roll)
}
