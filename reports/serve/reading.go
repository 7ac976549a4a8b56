package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"cleave/checker"
	"cleave/reports"
)

// The files of folders, as the harness names them.
const (
	planFile     = "plan.json"
	scheduleFile = "schedule.json"
	historyFile  = "history.jsonl"
	verdictFile  = "verdict.json"
	measuresFile = "measures.json"
	reportFile   = "report.html"
	sweepFile    = "sweep.json"
	compareFile  = "index.html"
)

// sweepPages are the pages that a sweep may have left, the best first.
var sweepPages = []string{"sweep.html", "sweep.md"}

// mostRead is how much of one file is read; one that is longer is not understood.
const mostRead = 64 << 20

// plan is what the list needs of plan.json.
type plan struct {
	System, Workload, Faults, World, Bug string
	Seed                                 uint64
}

// judgement is what the list needs of verdict.json.
type judgement struct {
	Verdict  checker.Verdict `json:"verdict"`
	Promises []promise       `json:"promises"`
}

type promise struct {
	Checker, Promise, Reason string
	Verdict                  checker.Verdict
}

// sweeping is what the list needs of sweep.json.
type sweeping struct {
	Plan                            plan
	First, Last                     uint64
	Valid, Unknown, Invalid, Broken int
	Violations                      []struct{ Checker, Kind string }
	Diverged                        []struct{ Seed uint64 }
	Times                           struct{ Ended string }
	Tolerance                       int
	Shard                           *struct{ Index int }
}

// readJSON reads a file of the store into something.
func readJSON(root *os.Root, name string, into any) error {
	file, info, err := openFile(root, name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	if info.Size() > mostRead {
		return fmt.Errorf("%s: %d bytes", name, info.Size())
	}
	text, err := io.ReadAll(io.LimitReader(file, mostRead))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// readEntry says what a folder is, from the names of what is in it; nil if it is nothing of ours.
func readEntry(root *os.Root, folder string, names map[string]fs.DirEntry, changed time.Time) *entry {
	has := func(name string) bool { return names[name] != nil && names[name].Type().IsRegular() }
	e := &entry{Path: folder, Began: began(folder, changed), alive: changed}
	switch {
	case has(planFile):
		readRun(root, e, has)
	case has(sweepFile) || path.Base(path.Dir(path.Dir(folder))) == "sweeps" && has(reports.ProgressFile):
		readSweep(root, e, has)
	case path.Base(path.Dir(folder)) == "compare":
		e.Kind, e.ended = aComparison, has(compareFile)
		if e.ended {
			e.Page = folder + "/" + compareFile
		}
	default:
		return nil
	}
	if !e.ended && has(reports.ProgressFile) {
		_ = readJSON(root, folder+"/"+reports.ProgressFile, &e.progress) // it may be gone by now
	}
	return e
}

func readRun(root *os.Root, e *entry, has func(string) bool) {
	e.Kind = aRun
	var p plan
	err := readJSON(root, e.Path+"/"+planFile, &p)
	if err == nil && p.System == "" {
		err = errors.New("it names no system")
	}
	if err == nil {
		e.takePlan(p)
	} else {
		e.damage(planFile, err)
	}
	if has(reportFile) {
		e.Page = e.Path + "/" + reportFile
	}
	if !has(verdictFile) {
		return
	}
	var j judgement
	e.ended = true
	if err := readJSON(root, e.Path+"/"+verdictFile, &j); err != nil {
		e.damage(verdictFile, err)
		return
	}
	e.Verdict = verdictOf(j.Verdict)
	if e.Damaged == "" {
		e.Finding = finding(j)
	}
}

// damage says that a file of it cannot be read; the first such is told of.
func (e *entry) damage(file string, why error) {
	if e.Damaged == "" {
		e.Damaged, e.Finding = file, reports.Plain(file+" cannot be read: "+why.Error())
	}
}

func (e *entry) takePlan(p plan) {
	e.Systems, e.Workloads, e.Faults = known(p.System), known(p.Workload), known(p.Faults)
	e.Bug, e.Seed = reports.Plain(p.Bug), p.Seed
	if p.World != "" && p.World != "sim" && len(e.Systems) > 0 {
		e.Systems[0] += " in " + reports.Plain(p.World)
	}
}

// known is a list of one name, or of none.
func known(name string) []string {
	if name = reports.Plain(name); name == "" {
		return nil
	}
	return []string{name}
}

// verdictOf is a verdict as a file has it: what is none of the three is unknown.
func verdictOf(v checker.Verdict) checker.Verdict {
	if v != checker.Valid && v != checker.Invalid {
		return checker.Unknown
	}
	return v
}

// finding is the first promise that has the verdict of the whole, or how many were kept.
func finding(j judgement) string {
	for _, p := range j.Promises {
		if p.Verdict == j.Verdict && j.Verdict != checker.Valid {
			return reports.Plain(p.Promise + ": " + p.Reason)
		}
	}
	if len(j.Promises) == 1 {
		return "1 promise kept"
	}
	return fmt.Sprintf("%d promises kept", len(j.Promises))
}

func readSweep(root *os.Root, e *entry, has func(string) bool) {
	e.Kind = aSweep
	var s sweeping
	if err := readJSON(root, e.Path+"/"+sweepFile, &s); err != nil && has(sweepFile) {
		e.damage(sweepFile, err)
		return
	}
	e.takePlan(s.Plan)
	e.Seed, e.Seeds, e.Verdict = s.First, fmt.Sprintf("%d-%d", s.First, s.Last), s.verdict()
	done := uint64(s.Valid + s.Unknown + s.Invalid + s.Broken)
	whole := done == s.Last-s.First+1
	e.ended = s.Times.Ended != "" || whole || !has(reports.ProgressFile)
	if s.Times.Ended == "" && !whole && s.Shard == nil && e.Verdict == checker.Valid { // killed, or merged without all of its shards
		e.Verdict = checker.Unknown
	}
	var broken []string
	for _, violation := range s.Violations {
		broken = append(broken, violation.Checker+", "+violation.Kind)
	}
	e.Finding = reports.Plain(strings.TrimSuffix(fmt.Sprintf("%d runs: %d valid, %d unknown, %d invalid: %s", done, s.Valid, s.Unknown, s.Invalid,
		strings.Join(broken, "; ")), ": "))
	for _, page := range sweepPages {
		if has(page) && e.Page == "" {
			e.Page = e.Path + "/" + page
		}
	}
}

// verdict is what the counts come to; what else makes a sweep unknown its own page says.
func (s *sweeping) verdict() checker.Verdict {
	switch runs := s.Valid + s.Unknown + s.Invalid + s.Broken; {
	case s.Invalid > 0:
		return checker.Invalid
	case runs == 0 || s.Broken > 0 || len(s.Diverged) > 0 || 100*s.Unknown > s.Tolerance*runs:
		return checker.Unknown
	}
	return checker.Valid
}

// began is the time in a folder's name, or else when it was last changed.
func began(folder string, changed time.Time) time.Time {
	stamp, _, _ := strings.Cut(path.Base(folder), "-")
	const digits = len("20060102T150405")
	if len(stamp) > digits {
		stamp = stamp[:digits] + "." + stamp[digits:]
	}
	if at, err := time.ParseInLocation("20060102T150405.000", stamp, time.Local); err == nil {
		return at
	}
	return changed
}
