package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"cleave/checker"
	"cleave/harness/shrink"
	"cleave/harness/sweep"
)

// shrinkFinds makes the first run of each kind of broken promise small, in the sweep's folder, and tells them on its page. What
// is small already stays as it is. An interruption keeps what there is.
func (s screen) shrinkFinds(ctx context.Context, record *sweep.Record, folder string) error {
	for _, group := range record.Violations {
		small, is, err := sweep.MadeSmall(folder, group.Violation)
		switch {
		case err != nil:
			return broken(err)
		case ctx.Err() != nil:
		case is:
			fmt.Fprintf(s.out, "made small before: %s · %s -> %s · %s\n", group.Checker, items(small.Before), items(small.After), "cleave replay "+small.Path)
		default:
			if err := s.shrinkFind(ctx, group, folder); err != nil {
				return err
			}
		}
	}
	if ctx.Err() != nil {
		fmt.Fprintf(s.out, "shrinking was interrupted; to go on: cleave sweep --shrink --resume %s\n", folder)
	}
	return broken(record.WritePage(folder))
}

func (s screen) shrinkFind(ctx context.Context, group sweep.Group, folder string) error {
	seed := group.Kept[0]
	path := sweep.RunFolder(folder, seed)
	original, all, err := s.brokenIn(path, "")
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(r checker.Result) bool { return shrink.ViolationOf(r) == group.Violation })
	if at < 0 {
		return broken(fmt.Errorf("%s: %w (%s)", path, shrink.ErrNotShown, group.Violation))
	}
	all[0], all[at] = all[at], all[0]
	original.Plan.Version = version()
	options := shrink.DefaultOptions()
	options.Parallel, options.Finds, options.Progress = runtime.GOMAXPROCS(0), 0, s.shrinking()
	shrunk, err := shrink.Shrink(ctx, wiring, original, all, options)
	s.wipe()
	switch {
	case errors.Is(err, context.Canceled):
		return nil
	case err != nil:
		return broken(fmt.Errorf("%s: %w", path, err))
	}
	shrunk.From = path
	finished, err := shrunk.Folder(context.WithoutCancel(ctx), wiring, sweep.ShrunkFolder(folder, seed, group.Checker), nil)
	if err != nil {
		return broken(err)
	}
	fmt.Fprintf(s.out, "seed %d made small: %s · %s -> %s · %s\n", seed, group.Checker, items(shrunk.Before), items(shrunk.After), finished.Replay())
	return nil
}
