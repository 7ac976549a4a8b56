package nemesis

import (
	"time"

	"cleave/history"
	"cleave/internal/link"
	"cleave/internal/rng"
)

// Target is what faults act on: a world.
type Target interface {
	At(at history.Time, action func())
	Now() history.Time
	Leader() string
	Cut(from, to string)
	Mend(from, to string)
	Dropped(from, to string) int64
	Disturb(from, to string, by link.Quality)
	Calm(from, to string, by link.Quality)
	Disturbed(from, to string) int64
	Kill(node string)
	Restart(node string)
	PowerOff(node string)
	PowerOn(node string)
	Fill(node string)
	Drain(node string)
	Pause(node string)
	Resume(node string)
	Skew(node string, offset time.Duration)
	KillWriting(node string, draw uint64)
	Slow(node string, pause time.Duration)
	SlowSync(node string, longer time.Duration)
	FailSync(node string)
	MendSync(node string)
	FlipBit(node string, draw uint64)
	MendBit(node string)
	LoseDisk(node string)
	KeepDisk(node string)
	RestoreDisk(node string)
	Expel(node string)
	Admit(node string)
	Renew(node string)
}

// Witness is a Target that wants to see how things stand just before a fault begins.
type Witness interface {
	Before(id int)
}

// Nemesis carries out one schedule on one target.
type Nemesis struct {
	target Target
	run    history.Run
	record func(history.Event)
	state  state
}

// New makes a nemesis for a target where run says who lives. Every start, change and end of a fault
// is told to record.
func New(target Target, run history.Run, record func(history.Event)) *Nemesis {
	return &Nemesis{target: target, run: run, record: record, state: state{run: run}}
}

// Carry arranges for all faults of a schedule, which Validate has passed.
func (n *Nemesis) Carry(faults []Fault) {
	for id, fault := range faults {
		n.carry(id, fault)
	}
}

// inForce is a fault that has started.
type inForce struct {
	id      int
	fault   Fault
	kind    Kind
	effect  effect
	on      bool
	resting bool   // of a steady kind: what it stops runs just now
	rounds  uint64 // how often it went on
	leader  string
	past    []string // who was hit in earlier rounds, for kinds that remember
	dropped tally    // messages lost on links it held cut
	touched tally    // messages that links it disturbed did something to
}

func (n *Nemesis) carry(id int, fault Fault) {
	kind, err := Find(fault.Kind)
	if err != nil {
		panic("nemesis: a schedule that was not validated: " + err.Error())
	}
	f := &inForce{id: id, fault: fault, kind: kind}
	start, end := history.Time(fault.Start), history.Time(fault.End())
	n.target.At(start, func() { n.begin(f) })
	if fault.Period > 0 && kind.bouts == nil {
		stage := history.FaultChange
		for at, round := start+history.Time(fault.Period), 1; at < end; at, round = at+history.Time(fault.Period), round+1 {
			switch {
			case kind.steady:
				n.target.At(at, func() { n.beat(f) })
			case round%2 == 1:
				n.target.At(at, func() { n.turnOff(f, stage) })
			default:
				n.target.At(at, func() { n.turnOn(f, stage) })
			}
		}
	}
	n.target.At(end, func() { n.turnOff(f, history.FaultEnd) })
}

func (n *Nemesis) begin(f *inForce) {
	if witness, is := n.target.(Witness); is {
		witness.Before(f.id)
	}
	if f.kind.bouts != nil {
		n.round(f, history.FaultStart)
	} else {
		n.turnOn(f, history.FaultStart)
	}
}

// round begins a round of a kind that does one thing after another. The end of the fault may come in
// the midst of it.
//
//	round 0                        round 1
//	|-- cut ----|-|-- down --|-----|-- cut ----|-|-- dow
func (n *Nemesis) round(f *inForce, stage history.Stage) {
	m := n.look(f)
	at, end := n.target.Now(), history.Time(f.fault.End())
	bouts := f.kind.bouts(m)
	f.past = bouts[0].effect.nodes
	for i, part := range bouts {
		if i == 0 {
			stopped := n.undo(f) // of the round before, if that did not end with nothing
			n.hit(f, part.effect, stage)
			n.revive(&stopped)
		} else if at < end {
			n.target.At(at, func() { n.turn(f, part.effect) })
		}
		at += history.Time(part.lasts)
	}
	if at < end {
		n.target.At(at, func() { n.round(f, history.FaultChange) })
	}
}

// turnOn decides whom the fault hits, now, and hits them.
func (n *Nemesis) turnOn(f *inForce, stage history.Stage) {
	e := f.kind.plan(n.look(f))
	f.past = e.nodes
	n.hit(f, e, stage)
}

// look notes who leads, and draws what decides the next round.
func (n *Nemesis) look(f *inForce) *moment {
	f.leader = n.target.Leader()
	m := &moment{run: n.run, leader: f.leader, random: rng.New(f.fault.Draw, f.rounds), round: f.rounds,
		offset: time.Duration(f.fault.Offset), by: f.kind.Quality, target: f.fault.Target, usual: f.kind.Aim,
		lasts: time.Duration(f.fault.Duration), past: f.past, drag: f.kind.Drag, draw: f.fault.Draw, unsure: n.state.unsure}
	f.rounds++
	return m
}

