package sim

import (
	"fmt"
	"runtime/debug"
	"time"

	"cleave/history"
	"cleave/internal/link"
	"cleave/internal/rng"
	"cleave/world"
)

// World is a simulated world. It implements world.World. The zero World is of no use; see New.
type World struct {
	options     Options
	now         history.Time
	queue       queue
	order       uint64
	events      uint64
	hash        uint64
	connections uint64
	passages    uint64 // messages sent while somebody follows them
	datagrams   map[uint64]passage
	endpoints   []*endpoint
	byName      map[string]*endpoint
	lines       [][]line // [from][to]
	listener    func(history.Note)
	marks       map[string]int
	running     *endpoint    // whose code runs
	second      history.Time // the whole second of now
	before      uint64       // events before it
	timers      []timer      // room for the next ones
	runaway     bool
}

// New makes an empty world at time 0.
func New(options Options) *World {
	return &World{options: options, byName: map[string]*endpoint{}, marks: map[string]int{}, datagrams: map[uint64]passage{}}
}

// AddNode adds a node. It boots when time next passes, once all are added, so that its first act may
// be to dial any other.
func (w *World) AddNode(name string, boot func() world.Process) {
	w.startSoon(w.add(name, name), boot)
}

// AddClient adds a client beside a node. It starts when time next passes.
func (w *World) AddClient(name, host string, client world.Client) {
	e := w.add(name, host)
	e.client = client
	w.startSoon(e, func() world.Process { return client })
}

func (w *World) startSoon(e *endpoint, boot func() world.Process) {
	e.boot = boot
	w.At(w.now, func() {
		if e.kills == 0 && !e.alive() {
			e.start()
		}
	})
}

// add makes the place of a process, and its links from and to all others.
func (w *World) add(name, host string) *endpoint {
	if w.byName[name] != nil {
		panic("sim: two processes are named " + name)
	}
	e := &endpoint{world: w, number: len(w.endpoints), name: name, host: host,
		key: rng.Mix(w.options.Seed, rng.Text(name))}
	e.disk.owner = e
	if w.options.Log != nil {
		e.log = w.options.Log(name)
	}
	w.endpoints = append(w.endpoints, e)
	w.byName[name] = e
	w.lines = append(w.lines, nil)
	for _, from := range w.endpoints {
		for number := len(w.lines[from.number]); number < len(w.endpoints); number++ {
			w.lines[from.number] = append(w.lines[from.number], line{Link: w.newLink(from, w.endpoints[number])})
		}
	}
	return e
}

func (w *World) newLink(from, to *endpoint) *link.Link {
	quality := &w.options.Network
	if from.host == to.host {
		quality = &w.options.Local
	}
	return link.New(w.options.Seed, from.name, to.name, quality)
}

func (w *World) line(from, to *endpoint) *line { return &w.lines[from.number][to.number] }

func (w *World) link(from, to *endpoint) *link.Link { return w.lines[from.number][to.number].Link }

func (w *World) find(name string) *endpoint {
	e := w.byName[name]
	if e == nil {
		panic("sim: nobody is named " + name)
	}
	return e
}

// OnNote sets who hears the notes of processes.
func (w *World) OnNote(listener func(history.Note)) { w.listener = listener }

// Now is the virtual time.
func (w *World) Now() history.Time { return w.now }

// Events is how many events have happened.
func (w *World) Events() uint64 { return w.events }

// Hash is the rolling hash over all events so far. Two runs with different hashes have diverged.
func (w *World) Hash() uint64 { return w.hash }

// Close ends the world. Nothing of it runs outside Run, but of what processes hold it tells them to let go.
func (w *World) Close() error {
	for _, e := range w.endpoints {
		e.stop()
		e.process = nil
	}
	return nil
}

// At has the harness do something at a time; before now means now.
func (w *World) At(at history.Time, action func()) {
	w.order++
	e := w.queue.push(max(at, w.now), w.order)
	e.kind, e.action = actionEvent, action
}

// processOrder lifts the order of events of processes above that of the harness's actions, which so
// come first at the same time.
const processOrder = 1 << 63

// push schedules an event of a process, to be filled in before the next one.
func (w *World) push(at history.Time, kind eventKind) *event {
	w.order++
	e := w.queue.push(at, w.order|processOrder)
	e.kind = kind
	return e
}

// own schedules an event that ends with the life of its process.
func (w *World) own(at history.Time, kind eventKind, target *endpoint) *event {
	e := w.push(at, kind)
	e.target, e.life = target, target.life
	return e
}

// Invoke hands a request to a client.
func (w *World) Invoke(name string, request history.Request, done func(history.Completion)) {
	if e := w.find(name); e.ready() { // the common way, without a closure
		e.enter()
		e.client.Invoke(request, done)
	} else {
		e.postpone(func(processCalls) { e.client.Invoke(request, done) })
	}
	w.running = nil
}

