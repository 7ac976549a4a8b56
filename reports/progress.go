package reports

import (
	"fmt"
	"strings"
)

// ProgressFile is where a run or a sweep under way says how far it is, in its folder. It is gone when that has ended;
// one that was killed leaves it.
const ProgressFile = "progress.json"

// Progress is how far a run or a sweep under way is.
type Progress struct {
	Phase  string   `json:"phase"`            // of a run: warmup, faults, quiet, then judging; of a sweep: seeds
	Done   float64  `json:"done"`             // seconds of the run, simulated or real; seeds of a sweep
	Of     float64  `json:"of"`               // the same, of the whole
	Rate   float64  `json:"rate"`             // operations in a second of the run; seeds in a second of wall time
	Faults []string `json:"faults,omitempty"` // kinds in force
	// Of a sweep: runs that were invalid or came to nothing, runs that were unknown, and situations met.
	Found    int `json:"found,omitempty"`
	Unknown  int `json:"unknown,omitempty"`
	Coverage int `json:"coverage,omitempty"`
}

// The phases of Progress besides those of a history.
const (
	PhaseJudging = "judging" // the run is over
	PhaseSeeds   = "seeds"   // a sweep
)

// Ratio is how much is done, from 0 to 1.
func (p Progress) Ratio() float64 {
	if !(p.Of > 0) {
		return 0
	}
	return min(max(p.Done/p.Of, 0), 1)
}

// Line says it in at most so many columns.
//
//	faults · 23 of 60 s · 48 ops/s · isolate-leader
func (p Progress) Line(width int) string {
	var parts []string
	switch p.Phase {
	case PhaseSeeds:
		parts = []string{fmt.Sprintf("%.0f of %.0f seeds", p.Done, p.Of), fmt.Sprintf("%.1f/s", p.Rate),
			fmt.Sprintf("found %d", p.Found), fmt.Sprintf("unknown %d", p.Unknown), fmt.Sprintf("coverage %d", p.Coverage)}
	case PhaseJudging:
		parts = []string{"judging what happened"}
	default:
		parts = []string{name(p.Phase), fmt.Sprintf("%.0f of %.0f s", p.Done, p.Of), fmt.Sprintf("%.0f ops/s", p.Rate)}
		if len(p.Faults) > 0 {
			parts = append(parts, join(p.Faults))
		}
	}
	return strings.TrimRight(fit(strings.Join(parts, " · "), width), " ")
}
