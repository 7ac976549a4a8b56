package shrink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cleave/checker"
	"cleave/harness"
)

// Options bound shrinking.
type Options struct {
	Runs     int           // how many cases may be tried; 0 is any number
	Time     time.Duration // wall time; 0 is any. What comes out then depends on the machine
	Parallel int           // how many run at a time; what comes out does not depend on it
	Seeds    int           // under how many other network seeds a case is tried that no longer shows the violation
	Finds    int           // how many other violations met on the way are kept
	Progress func(Progress)
}

// DefaultOptions are 5,000 runs, four other seeds, and three other violations.
func DefaultOptions() Options { return Options{Runs: 5000, Seeds: 4, Finds: 3, Parallel: 1} }

// Progress is how far it is.
type Progress struct {
	Pass string
	Runs int
	Size Size // of the smallest case so far
}

// Shrunk is what came out.
type Shrunk struct {
	From      string // the run folder that it was made of, for the record
	Case      Case
	Violation Violation
	Before    Size
	After     Size
	Runs      int
	Wall      time.Duration
	Ending    Ending
	Passes    []Pass
	Finds     []Find
}

// Pass is what one pass did.
type Pass struct {
	Name   string `json:"name"`
	Runs   int    `json:"runs"`
	Before Size   `json:"before"`
	After  Size   `json:"after"`
	wall   time.Duration
}

// Find is another violation that was met on the way, and a case that shows it.
type Find struct {
	Case      Case
	Violation Violation
	Folder    string // where it is kept, "" if nowhere
}

// ErrNotShown is the error of a case that does not show the violation when it is run.
var ErrNotShown = errors.New("run again, it does not show the violation")

// Shrink makes a case smaller, as long as it shows a violation: broken are all that it was seen to break,
// the one to keep first. When the context ends, what there is so far comes out. It errors if the case does
// not show the violation at first, or the harness fails.
func Shrink(ctx context.Context, wiring harness.Wiring, original Case, broken []checker.Result, options Options) (Shrunk, error) {
	if len(broken) == 0 {
		return Shrunk{}, fmt.Errorf("%w: it breaks no promise", ErrNotShown)
	}
	defer harness.CollectLess(0)()
	options.Parallel = max(options.Parallel, 1)
	s := &search{context: ctx, wiring: wiring, violation: ViolationOf(broken[0]), options: options,
		known: map[[32]byte]trial{}, counted: map[[32]byte]bool{}, began: time.Now()}
	for _, result := range broken {
		s.original = append(s.original, ViolationOf(result))
	}
	original.Plan.Faults, original.Plan.Interval = harness.FileFaults, 0
	s.best, s.pass = original, "run it again"
	s.options.Runs, s.options.Time = 0, 0 // the first run is made in any case
	shows := s.one(original, 0)
	s.options.Runs, s.options.Time = options.Runs, options.Time
	if !shows {
		if err := errors.Join(s.err, ctx.Err()); err != nil {
			return Shrunk{}, err
		}
		return Shrunk{}, fmt.Errorf("%w (%s)", ErrNotShown, s.violation)
	}
	shrunk := Shrunk{Violation: s.violation, Before: original.Size()}
	shrunk.Passes = s.passes()
	shrunk.Case, shrunk.After, shrunk.Runs, shrunk.Wall = s.best, s.best.Size(), s.runs, time.Since(s.began)
	shrunk.Ending = s.ended
	if s.ended == "" {
		shrunk.Ending = Smallest
	}
	for i, c := range s.finds {
		shrunk.Finds = append(shrunk.Finds, Find{Case: c, Violation: s.found[i]})
	}
	return shrunk, s.err
}

// String is the pass in a line.
func (p Pass) String() string {
	return fmt.Sprintf("%-40s %4d runs %8.3f s  %d faults, %d operations, %d nodes, %d clients, %.1f s", p.Name, p.Runs, p.wall.Seconds(),
		p.After.Faults, p.After.Operations, p.After.Nodes, p.After.Clients, time.Duration(p.After.Duration).Seconds())
}

// Timeless is the pass without the wall time that it took.
func (p Pass) Timeless() Pass {
	p.wall = 0
	return p
}
