package native

import (
	"os"
	"time"

	"cleave/world/docker/disk"
)

// Pause stops a node: its process gets SIGSTOP, with all that it has started, and what is sent to it waits.
func (w *World) Pause(node string) {
	w.sim.Pause(node)
	p := w.find(node)
	p.pauses++
	if p.pauses == 1 {
		p.order(func() error { return p.hold(true) })
	}
}

// Resume undoes one Pause.
func (w *World) Resume(node string) {
	w.sim.Resume(node)
	p := w.find(node)
	p.pauses--
	if p.pauses == 0 {
		p.order(func() error { return p.hold(false) })
	}
}

// workAtOne is how long a process is taken to work at one thing, such as a message.
const workAtOne = 50 * time.Microsecond

// Slow has a node's process rest before each thing it does, as far as that can be done from outside: of every pause +
// workAtOne it gets workAtOne, in slices that are longer.
//
//	asked for   |-- pause --|w|-- pause --|w|-- pause --|w|-- pause --|w|
//	done        |w w w w|------------------- stopped ------------------|
//
// So a node that has little to do hardly notices, and one that has much is as slow as was asked for. What it has started in
// process groups of their own goes on as it did.
func (w *World) Slow(node string, pause time.Duration) {
	p := w.find(node)
	p.rest += pause
	rest := p.rest
	p.order(func() error { return p.slow(rest) })
}

// LoseDisk takes all files of a node that is down.
func (w *World) LoseDisk(node string) {
	p := w.find(node)
	p.order(func() error { return p.chore(disk.Empty) })
}

// KeepDisk makes a copy of a node's files, as a kill would leave them.
func (w *World) KeepDisk(node string) {
	p := w.find(node)
	p.order(func() error {
		return p.chore(func(folder *os.Root) (err error) {
			p.copied, err = disk.Take(folder)
			return err
		})
	})
}

// RestoreDisk puts the copy in place of the files of a node that is down.
func (w *World) RestoreDisk(node string) {
	p := w.find(node)
	p.order(func() error {
		if p.copied == nil {
			return p.chore(disk.Empty)
		}
		return p.chore(p.copied.Put)
	})
}

// FlipBit damages a file of a node that is down.
func (w *World) FlipBit(node string, draw uint64) {
	w.sim.FlipBit(node, draw) // whose disk is empty: it remembers that the node is damaged
	p := w.find(node)
	p.order(func() error {
		return p.chore(func(folder *os.Root) error {
			bit, err := disk.Turn(folder, draw, func(string) bool { return false })
			p.flips = append(p.flips, bit)
			return err
		})
	})
}

// MendBit undoes the last FlipBit.
func (w *World) MendBit(node string) {
	p := w.find(node)
	p.order(func() error {
		return p.chore(func(folder *os.Root) error {
			last := len(p.flips) - 1
			bit := p.flips[last]
			p.flips = p.flips[:last]
			return bit.Mend(folder)
		})
	})
	w.sim.MendBit(node)
}

func (w *World) find(node string) *place {
	p := w.places[node]
	if p == nil {
		panic("native: no node is named " + node)
	}
	return p
}
