package probe

import (
	"fmt"
	"slices"
	"time"

	"cleave/world"
)

// peer is another node, with this node's own connection to it. Pings are numbered from the beginning of
// the connection, and so are pongs: whatever comes damaged, twice or out of turn is noticed.
type peer struct {
	name       string
	connection world.Connection // nil if there is none
	open       bool
	dials      int
	sent, got  uint64 // on this connection
	bursts     []*burst
}

// burst is pings that were asked for at once.
type burst struct {
	Pings
	asked asked
	since time.Duration
	last  uint64 // number of its last ping, once it is sent
	timer world.Timer
}

// ping sends pings, or dials first.
func (n *node) ping(asked asked, text string) {
	pings, good := pingsOf(text)
	if !good || pings.Peer == n.name || !slices.Contains(n.cluster.Nodes, pings.Peer) {
		asked.refuse("nobody can be pinged by: " + text)
		return
	}
	p := n.peers[pings.Peer]
	if p == nil {
		p = &peer{name: pings.Peer}
		n.peers[p.name] = p
	}
	b := &burst{Pings: pings, asked: asked, since: n.env.Elapsed()}
	b.timer = n.env.After(pings.Patience, func() { p.giveUp() })
	p.bursts = append(p.bursts, b)
	switch {
	case p.open:
		p.send(b)
	case p.connection == nil:
		p.dials++
		p.sent, p.got = 0, 0
		p.connection = n.env.Dial(p.name)
	}
}

func (p *peer) send(b *burst) {
	for range b.Count {
		p.sent++
		p.connection.Send(message{ping, p.sent, filler(p.sent, b.Size)}.encode())
	}
	b.last = p.sent
}

// giveUp is a timeout: the connection is of no use, and the next ping dials anew. Whatever else is under
// way on it has waited in vain too.
func (p *peer) giveUp() {
	p.connection.Close()
	p.end(TimedOut)
}

// end fails all that is under way.
func (p *peer) end(reason string) {
	p.connection, p.open = nil, false
	bursts := p.bursts
	p.bursts = nil
	for _, b := range bursts {
		b.timer.Stop()
		b.asked.refuse(reason)
	}
}

// dialled is the peer at the other side of a connection that this node has dialled, nil if there is none.
func (n *node) dialled(connection world.Connection) *peer {
	if p := n.peers[connection.Peer()]; p != nil && p.connection == connection {
		return p
	}
	return nil
}

// Opened sends what has waited for it.
func (n *node) Opened(connection world.Connection) {
	if p := n.dialled(connection); p != nil {
		p.open = true
		for _, b := range p.bursts {
			p.send(b)
		}
	}
}

// Closed tells those who wait.
func (n *node) Closed(connection world.Connection, reason world.CloseReason) {
	if p := n.dialled(connection); p != nil {
		p.end(string(reason))
	}
}

// back takes a pong. As connections keep the order, it is of the oldest burst.
func (n *node) back(connection world.Connection, m message) {
	p := n.dialled(connection)
	if p == nil {
		return
	}
	p.got++
	switch {
	case len(p.bursts) == 0 || m.id != p.got:
		n.wrong(p, fmt.Sprintf("%s: number %d of %d came as number %d", Wrong, m.id, p.sent, p.got))
		return
	case m.text != filler(m.id, p.bursts[0].Size):
		n.wrong(p, fmt.Sprintf("%s: number %d came damaged", Wrong, m.id))
		return
	}
	if b := p.bursts[0]; b.last == p.got {
		p.bursts = p.bursts[1:]
		b.timer.Stop()
		b.asked.answer(fmt.Sprintf("%d %d", n.env.Elapsed()-b.since, p.dials))
	}
}

// wrong ends a connection that does not carry what was sent.
func (n *node) wrong(p *peer, what string) {
	n.env.Note(Wrong, what)
	p.connection.Close()
	p.end(what)
}
