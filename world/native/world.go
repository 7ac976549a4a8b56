package native

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// World is a simulated network and simulated clients in real time, with processes for nodes. It implements world.World.
type World struct {
	world.World // the simulator's, for all that is not done otherwise here
	sim         *sim.World
	folder      string
	temporary   bool // folder goes with the World
	started     time.Time
	listener    func(history.Note)
	places      map[string]*place
	group       sync.WaitGroup // of the places' goroutines
	spoken      []*Instance    // that were sent something in this turn

	mutex  sync.Mutex
	mail   []letter
	failed error
	wake   chan struct{}
}

// letter is something to be done on behalf of a node.
type letter struct {
	node string
	what func()
}

// guarded says that Guard was called, without which a guard would be the whole program over again, and so on.
var guarded atomic.Bool

// errUnguarded is for programmers.
var errUnguarded = errors.New("native: a program that makes a World calls Guard first of all")

// ErrMachine is wrapped by errors that say what this machine lacks for processes under test.
var ErrMachine = errors.New("processes cannot be put under test here")

// Able tells in one line what keeps this machine, or this program, from running nodes as processes; nil if nothing does.
func Able() error {
	if err := able(); err != nil {
		return fmt.Errorf("%w: %w", ErrMachine, err)
	}
	if !guarded.Load() {
		return errUnguarded
	}
	return nil
}

// New makes an empty world. Its time begins with the first Run. It errs as Able does, and if there is no place for files.
func New(options Options) (*World, error) {
	if err := Able(); err != nil {
		return nil, err
	}
	w := &World{folder: options.Folder, temporary: options.Folder == "", places: map[string]*place{}, wake: make(chan struct{}, 1)}
	if w.temporary {
		var err error
		if w.folder, err = makeFolder(); err != nil {
			return nil, err
		}
	}
	options.Options.Mailbox = w
	w.sim = sim.New(options.Options)
	w.World = w.sim
	return w, nil
}

// OnNote hears every Note.
func (w *World) OnNote(listener func(history.Note)) {
	w.listener = listener
	w.sim.OnNote(listener)
}

// Populate gives every node its folder, and adds nodes, clients and services. Their processes start when time next passes.
func (w *World) Populate(system world.System, cluster world.Cluster, clients []history.Placement) error {
	for _, node := range cluster.Nodes {
		folder := filepath.Join(w.folder, node)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("%s: %w", node, err)
		}
		p := newPlace(w, node, folder)
		w.places[node] = p
		w.group.Go(p.tend)
	}
	if err := w.sim.Populate(system, cluster, clients); err != nil {
		return err
	}
	w.sim.At(0, w.keepTime)
	return nil
}

// Run lets time pass until a true time, as the machine's clock has it.
func (w *World) Run(until history.Time) error {
	if w.started.IsZero() {
		w.started = time.Now()
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		now := w.elapsed()
		err := errors.Join(w.turn(min(now, until)), w.trouble())
		if err != nil || now >= until {
			return err
		}
		next := until
		if at, some := w.sim.Next(); some {
			next = min(next, at)
		}
		timer.Reset(max(next-w.elapsed(), 0).Duration())
		select {
		case <-timer.C:
		case <-w.wake:
		}
	}
}

// elapsed is how long the world has been running, by the machine's clock. The simulator's time is as far, or behind.
func (w *World) elapsed() history.Time { return history.Time(time.Since(w.started)) }

// turn does all that is due by now, and what was posted. What nodes are sent goes out at the end, all at once.
func (w *World) turn(now history.Time) error {
	err := w.sim.Run(now)
	for _, letter := range w.collect() {
		w.sim.Enter(letter.node, letter.what)
	}
	for i := 0; i < len(w.spoken); i++ { // it may grow meanwhile
		w.spoken[i].flush()
	}
	clear(w.spoken)
	w.spoken = w.spoken[:0]
	return err
}

func (w *World) collect() (mail []letter) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	mail, w.mail = w.mail, nil
	return mail
}

// Post has something done on behalf of a node, in the next turn, if the node is up then. What one goroutine posts is done
// in order.
func (w *World) Post(node string, what func()) {
	w.mutex.Lock()
	w.mail = append(w.mail, letter{node, what})
	w.mutex.Unlock()
	w.rouse()
}

func (w *World) rouse() {
	select {
	case w.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// fail ends the run, with the first reason. It may be called from any goroutine.
func (w *World) fail(err error) {
	w.mutex.Lock()
	if w.failed == nil {
		w.failed = err
	}
	w.mutex.Unlock()
	w.rouse()
}

func (w *World) trouble() error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.failed
}

// The harness looks at the time so often, and tells if it was later than that.
const (
	timeBeat = 100 * time.Millisecond
	mostLate = 500 * time.Millisecond
)

// keepTime tells whenever the harness stands still: what nodes did meanwhile was not heard in time.
func (w *World) keepTime() {
	late := (w.elapsed() - w.sim.Now()).Duration()
	if late > mostLate && w.listener != nil {
		w.listener(history.Note{Node: "world", Kind: "late", Detail: late.Round(time.Millisecond).String()})
	}
	w.sim.At(w.elapsed()+history.Time(timeBeat), w.keepTime)
}

// Close ends all processes, and waits until they are gone.
func (w *World) Close() error {
	err := w.sim.Close()
	// order does not matter: they end each by itself
	for _, p := range w.places {
		p.close()
	}
	w.group.Wait()
	if w.temporary {
		err = errors.Join(err, os.RemoveAll(w.folder))
	}
	return errors.Join(err, w.trouble())
}
