package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"cleave/world/docker/disk"
	"cleave/world/docker/owner"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/volume"
)

// Leftover is something that a run made and that is still there.
type Leftover struct {
	Kind  string // "container", "volume", "network" or "disk"
	Name  string // a disk's is its folder
	Run   string // "" for a disk
	Owner string // the process that made it, as owner.Owner.String has it
	Alive bool   // whether that process lives

	remove func(context.Context) error
}

// String names it as people do.
func (l Leftover) String() string { return l.Kind + " " + l.Name }

// Leftovers are all containers, volumes and networks with our labels, and all disks, those of living runs
// too, in an order in which they can be removed. It errors if the engine is not of this machine: nobody
// could tell then whose run lives.
func (e *Engine) Leftovers(ctx context.Context) ([]Leftover, error) {
	if err := e.Local(); err != nil {
		return nil, err
	}
	var all []Leftover
	for _, list := range []func(context.Context) ([]Leftover, error){e.containers, e.volumes, e.networks, disks} {
		found, err := list(ctx)
		if err != nil {
			return nil, fmt.Errorf("looking for what runs have left: %w", err)
		}
		all = append(all, found...)
	}
	for i := range all {
		who, err := owner.Parse(all[i].Owner)
		if err != nil {
			all[i].Alive = true // not one that we can know, so not one that we may remove
			continue
		}
		if all[i].Alive, err = who.Alive(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Collect removes what runs have left whose process is dead, and with all also what living runs use; then, if
// no run is left that may want them, the images that Load made. It gives what it removed. On an error it goes
// on with the rest first.
func (e *Engine) Collect(ctx context.Context, all bool) (removed []string, err error) {
	left, err := e.Leftovers(ctx)
	if err != nil {
		return nil, err
	}
	removed, err = sweep(ctx, left, func(l Leftover) bool { return all || !l.Alive })
	if !all && slices.ContainsFunc(left, func(l Leftover) bool { return l.Alive }) {
		return removed, err
	}
	images, failed := e.removeImages(ctx)
	return append(removed, images...), errors.Join(err, failed)
}

// Clear removes every container, volume and network that was made through this Engine.
func (e *Engine) Clear(ctx context.Context) error {
	for _, list := range []func(context.Context) ([]Leftover, error){e.containers, e.volumes, e.networks} {
		left, err := list(ctx)
		if err == nil {
			_, err = sweep(ctx, left, func(l Leftover) bool { return l.Run == e.Run })
		}
		if err != nil {
			return fmt.Errorf("removing what the run made: %w", err)
		}
	}
	return nil
}

// sweep removes what is to be removed: one kind after the other, and all of a kind at once.
func sweep(ctx context.Context, left []Leftover, chosen func(Leftover) bool) (removed []string, err error) {
	for len(left) > 0 {
		kind := left[0].Kind
		errs := make([]error, len(left))
		var group sync.WaitGroup
		last := 0
		for ; last < len(left) && left[last].Kind == kind; last++ {
			if i := last; chosen(left[i]) {
				group.Go(func() { errs[i] = left[i].remove(ctx) })
			}
		}
		group.Wait()
		for i := range last {
			if errs[i] == nil && chosen(left[i]) {
				removed = append(removed, left[i].String())
			}
			err = errors.Join(err, errs[i])
		}
		left = left[last:]
	}
	return removed, err
}

// labelled objects are those with both labels; what has one of them by chance is not ours.
func labelled() filters.Args {
	return filters.NewArgs(filters.Arg("label", RunLabel), filters.Arg("label", OwnerLabel))
}

func (e *Engine) containers(ctx context.Context) ([]Leftover, error) {
	found, err := e.client.ContainerList(ctx, container.ListOptions{All: true, Filters: labelled()})
	var all []Leftover
	for _, each := range found {
		name := each.ID
		if len(each.Names) > 0 {
			name = each.Names[0][1:] // without its slash
		}
		all = append(all, Leftover{Kind: "container", Name: name, Run: each.Labels[RunLabel], Owner: each.Labels[OwnerLabel],
			remove: func(ctx context.Context) error { return e.Remove(ctx, ID(each.ID)) }})
	}
	return all, err
}

func (e *Engine) volumes(ctx context.Context) ([]Leftover, error) {
	found, err := e.client.VolumeList(ctx, volume.ListOptions{Filters: labelled()})
	var all []Leftover
	for _, each := range found.Volumes {
		all = append(all, Leftover{Kind: "volume", Name: each.Name, Run: each.Labels[RunLabel], Owner: each.Labels[OwnerLabel],
			remove: func(ctx context.Context) error { return gone(e.client.VolumeRemove(ctx, each.Name, false)) }})
	}
	return all, err
}

func (e *Engine) networks(ctx context.Context) ([]Leftover, error) {
	found, err := e.client.NetworkList(ctx, network.ListOptions{Filters: labelled()})
	var all []Leftover
	for _, each := range found {
		all = append(all, Leftover{Kind: "network", Name: each.Name, Run: each.Labels[RunLabel], Owner: each.Labels[OwnerLabel],
			remove: func(ctx context.Context) error { return gone(e.client.NetworkRemove(ctx, each.ID)) }})
	}
	return all, err
}

func disks(context.Context) ([]Leftover, error) {
	found, err := disk.Leftovers()
	var all []Leftover
	for _, each := range found {
		all = append(all, Leftover{Kind: "disk", Name: each.Place, Owner: each.Owner.String(),
			remove: func(context.Context) error { return each.Remove() }})
	}
	return all, err
}

// removeImages removes the images that Load made.
func (e *Engine) removeImages(ctx context.Context) (removed []string, err error) {
	found, err := e.client.ImageList(ctx, image.ListOptions{Filters: filters.NewArgs(filters.Arg("label", programLabel))})
	for _, each := range found {
		_, failed := e.client.ImageRemove(ctx, each.ID, image.RemoveOptions{Force: true, PruneChildren: true})
		if failed = gone(failed); failed != nil {
			err = errors.Join(err, fmt.Errorf("removing the image %s: %w", each.ID, failed))
			continue
		}
		removed = append(removed, "image "+each.ID)
	}
	return removed, err
}

// gone is an error, unless it says that there is no such thing any more.
func gone(err error) error {
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}
