package harness

import (
	"encoding/json"
	"os"
	"slices"
	"time"

	"cleave/history"
	"cleave/reports"
)

// gauge tells how far a run is, from what is recorded of it.
type gauge struct {
	end        history.Time
	phase      history.Phase
	operations int
	faults     []history.Fault // in force, in order of their starts

	told   history.Time // at the last reading
	before int          // operations then
}

// hear takes in an event.
func (g *gauge) hear(event history.Event) {
	switch event.Type {
	case history.Invoke:
		g.operations++
	case history.PhaseEvent:
		g.phase = event.Phase
	case history.FaultEvent:
		g.faults = slices.DeleteFunc(g.faults, func(f history.Fault) bool { return f.ID == event.Fault.ID })
		if event.Fault.Stage != history.FaultEnd && event.Fault.Kind != noFault {
			g.faults = append(g.faults, *event.Fault)
		}
	}
}

// noFault is the kind that does nothing.
const noFault = "none"

// read is how far the run is; the rate is since the last reading.
func (g *gauge) read(now history.Time) reports.Progress {
	p := reports.Progress{Phase: string(g.phase), Done: now.Seconds(), Of: g.end.Seconds()}
	if now > g.told {
		p.Rate = float64(g.operations-g.before) / (now - g.told).Seconds()
	}
	g.told, g.before = now, g.operations
	for _, fault := range g.faults {
		p.Faults = append(p.Faults, fault.Kind)
	}
	return p
}

// telling is a listener of progress that leaves it in the folder too, twice a second at most: a run that takes less
// leaves nothing. progress may be nil.
func (f *folder) telling(progress func(reports.Progress)) func(reports.Progress) {
	const often = time.Second / 2
	last := time.Now()
	return func(p reports.Progress) {
		if progress != nil {
			progress(p)
		}
		if now := time.Now(); now.Sub(last) > often {
			last = now
			f.tell(p)
		}
	}
}

// tell leaves how far the run is. It is for lookers-on: that it cannot be written stops no run.
func (f *folder) tell(p reports.Progress) {
	if text, err := json.Marshal(p); err == nil {
		_ = f.writeWhole(reports.ProgressFile, append(text, '\n'))
	}
}

// untell takes it away: the run has ended.
func (f *folder) untell() { _ = os.Remove(f.at(reports.ProgressFile)) }
