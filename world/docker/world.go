package docker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/docker/disk"
	"cleave/world/docker/engine"
	"cleave/world/docker/fabric"
	"cleave/world/docker/layer"
)

var _ world.World = (*World)(nil)

// World is a world of containers. It implements world.World. See New.
type World struct {
	loop
	ctx        context.Context
	end        context.CancelFunc
	options    Options
	engine     *engine.Engine
	network    *fabric.Switch
	system     world.System
	deployment *world.Deployment
	places     world.Places
	images     []engine.Image // of holders and nodes
	nodes      []*node
	users      []*user
	byName     map[string]*node
	listener   func(history.Note)
	group      sync.WaitGroup

	failing sync.Mutex
	failed  error // why the world cannot go on
}

// New makes an empty world. The engine must answer, and the machine must be able to make networks; an
// error, in one line, says what is missing. When the context ends, so does what takes time.
func New(ctx context.Context, options Options) (*World, error) {
	if err := able(options); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMachine, err)
	}
	network, err := fabric.New(fabric.Options{Seed: options.Seed, Network: options.Network, Local: options.Local, Capture: options.Capture})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMachine, err)
	}
	found, err := engine.Open(ctx)
	if err == nil {
		err = found.Local()
	}
	if err == nil && options.SlowNodes {
		err = found.Slows()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrMachine, err), network.Close())
	}
	w := &World{loop: newLoop(), options: options.withDefaults(), engine: found, network: network, byName: map[string]*node{}}
	w.ctx, w.end = context.WithCancel(ctx)
	return w, nil
}

// Check tells in one line what keeps this machine from running plans in containers: no engine, no rights,
// no image of some name, no disks of the kind that options want. It makes nothing.
func Check(ctx context.Context, images []string, options Options) error {
	if err := able(options); err != nil {
		return fmt.Errorf("%w: %w", ErrMachine, err)
	}
	found, err := engine.Open(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMachine, err)
	}
	defer func() { _ = found.Close() }() // nothing is under way
	if err := found.Local(); err != nil {
		return fmt.Errorf("%w: %w", ErrMachine, err)
	}
	for _, name := range images {
		if _, err := found.Image(ctx, name); err != nil {
			return fmt.Errorf("%w: %w", ErrMachine, err)
		}
	}
	return nil
}

// able looks for what the machine lacks.
func able(options Options) error {
	for _, finding := range fabric.Able() {
		return errors.New(finding.String()) // one thing at a time: cleave doctor lists all
	}
	if options.PowerLoss || options.Syncs {
		if err := disk.Able(); err != nil {
			return err
		}
	}
	if options.Syncs {
		return layer.Able()
	}
	return nil
}

// ErrMachine is wrapped by errors that say what this machine lacks for containers.
var ErrMachine = errors.New("containers cannot be used here")

// OnNote sets who hears the notes of nodes and clients.
func (w *World) OnNote(listener func(history.Note)) { w.listener = listener }

// note tells of a node or a client, from any goroutine.
func (w *World) note(who, kind, detail string) {
	w.post(func() {
		if w.listener != nil {
			w.listener(history.Note{Node: who, Kind: kind, Detail: detail})
		}
	})
}

// Run lets time pass until a true time. It errs when a container cannot be made what a fault asks for.
func (w *World) Run(until history.Time) error { return w.pass(until, w.trouble) }

// fail ends the run, with the first reason.
func (w *World) fail(err error) {
	w.failing.Lock()
	if w.failed == nil {
		w.failed = err
	}
	w.failing.Unlock()
	w.post(func() {}) // wakes the loop
}

func (w *World) trouble() error {
	w.failing.Lock()
	defer w.failing.Unlock()
	if w.failed == nil {
		return w.ctx.Err()
	}
	return w.failed
}

// keepTime tells whenever the harness itself stands still: what others did meanwhile is not known then.
func (w *World) keepTime() {
	ticker := time.NewTicker(timeBeat)
	defer ticker.Stop()
	for last := time.Now(); ; {
		select {
		case <-ticker.C:
		case <-w.ctx.Done():
			return
		}
		if stall := time.Since(last) - timeBeat; stall > mostLate {
			w.note("world", "late", stall.Round(time.Millisecond).String())
		}
		last = time.Now()
	}
}

// Leader is the node that leads with the highest term.
func (w *World) Leader() string {
	name, highest := "", uint64(0)
	for _, n := range w.nodes {
		if n.leading && n.kills == 0 && (name == "" || n.term > highest) {
			name, highest = n.name, n.term
		}
	}
	return name
}

// Invoke hands a request to a client.
func (w *World) Invoke(name string, request history.Request, done func(history.Completion)) {
	for _, u := range w.users {
		if u.name == name {
			u.client.Invoke(request, func(c history.Completion) { w.post(func() { done(c) }) })
			return
		}
	}
	panic("docker: nobody is named " + name)
}

// Close ends clients and nodes, and removes all that was made. It takes seconds, and does not stop for
// the end of New's context.
func (w *World) Close() error {
	w.end()
	var errs []error
	for _, u := range w.users {
		errs = append(errs, u.close())
	}
	w.group.Wait()
	limited, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	errs = append(errs, w.each(func(n *node) error { return n.remove(limited) }))
	errs = append(errs, w.network.Close(), w.engine.Clear(limited), w.engine.Close())
	return errors.Join(errs...)
}

// each does something with all nodes at once, and waits.
func (w *World) each(action func(*node) error) error {
	errs := make([]error, len(w.nodes))
	var group sync.WaitGroup
	for i, n := range w.nodes {
		group.Go(func() {
			if err := action(n); err != nil {
				errs[i] = fmt.Errorf("%s: %w", n.name, err)
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// Limits that nobody needs to choose.
const (
	closeLimit   = time.Minute            // to remove everything
	clockLimit   = 5 * time.Second        // to set a clock
	parting      = 200 * time.Millisecond // for what a node that has ended by itself still had to say
	timeBeat     = 100 * time.Millisecond // between two looks at the time
	mostLate     = 500 * time.Millisecond // that goes without saying
	restartWait  = time.Second            // until a node that ended by itself is started again
	logPatience  = 2 * time.Second        // for the last lines of a log at the end
	attemptLimit = 30 * time.Second       // for one thing that an engine is asked to do
)
