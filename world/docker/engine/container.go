package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
)

// ErrEnded is that a container does not run, and so cannot be paused or entered.
var ErrEnded = errors.New("it does not run")

// State is how a container is.
type State struct {
	Running bool // also if it is paused
	Paused  bool
	End     End // of its last process, if it does not run
}

// End is how a container's process ended.
type End struct {
	Code        int    // its exit code; 128 and the signal's number if a signal ended it
	OutOfMemory bool   // the kernel killed it, since it had used up its memory
	Cause       string // what the engine says besides, mostly ""
}

// String is the end in words.
func (e End) String() string {
	text := fmt.Sprintf("exit code %d", e.Code)
	if e.OutOfMemory {
		text += ", out of memory"
	}
	if e.Cause != "" {
		text += ": " + e.Cause
	}
	return text
}

// Start runs a container, for the first time or again. It errors if its program cannot be started; a
// program that ends at once is no error, see Wait and Died.
func (e *Engine) Start(ctx context.Context, id ID) error {
	if err := e.client.ContainerStart(ctx, string(id), container.StartOptions{}); err != nil {
		return fmt.Errorf("starting %s: %w", id, err)
	}
	return nil
}

// Pause stops the processes of a container until Unpause. Its connections stay open and fill up. It
// errors with ErrEnded if it does not run. It is no error if it is paused already.
func (e *Engine) Pause(ctx context.Context, id ID) error {
	return e.freeze(ctx, id, "pausing", true, e.client.ContainerPause)
}

// Unpause undoes Pause. It errors with ErrEnded if the container does not run. It is no error if it is not
// paused.
func (e *Engine) Unpause(ctx context.Context, id ID) error {
	return e.freeze(ctx, id, "unpausing", false, e.client.ContainerUnpause)
}

func (e *Engine) freeze(ctx context.Context, id ID, what string, paused bool, change func(context.Context, string) error) error {
	err := change(ctx, string(id))
	if err == nil {
		return nil
	}
	// The engine's errors do not tell these cases apart.
	state, failed := e.State(ctx, id)
	switch {
	case failed != nil:
		return failed
	case !state.Running:
		return fmt.Errorf("%s %s: %w", what, id, ErrEnded)
	case state.Paused == paused:
		return nil
	}
	return fmt.Errorf("%s %s: %w", what, id, err)
}

// State says how a container is.
func (e *Engine) State(ctx context.Context, id ID) (State, error) {
	state, _, err := e.inspect(ctx, id)
	if err != nil {
		return State{}, err
	}
	return State{Running: state.Running, Paused: state.Paused,
		End: End{Code: state.ExitCode, OutOfMemory: state.OOMKilled, Cause: state.Error}}, nil
}

// inspect gives a container's state, and its id as the engine counts.
func (e *Engine) inspect(ctx context.Context, id ID) (*container.State, string, error) {
	found, err := e.client.ContainerInspect(ctx, string(id))
	if err != nil {
		return nil, "", fmt.Errorf("looking at %s: %w", id, err)
	}
	return found.State, found.ID, nil
}

// PID is the number of a container's first process on this machine, by which its namespaces are entered.
// It errors with ErrEnded if it does not run, and if the engine is not of this machine.
func (e *Engine) PID(ctx context.Context, id ID) (int, error) {
	process, state, err := e.process(ctx, id)
	if err != nil {
		return 0, err
	}
	return state.Pid, process.Release()
}

// process finds a container's first process, and holds on to it, so that it is not mistaken for a later
// one with its number.
func (e *Engine) process(ctx context.Context, id ID) (*os.Process, *container.State, error) {
	if err := e.Local(); err != nil {
		return nil, nil, err
	}
	state, full, err := e.inspect(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !state.Running || state.Pid == 0 {
		return nil, nil, fmt.Errorf("finding the process of %s: %w", id, ErrEnded)
	}
	process, err := os.FindProcess(state.Pid)
	if err == nil {
		err = belongs(state.Pid, full)
	}
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
		err = ErrEnded
	}
	if err != nil {
		return nil, nil, fmt.Errorf("finding the process of %s: %w", id, err)
	}
	return process, state, nil
}

// Kill ends a container's processes as kill -9 does, and returns when the engine has noticed. The signal
// goes to the process itself, not through the engine, which takes a tenth of a second for it; and so one
// that is paused dies before it can do anything more. It is no error if it does not run.
func (e *Engine) Kill(ctx context.Context, id ID) error {
	process, state, err := e.process(ctx, id)
	if err == nil {
		err = process.Kill()
		_ = process.Release() // only a handle
	}
	if errors.Is(err, os.ErrPermission) { // not root, but one whom the engine obeys
		err = e.client.ContainerKill(ctx, string(id), "KILL")
	}
	if err != nil && !errors.Is(err, ErrEnded) && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("killing %s: %w", id, err)
	}
	var thawed error
	if state != nil && state.Paused {
		// Whether it is still there to be thawed depends on the kernel. What counts is that it ends.
		thawed = e.Unpause(ctx, id)
	}
	limited, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if _, err := e.Wait(limited, id); err != nil {
		return fmt.Errorf("killing %s: %w", id, errors.Join(err, thawed))
	}
	return nil
}

// Wait waits until a container does not run, and says how it ended.
func (e *Engine) Wait(ctx context.Context, id ID) (End, error) {
	ended, failed := e.client.ContainerWait(ctx, string(id), container.WaitConditionNotRunning)
	select {
	case answer := <-ended:
		if answer.Error != nil {
			return End{}, fmt.Errorf("waiting for %s: %s", id, answer.Error.Message)
		}
	case err := <-failed:
		return End{}, fmt.Errorf("waiting for %s: %w", id, err)
	}
	state, err := e.State(ctx, id)
	return state.End, err
}

// Remove ends and removes a container, with the disks that its image asked for. It is no error if there
// is no such container.
func (e *Engine) Remove(ctx context.Context, id ID) error {
	options := container.RemoveOptions{Force: true, RemoveVolumes: true}
	err := e.client.ContainerRemove(ctx, string(id), options)
	if errdefs.IsConflict(err) { // it is paused, which some engines do not remove
		if err = e.Kill(ctx, id); err == nil {
			err = e.client.ContainerRemove(ctx, string(id), options)
		}
	}
	if errdefs.IsConflict(err) { // somebody is removing it
		removed, failed := e.client.ContainerWait(ctx, string(id), container.WaitConditionRemoved)
		select {
		case <-removed:
			err = nil
		case err = <-failed:
		}
	}
	if gone(err) != nil {
		return fmt.Errorf("removing %s: %w", id, err)
	}
	return nil
}
