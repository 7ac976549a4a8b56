package engine

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"
)

// Logs copies what a container prints, both streams in one, until its process ends or, if follow is false,
// as far as it has printed. What it printed before since, the zero time for nothing, is left out. When
// the context ends, so does the copying, without an error.
func (e *Engine) Logs(ctx context.Context, id ID, follow bool, since time.Time, to io.Writer) error {
	options := container.LogsOptions{ShowStdout: true, ShowStderr: true, Follow: follow}
	if !since.IsZero() {
		options.Since = since.Format(time.RFC3339Nano)
	}
	return e.logs(ctx, id, options, to)
}

func (e *Engine) logs(ctx context.Context, id ID, options container.LogsOptions, to io.Writer) error {
	lines, err := e.client.ContainerLogs(ctx, string(id), options)
	if err == nil {
		_, err = stdcopy.StdCopy(to, to, lines)
		_ = lines.Close() // only read
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("reading the log of %s: %w", id, err)
	}
	return nil
}

// tail is the last lines that are written down of what a container printed.
func (e *Engine) tail(ctx context.Context, id ID, lines int) (string, error) {
	var text strings.Builder
	err := e.logs(ctx, id, container.LogsOptions{ShowStdout: true, ShowStderr: true, Tail: strconv.Itoa(lines)}, &text)
	return strings.TrimRight(text.String(), "\n"), err
}

// Tail is the last lines that a container printed, both streams, without a newline at the end. An engine says that
// a process has ended before it has written down all that it printed: so what a stopped container said is
// read until nothing more is added to it, for a second at most.
func (e *Engine) Tail(ctx context.Context, id ID, lines int) (string, error) {
	const beat, most = 50 * time.Millisecond, 20
	state, err := e.State(ctx, id)
	if err != nil || state.Running {
		return e.tail(ctx, id, lines)
	}
	last := ""
	for range most {
		tail, err := e.tail(ctx, id, lines)
		if err != nil || tail == last && tail != "" {
			return tail, err
		}
		last = tail
		select {
		case <-time.After(beat):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	return last, nil
}

// Died is an error that says how a container ended, with the last twenty lines that it printed.
func (e *Engine) Died(ctx context.Context, id ID) error {
	state, err := e.State(ctx, id)
	if err != nil {
		return err
	}
	tail, err := e.Tail(ctx, id, 20)
	if err != nil {
		return err
	}
	if tail == "" {
		return fmt.Errorf("%s ended with %s and printed nothing", id, state.End)
	}
	return fmt.Errorf("%s ended with %s; the last it printed:\n%s", id, state.End, tail)
}
