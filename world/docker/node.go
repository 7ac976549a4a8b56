package docker

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"cleave/world"
	"cleave/world/docker/disk"
	"cleave/world/docker/engine"
	"cleave/world/docker/fabric"
	"cleave/world/docker/layer"
)

// node is one server: a container that holds its place in the network, and one that is killed and
// started again. Faults say how it is to be; a goroutine of its own makes it so, since an engine takes
// its time. What is asked for while it works is looked at afterwards, all at once.
type node struct {
	world     *World
	name      string
	holder    engine.ID
	container engine.ID
	place     *fabric.Namespace
	disk      store
	layer     *layer.Layer // over its disk; nil if no fault of the run meets syncs
	log       *shared

	// What the loop alone touches.
	kills, pauses, fills int
	bits                 int           // faults that damage its disk
	failings             int           // faults that fail its syncs
	lag                  time.Duration // that its syncs take longer
	outs                 int           // faults that keep it out of the membership
	renewals             int           // how often it has become another member
	term                 uint64
	leading              bool

	mutex  sync.Mutex
	wish   state
	chores []chore       // to be done to its disk
	died   bool          // its process has ended by itself since the goroutine last looked
	ends   int           // how often that was
	stir   chan struct{} // wish, chores or died have changed
	ready  chan struct{} // closed when it has served for the first time
	first  sync.Once     // closes it

	// What the goroutine alone touches.
	is     state
	noted  world.Roll         // that the files of its container tell it when it starts
	copied *disk.Copy         // of what was on its disk
	flips  []disk.Flip        // damage to its disk
	hurt   bool               // it has ended by itself since its disk was damaged
	again  time.Time          // a process that ended by itself is started then
	leave  context.CancelFunc // ends what follows the process
	follow sync.WaitGroup
}

// state is how a node is, or is to be.
type state struct {
	life    int           // goes up with every kill: the process of an earlier life must not be there
	outages int           // how often its power has failed
	runs    bool          // there is a process
	paused  bool          // which is stopped
	full    bool          // its disk
	ails    bool          // likewise: its syncs fail
	offset  time.Duration // of its clock
	rest    time.Duration // before each thing it does
	roll    world.Roll    // that it knows
}

// want changes what a node is to be.
func (n *node) want(change func(*state)) {
	n.mutex.Lock()
	change(&n.wish)
	n.mutex.Unlock()
	n.rouse()
}

func (n *node) rouse() {
	select {
	case n.stir <- struct{}{}:
	default: // it will look anyway
	}
}

// look gives what the node is to be, what is to be done to its disk, and whether its process has ended by itself.
func (n *node) look() (wish state, chores []chore, died bool) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	chores, n.chores = n.chores, nil
	died, n.died = n.died, false
	return n.wish, chores, died
}

// tend makes the node what it is to be, until the context ends.
func (n *node) tend(ctx context.Context) {
	for {
		wish, chores, died := n.look()
		if died && n.is.runs {
			time.Sleep(parting)
			n.forget()
			n.again = time.Now().Add(restartWait)
			n.hurt = len(n.flips) > 0
		}
		if err := n.become(ctx, wish, chores); err != nil {
			if ctx.Err() == nil {
				n.world.fail(fmt.Errorf("%s: %w", n.name, err))
			}
			return
		}
		var later <-chan time.Time
		if wish.runs && !n.is.runs && n.fit() {
			later = time.After(time.Until(n.again))
		}
		select {
		case <-n.stir:
		case <-later:
		case <-ctx.Done():
			return
		}
	}
}

// become does what is missing, one thing after the other: what ends a process before what starts one.
func (n *node) become(ctx context.Context, wish state, chores []chore) error {
	if err := n.end(ctx, wish); err != nil {
		return err
	}
	if err := n.work(ctx, chores); err != nil {
		return err
	}
	if n.is.full != wish.full {
		if err := n.disk.fill(ctx, wish.full); err != nil {
			return err
		}
		n.is.full = wish.full
	}
	n.is.ails = wish.ails
	if wish.runs && !n.is.runs && !time.Now().Before(n.again) && n.fit() {
		if err := n.start(ctx, wish.roll); err != nil {
			return err
		}
	}
	if n.is.runs && n.is.paused != wish.paused {
		if err := n.freeze(ctx, wish.paused); err != nil {
			return err
		}
	}
	if !n.is.paused && n.is.rest != wish.rest {
		if err := n.throttle(ctx, wish.rest); err != nil {
			return err
		}
	}
	if n.is.runs && !n.is.paused && n.is.offset != wish.offset {
		if err := n.turnClock(ctx, wish.offset); err != nil {
			return err
		}
	}
	if n.is.runs && !n.is.paused && !n.is.roll.Equal(wish.roll) {
		return n.enlist(ctx, wish.roll)
	}
	return nil
}

// fit tells whether there is any use in starting a process: one that a full disk has ended, or a failing or damaged one,
// would only end again.
func (n *node) fit() bool { return !n.is.full && !n.is.ails && !n.hurt }

// end ends the process of an earlier life, and with an outage loses what its disk had not synced.
func (n *node) end(ctx context.Context, wish state) error {
	outage := n.is.outages != wish.outages
	if outage {
		if err := n.disk.fail(); err != nil {
			return err
		}
	}
	if n.is.life != wish.life {
		if n.is.runs {
			if err := n.world.engine.Kill(ctx, n.container); err != nil {
				return err
			}
		}
		n.forget()
		n.again, n.hurt = time.Time{}, false
	}
	if outage {
		if err := n.disk.recover(); err != nil {
			return err
		}
	}
	n.is.life, n.is.outages = wish.life, wish.outages
	return nil
}

