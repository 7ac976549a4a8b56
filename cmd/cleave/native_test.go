package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What cannot be done to processes is refused before the run, and so is a system that has none.
func TestProcessesCannot(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("nodes are run as processes on Linux alone")
	}
	for arguments, want := range map[string]string{
		"run --world native": "cpstore has no nodes that are programs, which alone run in --world native",
		"run --bin /bin/cat --workload echo --faults clock-skew": "clock-skew cannot be done with --world native, which cannot move clocks",
		"run --bin /bin/cat --workload echo --faults power-loss": "power-loss cannot be done with --world native, which cannot cut power",
		"run --bin /bin/cat --workload echo --faults full-disk":  "full-disk cannot be done with --world native, which cannot fill disks",
		"run --bin /bin/cat --workload echo --pcap":              "--pcap: there are no frames in --world native",
	} {
		code, _, stderr := cleave(append(strings.Fields(arguments), "--store", t.TempDir())...)
		require.Equal(t, exitUsage, code, arguments)
		require.Contains(t, stderr, want)
	}
}

// A file that cannot be started is refused before the run, in one line.
func TestFilesThatCannotBeStarted(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("nodes are run as processes on Linux alone")
	}
	for name, each := range map[string]struct {
		text string
		mode os.FileMode
		want string
	}{
		"empty":     {"", 0o755, "exec format error"},
		"text":      {"hello\n", 0o755, "exec format error"},
		"elf":       {"\x7fELF\x02\x01\x01", 0o755, "exec format error"},
		"homeless":  {"#!/no/such/interpreter\n", 0o755, "what is to run it, by its first line or as its loader, is not there"},
		"forbidden": {"#!/bin/sh\n", 0o644, "is neither WebAssembly nor a file that may be executed"},
	} {
		bin, store := filepath.Join(t.TempDir(), name), filepath.Join(t.TempDir(), "store")
		require.NoError(t, os.WriteFile(bin, []byte(each.text), each.mode))
		for _, verb := range []string{"maelstrom", "run"} {
			code, stdout, stderr := cleave(verb, "--bin", bin, "--workload", "echo", "--store", store)
			require.Equal(t, exitUsage, code, "%s: %s%s", name, stdout, stderr)
			require.Regexp(t, "^cleave: .*"+bin+" .*"+each.want+"\n$", stderr)
			require.NoDirExists(t, store)
		}
	}
}

// Whatever a process does, the run ends with a verdict that names the node and the reason.
func TestWildProcesses(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("nodes are run as processes on Linux alone")
	}
	for _, each := range []struct{ name, script, reason string }{
		{"exits", "echo 'error: no idea' >&2; exit 3", `n1 ended by itself, [0-9]+ times, at [0-9.]+ s first: exited with status 3: error: no idea`},
		{"prints", "exec cat /dev/zero", "printed a line of more than 4 MiB"},
		{"babbles", "exec yes '{}'", `the protocol was broken, says n1 at [0-9.]+ s: line 1 of its output is no message, "{}"`},
	} {
		t.Run(each.name, func(t *testing.T) {
			t.Parallel()
			script := filepath.Join(t.TempDir(), each.name)
			require.NoError(t, os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\n%s\n", each.script), 0o755))
			_, stdout := runMaelstrom(t, script, exitInvalid, "--workload", "echo", "--node-count", "1", "--time-limit", "2", "--recovery", "1s")
			require.Regexp(t, each.reason, strings.Join(strings.Fields(stdout), " "))
		})
	}
}
