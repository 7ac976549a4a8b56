package wasi

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// page is a module's memory of one page.
type page struct {
	api.Memory
	bytes [pageSize]byte
}

func (p *page) Read(at, size uint32) ([]byte, bool) {
	if uint64(at)+uint64(size) > pageSize {
		return nil, false
	}
	return p.bytes[at : at+size], true
}

// bare is a module that has a memory, and nothing else.
type bare struct {
	api.Module
	memory page
}

func (b *bare) Memory() api.Memory { return &b.memory }

// tank is fuel that nobody burns.
type tank struct{ api.MutableGlobal }

func (tank) Set(uint64) {}

// uncompiled makes an instance of no program, whose host functions a test can call itself. It waits for the
// disk, and for timers that are due within the hour; where a program would wait for more, the call ends with an
// ExitError.
func uncompiled(t testing.TB) *Instance {
	var env world.Environment
	w := sim.New(sim.DefaultOptions(1))
	n := &runner{program: &Program{least: 1 << 62}, script: new([]string), begin: func(_ *Instance, e world.Environment) { env = e }}
	w.AddNode("n1", func() world.Process { return n })
	if err := w.Run(0); err != nil {
		t.Fatal(err)
	}
	i := (&Program{polls: true}).New(Options{Arguments: []string{"a", "bc"}, Environment: []string{"D=e"}, Limits: Limits{Disk: 1 << 20}})
	i.env = env
	i.fuel, i.running = tank{}, true
	i.yield = func(struct{}) bool {
		err := w.Run(w.Now() + history.Time(time.Hour))
		return err == nil && i.wait.over(i)
	}
	i.openStandard()
	return i
}

// call calls a host function as a program does. It tells the answer, and whether the program goes on.
func (b *bare) call(i *Instance, f function, stack []uint64) (answer errno, alive bool) {
	defer func() {
		if cause := recover(); cause != nil {
			_ = cause.(*sys.ExitError) // all that may come out of it
		}
	}()
	f.run(&guest{instance: i}, b, stack)
	return errno(stack[0]), true
}

// FuzzHostFunctions calls host functions with any arguments, and any memory behind them. The data begin with
// what stands in memory, every call is a number of a function and up to nine arguments.
func FuzzHostFunctions(f *testing.F) {
	f.Add("\x00\x00\x00\x00name", []byte{27, 3, 0, 4, 0, 4, 0, 0, 0, 255, 255, 0, 0, 0, 0, 200, 0})
	f.Add("", []byte{37, 255, 255, 0, 0, 1, 0, 3, 0})
	// mkdir("a"), open("a/b", create, all rights), write, rename("a", "c"), sync of what is open
	f.Add("aa/bc", []byte{
		27, 3, 0, 0, 0, 1, 0, 31, 3, 0, 0, 0, 1, 0, 3, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 64, 0,
		26, 4, 0, 64, 0, 1, 0, 80, 0, 34, 3, 0, 0, 0, 1, 0, 3, 0, 4, 0, 1, 0, 24, 4, 0})
	// mkdir("a"), open("a/b", create), pwrite of nothing far behind the end, filestat_set_size
	f.Add("a~~~~~\xd3\xd3\xd3\ra/bc", []byte("\x1b\x03\x00\x00\x00\x01\x00\x1f\x03\x00\x00\x00\x01\x00\x03\x00\x01\x00\xff\x01"+
		"\x00\xff\x00\x00@\x00\xf9\x04\x00@\x00\x01\x00P\x00\r\x03\x00\x00\x00\x01\x8d\x8d\x8d\x8d\x8d\x8d\x8d\x8d\x00\x0d\x04\x00\x04\x00"))
	f.Fuzz(func(t *testing.T, memory string, calls []byte) {
		i, module := uncompiled(t), &bare{}
		copy(module.memory.bytes[:], memory)
		i.stdin.add([]byte("a line"))
		for len(calls) > 0 {
			f := functions[int(calls[0])%len(functions)]
			calls = calls[1:]
			stack := make([]uint64, max(1, len(f.signature)))
			for at := range f.signature {
				stack[at], calls = argument(calls)
			}
			answer, alive := module.call(i, f, stack)
			if i.broken != nil {
				t.Fatalf("%s panicked: %v", f.name, i.broken)
			}
			if alive && answer > errOutside {
				t.Fatalf("%s answered %d", f.name, answer)
			}
			i.wait, i.end, i.printed = wait{}, nil, nil
		}
		examine(t, &i.folder)
	})
}

// argument makes two bytes a number: small, near the end of the page, or huge.
func argument(data []byte) (uint64, []byte) {
	if len(data) < 2 {
		return 0, nil
	}
	value := uint64(binary.LittleEndian.Uint16(data))
	switch value >> 12 {
	case 0xf:
		return ^uint64(0) - value&0xfff, data[2:]
	case 0xe:
		return pageSize - value&0xff, data[2:]
	case 0xd:
		return 1 << (value & 63), data[2:]
	}
	return value & 0xfff >> (value >> 12), data[2:]
}

// examine sees whether a folder is in order.
func examine(t *testing.T, f *folder) {
	used := int64(0)
	for _, n := range f.nodes {
		if n.gone {
			t.Errorf("%q is gone and there", n.name)
		}
		if !n.directory() {
			used += int64(len(f.content(n)))
		}
		if !slices.Contains(f.disk.Files(), n.name) {
			t.Errorf("%q is not on the disk: %q", n.name, f.disk.Files())
		}
	}
	if used != f.used || len(f.nodes) != len(f.disk.Files()) {
		t.Errorf("%d bytes, it says %d; %d nodes, %d files", used, f.used, len(f.nodes), len(f.disk.Files()))
	}
	if !slices.IsSortedFunc(f.nodes, func(a, b *node) int { return slices.Compare([]byte(a.name), []byte(b.name)) }) {
		t.Error("not in order")
	}
}
