package maelstrom_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/internal/wasi"
	"cleave/systems/maelstrom"
	"cleave/world"
)

// rustTargets are the names that WASI preview 1 has had in Rust.
var rustTargets = []string{"wasm32-wasip1", "wasm32-wasi"}

// rustNode compiles testdata/rust/main.rs. It skips the test where no Rust compiler has the target.
func rustNode(t *testing.T) *wasi.Program {
	t.Helper()
	for _, compiler := range []string{"rustc", "/usr/bin/rustc"} { // one of rustup's, and Debian's
		for _, target := range rustTargets {
			library, err := exec.Command(compiler, "--print", "target-libdir", "--target", target).Output()
			if err != nil {
				continue
			}
			if _, err := os.Stat(strings.TrimSpace(string(library))); err != nil {
				continue
			}
			file := filepath.Join(t.TempDir(), "node.wasm")
			out, err := exec.Command(compiler, "--edition", "2021", "--target", target, "-O", "-o", file, "testdata/rust/main.rs").CombinedOutput()
			require.NoError(t, err, "%s", out)
			module, err := os.ReadFile(file)
			require.NoError(t, err)
			program, err := wasi.Compile(t.Context(), module, "")
			require.NoError(t, err)
			return program
		}
	}
	t.Skipf("no rustc has one of the targets %s: rustup target add wasm32-wasip1, or Debian's rustc and libstd-rust-dev-wasm32", rustTargets)
	return nil
}

// A node in Rust keeps its promises through crashes, and is a function of the seed.
func TestARustNode(t *testing.T) {
	program := rustNode(t)
	wiring := nodeWiring
	wiring.Custom = func(plan harness.Plan) (world.System, error) {
		options := maelstrom.Options{Workload: plan.Workload, Program: maelstrom.WebAssembly{Program: program, Name: "node"}}
		return maelstrom.Equip(plan.Custom.System(plan.System), options), nil
	}
	run := func(workload string, seed uint64) harness.Finished {
		return wiredRun(t, wiring, nodePlan(workload, "", "rolling-restart", seed))
	}
	for _, workload := range []string{"echo", "unique-ids"} {
		first := run(workload, 1)
		for _, promise := range first.Judgement.Promises {
			require.Equal(t, checker.Valid, promise.Verdict, "%s: %s: %s", workload, promise.Checker, promise.Reason)
		}
		for range 5 {
			require.Equal(t, first.Hash, run(workload, 1).Hash)
		}
		require.NotEqual(t, first.Hash, run(workload, 2).Hash)
	}
}
