package wasi

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// rustTargets are the names that WASI preview 1 has had in Rust.
var rustTargets = []string{"wasm32-wasip1", "wasm32-wasi"}

// rustModule compiles testdata/rust/main.rs. It skips the test where no Rust compiler has the target.
func rustModule(t *testing.T) []byte {
	t.Helper()
	for _, compiler := range []string{"rustc", "/usr/bin/rustc"} {
		for _, target := range rustTargets {
			library, err := exec.Command(compiler, "--print", "target-libdir", "--target", target).Output()
			if err != nil {
				continue
			}
			if _, err := os.Stat(strings.TrimSpace(string(library))); err != nil {
				continue
			}
			file := filepath.Join(t.TempDir(), "node.wasm")
			build := exec.Command(compiler, "--target", target, "-O", "-o", file, "testdata/rust/main.rs")
			if output, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", build, err, output)
			}
			module, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			return module
		}
	}
	t.Skipf("no rustc with one of the targets %s: install it with `rustup target add wasm32-wasip1`, or Debian's rustc and libstd-rust-dev-wasm32", rustTargets)
	return nil
}

// A program in Rust is a function of the seed too, and its files outlive it.
func TestARustNode(t *testing.T) {
	program, err := Compile(t.Context(), rustModule(t), "")
	if err != nil {
		t.Fatal(err)
	}
	lives := func(seed uint64) []string {
		m := boots(t, seed, program, Options{Arguments: []string{"node", "x"}}, inputs("one", "two", "three", "four", "five", "panic"))
		m.until(time.Second)
		m.kill()
		m.Restart("n1")
		m.until(1300 * time.Millisecond)
		m.kill()
		return m.script
	}
	script := lives(1)
	for run := range 20 {
		if again := lives(1); !slices.Equal(script, again) {
			t.Fatalf("run %d: %s\nnot\n%s", run, strings.Join(again, "\n"), strings.Join(script, "\n"))
		}
	}
	if other := lives(2); slices.Equal(script, other) {
		t.Error("another seed, the same run")
	}
	for _, wanted := range []string{
		`log begun at 1767225600 with ["node", "x"]`, `out found ""`, `out one after 20 ms: ["one"]`,
		`out found "one\ntwo\nthree\nfour\nfive\n"`,
	} {
		if !slices.Contains(said(script), wanted) {
			t.Errorf("no line %q in:\n%s", wanted, strings.Join(script, "\n"))
		}
	}
	panicked := func(line string) bool {
		return strings.Contains(line, "end trapped trapped: unreachable in ") && strings.Contains(line, "panicked at")
	}
	if !slices.ContainsFunc(script, panicked) {
		t.Errorf("no panic in:\n%s", strings.Join(script, "\n"))
	}
}
