package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/reports"
)

// WritePage writes sweep.html into a sweep's folder: the record for people, with the smallest story of each kind of broken
// promise that shrinking has left there. It is written at the end of each go, when shards are merged, and when a kept
// run has been made small.
func (r *Record) WritePage(folder string) error {
	page, err := r.page(folder)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := reports.WriteSweep(&text, page); err != nil {
		return err
	}
	return replace(folder, pageFile, text.Bytes())
}

// Rewrite writes the page of the sweep in a folder again, after runs in it were made small.
func Rewrite(folder string) error {
	record, err := Load(folder)
	if err != nil {
		return err
	}
	return record.WritePage(folder)
}

// page is the record as the page shows it.
func (r *Record) page(folder string) (reports.Sweep, error) {
	verdict, reasons := r.Judge()
	s := reports.Sweep{System: r.Plan.System, Workload: r.Plan.Workload, Faults: r.Plan.Faults, Version: r.Plan.Version, Bug: r.Plan.Bug,
		First: r.First, Last: r.Last, Ended: r.Times.Ended, Folder: folder, Command: r.command(), Verdict: verdict, Reasons: reasons,
		Valid: r.Valid, Unknown: r.Unknown, Invalid: r.Invalid, Broken: r.Broken, Runaway: r.Runaway, Audited: r.Audited,
		Differing: len(r.Diverged), Events: r.Events, Seconds: r.Times.Seconds, Curve: r.Curve}
	for _, option := range r.Plan.Options() {
		if option.Name != "seed" {
			s.Options = append(s.Options, option)
		}
	}
	for _, seeds := range r.Done {
		s.Done = append(s.Done, reports.Seeds(seeds))
	}
	switch {
	case r.Times.Ended != "":
		s.Resume = "cleave sweep --resume " + folder
	case !r.Complete(): // merged, and a shard is not there
		s.Ended = "a shard is missing, or the sweep was killed"
		s.Verdict = verdict.Worse(checker.Unknown)
	}
	for _, state := range r.States {
		s.States = append(s.States, reports.State(state))
	}
	for _, never := range r.Never() {
		s.Never = append(s.Never, never.State)
	}
	for _, situation := range r.Situations {
		s.Situations = append(s.Situations, reports.Situation(situation))
	}
	small, err := smallest(folder)
	if err != nil {
		return s, err
	}
	s.Finds, s.Doubts, s.Failures = r.finds(r.Violations, folder, small), r.finds(r.Doubts, folder, nil), r.finds(r.Failures, folder, nil)
	return s, nil
}

// command is the command line that makes the sweep again.
func (r *Record) command() string {
	one, many := fmt.Sprintf("--seed %d", r.Plan.Seed), fmt.Sprintf("--seeds %d-%d", r.First, r.Last)
	command := strings.Replace("cleave sweep "+strings.TrimPrefix(r.Plan.Command(), "cleave run "), one, many, 1)
	if r.Collect {
		command += " --collect"
	}
	return command + fmt.Sprintf(" --audit %d --unknown %d", r.Audit, r.Tolerance)
}

// finds are groups as the page shows them. What has no run folder gets the line that makes its first run.
func (r *Record) finds(groups []Group, folder string, small map[shrink.Violation]*reports.Smallest) []reports.Find {
	var finds []reports.Find
	for _, group := range groups {
		find := reports.Find{Checker: group.Checker, Promise: group.Promise, Kind: group.Kind, Reason: group.Reason, Runs: group.Runs,
			Seeds: group.Seeds, Smallest: small[group.Violation]}
		for _, seed := range group.Kept {
			line, there := r.again(folder, seed)
			kept := reports.Kept{Seed: seed, Replay: line}
			if there {
				kept.Link = fmt.Sprintf("%s/%d/report.html", runsFolder, seed)
				kept.Shrink = fmt.Sprintf("cleave shrink --checker %s %s", group.Checker, RunFolder(folder, seed))
			}
			find.Kept = append(find.Kept, kept)
		}
		if len(group.Kept) == 0 {
			find.Kept = []reports.Kept{{Seed: group.Seeds[0], Replay: r.anew(group.Seeds[0])}}
		}
		finds = append(finds, find)
	}
	return finds
}

