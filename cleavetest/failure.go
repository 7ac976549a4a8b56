package cleavetest

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
)

// failure is what there is to say about a run that is not valid.
type failure struct {
	finished harness.Finished // with its folder, if it was kept
	shrunk   *shrink.Shrunk   // nil if it was not made small
	small    harness.Finished // the small run
	trouble  []error          // what went wrong meanwhile
	unlike   bool             // run again, to be kept, it was another run
}

// fail keeps a run, makes it small, and says all that in one text. Of one test that is done to the first invalid run and the
// first unknown one: the others are a command away.
func (b *bench) fail(t tester, c shrink.Case, finished harness.Finished) {
	t.Helper()
	f := failure{finished: finished}
	if b.kept[finished.Judgement.Verdict].first() {
		b.keep(t, c, &f)
	}
	if f.unlike {
		b.attribute(t, c, notDeterministic)
	} else {
		b.attribute(t, c, string(finished.Judgement.Verdict))
	}
	if report := f.report(); report != "" {
		t.Attr("cleave.report", report)
	}
	t.Error(f.text())
}

// keep leaves run folders, of the run and of what it was made.
func (b *bench) keep(t tester, c shrink.Case, f *failure) {
	store, err := b.store(t)
	if err != nil {
		f.trouble = append(f.trouble, err)
		return
	}
	kept, err := b.wiring.Run(t.Context(), c.Plan, c.Schedule, filepath.Join(store, "run"), nil)
	if err != nil {
		f.trouble = append(f.trouble, err)
		return
	}
	if f.unlike = kept.Hash != f.finished.Hash; f.unlike {
		return
	}
	f.finished = kept
	broken := shrink.Telling(kept.Judgement.Broken())
	limit := cmp.Or(*shrinkFlag, b.plan.Shrink, usualShrink)
	if len(broken) == 0 || limit < 0 || b.small {
		return
	}
	small, shrunk, err := b.shrink(t.Context(), c, broken, limit, filepath.Join(store, "shrunk"), kept.Folder)
	if err != nil {
		f.trouble = append(f.trouble, err)
		return
	}
	f.small, f.shrunk = small, &shrunk
}

// shrink makes a case of a run folder small, in a limited time, and has it tell its story, in a folder of its own.
func (b *bench) shrink(ctx context.Context, c shrink.Case, broken []checker.Result, limit time.Duration, path, from string) (
	small harness.Finished, shrunk shrink.Shrunk, err error) {
	options := shrink.DefaultOptions()
	options.Time, options.Parallel, options.Finds = limit, runtime.GOMAXPROCS(0), 0
	err = within(limit+b.mostTime(), func() error {
		made, err := shrink.Shrink(ctx, b.wiring, c, broken, options)
		if err != nil {
			return err
		}
		made.From = from
		told, err := made.Folder(ctx, b.wiring, path, nil)
		if err == nil {
			small, shrunk = told, made
		}
		return err
	})
	if err != nil { // it may be at work still
		return harness.Finished{}, shrink.Shrunk{}, err
	}
	return small, shrunk, nil
}

// mostTime is how long a run may take.
func (b *bench) mostTime() time.Duration { return cmp.Or(b.patience, mostTime) }

// store makes the folder for what a test leaves.
func (b *bench) store(t tester) (string, error) {
	name := "cleave-" + nameOf(t.Name()) + "-"
	if *storeFlag != "" {
		store, err := filepath.Abs(*storeFlag)
		if err := errors.Join(err, os.MkdirAll(store, 0o755)); err != nil {
			return "", err
		}
		return os.MkdirTemp(store, name)
	}
	if artifacts := flag.Lookup("test.artifacts"); artifacts != nil && artifacts.Value.String() == "true" {
		return t.ArtifactDir(), nil
	}
	return os.MkdirTemp("", name)
}

// report is the page to look at, "" if there is none.
func (f *failure) report() string {
	if folder := cmp.Or(f.small.Folder, f.finished.Folder); folder != "" {
		return filepath.Join(folder, "report.html")
	}
	return ""
}
