package sim

import (
	"fmt"
	"io"
	"slices"
	"time"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/world"
)

// processCalls is the part of world.Process that the world calls.
type processCalls = world.Process

// endpoint is a node or client in its place: the process, if it is up, and what outlives it.
type endpoint struct {
	world   *World
	number  int
	name    string
	host    string // for a client, the node it lives beside; for a node, its own name
	key     uint64 // randomness of this endpoint: the seed and its name
	boot    func() world.Process
	process world.Process // nil while it is down
	client  world.Client  // set for clients
	service bool          // it is neither a node nor a client
	life    uint32        // raised by every crash: events of an earlier life do not happen
	random  *rng.Stream
	disk    disk
	sides   []*side // connections that are not closed
	log     io.Writer
	offset  time.Duration // of the wall clock
	kills   int           // faults that hold it down
	halted  bool          // it ended by its own word, and is to boot again
	out     int           // faults that keep it out of the membership
	renewed int           // how often it has become another member
	paused  int           // faults that hold it still
	slow    time.Duration // it rests so long before each thing it does
	roused  bool          // it is about to do the next
	waiting []func(processCalls)
}

func (e *endpoint) alive() bool { return e.process != nil }

// start makes the process and starts it, with a random stream of its own for each life.
func (e *endpoint) start() {
	e.halted = false
	e.random = rng.New(e.key, randomKey, uint64(e.life))
	e.process = e.boot()
	e.call(func(process processCalls) { process.Start(e) })
}

// crash ends the process: connections are reset, timers and unsynced writes are gone.
func (e *endpoint) crash() {
	if !e.alive() {
		return
	}
	e.stop()
	e.process = nil
	e.life++
	e.waiting, e.roused = nil, false
	e.disk.crash()
	sides := e.sides
	e.sides = nil
	for _, s := range sides {
		s.out.waiting, s.out.stalled = nil, false
		if s.state == open {
			s.send(resetSegment, nil)
		}
		s.state = closed
	}
}

// stop tells a process that it is dropped, if it wants to know.
func (e *endpoint) stop() {
	if stopper, can := e.process.(world.Stopper); can {
		stopper.Stop()
	}
}

// node tells whether it is one.
func (e *endpoint) node() bool { return e.client == nil && !e.service }

// halt ends a process that said that it has halted. It boots again a second after its disk has room, as
// a supervisor would have it, unless it is killed then.
func (e *endpoint) halt() {
	e.crash()
	e.halted = true
	e.rebootIfFit()
}

// rebootIfFit has the node boot again soon, if it has ended and nothing is wrong with its disk any more.
func (e *endpoint) rebootIfFit() {
	if e.disk.fit() {
		e.rebootSoon()
	}
}

func (d *disk) fit() bool { return d.full == 0 && d.failing == 0 && len(d.flips) == 0 }

func (e *endpoint) rebootSoon() {
	e.world.At(e.world.now+history.Time(rebootAfter), func() {
		if e.halted && e.kills == 0 && e.disk.fit() {
			e.start()
			e.world.running = nil
		}
	})
}

// enter marks whose code runs from here on, so that a panic is laid at the right door.
func (e *endpoint) enter() processCalls {
	e.world.running = e
	return e.process
}

// call runs the process's code now, or when it is no longer paused. A process that is down hears
// nothing.
func (e *endpoint) call(what func(processCalls)) {
	switch {
	case !e.alive():
	case e.held():
		e.postpone(what)
	default:
		what(e.enter())
	}
}

// hear has the process hear what became of a sync, as call would.
func (e *endpoint) hear(done func(error), outcome error) {
	if e.ready() {
		e.enter()
		done(outcome)
		return
	}
	e.postpone(func(processCalls) { done(outcome) })
}

func (e *endpoint) postpone(what func(processCalls)) {
	if e.alive() {
		e.waiting = append(e.waiting, what)
		e.rouse()
	}
}