// Leader is the node that leads with the highest term.
func (w *World) Leader() string {
	name, highest := "", uint64(0)
	for _, e := range w.endpoints {
		if leader, can := e.process.(world.Leader); can {
			if term, leading := leader.Leading(); leading && (name == "" || term > highest) {
				name, highest = e.name, term
			}
		}
	}
	return name
}

// Run lets virtual time pass. A panic in a process crashes that process, for good, and is noted; one
// in the harness's own actions is passed on. A second with more events than Options.MaxRate ends it
// with world.ErrRunaway.
func (w *World) Run(until history.Time) error {
	for !w.loop(until) {
	}
	if w.runaway {
		return fmt.Errorf("%w: over %d in the second before %.3f s", world.ErrRunaway, w.options.MaxRate, w.now.Seconds())
	}
	w.now = max(w.now, until)
	return nil
}

// loop runs events until the time is reached, or a process panics.
func (w *World) loop(until history.Time) (reached bool) {
	defer w.contain()
	for {
		at, some := w.queue.peek()
		if !some || at > until || w.runaway {
			return true
		}
		w.now = at
		w.step(w.queue.pop())
	}
}

// count counts an event, and sees whether there are too many in this second.
func (w *World) count() {
	w.events++
	if second := w.now / history.Time(time.Second); second != w.second {
		w.second, w.before = second, w.events
	}
	w.runaway = w.options.MaxRate > 0 && w.events-w.before > w.options.MaxRate
}

// step makes one event happen, if the life it belongs to has not ended.
func (w *World) step(e *event) {
	w.count()
	w.hash = absorb(w.hash, uint64(w.now)<<4|uint64(e.kind))
	if e.target != nil {
		w.hash = absorb(w.hash, uint64(e.target.number))
	}
	if w.options.Trace != nil {
		w.traceStep(e)
	}
	w.running = nil
	switch e.kind {
	case actionEvent:
		e.action()
	case segmentEvent:
		e.side.arrive(e.segment)
	case retryEvent:
		e.side.retry()
	case ackEvent:
		e.side.checkAnswers()
	case dialEvent:
		e.side.requested()
	case redialEvent:
		e.side.redial()
	case refusalEvent:
		e.side.refused()
	default:
		w.stepLife(e)
	}
}

// stepLife makes those events happen that end with their process.
func (w *World) stepLife(e *event) {
	if e.target.life != e.life {
		return
	}
	switch e.kind {
	case timerEvent:
		e.target.fire(e.timer)
	case datagramEvent:
		w.hash = absorbBytes(w.hash, e.segment.payload)
		w.arriveDatagram(e)
	case syncEvent:
		e.action()
	case haltEvent:
		e.target.halt()
	case wakeEvent:
		e.target.wake()
	}
}

// apart runs a process's code in the midst of what the harness does, which goes on if the process panics.
func (w *World) apart(what func()) {
	defer func() { w.running = nil }()
	defer w.contain()
	what()
}

// contain is deferred: it turns a panic of a process into its crash.
func (w *World) contain() {
	if w.running == nil {
		return // no process's code is running: a panic, if there is one, is the harness's own
	}
	cause := recover()
	if cause == nil {
		return
	}
	failed := w.running
	w.running = nil
	if damage, is := cause.(world.Damage); is && len(failed.disk.flips) > 0 {
		failed.Note("damage", string(damage)) // as it must: a fault has done it
		failed.crash()
		failed.halted = true
		return
	}
	failed.Note("panic", fmt.Sprint(cause))
	failed.Logf("panic: %v\n%s", cause, debug.Stack())
	failed.crash()
}

func (w *World) trace(kind string, from, to *endpoint, size int) {
	w.lost(from, to)
	if w.options.Trace != nil {
		w.options.Trace(Trace{At: w.now.Duration(), Kind: kind, From: from.name, To: to.name, Size: size})
	}
}

// lost tells whoever counts that something was lost on its way.
func (w *World) lost(from, to *endpoint) {
	if w.options.Lost != nil {
		w.options.Lost(from.name, to.name, w.now)
	}
}

func (w *World) traceStep(e *event) {
	t := Trace{At: w.now.Duration(), Kind: kindNames[e.kind], Size: len(e.segment.payload)}
	if e.target != nil {
		t.To = e.target.name
	}
	switch {
	case e.from != nil:
		t.From = e.from.name
	case e.kind == segmentEvent:
		t.From = e.side.peer.owner.name
	case e.side != nil:
		t.From = e.side.owner.name
	}
	w.options.Trace(t)
}
