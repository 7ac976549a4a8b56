package wasi

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Program is a module made ready to run. Its instances share the machine code and nothing else, and
// may run at the same time in simulations of their own.
type Program struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	least    int64 // bytes of memory that it asks for at its start
	polls    bool  // its standard input is to say that it would block, see asksBeforeReading
}

// programs keeps what was compiled, by hash and cache folder, for the life of this process.
var programs struct {
	sync.Mutex
	known map[string]*compiling
}

// compiling is a Program that one caller makes and others wait for.
type compiling struct {
	sync.Mutex
	program *Program
}

// Compile makes a Program of a module: a command of WASI preview 1, as GOOS=wasip1 and Rust's
// wasm32-wasip1 make it. It takes seconds; the same module is compiled once in a process, and once for
// all with a folder for machine code as cache ("" for none). It errs if the bytes are no such module,
// and says what is wrong with them, or if the folder cannot be used.
func Compile(ctx context.Context, module []byte, cache string) (*Program, error) {
	key := fmt.Sprintf("%x %s", sha256.Sum256(module), cache)
	programs.Lock()
	if programs.known == nil {
		programs.known = map[string]*compiling{}
	}
	entry := programs.known[key]
	if entry == nil {
		entry = &compiling{}
		programs.known[key] = entry
	}
	programs.Unlock()
	entry.Lock()
	defer entry.Unlock()
	if entry.program == nil {
		program, err := compile(ctx, module, cache)
		if err != nil {
			return nil, err
		}
		entry.program = program
	}
	return entry.program, nil
}

func compile(ctx context.Context, module []byte, cache string) (*Program, error) {
	if err := recognise(module); err != nil {
		return nil, err
	}
	metered, err := meter(module)
	if err != nil {
		return nil, fmt.Errorf("not a valid WebAssembly module: %w", err)
	}
	var kept wazero.CompilationCache
	if cache != "" {
		if kept, err = wazero.NewCompilationCacheWithDir(cache); err != nil {
			return nil, fmt.Errorf("a folder for machine code: %w", err)
		}
	}
	p, err := translate(ctx, metered, kept)
	if err != nil && kept != nil { // machine code that was damaged, or found no room, is as good as none
		p, err = translate(ctx, metered, nil)
	}
	if err != nil {
		return nil, err
	}
	p.polls = asksBeforeReading(module)
	return p, nil
}

// translate makes machine code of a module, or finds it in a cache if one is given.
func translate(ctx context.Context, module []byte, kept wazero.CompilationCache) (*Program, error) {
	config := wazero.NewRuntimeConfig().WithDebugInfoEnabled(false)
	if kept != nil {
		config = config.WithCompilationCache(kept)
	}
	p := &Program{runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	var err error
	p.compiled, err = p.runtime.CompileModule(experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0)), module)
	if err == nil {
		err = p.check()
	} else {
		err = fmt.Errorf("not a valid WebAssembly module: %w", err)
	}
	if err == nil {
		err = p.link(ctx)
	}
	if err != nil {
		p.runtime.Close(ctx)
		return nil, err
	}
	return p, nil
}

// recognise tells a module from other files.
func recognise(module []byte) error {
	switch {
	case len(module) < 8 || string(module[:4]) != "\x00asm":
		return fmt.Errorf("not a WebAssembly module: it does not begin with \\0asm")
	case module[6] != 0:
		return fmt.Errorf("a WebAssembly component (preview 2), not a module: build it for wasm32-wasip1")
	case module[4] != 1:
		return fmt.Errorf("a WebAssembly module of version %d; version 1 is known", module[4])
	}
	return nil
}

// check sees whether the module is a command that this host can run.
func (p *Program) check() error {
	for _, wanted := range p.compiled.ImportedFunctions() {
		from, name, _ := wanted.Import()
		if from != moduleName {
			return fmt.Errorf("the module imports %s.%s; only functions of %s are here", from, name, moduleName)
		}
		at := slices.IndexFunc(functions, func(f function) bool { return f.name == name })
		if at < 0 {
			return fmt.Errorf("the module imports %s.%s, which WASI preview 1 does not have", from, name)
		}
		if f := functions[at]; !slices.Equal(wanted.ParamTypes(), f.parameters()) || !slices.Equal(wanted.ResultTypes(), f.results()) {
			return fmt.Errorf("the module imports %s.%s with other parameters than WASI preview 1 gives it", from, name)
		}
	}
	start := p.compiled.ExportedFunctions()["_start"]
	if start == nil || len(start.ParamTypes())+len(start.ResultTypes()) > 0 {
		return fmt.Errorf("the module exports no function _start: it is a library, not a program")
	}
	memory := p.compiled.ExportedMemories()["memory"]
	if memory == nil {
		return fmt.Errorf("the module exports no memory: it is no program of WASI preview 1")
	}
	if len(p.compiled.ImportedMemories()) > 0 {
		return fmt.Errorf("the module imports its memory: it is made for threads, which are not here")
	}
	p.least = int64(memory.Min()) * pageSize
	return nil
}

// link puts the host functions in place.
func (p *Program) link(ctx context.Context) error {
	builder := p.runtime.NewHostModuleBuilder(moduleName)
	for _, f := range functions {
		builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(f.run), f.parameters(), f.results()).Export(f.name)
	}
	_, err := builder.Instantiate(ctx)
	return err
}
