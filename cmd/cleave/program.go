package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cleave/harness"
	"cleave/internal/wasi"
	"cleave/nemesis"
	"cleave/systems/maelstrom"
	"cleave/world"
	"cleave/world/native"
)

// programSetup is what a plan says of a program that it brings along: its Custom.Setup.
type programSetup struct {
	Path        string             `json:"path"` // absolute
	SHA256      string             `json:"sha256"`
	WebAssembly bool               `json:"webAssembly"`
	Arguments   []string           `json:"arguments,omitempty"`
	Topology    maelstrom.Topology `json:"topology,omitempty"`
	Timeout     nemesis.Duration   `json:"timeout"`
	LogSent     bool               `json:"logSent,omitempty"`
	LogReceived bool               `json:"logReceived,omitempty"`
	Limits      programLimits      `json:"limits"`
}

// programLimits are what a node's program may use; 0 is the usual amount.
type programLimits struct {
	Memory int64 `json:"memory,omitempty"` // bytes; of a process, of its address space, and as much as it likes if nobody says
	Fuel   int64 `json:"fuel,omitempty"`   // calls and rounds of loops in a second of its clock; of WebAssembly
	Output int64 `json:"output,omitempty"` // bytes printed in a second of its clock
}

// newProgramSetup looks at a program's file.
func newProgramSetup(b bringing) (programSetup, error) {
	setup := programSetup{Arguments: b.arguments, Timeout: nemesis.Duration(maelstrom.DefaultTimeout),
		Limits: programLimits{Memory: int64(b.memory), Fuel: b.fuel, Output: int64(b.output)}}
	path, err := filepath.Abs(b.file)
	if err != nil {
		return setup, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return setup, err
	}
	setup.Path, setup.SHA256, setup.WebAssembly = path, hashOf(text), bytes.HasPrefix(text, []byte("\x00asm"))
	if info, err := os.Stat(path); err == nil && !setup.WebAssembly && info.Mode()&0o111 == 0 {
		return setup, fmt.Errorf("%s is neither WebAssembly nor a file that may be executed", b.file)
	}
	return setup, nil
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// setupOf is what a plan says of its program.
func setupOf(plan harness.Plan) (setup programSetup, err error) {
	decoder := json.NewDecoder(bytes.NewReader(plan.Custom.Setup))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&setup); err != nil {
		return setup, fmt.Errorf("custom.setup: %w", err)
	}
	return setup, nil
}

// programSystem gives a system nodes that run a plan's program.
func programSystem(plan harness.Plan, system world.System) (world.System, error) {
	setup, err := setupOf(plan)
	if err != nil {
		return system, err
	}
	return maelstrom.Equip(system, maelstrom.Options{
		Program: lateProgram{setup}, Workload: plan.Workload, Topology: setup.Topology, Timeout: time.Duration(setup.Timeout),
		LogSent: setup.LogSent, LogReceived: setup.LogReceived,
	}), nil
}

// lateProgram is a program that is opened when it is first run: to judge a run, nobody needs it.
type lateProgram struct{ setup programSetup }

// New makes an instance. That the program can be opened, ableProgram has seen.
func (p lateProgram) New(node string, streams maelstrom.Streams) maelstrom.Instance {
	program, err := p.setup.open()
	if err != nil {
		panic(err)
	}
	return program.New(node, streams)
}

// opened are the programs that this process has opened, by setup: the many runs of a sweep share one.
var opened sync.Map

// open makes ready to run what a setup says, once. It errs if the file is gone, has changed since, or cannot be run.
func (p programSetup) open() (maelstrom.Program, error) {
	key, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	once, _ := opened.LoadOrStore(string(key), sync.OnceValues(p.load))
	return once.(func() (maelstrom.Program, error))()
}

func (p programSetup) load() (maelstrom.Program, error) {
	text, err := os.ReadFile(p.Path)
	if err != nil {
		return nil, fmt.Errorf("the program is gone: %w", err)
	}
	if hash := hashOf(text); hash != p.SHA256 {
		return nil, fmt.Errorf("the program %s is not the same any more: its SHA-256 was %.12s… and is %.12s…", p.Path, p.SHA256, hash)
	}
	if !p.WebAssembly {
		return nativeProgram(p), native.Startable(p.Path)
	}
	compiled, err := wasi.Compile(context.Background(), text, compiledFolder())
	if err != nil { // that folder may be of no use; what is wrong with the program is wrong without it too
		compiled, err = wasi.Compile(context.Background(), text, "")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Path, err)
	}
	return maelstrom.WebAssembly{Program: compiled, Name: filepath.Base(p.Path), Arguments: p.Arguments,
		Limits: wasi.Limits{Memory: p.Limits.Memory, Fuel: p.Limits.Fuel, Output: p.Limits.Output}}, nil
}

// compiledFolder is where compiled programs are kept for the next time, "" if this user has no such place.
func compiledFolder() string {
	folder, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	folder = filepath.Join(folder, "cleave", "wasm")
	if os.MkdirAll(folder, 0o755) != nil {
		return ""
	}
	return folder
}

// nativeProgram is a program that runs as a process of the operating system.
type nativeProgram programSetup

// New makes an instance.
func (p nativeProgram) New(_ string, streams maelstrom.Streams) maelstrom.Instance {
	return native.NewInstance(native.Program{Path: p.Path, Arguments: p.Arguments,
		Limits: native.Limits{Memory: uint64(p.Limits.Memory), Rate: p.Limits.Output},
		Output: streams.Output, Log: streams.Log, Ended: streams.Ended})
}

// ableProgram tells why a plan's program cannot be run: it is not there as it was, or does not run in the plan's world.
func ableProgram(plan harness.Plan) error {
	setup, err := setupOf(plan)
	if err != nil {
		return err
	}
	switch {
	case setup.WebAssembly && plan.World != harness.Simulation:
		return harness.Unable(fmt.Sprintf("%s is WebAssembly, which runs in simulation (--world %s)", plan.System, harness.Simulation))
	case !setup.WebAssembly && plan.World != inRealTime:
		return harness.Unable(fmt.Sprintf("%s is a program of this machine, which runs in real time (--world %s); compiled to WebAssembly "+
			"with WASI preview 1 it would run in simulation", plan.System, inRealTime))
	}
	_, err = setup.open()
	return err
}
