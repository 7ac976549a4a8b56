package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/harness/sweep"
	"cleave/reports"
)

// shrinkOptions are shrink's flags.
type shrinkOptions struct {
	shrink.Options
	store   string
	sweep   string // the folder of the sweep that the run and what comes of it belong to, "" for none
	checker string
}

func shrinkCommand(s screen) *cobra.Command {
	options := shrinkOptions{Options: shrink.DefaultOptions(), store: "store"}
	options.Parallel = runtime.GOMAXPROCS(0)
	command := &cobra.Command{
		Use:   "shrink FOLDER",
		Short: "Make an invalid run as small as it can be and still break the same promise, and tell its story",
		Long: "Make an invalid run as small as it can be and still break the same promise, and tell its story.\n\n" +
			"What comes of a run that a sweep kept goes into the sweep's folder, unless --store is given, and its page tells the story.",
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			path := filepath.Clean(arguments[0])
			if !command.Flags().Changed("store") {
				options.sweep, _ = sweep.FolderOf(path)
			}
			return s.shrink(command.Context(), path, options)
		},
	}
	flags := command.Flags()
	flags.StringVar(&options.store, "store", options.store, "where the new run folder goes")
	flags.StringVar(&options.checker, "checker", "", "of several broken promises, keep the one that this checker judges; default: the most telling")
	flags.IntVar(&options.Runs, "runs", options.Runs, "try at most so many smaller runs; 0 is any number")
	flags.DurationVar(&options.Time, "time", options.Time, "take at most so long; what comes out then depends on the machine; 0 is any time")
	flags.IntVar(&options.Seeds, "reseed", options.Seeds, "other network seeds to try when a smaller run no longer breaks the promise")
	flags.IntVar(&options.Finds, "finds", options.Finds, "how many other broken promises met on the way are kept, in run folders of their own")
	return command
}

// brokenIn are the promises that a stored run breaks, the one to keep first.
func (s screen) brokenIn(path, checkerName string) (shrink.Case, []checker.Result, error) {
	finished, err := s.rejudge(path)
	if err != nil {
		return shrink.Case{}, nil, err
	}
	all := shrink.Telling(finished.Judgement.Broken())
	switch {
	case finished.Plan.World != harness.Simulation:
		err = fmt.Errorf("%s ran in real time; only simulated runs can be shrunk", path)
	case len(all) == 0:
		err = fmt.Errorf("%s is %s: it breaks no promise, so there is nothing to shrink", path, finished.Judgement.Verdict)
	default:
		err = wiring.Check(finished.Plan, finished.Schedule)
	}
	if err == nil && checkerName != "" {
		at := slices.IndexFunc(all, func(r checker.Result) bool { return r.Checker == checkerName })
		if at < 0 {
			err = fmt.Errorf("--checker: %s breaks no promise that %.60q judges; the first it breaks is %s's", path, checkerName, all[0].Checker)
		} else {
			all = slices.Insert(slices.Delete(slices.Clone(all), at, at+1), 0, all[at])
		}
	}
	return shrink.Case{Plan: finished.Plan, Schedule: finished.Schedule}, all, bad(err)
}

func (s screen) shrink(ctx context.Context, path string, options shrinkOptions) error {
	if options.Runs < 0 || options.Time < 0 || options.Seeds < 0 || options.Finds < 0 {
		return bad(errors.New("--runs, --time, --reseed and --finds cannot be negative"))
	}
	original, all, err := s.brokenIn(path, options.checker)
	if err != nil {
		return err
	}
	original.Plan.Version = version()
	s.first(original.Plan)
	options.Progress = s.shrinking()
	shrunk, err := shrink.Shrink(ctx, wiring, original, all, options.Options)
	s.clear()
	switch {
	case errors.Is(err, shrink.ErrNotShown):
		return broken(fmt.Errorf("%s: %w; it was run by version %s, this is %s", path, err, original.Plan.Version, version()))
	case err != nil:
		return broken(err)
	}
	shrunk.From = path
	kept := context.WithoutCancel(ctx) // what there is so far is not lost by an interruption
	s.keepFinds(kept, shrunk.Finds, options.store)
	finished, err := shrunk.Folder(kept, wiring, options.place(original.Plan, shrunk.Violation), nil)
	if err != nil {
		return broken(err)
	}
	if options.sweep != "" {
		if err := sweep.Rewrite(options.sweep); err != nil {
			return broken(err)
		}
	} else {
		latest(options.store, finished.Folder)
	}
	if err := reports.TerminalStory(s.out, *finished.Story, s.color()); err != nil {
		return broken(err)
	}
	s.shrunk(shrunk)
	s.last(string(finished.Judgement.Verdict), finished.Folder, finished.Replay())
	return judged(finished.Judgement.Verdict)
}

// place is where the folder of a run that was made small goes.
func (o *shrinkOptions) place(original harness.Plan, violation shrink.Violation) string {
	if o.sweep != "" {
		return sweep.ShrunkFolder(o.sweep, original.Seed, violation.Checker)
	}
	return newPath(o.store, original.Name()+"-shrunk", original.Seed)
}

// keepFinds gives other violations folders of their own.
func (s screen) keepFinds(ctx context.Context, finds []shrink.Find, store string) {
	for i := range finds {
		find := &finds[i]
		path := newPath(store, find.Case.Plan.Name(), find.Case.Plan.Seed) + fmt.Sprintf("-met-%d", i+1)
		finished, err := wiring.Run(ctx, find.Case.Plan, find.Case.Schedule, path, nil)
		if err != nil {
			fmt.Fprintf(s.err, "cleave: another violation could not be kept: %v\n", err)
			continue
		}
		find.Folder = finished.Folder
		fmt.Fprintf(s.out, "met on the way: %s · %s\n", find.Violation, finished.Replay())
	}
}

// shrunk says in a line how much smaller it became.
func (s screen) shrunk(r shrink.Shrunk) {
	fmt.Fprintf(s.out, "\n%s -> %s, %d -> %s, %d -> %s, %s -> %s; %s in %.1f s: %s\n",
		items(r.Before), items(r.After), r.Before.Nodes, counted(r.After.Nodes, "node"), r.Before.Clients, counted(r.After.Clients, "client"),
		time.Duration(r.Before.Duration).Round(time.Millisecond), time.Duration(r.After.Duration).Round(time.Millisecond),
		counted(r.Runs, "run"), r.Wall.Seconds(), r.Ending)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func items(size shrink.Size) string {
	return fmt.Sprintf("%s (%s, %s)", counted(size.Items(), "item"), counted(size.Faults, "fault"), counted(size.Operations, "operation"))
}

// shrinking shows how far shrinking is, on a terminal, a few times a second.
func (s screen) shrinking() func(shrink.Progress) {
	if !terminal(s.err) {
		return nil
	}
	var last time.Time
	return func(p shrink.Progress) {
		if time.Since(last) < 100*time.Millisecond {
			return
		}
		last = time.Now()
		fmt.Fprintf(s.err, "\r\x1b[K%5d runs  %s  %s", p.Runs, items(p.Size), p.Pass)
	}
}

func (s screen) clear() {
	if terminal(s.err) {
		fmt.Fprint(s.err, "\r\x1b[K")
	}
}
