package wasi

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// guests are the modules made of testdata/<name>, once in the process of the tests.
var guests sync.Map

// guestModule compiles testdata/<name>/main.go with GOOS=wasip1.
func guestModule(t testing.TB, name string) []byte {
	t.Helper()
	made, _ := guests.LoadOrStore(name, sync.OnceValues(func() ([]byte, error) {
		folder, err := os.MkdirTemp("", "wasi")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(folder)
		file := filepath.Join(folder, name+".wasm")
		build := exec.Command("go", "build", "-trimpath", "-o", file, "./testdata/"+name)
		build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
		if output, err := build.CombinedOutput(); err != nil {
			t.Logf("%s", output)
			return nil, err
		}
		return os.ReadFile(file)
	}))
	module, err := made.(func() ([]byte, error))()
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// guestProgram is a compiled guest.
func guestProgram(t testing.TB, name string) *Program {
	t.Helper()
	program, err := Compile(t.Context(), guestModule(t, name), os.Getenv("CLEAVE_WASI_CACHE"))
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// process is a node that runs a program, and keeps a script of what it does.
type process struct {
	world.Process
	program *Program
	options Options
	begin   func(*Instance, world.Environment)
	script  *[]string
	now     *Instance
}

func (p *process) Start(env world.Environment) {
	write := func(kind, line string) {
		*p.script = append(*p.script, env.Elapsed().String()+" "+kind+" "+line)
	}
	options := p.options
	options.Output = func(line []byte) { write("out", string(line)) }
	options.Log = func(line []byte) { write("log", string(line)) }
	options.Ended = func(end End) { write("end", string(end.Cause)+" "+end.Reason) }
	p.now = p.program.New(options)
	p.now.Start(env)
	if p.begin != nil {
		p.begin(p.now, env)
	}
}

// play runs a program on a node for a while and gives the script of what it did.
func play(t testing.TB, seed uint64, program *Program, options Options, long time.Duration, begin func(*Instance, world.Environment)) []string {
	t.Helper()
	var script []string
	p := &process{program: program, options: options, begin: begin, script: &script}
	w := sim.New(sim.DefaultOptions(seed))
	w.AddNode("n1", func() world.Process { return p })
	if err := w.Run(history.Time(long)); err != nil {
		t.Fatal(err)
	}
	if p.now != nil {
		p.now.Stop()
	}
	return script
}
