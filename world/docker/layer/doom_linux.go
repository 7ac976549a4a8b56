package layer

import (
	"errors"
	"io"
	"os"

	"cleave/internal/rng"
)

// doom is the end of a disk, at its next sync.
type doom struct {
	draw uint64
	cut  func()
}

// change is a write that may be torn: what was there before.
type change struct {
	at     int64  // where it begins
	length int    // in bytes
	before []byte // what it overwrites
	size   int64  // of the file before
}

// Doom has the next sync be the last. It ends before it is passed on, or part of what was written to its file since is
// made durable first, up to a byte; draw decides. Then cut is called, which must cut the power of what lies below and
// send for whoever is to kill the process, but not wait: meanwhile the layer lets nothing pass. The process hears
// nothing of this sync, nor of another, until Spare:
//
//	written since   |··················|
//	one in three    lost                      the sync had not got there yet
//	the others      |·······|xxxxxxxxxx|      kept up to a byte that draw decides: none, some or all
func (l *Layer) Doom(draw uint64, cut func()) {
	l.gate.Lock()
	defer l.gate.Unlock()
	l.doom = &doom{draw, cut}
}

// Spare undoes Doom, or lets syncs pass again after it has come. One that still waits fails.
func (l *Layer) Spare() {
	l.gate.Lock()
	defer l.gate.Unlock()
	l.doom = nil
	if l.over != nil {
		close(l.over)
		l.over = nil
	}
}

// end lets a sync meet its doom, if that is to be. If the disk has ended, of this sync or an earlier one, it gives what
// is closed when that is over.
func (l *Layer) end(n *node, pass func() error) <-chan struct{} {
	l.gate.Lock()
	defer l.gate.Unlock()
	met := l.doom
	if met == nil {
		return l.over
	}
	l.doom, l.over = nil, make(chan struct{})
	const ways = 3
	if rng.Below(rng.Mix(met.draw, 0), ways) > 0 && n.tear(met) == nil {
		_ = pass() // whether it succeeds nobody hears
	}
	met.cut()
	return l.over
}

// remember keeps what a write is about to overwrite, as long as it may be torn.
func (n *node) remember(data []byte, at int64) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if n.of != n.layer.doom {
		n.of, n.changes = n.layer.doom, nil
	}
	if n.of == nil {
		return
	}
	file, err := os.Open(n.path())
	if err != nil {
		return // it was removed: nobody will find a part of it
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	if err != nil {
		return
	}
	before := make([]byte, len(data))
	read, err := file.ReadAt(before, at)
	if err == nil || errors.Is(err, io.EOF) {
		n.changes = append(n.changes, change{at: at, length: len(data), before: before[:read], size: info.Size()})
	}
}

// tear undoes what was written to a file since its doom was decided on, but for the first bytes of it.
func (n *node) tear(met *doom) error {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if n.of != met || len(n.changes) == 0 {
		return nil
	}
	total := 0
	for _, each := range n.changes {
		total += each.length
	}
	keep := int(rng.Below(rng.Mix(met.draw, 1), uint64(total)+1))
	file, err := os.OpenFile(n.path(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	for i := len(n.changes) - 1; i >= 0 && err == nil && total > keep; i-- {
		each := &n.changes[i]
		total -= each.length
		err = each.undo(file, max(keep-total, 0))
	}
	return errors.Join(err, file.Close())
}

// undo takes a write back, but for its first bytes.
func (c *change) undo(file *os.File, kept int) error {
	size := c.size
	if kept > 0 {
		size = max(size, c.at+int64(kept))
	}
	var err error
	if kept < len(c.before) {
		_, err = file.WriteAt(c.before[kept:], c.at+int64(kept))
	}
	return errors.Join(err, file.Truncate(size))
}
