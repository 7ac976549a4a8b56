package native

import (
	"fmt"
	"os"
	"sync"
	"time"

	"cleave/internal/ends"
	"cleave/world/docker/disk"
)

// place is what outlives a node's process: its folder, and what faults have made of it. What is to be done to the process
// or the folder is done one after the other, on a goroutine of the place's own:
//
//	the world's thread   Kill ── LoseDisk ── Restart
//	                       \         \           \
//	the place              end, wait │ empty folder │ start
//
// So the world never waits for a process, and no process meets what one before it has left unfinished.
type place struct {
	world  *World
	name   string
	folder string
	pauses int           // of the world's thread: faults that hold it still
	rest   time.Duration // likewise: what faults ask for

	mutex  sync.Mutex
	some   *sync.Cond // there is an order, or no more will be
	orders []func() error
	closed bool

	// The rest is the goroutine's own.
	child  *child // nil: there is no process
	paused bool
	pause  time.Duration
	copied *disk.Copy
	flips  []disk.Flip
}

func newPlace(w *World, name, folder string) *place {
	p := &place{world: w, name: name, folder: folder}
	p.some = sync.NewCond(&p.mutex)
	return p
}

// order has something done, after what was ordered before. An error ends the run.
func (p *place) order(what func() error) {
	p.mutex.Lock()
	p.orders = append(p.orders, what)
	p.mutex.Unlock()
	p.some.Signal()
}

// close has the process ended, after all orders.
func (p *place) close() {
	p.mutex.Lock()
	p.closed = true
	p.mutex.Unlock()
	p.some.Signal()
}

// tend does what is ordered until the place is closed.
func (p *place) tend() {
	for {
		what := p.next()
		if what == nil {
			p.end()
			return
		}
		if err := what(); err != nil {
			p.world.fail(fmt.Errorf("%s: %w", p.name, err))
		}
	}
}

// next waits for an order, and gives nil when the place is closed.
func (p *place) next() (what func() error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for len(p.orders) == 0 && !p.closed {
		p.some.Wait()
	}
	if len(p.orders) > 0 {
		what, p.orders = p.orders[0], p.orders[1:]
	}
	return what
}

// begin starts the process of an instance, once that of the one before is gone.
func (p *place) begin(i *Instance) {
	p.end()
	started, err := start(i, p.folder)
	if err != nil {
		p.world.Post(p.name, func() { i.finish(ends.NotStarted(err), false) })
		return
	}
	p.child = started
	if p.paused {
		p.child.tell("pause on")
	}
	if p.pause > 0 {
		p.child.tell(slower(p.pause))
	}
}

// end kills the process, if there is one, and waits until it is gone.
func (p *place) end() {
	if p.child != nil {
		p.child.kill()
		p.child = nil
	}
}

// endOf ends the process of an instance, unless that is gone already.
func (p *place) endOf(i *Instance) {
	if p.child != nil && p.child.instance == i {
		p.end()
	}
}

func (p *place) hold(paused bool) error {
	p.paused = paused
	if p.child != nil && paused {
		p.child.tell("pause on")
	} else if p.child != nil {
		p.child.tell("pause off")
	}
	return nil
}

func (p *place) slow(pause time.Duration) error {
	p.pause = pause
	if p.child != nil {
		p.child.tell(slower(pause))
	}
	return nil
}

func slower(pause time.Duration) string { return fmt.Sprintf("slow %d", pause) }

// chore does something to the folder. A process that is there stands still meanwhile.
func (p *place) chore(do func(folder *os.Root) error) error {
	if p.child != nil {
		p.child.freeze()
		defer p.child.tell("freeze off")
	}
	folder, err := os.OpenRoot(p.folder)
	if err != nil {
		return err
	}
	err = do(folder)
	if closing := folder.Close(); err == nil {
		err = closing
	}
	return err
}
