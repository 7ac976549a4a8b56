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
	program, err := Compile(t.Context(), guestModule(t, name), "")
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// runner is a process that runs a program, and keeps a script of what it does.
type runner struct {
	world.Process
	program *Program
	options Options
	begin   func(*Instance, world.Environment)
	script  *[]string
	now     *Instance
}

func (n *runner) Start(env world.Environment) {
	write := func(kind, line string) {
		*n.script = append(*n.script, env.Elapsed().String()+" "+kind+" "+line)
	}
	options := n.options
	options.Output = func(line []byte) { write("out", string(line)) }
	options.Log = func(line []byte) { write("log", string(line)) }
	options.Ended = func(end End) { write("end", string(end.Cause)+" "+end.Reason) }
	n.now = n.program.New(options)
	n.now.Start(env)
	if n.begin != nil {
		n.begin(n.now, env)
	}
}

// machine is a world with one node, n1, that runs a program.
type machine struct {
	*sim.World
	t      testing.TB
	now    *runner
	script []string
}

// boots makes a machine. Each boot of its node begins the program anew, and then calls begin, if it is given.
func boots(t testing.TB, seed uint64, program *Program, options Options, begin func(*Instance, world.Environment)) *machine {
	m := &machine{World: sim.New(sim.DefaultOptions(seed)), t: t}
	m.AddNode("n1", func() world.Process {
		m.now = &runner{program: program, options: options, begin: begin, script: &m.script}
		return m.now
	})
	return m
}

// until runs the machine until a time since its beginning.
func (m *machine) until(time time.Duration) {
	m.t.Helper()
	if err := m.Run(history.Time(time)); err != nil {
		m.t.Fatal(err)
	}
}

// kill ends the program as a world does.
func (m *machine) kill() {
	m.Kill("n1")
	m.now.now.Stop()
}

// play runs the guest for a while and gives the script of what it did.
func play(t testing.TB, seed uint64, options Options, long time.Duration, begin func(*Instance, world.Environment)) []string {
	t.Helper()
	m := boots(t, seed, guestProgram(t, "guest"), options, begin)
	m.until(long)
	m.now.now.Stop()
	return m.script
}
