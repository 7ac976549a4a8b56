package sweep

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Part is a record with the folder that it is from.
type Part struct {
	Folder string
	Record *Record
}

// Merge makes one record of several of the same sweep, such as its shards. It errs, naming the folders, if
// their plans or bounds differ or a seed was run in two of them.
func Merge(parts []Part) (*Record, error) {
	if len(parts) == 0 {
		return nil, errors.New("nothing to merge")
	}
	first := parts[0]
	merged := *first.Record
	merged.clear()
	for i, part := range parts {
		if difference := differs(first.Record, part.Record); difference != "" {
			return nil, fmt.Errorf("%s and %s are not of one sweep: %s", first.Folder, part.Folder, difference)
		}
		for _, other := range parts[:i] {
			if seeds, both := overlap(other.Record.Done, part.Record.Done); both {
				return nil, fmt.Errorf("%s and %s have both run seeds %s", other.Folder, part.Folder, seeds)
			}
		}
		merged.merge(part.Record)
	}
	return &merged, nil
}

// clear takes away all that was counted.
func (r *Record) clear() {
	*r = Record{Format: format, Plan: r.Plan, First: r.First, Last: r.Last, Collect: r.Collect, Audit: r.Audit, Tolerance: r.Tolerance,
		Done: []Range{}, Violations: []Group{}, Doubts: []Group{}, Failures: []Group{}, Diverged: []Diverged{}, States: []State{},
		Situations: []Situation{}, Curve: make([]int, stretches(r.First, r.Last))}
}

// differs says what keeps two records from being of one sweep.
func differs(a, b *Record) string {
	switch {
	case a.Plan.Version != b.Plan.Version:
		return fmt.Sprintf("one was made by version %s, the other by %s", a.Plan.Version, b.Plan.Version)
	case a.First != b.First || a.Last != b.Last:
		return fmt.Sprintf("one is over seeds %s, the other over %s", Range{a.First, a.Last}, Range{b.First, b.Last})
	case a.Collect != b.Collect:
		return "one collects all failures, the other stops at the first"
	case a.Audit != b.Audit:
		return fmt.Sprintf("one audits %d %% of its runs, the other %d %%", a.Audit, b.Audit)
	case a.Tolerance != b.Tolerance:
		return fmt.Sprintf("one lets %d %% of its runs be unknown, the other %d %%", a.Tolerance, b.Tolerance)
	}
	ours, theirs := a.Plan.Options(), b.Plan.Options()
	for i := range ours {
		if ours[i] != theirs[i] {
			return fmt.Sprintf("%s is %q in one and %q in the other", ours[i].Name, ours[i].Value, theirs[i].Value)
		}
	}
	return ""
}

func overlap(a, b []Range) (Range, bool) {
	for _, x := range a {
		for _, y := range b {
			if x.First <= y.Last && y.First <= x.Last {
				return Range{max(x.First, y.First), min(x.Last, y.Last)}, true
			}
		}
	}
	return Range{}, false
}

func (r *Record) merge(part *Record) {
	for _, seeds := range part.Done {
		r.Done = join(r.Done, seeds)
	}
	r.Valid, r.Unknown, r.Invalid = r.Valid+part.Valid, r.Unknown+part.Unknown, r.Invalid+part.Invalid
	r.Broken, r.Runaway, r.Audited = r.Broken+part.Broken, r.Runaway+part.Runaway, r.Audited+part.Audited
	r.Events += part.Events
	r.Digest += part.Digest
	r.Violations = addGroups(r.Violations, part.Violations)
	r.Doubts = addGroups(r.Doubts, part.Doubts)
	r.Failures = addGroups(r.Failures, part.Failures)
	r.Diverged = firstOnes(slices.Concat(r.Diverged, part.Diverged))
	r.States = addStates(r.States, part.States)
	r.Situations = addSituations(r.Situations, part.Situations)
	for i, invalid := range part.Curve {
		r.Curve[i] += invalid
	}
	r.Times.Seconds += part.Times.Seconds
	if r.Times.Ended == "" {
		r.Times.Ended = part.Times.Ended
	}
}

// SaveMerged writes a merged record into a new folder, with the run folders of its parts that it speaks of and those that
// were made small. If a run folder is missing it errs before it writes anything.
func SaveMerged(record *Record, parts []Part, folder string) error {
	from := map[uint64]string{} // run folders, by their seeds
	for _, seed := range record.kept() {
		for _, part := range parts {
			if !slices.ContainsFunc(part.Record.Done, func(r Range) bool { return r.First <= seed && seed <= r.Last }) {
				continue
			}
			from[seed] = RunFolder(part.Folder, seed)
			if _, err := os.Stat(from[seed]); err != nil {
				return fmt.Errorf("%s speaks of a run that is not there: %w", part.Folder, err)
			}
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, runsFolder), 0o755); err != nil {
		return err
	}
	for seed, path := range from {
		if err := os.CopyFS(RunFolder(folder, seed), os.DirFS(path)); err != nil {
			return err
		}
	}
	for _, part := range parts {
		small := filepath.Join(part.Folder, shrunkFolder)
		if _, err := os.Stat(small); err != nil {
			continue // nothing was made small there
		}
		if err := os.CopyFS(filepath.Join(folder, shrunkFolder), os.DirFS(small)); err != nil {
			return err
		}
	}
	return errors.Join(record.Save(folder), record.WritePage(folder))
}

// RunFolder is where the run of a seed is kept.
func RunFolder(folder string, seed uint64) string {
	return filepath.Join(folder, runsFolder, fmt.Sprint(seed))
}
