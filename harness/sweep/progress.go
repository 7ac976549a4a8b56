package sweep

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"cleave/reports"
)

// Progress is how far the sweep is, at so many seeds a second.
func (r *Record) Progress(rate float64) reports.Progress {
	return reports.Progress{Phase: reports.PhaseSeeds, Done: float64(r.Runs()), Of: float64(r.Wanted()), Rate: rate,
		Found: r.Invalid + r.Broken, Unknown: r.Unknown, Coverage: len(r.Situations)}
}

// tell leaves in the folder how far the sweep is, once a second at most. It is for lookers-on: that it cannot be
// written stops no sweep.
func (s *sweep) tell(elapsed time.Duration) {
	now := time.Now()
	if now.Sub(s.told) < time.Second {
		return
	}
	s.told = now
	if text, err := json.Marshal(s.record.Progress(float64(s.record.Runs()-s.already) / elapsed.Seconds())); err == nil {
		_ = replace(s.folder, reports.ProgressFile, append(text, '\n'))
	}
}

// untell takes it away: the sweep has ended.
func untell(folder string) { _ = os.Remove(filepath.Join(folder, reports.ProgressFile)) }
