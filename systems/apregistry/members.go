package apregistry

import (
	"slices"
	"strings"

	"cleave/world"
)

// Enlist says who is to be a member. A node tells members alone of what it hears, as Eureka's does when its list
// of peers changes: what waits for one that leaves is thrown away, one that comes starts with nothing, and
// heartbeats repair what they can. One that is no member itself has no peers. Who it takes requests from does not
// change.
//
//	n1, n2   |-- n3 is a peer --|             |-- a peer with an empty queue --
//	n3       |-- n1, n2 are ----|-- nobody ---|-- n1, n2 are ------------------
func (n *node) Enlist(roll world.Roll) {
	n.roll = roll
	peers := make([]*peer, 0, len(n.boot.others))
	var names []string
	for _, other := range n.boot.others {
		at := slices.IndexFunc(n.peers, func(p *peer) bool { return p.caller.to == other })
		switch belongs := n.knows(other); {
		case belongs && at >= 0:
			peers = append(peers, n.peers[at])
		case belongs && n.bug != bugPeerLost:
			peers = append(peers, newPeer(n, other))
		case at >= 0:
			n.peers[at].leave()
		}
		if len(peers) > len(names) {
			names = append(names, other)
		}
	}
	if len(peers) != len(n.peers) {
		n.env.Note("peers", strings.Join(names, " "))
	}
	n.peers = peers
}

// knows tells whether another node is a peer, as long as both are to be members.
func (n *node) knows(other string) bool { return !n.roll.IsOut(other) && !n.roll.IsOut(n.name) }

// leave forgets a peer and all that waits for it.
func (p *peer) leave() {
	p.gone = true
	if p.caller.connection != nil {
		p.caller.connection.Close()
		p.caller.fail(lost)
	}
}
