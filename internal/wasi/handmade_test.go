package wasi

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cleave/world"
)

// handmade is a small module: what it imports, each with the parameters of its signature, and the code of its
// _start, in which the n-th import is function n. Its memory has one page.
type handmade struct {
	imports [][2]string // name and signature; from another module, if the name has a dot
	code    []byte
	start   string // what _start is exported as
	memory  string // what the memory is exported as
	data    string // at address 0
}

func (h handmade) module() []byte {
	types := []byte{byte(len(h.imports) + 1), 0x60, 0, 0}
	imports := []byte{byte(len(h.imports))}
	for n, wanted := range h.imports {
		types = append(types, 0x60, byte(len(wanted[1])))
		for _, letter := range wanted[1] {
			types = append(types, map[rune]byte{'i': 0x7f, 'I': 0x7e}[letter])
		}
		types = append(types, 1, 0x7f)
		if wanted[0] == "proc_exit" {
			types = append(types[:len(types)-2], 0)
		}
		from, name, foreign := strings.Cut(wanted[0], ".")
		if !foreign {
			from, name = moduleName, wanted[0]
		}
		imports = appendBytes(appendBytes(imports, []byte(from)), []byte(name))
		imports = append(imports, 0, byte(n+1))
	}
	exports := append(appendBytes([]byte{2}, []byte(h.start)), 0, byte(len(h.imports)))
	exports = append(appendBytes(exports, []byte(h.memory)), 2, 0)
	module := []byte("\x00asm\x01\x00\x00\x00")
	for _, part := range []section{
		{typeSection, types}, {importSection, imports}, {3, []byte{1, 0}}, {5, []byte{1, 0, 1}}, {exportSection, exports},
		{codeSection, appendBytes([]byte{1}, append(append([]byte{0}, h.code...), 0x0b))},
		{11, appendBytes([]byte{1, 0, 0x41, 0, 0x0b}, []byte(h.data))},
	} {
		module = appendBytes(append(module, part.id), part.content)
	}
	return module
}

// plain is a handmade module that is whole.
func plain(code []byte, data string, imports ...[2]string) []byte {
	return handmade{imports, code, "_start", "memory", data}.module()
}

func TestBadModules(t *testing.T) {
	whole := plain(nil, "")
	for _, test := range []struct {
		name   string
		module []byte
		wanted string
	}{
		{"nothing", nil, "not a WebAssembly module: it does not begin with \\0asm"},
		{"a program of Linux", []byte("\x7fELF\x02\x01\x01\x00"), "not a WebAssembly module: it does not begin with \\0asm"},
		{"a component", []byte("\x00asm\x0d\x00\x01\x00"), "a WebAssembly component (preview 2), not a module: build it for wasm32-wasip1"},
		{"the future", []byte("\x00asm\x02\x00\x00\x00"), "a WebAssembly module of version 2; version 1 is known"},
		{"half", whole[:len(whole)-9], "not a valid WebAssembly module: it ends in the middle of something"},
		{"bad code", plain([]byte{0x6a}, ""), "not a valid WebAssembly module: "},
		{"unknown code", plain([]byte{0xfe, 0}, ""), "not a valid WebAssembly module: it has an instruction of a later WebAssembly, opcode 0xfe"},
		{"a library", handmade{nil, nil, "start", "memory", ""}.module(), "the module exports no function _start: it is a library, not a program"},
		{"no memory", handmade{nil, nil, "_start", "m", ""}.module(), "the module exports no memory: it is no program of WASI preview 1"},
		{"of another host", plain(nil, "", [2]string{"env.window", "i"}), "the module imports env.window; only functions of wasi_snapshot_preview1 are here"},
		{"of no host", plain(nil, "", [2]string{"fd_fly", "i"}), "the module imports wasi_snapshot_preview1.fd_fly, which WASI preview 1 does not have"},
		{"otherwise", plain(nil, "", [2]string{"fd_write", "i"}),
			"the module imports wasi_snapshot_preview1.fd_write with other parameters than WASI preview 1 gives it"},
	} {
		_, err := Compile(t.Context(), test.module, "")
		if err == nil || !strings.HasPrefix(err.Error(), test.wanted) {
			t.Errorf("%s: %v, not %s", test.name, err, test.wanted)
		}
	}
	if _, err := Compile(t.Context(), whole, ""); err != nil {
		t.Error(err)
	}
}

// Machine code is kept in a file, and made anew if that is damaged.
func TestTheCache(t *testing.T) {
	folder, ctx := t.TempDir(), t.Context()
	for range 3 {
		if _, err := compile(ctx, plain(counted, ""), folder); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(folder, "*", "*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("one file is expected: %q, %v", files, err)
		}
		if err := os.Truncate(files[0], 100); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := compile(ctx, plain(counted, ""), file); err == nil || !strings.HasPrefix(err.Error(), "a folder for machine code: ") {
		t.Errorf("a file as a folder: %v", err)
	}
}

// small runs a handmade module.
func small(t *testing.T, module []byte, begin func(*Instance, world.Environment)) []string {
	t.Helper()
	program, err := Compile(t.Context(), module, "")
	if err != nil {
		t.Fatal(err)
	}
	m := boots(t, 1, program, Options{}, begin)
	m.until(10 * time.Second)
	m.now.now.Stop()
	return m.script
}

func TestTraps(t *testing.T) {
	for _, test := range []struct {
		code   []byte
		wanted string
	}{
		{[]byte{0x00}, "0s end trapped trapped: unreachable in .$0()"},
		{[]byte{0x41, 1, 0x41, 0, 0x6d, 0x1a}, "0s end trapped trapped: integer divide by zero in .$0()"},
		{[]byte{0x41, 0x7f, 0x28, 2, 0, 0x1a}, "0s end trapped trapped: out of bounds memory access in .$0()"},
		{[]byte{0x10, 0}, "0s end spun spun: more than 300000000 calls and rounds of loops in one second of its clock"},
	} {
		if test.code[0] == 0x10 { // calls itself: what is too deep traps before the fuel is gone
			test.wanted = "0s end trapped trapped: stack overflow"
		}
		if script := small(t, plain(test.code, ""), nil); len(script) != 1 || script[0] != test.wanted {
			t.Errorf("% x: %q, not %q", test.code, script, test.wanted)
		}
	}
}

// A program that does not ask before it reads, as those of C and Rust, waits in the read; what comes meanwhile
// is read later, as much at once as there is room for.
func TestReadingWaits(t *testing.T) {
	// At 0 a vector of 4 bytes at 64; at 16 a vector for writing, of which the length is what was read.
	data := "\x40\x00\x00\x00\x04\x00\x00\x00" + strings.Repeat("\x00", 8) + "\x40\x00\x00\x00\x00\x00\x00\x00"
	code := []byte{0x03, 0x40, // loop
		0x41, 0, 0x41, 0, 0x41, 1, 0x41, 20, 0x10, 0, 0x1a, // fd_read(0, 0, 1, 20)
		0x41, 1, 0x41, 16, 0x41, 1, 0x41, 24, 0x10, 1, 0x1a, // fd_write(1, 16, 1, 24)
		0x0c, 0, 0x0b} // again
	script := small(t, plain(code, data, [2]string{"fd_read", "iiii"}, [2]string{"fd_write", "iiii"}), func(i *Instance, env world.Environment) {
		i.Input([]byte("hello world"))
		env.After(time.Second, func() { i.Input([]byte("more")) })
	})
	if wanted := []string{"0s out hello world", "1s out more"}; !slices.Equal(script, wanted) {
		t.Errorf("%q, not %q", script, wanted)
	}
}
