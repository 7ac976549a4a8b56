package engine

import (
	"context"
	"io"
	"os"
	"time"

	"cleave/world"
)

// Containers is what the world of containers asks of an engine.
type Containers interface {
	// Create makes a container, which does not run yet, and writes its files.
	Create(ctx context.Context, spec Spec) (ID, error)
	// Start runs a container, for the first time or again. It errors if its program cannot be started.
	Start(ctx context.Context, id ID) error
	// Kill ends its processes as kill -9 does, also those that are paused, and returns when the engine has
	// noticed. It is no error if it does not run.
	Kill(ctx context.Context, id ID) error
	// Pause stops its processes. It errors with ErrEnded if it does not run.
	Pause(ctx context.Context, id ID) error
	// Unpause undoes Pause. It errors with ErrEnded if it does not run.
	Unpause(ctx context.Context, id ID) error
	// Throttle lets it run, now and after later starts, for a millisecond of each period; 0 lets it run as it likes.
	Throttle(ctx context.Context, id ID, period time.Duration) error
	// PID is the number of its first process on this machine. It errors with ErrEnded if it does not run.
	PID(ctx context.Context, id ID) (int, error)
	// State says how it is.
	State(ctx context.Context, id ID) (State, error)
	// Wait waits until it does not run, and says how it ended.
	Wait(ctx context.Context, id ID) (End, error)
	// Logs copies what it prints, both streams, until it ends or, if follow is false, as far as it has
	// printed. Of what was printed before since, the zero time for nothing, nothing is copied.
	Logs(ctx context.Context, id ID, follow bool, since time.Time, to io.Writer) error
	// Tail is the last lines that it printed.
	Tail(ctx context.Context, id ID, lines int) (string, error)
	// Died is an error that says how it ended, with the last lines that it printed.
	Died(ctx context.Context, id ID) error
	// CopyTo writes files into it, whether it runs or not.
	CopyTo(ctx context.Context, id ID, files []world.File) error
	// Remove ends and removes it. It is no error if there is no such container.
	Remove(ctx context.Context, id ID) error
}

// Volumes are disks in memory, which last as long as a running container has them.
type Volumes interface {
	// Volume makes one of a size in bytes and gives its full name, for Mount.
	Volume(ctx context.Context, name string, size int64) (string, error)
	// Fill leaves no room on the disk that a running container has at a path.
	Fill(ctx context.Context, holder ID, path string) error
	// Drain undoes Fill.
	Drain(ctx context.Context, holder ID, path string) error
	// Within does something in a folder of a running container, as it sees it.
	Within(ctx context.Context, holder ID, path string, do func(folder *os.Root) error) error
}

// Images are what containers are made from.
type Images interface {
	// Load makes an image of a program, unless there is one already, and gives it.
	Load(ctx context.Context, program Program) (Image, error)
	// Image finds an image by its name. If there is none, the error says how to make it.
	Image(ctx context.Context, name string) (Image, error)
}

var (
	_ Containers = (*Engine)(nil)
	_ Volumes    = (*Engine)(nil)
	_ Images     = (*Engine)(nil)
)
