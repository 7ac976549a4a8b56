package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"cleave/world/docker/engine"

	"github.com/stretchr/testify/require"
)

// pretend answers as an engine would that speaks certain versions of the API.
func pretend(t *testing.T, oldest, newest string) {
	socket := filepath.Join(t.TempDir(), "docker.sock")
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/_ping" {
			w.Header().Set("API-Version", newest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"message":"client version 1.51 is too old. Minimum supported API version is %s"}`, oldest)
	})}
	over := make(chan error)
	go func() { over <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-over, http.ErrServerClosed)
	})
	t.Setenv("DOCKER_HOST", "unix://"+socket)
}

func TestNoEngine(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "docker.sock")
	for host, want := range map[string]string{
		"unix://" + socket:  "no Docker engine answers at unix://" + socket + ": start it, or set DOCKER_HOST",
		"tcp://127.0.0.1:1": "no Docker engine answers at tcp://127.0.0.1:1: start it, or set DOCKER_HOST",
		"nonsense":          "the environment names no Docker engine that can be reached",
	} {
		t.Setenv("DOCKER_HOST", host)
		_, err := engine.Open(t.Context())
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "\n")
	}
	require.False(t, engine.Doctor(t.Context(), nil)[0].Good)
}

func TestEngineTooOld(t *testing.T) {
	pretend(t, "1.12", "1.30")
	_, err := engine.Open(t.Context())
	require.ErrorContains(t, err, "is too old: it speaks API 1.30")
}

func TestEngineTooNew(t *testing.T) {
	pretend(t, "1.60", "1.70")
	_, err := engine.Open(t.Context())
	require.ErrorContains(t, err, "is too new: it does not speak API 1.51 any more")
}

// A version in the environment must not switch the agreement off.
func TestVersionOfTheEnvironment(t *testing.T) {
	t.Setenv("DOCKER_API_VERSION", "1.12")
	e := opened(t)
	require.NotEqual(t, "1.12", e.API)
}

func TestPermission(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the test needs root, to become nobody")
	}
	pretend(t, "1.40", "1.51")
	socket := os.Getenv("DOCKER_HOST")[len("unix://"):]
	require.NoError(t, os.Chmod(socket, 0o600))
	child := exec.Command("/proc/self/exe")
	child.Env = append(os.Environ(), "CLEAVE_TEST_NOBODY=1")
	output, err := child.CombinedOutput()
	var exit *exec.ExitError
	require.True(t, err == nil || errors.As(err, &exit))
	require.Contains(t, string(output), "lets this user not in: run as root, or join the group docker")
}

// knock is what the process of TestPermission does: it becomes nobody and opens the engine.
func knock() {
	if err := syscall.Setuid(65534); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_, err := engine.Open(context.Background())
	fmt.Println(err)
	os.Exit(0)
}

func TestProgramThatNeedsLibraries(t *testing.T) {
	e := opened(t)
	for _, dynamic := range []string{"/bin/sh", "/bin/ls"} {
		if _, err := os.Stat(dynamic); err != nil {
			t.Skip("this machine has no " + dynamic)
		}
		_, err := e.Load(t.Context(), engine.Program{Path: dynamic})
		require.ErrorContains(t, err, dynamic+": it needs the libraries of this machine: build it with CGO_ENABLED=0")
	}
	_, err := e.Load(t.Context(), engine.Program{Path: "engine_test.go"})
	require.ErrorContains(t, err, "it is no program for Linux")
}
