package engine

import (
	"context"
	"fmt"
	"os"
	"strings"

	"cleave/world/docker/disk"

	"github.com/docker/docker/api/types/volume"
)

// Volume makes a disk in memory of a size in bytes and gives its full name, for Mount. It lasts as long as
// a container that has it runs, and is empty again when none does: so a holder keeps it for a node. Every
// user may write to it.
func (e *Engine) Volume(ctx context.Context, name string, size int64) (string, error) {
	made, err := e.client.VolumeCreate(ctx, volume.CreateOptions{Name: e.name(name), Driver: "local", Labels: e.labels,
		DriverOpts: map[string]string{"type": "tmpfs", "device": "tmpfs", "o": fmt.Sprintf("size=%d,mode=1777", size)}})
	if err != nil {
		return "", fmt.Errorf("making the disk %s: %w", name, err)
	}
	return made.Name, nil
}

// Fill leaves no room on the disk that a running container has at a path. It errors if what is there is
// no small disk of its own; then nothing has been filled.
func (e *Engine) Fill(ctx context.Context, holder ID, path string) error {
	return e.inside(ctx, holder, path, disk.Fill)
}

// Drain undoes Fill. It is no error if there is nothing to undo.
func (e *Engine) Drain(ctx context.Context, holder ID, path string) error {
	return e.inside(ctx, holder, path, disk.Drain)
}

// Within does something in a folder of a running container, as it sees it, also in what is mounted there. It errors
// if there is no such folder.
func (e *Engine) Within(ctx context.Context, holder ID, path string, do func(folder *os.Root) error) error {
	return e.inside(ctx, holder, path, func(root *os.Root, path string) error {
		folder, err := root.OpenRoot(path)
		if err != nil {
			return err
		}
		defer func() { _ = folder.Close() }() // only a handle
		return do(folder)
	})
}

// inside does something in the files of a container as it sees them, see proc(5), /proc/pid/root. The
// engine's own folder of volumes will not do: an engine may have mounts that others do not see.
func (e *Engine) inside(ctx context.Context, id ID, path string, do func(root *os.Root, path string) error) error {
	pid, err := e.PID(ctx, id)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(fmt.Sprintf("/proc/%d/root", pid))
	if err == nil {
		err = do(root, strings.Trim(path, "/"))
		_ = root.Close() // only a handle
	}
	if err != nil {
		return fmt.Errorf("the disk of %s: %w", id, err)
	}
	return nil
}