// again is the line that replays the run of a seed that was kept; where its folder is not there any more, the one that makes it anew.
func (r *Record) again(folder string, seed uint64) (line string, there bool) {
	path := RunFolder(folder, seed)
	if _, err := os.Stat(path); err != nil {
		return r.anew(seed), false
	}
	return "cleave replay " + path, true
}

// anew is the line that makes the run of a seed.
func (r *Record) anew(seed uint64) string {
	plan := r.Plan
	plan.Seed = seed
	return plan.Command()
}

// ShrunkFolder is a new place in a sweep's folder for the run of a seed that was made small. A seed may break several promises,
// and may be made small more than once.
func ShrunkFolder(folder string, seed uint64, checker string) string {
	base := filepath.Join(folder, shrunkFolder, fmt.Sprintf("%d-%s", seed, checker))
	path := base
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path
		}
		path = fmt.Sprintf("%s-%d", base, n)
	}
}

// FolderOf is the sweep's folder that a run folder is kept in; found is false if it is in none.
func FolderOf(run string) (folder string, found bool) {
	folder, runs := filepath.Split(filepath.Dir(filepath.Clean(run)))
	folder = filepath.Clean(folder)
	if runs != runsFolder {
		return "", false
	}
	_, err := os.Stat(filepath.Join(folder, recordFile))
	return folder, err == nil
}

// Small is a run that shrinking has left in a sweep's folder.
type Small struct {
	Path string
	shrink.Shrunken
}

// MadeSmall is a run that shows a violation and was made as small as it gets; found is false if there is none, or shrinking was
// stopped before. It errs if what shrinking has left cannot be read.
func MadeSmall(folder string, violation shrink.Violation) (one Small, found bool, err error) {
	all, err := smallOnes(folder)
	at := slices.IndexFunc(all, func(s Small) bool { return s.Violation == violation && s.Ending == shrink.Smallest })
	if at < 0 {
		return Small{}, false, err
	}
	return all[at], true, err
}

// smallOnes are all runs that shrinking has left, sorted by the names of their folders.
func smallOnes(folder string) (all []Small, err error) {
	entries, err := os.ReadDir(filepath.Join(folder, shrunkFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range entries {
		path := filepath.Join(folder, shrunkFolder, entry.Name())
		told, err := shrink.Load(path)
		switch {
		case errors.Is(err, fs.ErrNotExist): // half of one, from a go that was killed
		case err != nil:
			return nil, err
		default:
			all = append(all, Small{path, told})
		}
	}
	return all, nil
}

// smallest are the smallest runs of each violation that shrinking has left in a sweep's folder.
func smallest(folder string) (map[shrink.Violation]*reports.Smallest, error) {
	all := map[shrink.Violation]*reports.Smallest{}
	small, err := smallOnes(folder)
	for _, one := range small {
		if before := all[one.Violation]; before != nil && before.After <= one.After.Items() {
			continue
		}
		stored, err := harness.Load(one.Path)
		if err != nil || stored.Story == nil {
			continue
		}
		all[one.Violation] = &reports.Smallest{Story: *stored.Story, History: stored.History, Before: one.Before.Items(),
			After: one.After.Items(), Replay: "cleave replay " + one.Path, Link: shrunkFolder + "/" + filepath.Base(one.Path) + "/report.html"}
	}
	return all, err
}

// Report is the record as reports show it, with the smallest stories that are in the sweep's folder. It errors if one of those
// cannot be read.
func (r *Record) Report(folder string) (reports.Sweep, error) { return r.page(folder) }