// ready tells whether the process can do a thing at once.
func (e *endpoint) ready() bool { return e.alive() && !e.held() }

// held tells whether the process cannot do a thing at once.
func (e *endpoint) held() bool { return e.paused > 0 || e.slow > 0 }

// catchUp runs what waited for the end of a pause, in order.
func (e *endpoint) catchUp() {
	waiting := e.waiting
	e.waiting = nil
	for i, what := range waiting {
		if e.paused > 0 || !e.alive() {
			e.waiting = append(waiting[i:len(waiting):len(waiting)], e.waiting...)
			return
		}
		what(e.enter())
	}
}

// drop forgets a closed connection.
func (e *endpoint) drop(s *side) {
	if at := slices.Index(e.sides, s); at >= 0 {
		e.sides = slices.Delete(e.sides, at, at+1)
	}
}

// The rest is world.Environment.

// Name is the process's name.
func (e *endpoint) Name() string { return e.name }

// Now is the wall clock, moved by skews.
func (e *endpoint) Now() time.Duration { return epoch + time.Duration(e.world.now) + e.offset }

// Elapsed is the monotonic clock.
func (e *endpoint) Elapsed() time.Duration { return time.Duration(e.world.now) }

// Random is the stream of this life.
func (e *endpoint) Random() *rng.Stream { return e.random }

// timer is a pending call. It implements world.Timer.
type timer struct{ action func() }

// Stop cancels the call.
func (t *timer) Stop() { t.action = nil }

// After sets a timer.
func (e *endpoint) After(wait time.Duration, action func()) world.Timer {
	t := e.world.timer(action)
	e.world.own(e.world.now+history.Time(max(wait, 0)), timerEvent, e).timer = t
	return t
}

// timer makes one. Nearly half of all events are timers, so that many are made at a time.
func (w *World) timer(action func()) *timer {
	const many = 128
	if len(w.timers) == 0 {
		w.timers = make([]timer, many)
	}
	t := &w.timers[0]
	t.action, w.timers = action, w.timers[1:]
	return t
}

// fire runs a timer's action unless it was stopped, also in the meantime of a pause. It lets go of the action, which
// the timers that were made with it need not keep.
func (e *endpoint) fire(t *timer) {
	if t.action == nil {
		return
	}
	if !e.held() {
		action := t.action
		t.action = nil
		e.enter()
		action()
		return
	}
	e.postpone(func(processCalls) {
		if action := t.action; action != nil {
			t.action = nil
			action()
		}
	})
}

// Dial connects to another process. A name that nobody has is a broken invariant of the caller.
func (e *endpoint) Dial(to string) world.Connection { return e.world.connect(e, e.world.find(to)) }

// Send sends a datagram. To nobody it is lost, as on a network.
func (e *endpoint) Send(to string, payload []byte) {
	if other := e.world.byName[to]; other != nil {
		e.world.sendDatagram(e, other, payload)
	}
}

// Disk is the endpoint's disk.
func (e *endpoint) Disk() world.Disk { return &e.disk }

// Note tells the world's listener. What notes "halt" ends after the event at hand.
func (e *endpoint) Note(kind, detail string) {
	if e.world.listener != nil {
		e.world.listener(history.Note{Node: e.name, Kind: kind, Detail: detail})
	}
	if e.log != nil {
		e.Logf("%s %s", kind, detail)
	}
	if kind == haltNote && e.node() {
		e.world.own(e.world.now, haltEvent, e)
	}
}

// haltNote is what a process notes whose disk has failed it.
const haltNote = "halt"

// Logf writes a line, with the true time, if the log is kept. A log that cannot be written is no
// reason to change what the process does.
func (e *endpoint) Logf(format string, arguments ...any) {
	if e.log == nil {
		return
	}
	fmt.Fprintf(e.log, "%13.6f %s\n", e.world.now.Seconds(), fmt.Sprintf(format, arguments...))
}
