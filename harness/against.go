package harness

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"cleave/checker"
	"cleave/reports"
)

// Past is what an earlier comparison found, or a single run: the runs in its folder that ended.
type Past struct {
	Folder     string
	plans      []Plan
	cells      []reports.Cell // of the same places
	unfinished []string       // run folders of runs that did not come to their end
}

// LoadPast reads the folder of a comparison, or of a run, as it was judged then. It errs if nothing there is a run that
// ended, or a file of one is damaged.
func LoadPast(folder string) (Past, error) {
	past := Past{Folder: folder}
	if _, err := os.Stat(filepath.Join(folder, planFile)); err == nil {
		return past, errors.Join(past.load("."), past.empty())
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return past, fmt.Errorf("no folder of a comparison or a run: %w", err)
	}
	for _, entry := range entries {
		if _, err := os.Stat(filepath.Join(folder, entry.Name(), planFile)); err != nil {
			continue
		}
		if err := past.load(entry.Name()); err != nil {
			return past, err
		}
	}
	return past, past.empty()
}

// empty errs if no run ended.
func (p *Past) empty() error {
	switch {
	case len(p.plans) > 0:
		return nil
	case len(p.unfinished) > 0:
		return fmt.Errorf("%s: no run in it came to its end", p.Folder)
	}
	return fmt.Errorf("%s is no folder of a comparison or a run: there is no run in it", p.Folder)
}

// load reads a run folder below.
func (p *Past) load(name string) error {
	path := filepath.Join(p.Folder, name)
	var plan Plan
	if err := readStrict(filepath.Join(path, planFile), &plan); err != nil {
		return err
	}
	var judgement Judgement
	switch err := readStrict(filepath.Join(path, verdictFile), &judgement); {
	case errors.Is(err, fs.ErrNotExist):
		p.unfinished = append(p.unfinished, path)
		return nil
	case err != nil:
		return err
	}
	if err := readStrict(filepath.Join(path, measuresFile), &judgement.Measured); err != nil {
		return err
	}
	finished := Finished{Plan: plan, Judgement: judgement}
	one := cell(&finished)
	one.Link = filepath.ToSlash(filepath.Join(name, reportFile))
	p.plans, p.cells = append(p.plans, plan), append(p.cells, one)
	return nil
}

// Against sets what comes of some plans beside this. It errs, naming what differs, if a plan of the same name was another one
// then, but for the version, and if no plan is of the same name: the same system, workload, faults and world.
func (p *Past) Against(plans []Plan, margin reports.Margin) (*reports.Against, error) {
	common := 0
	for i := range p.plans {
		before := &p.plans[i]
		at := slices.IndexFunc(plans, func(now Plan) bool { return now.Name() == before.Name() })
		if at < 0 {
			continue
		}
		common++
		was, is := before.Options(), plans[at].Options()
		for j := range was {
			if was[j] != is[j] {
				return nil, fmt.Errorf("%s was made with other plans: of %s, %s is %q there and %q here",
					p.Folder, before.Name(), was[j].Name, was[j].Value, is[j].Value)
			}
		}
	}
	if common == 0 {
		return nil, fmt.Errorf("%s was made with other plans: it has none of the same system, workload, faults and world, but %s", p.Folder, p.plans[0].Name())
	}
	against := &reports.Against{Folder: p.Folder, Version: p.plans[0].Version, Cells: p.cells, Margin: margin}
	for _, plan := range p.plans {
		if plan.Version != against.Version {
			against.Version = ""
		}
	}
	return against, nil
}

// Plans are those of the runs that ended.
func (p *Past) Plans() []Plan { return p.plans }

// Compared is the folder as the comparison that it was: what there is to be set beside an earlier one without running anything.
// Its verdict is that of then.
func (w Wiring) Compared(p Past) Compared {
	c := Comparison{Base: p.plans[0], Brought: map[string]*Custom{}}
	page := reports.Comparison{Title: p.Folder, Version: c.Base.Version, Seed: c.Base.Seed, Cells: p.cells}
	verdict := checker.Valid
	for i, plan := range p.plans {
		c.Systems, c.Workloads = with(c.Systems, plan.System), with(c.Workloads, plan.Workload)
		c.Faults, c.Worlds = with(c.Faults, plan.Faults), with(c.Worlds, plan.World)
		c.Brought[plan.System] = plan.Custom
		verdict = verdict.Worse(p.cells[i].Verdict)
	}
	page.Worlds, page.Systems, page.Workloads, page.Faults = c.Worlds, w.systemSubjects(c), workloadSubjects(c.Workloads), faultSubjects(c.Faults)
	return Compared{Folder: p.Folder, Page: page, Verdict: verdict}
}

func with(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}
