package harness

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// Judged is a stored run with the verdict that is stored with it: nothing is judged again. A run that has none, as it did not
// come to its end, is unknown. It errs if the history is not the plan's.
func (w Wiring) Judged(stored Stored) (Finished, error) {
	finished := Finished{Plan: stored.Plan, Schedule: stored.Schedule, History: stored.History, Folder: stored.Path,
		Environment: stored.Environment, Traffic: stored.Traffic, Story: stored.Story}
	if err := stored.agree(); err != nil {
		return finished, err
	}
	finished.System, _ = w.named(stored.Plan) // of one that is not known any more there is no summary
	err := readStrict(filepath.Join(stored.Path, verdictFile), &finished.Judgement)
	if errors.Is(err, fs.ErrNotExist) {
		finished.Judgement.doubt()
		return finished, nil
	}
	return finished, errors.Join(err, optional(readStrict(filepath.Join(stored.Path, measuresFile), &finished.Judgement.Measured)))
}