// forget ends what follows a process that is no more.
func (n *node) forget() {
	if n.leave != nil {
		n.leave()
		n.follow.Wait()
		n.leave = nil
	}
	n.mutex.Lock()
	n.died = false // if its end was heard of: it is not that of the process that comes next
	n.mutex.Unlock()
	n.is.runs, n.is.paused = false, false
}

func (n *node) freeze(ctx context.Context, paused bool) error {
	n.is.paused = paused
	change := n.world.engine.Unpause
	if paused {
		change = n.world.engine.Pause
	}
	if err := change(ctx, n.container); !errors.Is(err, engine.ErrEnded) {
		return err
	}
	return nil // it has ended by itself, which is noticed elsewhere
}

// turnClock sets the node's clock.
func (n *node) turnClock(ctx context.Context, offset time.Duration) error {
	return n.order(ctx, "setting its clock", func(ctx context.Context) error {
		return n.world.deployment.Clock(ctx, n.place.Dial, offset)
	}, func() { n.is.offset = offset })
}

// enlist tells the node who is to be a member.
func (n *node) enlist(ctx context.Context, roll world.Roll) error {
	return n.order(ctx, "telling it who is a member", func(ctx context.Context) error {
		return n.world.deployment.Enlist(ctx, n.place.Dial, roll)
	}, func() { n.is.roll = roll })
}

// order tells the node something once it listens. One that does not, for it has ended meanwhile, is looked at
// again.
func (n *node) order(ctx context.Context, what string, tell func(context.Context) error, told func()) error {
	limited, cancel := context.WithTimeout(ctx, clockLimit)
	defer cancel()
	if err := tell(limited); err != nil {
		n.mutex.Lock()
		defer n.mutex.Unlock()
		if n.died || n.wish.life != n.is.life || n.wish.paused {
			n.rouse()
			return nil
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	told()
	return nil
}

// start starts a process that knows who is a member, and follows it: its log, what is learned of it, its end.
func (n *node) start(ctx context.Context, roll world.Roll) error {
	if err := n.writeRoll(ctx, roll); err != nil {
		return err
	}
	since := time.Now()
	if err := n.world.engine.Start(ctx, n.container); err != nil {
		return err
	}
	n.is.runs, n.is.paused, n.is.offset, n.is.roll = true, false, 0, roll
	following, leave := context.WithCancel(ctx)
	n.leave = leave
	n.follow.Go(func() { n.world.deployment.Monitor(following, n.name, n.place.Dial, watcher{n, following}) })
	life := n.is.life
	n.follow.Go(func() { n.awaitEnd(following, life) })
	n.world.group.Go(func() { n.keepLog(since) })
	return nil
}

// writeRoll has a node that is down know who is a member when it starts: its container's files say it.
func (n *node) writeRoll(ctx context.Context, roll world.Roll) error {
	if n.noted.Equal(roll) {
		return nil
	}
	n.noted = roll
	_, _, others := n.files()
	return n.world.engine.CopyTo(ctx, n.container, others)
}

// keepLog writes the container's log until the process ends.
func (n *node) keepLog(since time.Time) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(n.world.ctx))
	defer cancel()
	stop := context.AfterFunc(n.world.ctx, func() { time.AfterFunc(logPatience, cancel) })
	defer stop()
	if err := n.world.engine.Logs(ctx, n.container, true, since, n.log); err != nil && ctx.Err() == nil {
		fmt.Fprintf(n.log, "cleave: the log ends here: %v\n", err)
	}
}

// awaitEnd tells of an end of a life that nobody asked for. The node is started again a little later, as a
// supervisor would.
func (n *node) awaitEnd(ctx context.Context, life int) {
	end, err := n.world.engine.Wait(ctx, n.container)
	if err != nil || ctx.Err() != nil {
		return
	}
	n.mutex.Lock()
	asked := n.wish.life != life
	n.died = true
	n.ends++
	n.mutex.Unlock()
	if !asked {
		n.world.note(n.name, "exit", end.String()+n.lastWords())
	}
	n.rouse()
}

// lastWords is the line of its log that says best why a process ended: the last that speaks of an error.
func (n *node) lastWords() string {
	ctx, cancel := context.WithTimeout(n.world.ctx, clockLimit)
	defer cancel()
	tail, err := n.world.engine.Tail(ctx, n.container, 60)
	if err != nil || tail == "" {
		return ""
	}
	lines := strings.Split(tail, "\n")
	best := lines[len(lines)-1]
	for _, line := range lines {
		if errorWords.MatchString(line) {
			best = line
		}
	}
	return ": " + strings.TrimSpace(best)
}

var errorWords = regexp.MustCompile(`(?i)^caused by: |^panic: |\berror: |exception: `)

// watcher tells the world what is learned of a process while it is there.
type watcher struct {
	node *node
	ctx  context.Context
}

// Ready says that the node serves.
func (w watcher) Ready() { w.node.first.Do(func() { close(w.node.ready) }) }

// Note records something worth seeing.
func (w watcher) Note(kind, detail string) {
	if w.ctx.Err() == nil {
		w.node.world.note(w.node.name, kind, detail)
	}
}

// Leads says whether the node leads.
func (w watcher) Leads(term uint64, leading bool) {
	w.node.world.post(func() {
		if w.ctx.Err() == nil {
			w.node.term, w.node.leading = term, leading
		}
	})
}
