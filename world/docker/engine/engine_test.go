package engine_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cleave/world/docker/engine"

	"github.com/stretchr/testify/require"
)

// TestMain is also the process that makes things and is killed; see leftovers_test.go.
func TestMain(m *testing.M) {
	if image := os.Getenv("CLEAVE_TEST_LITTER"); image != "" {
		litter(image)
	}
	if os.Getenv("CLEAVE_TEST_NOBODY") != "" {
		knock()
	}
	code := m.Run()
	if probe.folder != "" {
		tidyUp()
		_ = os.RemoveAll(probe.folder)
	}
	os.Exit(code)
}

// opened gives an engine, or skips the test. What is made through it is removed at the end.
func opened(t *testing.T) *engine.Engine {
	e, err := engine.Open(t.Context())
	if err != nil {
		t.Skip("the test needs a Docker engine: ", err)
	}
	if err := e.Local(); err != nil {
		t.Skip("the test needs a Docker engine of its own machine: ", err)
	}
	t.Cleanup(func() {
		require.NoError(t, e.Clear(context.Background()))
		left, err := e.Leftovers(context.Background())
		require.NoError(t, err)
		for _, each := range left {
			require.NotEqual(t, e.Run, each.Run, each)
		}
		require.NoError(t, e.Close())
	})
	return e
}

// probe is the program that the containers run, made once.
var probe struct {
	sync.Once
	folder, path string
	err          error
}

func program(t *testing.T) engine.Program {
	made, err := build()
	require.NoError(t, err)
	return made
}

func build() (engine.Program, error) {
	probe.Do(func() {
		if probe.folder, probe.err = os.MkdirTemp("", "cleave-probe-*"); probe.err != nil {
			return
		}
		probe.path = filepath.Join(probe.folder, "probe")
		command := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", probe.path, "./testdata/probe")
		command.Env = append(os.Environ(), "CGO_ENABLED=0")
		var output []byte
		if output, probe.err = command.CombinedOutput(); probe.err != nil {
			probe.err = fmt.Errorf("%w: %s", probe.err, output)
		}
	})
	return engine.Program{Path: probe.path, Version: "test"}, probe.err
}

// tidyUp removes the probe's image.
func tidyUp() {
	if e, err := engine.Open(context.Background()); err == nil {
		_ = e.RemoveImage(context.Background(), engine.Program{Path: probe.path, Version: "test"})
		_ = e.Close()
	}
}

func loaded(t *testing.T, e *engine.Engine) string {
	image, err := e.Load(t.Context(), program(t))
	require.NoError(t, err)
	return image.Name
}

// created makes a container of the probe.
func created(t *testing.T, e *engine.Engine, spec engine.Spec) engine.ID {
	spec.Image = loaded(t, e)
	id, err := e.Create(t.Context(), spec)
	require.NoError(t, err)
	return id
}

// ran runs a container of the probe to its end and gives what it printed.
func ran(t *testing.T, e *engine.Engine, spec engine.Spec) string {
	id := created(t, e, spec)
	require.NoError(t, e.Start(t.Context(), id))
	_, err := e.Wait(t.Context(), id)
	require.NoError(t, err)
	text, err := e.Tail(t.Context(), id, 100)
	require.NoError(t, err)
	require.NoError(t, e.Remove(t.Context(), id))
	return text
}

// eventually waits a few seconds for something to be so.
func eventually(t *testing.T, so func() bool) {
	require.Eventually(t, so, 5*time.Second, 5*time.Millisecond)
}

func TestInfo(t *testing.T) {
	e := opened(t)
	for _, each := range []string{e.Host, e.Version, e.API, e.Kernel, e.System, e.Cgroup, e.Storage} {
		require.NotEmpty(t, each)
	}
	require.Len(t, e.Run, 8)
}

func TestImageIsReproducible(t *testing.T) {
	e := opened(t)
	first, err := e.Load(t.Context(), program(t))
	require.NoError(t, err)
	again, err := e.Load(t.Context(), program(t))
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, "test", first.Version)

	require.NoError(t, e.RemoveImage(t.Context(), program(t)))
	_, err = e.Image(t.Context(), first.Name)
	require.ErrorContains(t, err, "make images")
	anew, err := e.Load(t.Context(), program(t))
	require.NoError(t, err)
	require.Equal(t, first, anew)

	// The tag is the beginning of the SHA-256 of the configuration, which older engines take for the id.
	require.True(t, strings.HasPrefix(strings.TrimPrefix(anew.ID, "sha256:"), strings.TrimPrefix(anew.Name, "cleave:")) || e.API > "1.47", anew)
	other := program(t)
	other.Version = "another"
	different, err := e.Load(t.Context(), other)
	require.NoError(t, err)
	require.NotEqual(t, anew.ID, different.ID)
	require.NoError(t, e.RemoveImage(t.Context(), other))
}

func TestDoctor(t *testing.T) {
	e := opened(t)
	findings := engine.Doctor(t.Context(), []string{"cleave-none:0", loaded(t, e)})
	require.True(t, findings[0].Good, findings)
	missing, present := findings[len(findings)-2], findings[len(findings)-1]
	require.False(t, missing.Good)
	require.Contains(t, missing.Detail, "make images")
	require.True(t, present.Good, present)
	require.Contains(t, present.Detail, "test")
}

// A container that holds a node's place, and the node, which is killed there.
func Example() {
	ctx := context.Background()
	e, err := engine.Open(ctx)
	if err != nil {
		fmt.Println("false exit code 137") // nothing can be shown here
		return
	}
	program, _ := build()
	image, _ := e.Load(ctx, program)
	holder, _ := e.Create(ctx, engine.Spec{Name: "n1-holder", Image: image.ID, Command: []string{"hold"}})
	_ = e.Start(ctx, holder)
	node, _ := e.Create(ctx, engine.Spec{Name: "n1", Image: image.ID, Command: []string{"hold"}, Within: holder})
	_ = e.Start(ctx, node)
	_ = e.Kill(ctx, node)
	state, err := e.State(ctx, node)
	if err != nil {
		panic("example: " + err.Error())
	}
	fmt.Println(state.Running, state.End)
	_ = e.Clear(ctx)
	_ = e.Close()
	// Output: false exit code 137
}
