package nemesis

import (
	"time"

	"cleave/history"
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
	Kill(node string)
	Restart(node string)
	Pause(node string)
	Resume(node string)
	Skew(node string, offset time.Duration)
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
	dropped int64   // by links it held cut in earlier rounds
	before  []int64 // dropped messages of each cut link when it was cut
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
	for i, part := range f.kind.bouts(m) {
		if i == 0 {
			n.hit(f, part.effect, stage)
		} else if at < end {
			n.target.At(at, func() {
				if f.on {
					n.turnOff(f, history.FaultChange)
				}
				if len(part.effect.nodes) > 0 {
					n.hit(f, part.effect, history.FaultChange)
				}
			})
		}
		at += history.Time(part.lasts)
	}
	if at < end {
		n.target.At(at, func() { n.round(f, history.FaultChange) })
	}
}

// turnOn decides whom the fault hits, now, and hits them.
func (n *Nemesis) turnOn(f *inForce, stage history.Stage) { n.hit(f, f.kind.plan(n.look(f)), stage) }

// look notes who leads, and draws what decides the next round.
func (n *Nemesis) look(f *inForce) *moment {
	f.leader = n.target.Leader()
	m := &moment{run: n.run, leader: f.leader, random: rng.New(f.fault.Draw, f.rounds), round: f.rounds, offset: time.Duration(f.fault.Offset)}
	f.rounds++
	return m
}

// hit puts an effect in force.
func (n *Nemesis) hit(f *inForce, e effect, stage history.Stage) {
	f.effect, f.on = e, true
	f.before = f.before[:0]
	for _, link := range f.effect.cuts {
		f.before = append(f.before, n.target.Dropped(link.From, link.To))
		n.target.Cut(link.From, link.To)
	}
	for _, node := range f.effect.skew {
		n.target.Skew(node, time.Duration(f.fault.Offset))
	}
	n.stop(f)
	n.state.apply(&f.effect, 1)
	n.tell(f, stage)
}

// beat is the rhythm of a steady kind: what it stopped runs again, what ran stops again.
func (n *Nemesis) beat(f *inForce) {
	stopped := effect{kill: f.effect.kill, pause: f.effect.pause}
	if f.resting {
		f.resting = false
		n.stop(f)
		n.state.apply(&stopped, 1)
		n.tell(f, history.FaultChange)
		return
	}
	f.resting = true
	n.state.apply(&stopped, -1)
	n.tell(f, history.FaultChange)
	n.revive(f)
}

func (n *Nemesis) stop(f *inForce) {
	for _, node := range f.effect.kill {
		n.target.Kill(node)
	}
	for _, node := range f.effect.pause {
		n.target.Pause(node)
	}
}

// turnOff undoes what turnOn did, if it is on, and reports.
func (n *Nemesis) turnOff(f *inForce, stage history.Stage) {
	stopped := f.on && !f.resting
	if f.on {
		f.on = false
		if f.resting {
			f.effect.kill, f.effect.pause = nil, nil
		}
		n.state.apply(&f.effect, -1)
		for i, link := range f.effect.cuts {
			f.dropped += n.target.Dropped(link.From, link.To) - f.before[i]
			n.target.Mend(link.From, link.To)
		}
		for _, node := range f.effect.skew {
			n.target.Skew(node, -time.Duration(f.fault.Offset))
		}
	}
	n.tell(f, stage)
	if stopped {
		n.revive(f)
	}
}

// revive brings killed and paused nodes back. It comes after the report, so that what they say of
// themselves at once follows it in the history.
func (n *Nemesis) revive(f *inForce) {
	for _, node := range f.effect.kill {
		n.target.Restart(node)
	}
	for _, node := range f.effect.pause {
		n.target.Resume(node)
	}
}

func (n *Nemesis) tell(f *inForce, stage history.Stage) {
	record := history.Fault{ID: f.id, Kind: f.fault.Kind, Stage: stage, Nodes: f.effect.nodes, Groups: f.effect.groups,
		Detail: f.effect.detail, Dropped: f.dropped, Quorum: n.state.quorum(), Leader: f.leader,
		Links: len(f.effect.cuts), LeaderSide: n.state.standing(f.leader), After: n.state.connectivity()}
	if stage == history.FaultEnd {
		record.Detail = "over: " + f.effect.detail
	} else if !f.on || f.resting {
		record.Detail = "off for a while: " + f.effect.detail
	}
	n.record(history.Event{Time: n.target.Now(), Type: history.FaultEvent, Fault: &record})
}