// turn goes over to the next part of a round, which may be nothing.
func (n *Nemesis) turn(f *inForce, next effect) {
	switch {
	case len(next.nodes) == 0 && f.on:
		n.turnOff(f, history.FaultChange)
	case len(next.nodes) > 0:
		stopped := n.undo(f)
		n.hit(f, next, history.FaultChange)
		n.revive(&stopped)
	}
}

// hit puts an effect in force.
func (n *Nemesis) hit(f *inForce, e effect, stage history.Stage) {
	f.effect, f.on = e, true
	f.dropped.begin(e.cuts, n.target.Dropped)
	for _, l := range e.cuts {
		n.target.Cut(l.From, l.To)
	}
	f.touched.begin(e.worse, n.target.Disturbed)
	for _, l := range e.worse {
		n.target.Disturb(l.From, l.To, e.by)
	}
	for _, node := range e.skew {
		n.target.Skew(node, e.offset)
	}
	for _, node := range e.full {
		n.target.Fill(node)
	}
	n.stop(&f.effect)
	n.inflict(&f.effect.harm)
	for _, node := range e.out {
		n.target.Expel(node)
	}
	n.state.apply(&f.effect, 1)
	n.tell(f, stage)
}

// beat is the rhythm of a steady kind: what it stopped runs again, what ran stops again.
func (n *Nemesis) beat(f *inForce) {
	stopped := effect{kill: f.effect.kill, dark: f.effect.dark, pause: f.effect.pause}
	if f.resting {
		f.resting = false
		n.stop(&stopped)
		n.state.apply(&stopped, 1)
		n.tell(f, history.FaultChange)
		return
	}
	f.resting = true
	n.state.apply(&stopped, -1)
	n.tell(f, history.FaultChange)
	n.revive(&stopped)
}

func (n *Nemesis) stop(e *effect) {
	for _, node := range e.kill {
		n.target.Kill(node)
	}
	for _, node := range e.dark {
		n.target.PowerOff(node)
	}
	for _, node := range e.pause {
		n.target.Pause(node)
	}
}

// turnOff undoes what turnOn did, if it is on, and reports.
func (n *Nemesis) turnOff(f *inForce, stage history.Stage) {
	stopped := n.undo(f)
	n.tell(f, stage)
	n.revive(&stopped)
}

// undo takes back what is in force, but for the nodes it has stopped: those are for revive.
func (n *Nemesis) undo(f *inForce) (stopped effect) {
	if !f.on {
		return effect{}
	}
	f.on = false
	if f.resting {
		f.effect.kill, f.effect.dark, f.effect.pause = nil, nil, nil
	}
	e := &f.effect
	n.state.apply(e, -1)
	f.dropped.end(e.cuts, n.target.Dropped)
	for _, l := range e.cuts {
		n.target.Mend(l.From, l.To)
	}
	f.touched.end(e.worse, n.target.Disturbed)
	for _, l := range e.worse {
		n.target.Calm(l.From, l.To, e.by)
	}
	for _, node := range e.skew {
		n.target.Skew(node, -e.offset)
	}
	n.mendBits(&e.harm)
	return *e
}

// revive brings back nodes that were killed or paused, have had no room, or were no members. It comes after the report, so
// that what they say of themselves at once follows it in the history.
func (n *Nemesis) revive(e *effect) {
	for _, node := range e.out {
		n.target.Admit(node)
	}
	for _, node := range e.kill {
		n.target.Restart(node)
	}
	for _, node := range e.dark {
		n.target.PowerOn(node)
	}
	for _, node := range e.pause {
		n.target.Resume(node)
	}
	for _, node := range e.full {
		n.target.Drain(node)
	}
	n.heal(&e.harm)
}

// tally counts messages on links that a fault holds, over all its rounds.
type tally struct {
	sum    int64
	before []int64 // of each link when it was taken
}

func (t *tally) begin(links []history.Link, count func(from, to string) int64) {
	t.before = t.before[:0]
	for _, l := range links {
		t.before = append(t.before, count(l.From, l.To))
	}
}

func (t *tally) end(links []history.Link, count func(from, to string) int64) {
	for i, l := range links {
		t.sum += count(l.From, l.To) - t.before[i]
	}
}

func (n *Nemesis) tell(f *inForce, stage history.Stage) {
	record := history.Fault{ID: f.id, Kind: f.fault.Kind, Stage: stage, Nodes: f.effect.nodes, Groups: f.effect.groups,
		Detail: f.effect.detail, Dropped: f.dropped.sum, Disturbed: len(f.effect.worse), Touched: f.touched.sum, Quorum: n.state.quorum(), Leader: f.leader,
		Links: len(f.effect.cuts), LeaderSide: n.state.standing(f.leader), After: n.state.connectivity()}
	if stage == history.FaultEnd {
		record.Detail = "over: " + f.effect.detail
	} else if !f.on || f.resting {
		record.Detail = "off for a while: " + f.effect.detail
	}
	n.record(history.Event{Time: n.target.Now(), Type: history.FaultEvent, Fault: &record})
}
