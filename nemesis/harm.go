package nemesis

import (
	"slices"
	"time"

	"cleave/internal/rng"
)

// harm is what a kind does to nodes besides stopping them, and to their disks.
type harm struct {
	writing []string // killed in the midst of their next sync
	slow    []string // rest before each thing they do, for drag
	lag     []string // their syncs take longer, by drag
	failing []string // their syncs fail
	flip    []string // a bit on their disks is turned around; they are down when it is
	lose    []string // their disks are empty; likewise
	keep    []string // a copy is made of their disks
	restore []string // the copy is put back; they are down when it is
	renew   []string // other members with empty disks take their places; likewise
	drag    time.Duration
	draw    uint64
}

// inflict does it. Nodes that are to be down are.
func (n *Nemesis) inflict(h *harm) {
	for _, node := range h.writing {
		n.target.KillWriting(node, rng.Mix(h.draw, rng.Text(node)))
	}
	for _, node := range h.slow {
		n.target.Slow(node, h.drag)
	}
	for _, node := range h.lag {
		n.target.SlowSync(node, h.drag)
	}
	for _, node := range h.failing {
		n.target.FailSync(node)
	}
	for _, node := range h.flip {
		n.target.FlipBit(node, rng.Mix(h.draw, rng.Text(node)))
	}
	for _, node := range h.lose {
		n.target.LoseDisk(node)
	}
	for _, node := range h.keep {
		n.target.KeepDisk(node)
	}
	for _, node := range h.restore {
		n.target.RestoreDisk(node)
	}
	for _, node := range h.renew {
		n.target.Renew(node)
	}
}

// mendBits comes before anything else is done to the same disks: a bit turned around twice would be as it was.
func (n *Nemesis) mendBits(h *harm) {
	for _, node := range h.flip {
		n.target.MendBit(node)
	}
}

// heal takes back the rest of what can be taken back. What is lost stays lost.
func (n *Nemesis) heal(h *harm) {
	for _, node := range h.writing {
		n.target.Restart(node)
	}
	for _, node := range h.slow {
		n.target.Slow(node, -h.drag)
	}
	for _, node := range h.lag {
		n.target.SlowSync(node, -h.drag)
	}
	for _, node := range h.failing {
		n.target.MendSync(node)
	}
}

func (m *moment) harmed(nodes []string, h harm, detail string) effect {
	h.drag, h.draw = m.drag, m.draw
	return effect{harm: h, nodes: slices.Clone(nodes), detail: detail}
}

func killWriting(m *moment) effect {
	nodes, who := m.aimed()
	return m.harmed(nodes, harm{writing: nodes}, who+" "+are(nodes)+" killed in the midst of a sync")
}

func slowDown(m *moment) effect {
	nodes, who := m.aimed()
	return m.harmed(nodes, harm{slow: nodes}, who+" "+are(nodes)+" slow: "+m.drag.String()+" pass before each thing done")
}

func slowSync(m *moment) effect {
	nodes, who := m.aimed()
	return m.harmed(nodes, harm{lag: nodes}, "each sync of "+trimmed(who)+" takes "+m.drag.String()+" longer")
}

func failSync(m *moment) effect {
	nodes, who := m.aimed()
	return m.harmed(nodes, harm{failing: nodes}, "the disk of "+trimmed(who)+" fails at each sync")
}

// flipBit kills, damages, and starts again what must then notice.
func flipBit(m *moment) []bout {
	nodes, who := m.aimed()
	down := m.harmed(nodes, harm{flip: nodes}, who+" "+are(nodes)+" killed, and a bit on the disk turned around")
	down.kill = nodes
	back := m.harmed(nodes, harm{flip: nodes}, who+" "+are(nodes)+" started again with the damaged disk")
	return []bout{{down, time.Second}, {back, m.lasts}}
}

func loseDisk(m *moment) effect {
	nodes, who := m.aimed()
	e := m.harmed(nodes, harm{lose: nodes}, who+" "+are(nodes)+" killed, and the disk is empty")
	e.kill = nodes
	return e
}

// oldDisk goes back to what was on the disk when the fault began, after two thirds of its time.
func oldDisk(m *moment) []bout {
	nodes, who := m.aimed()
	kept := m.harmed(nodes, harm{keep: nodes}, "the disk of "+trimmed(who)+" is copied")
	back := m.harmed(nodes, harm{restore: nodes}, who+" "+are(nodes)+" killed, and the copy of before takes the place of the disk")
	back.kill = nodes
	return []bout{{kept, m.lasts * 2 / 3}, {back, m.lasts}}
}

// roll restarts one node after another.
func roll(m *moment) []bout {
	nodes, _ := m.aimed()
	var all []bout
	for _, node := range nodes {
		all = append(all, bout{effect{kill: []string{node}, nodes: []string{node}, detail: node + " is restarted, in its turn"}, time.Second},
			bout{effect{}, 2 * time.Second})
	}
	return all
}
