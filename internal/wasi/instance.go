package wasi

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/sys"

	"cleave/internal/ends"
	"cleave/world"
)

// Instance is one run of a program. It is a coroutine: it runs inside calls of its methods and inside
// the timers and disk callbacks that it set, never beside them, until it waits for something:
//
//	world      Start ----+        Input ---+        timer ---+
//	program              |#####|           |##|              |####|
//	waits for                  input, timer   input, timer        the disk
type Instance struct {
	program *Program
	options Options
	limits  Limits
	env     world.Environment

	memory  api.Memory
	fuel    api.MutableGlobal
	store   *linearMemory
	next    func() (struct{}, bool)
	stop    func()
	yield   func(struct{}) bool
	wait    wait
	timer   world.Timer // rings at rings, if set
	rings   time.Duration
	running bool
	dead    bool
	broken  any // what a host function panicked with
	end     *End

	second  time.Duration // of its monotonic clock, in which the counts below are made
	stdin   input
	stdout  stream
	stderr  stream
	printed []printed
	open    []*descriptor
	folder  folder
	buffers [][]byte // scratch for vectors
}

// New makes an instance that has not begun.
func (p *Program) New(options Options) *Instance {
	return &Instance{program: p, options: options, limits: options.Limits.orDefault(), second: -1}
}

// Start begins the program, once, and runs it until it waits for something. Clocks, timers, randomness and
// disk are the environment's.
func (i *Instance) Start(env world.Environment) {
	i.env = env
	i.next, i.stop = iter.Pull(i.life)
	i.run()
}

// Input puts a line on standard input, adding a newline, and runs the program until it waits for something
// again. Before Start it waits for that; after the end it is lost.
func (i *Instance) Input(line []byte) {
	if i.dead {
		return
	}
	i.stdin.add(line)
	if int64(i.stdin.waiting()) > i.limits.Input {
		i.finish(End{Cause: Deaf, Reason: ends.Deaf(i.limits.Input)})
		return
	}
	i.run()
}

// Stop drops the program where it is, as kill -9 would, and frees its memory. Ended is not called.
func (i *Instance) Stop() {
	i.dead = true
	if i.timer != nil {
		i.timer.Stop()
	}
	if i.stop != nil && !i.running {
		i.stop()
	}
}

// run has the program go on for as long as what it waits for is there, and hands over what it printed.
func (i *Instance) run() {
	if i.running || i.next == nil {
		return
	}
	for !i.dead && i.wait.over(i) {
		if i.step(); i.dead {
			i.stop()
		} else if i.end != nil {
			i.finish(*i.end)
		}
	}
	if !i.dead {
		i.setTimer()
	}
}

// step has the program run until it waits or ends, and hands over what it printed.
func (i *Instance) step() {
	i.running = true
	defer func() { i.running = false }()
	i.next()
	if i.broken != nil {
		panic(i.broken)
	}
	i.deliver()
}

// finish drops the program and tells how it ended.
func (i *Instance) finish(end End) {
	i.Stop()
	if i.options.Ended != nil {
		i.options.Ended(end)
	}
}

// life is the program's, from its beginning to its end.
func (i *Instance) life(yield func(struct{}) bool) {
	i.yield = yield
	i.store = &linearMemory{limit: uint64(i.limits.Memory)}
	defer i.store.Free()
	if i.program.least > i.limits.Memory {
		i.end = &End{Cause: Memory, Reason: fmt.Sprintf("asks for %s of memory at its start; it may have %s",
			ends.Amount(i.program.least), ends.Amount(i.limits.Memory))}
		return
	}
	i.openStandard()
	ctx := experimental.WithMemoryAllocator(context.Background(), i.store)
	module, err := i.program.runtime.InstantiateModule(&guest{ctx, i}, i.program.compiled,
		wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err == nil {
		defer module.Close(ctx)
		i.fuel = module.ExportedGlobal(fuelName).(api.MutableGlobal)
		i.refuel()
		_, err = module.ExportedFunction("_start").Call(&guest{context.Background(), i})
	}
	if !i.dead {
		i.conclude(err)
	}
}

// suspend has the program wait. It returns when the wait is over, or never, if the program was stopped.
func (i *Instance) suspend(w wait) {
	i.wait = w
	if !i.yield(struct{}{}) {
		panic(sys.NewExitError(0))
	}
	i.refuel()
}

// refuel fills the tank and resets the counts of output when a new second has begun.
func (i *Instance) refuel() {
	if second := i.env.Elapsed() / limited; second != i.second {
		i.second = second
		i.fuel.Set(uint64(i.limits.Fuel))
		i.stdout.lines, i.stdout.bytes = 0, 0
	}
}

// conclude finds how the program ended from what its last call gave.
func (i *Instance) conclude(err error) {
	i.stderr.flush(i)
	var exit *sys.ExitError
	switch {
	case i.end != nil:
	case i.fuel != nil && int64(i.fuel.Get()) < 0:
		i.end = &End{Cause: Spun, Reason: fmt.Sprintf("spun: more than %d calls and rounds of loops in one second of its clock", i.limits.Fuel)}
	case err == nil:
		i.end = &End{Cause: Exited, Reason: ends.Exited(0)}
	case errors.As(err, &exit):
		i.end = &End{Cause: Exited, Code: exit.ExitCode(), Reason: ends.Exited(int(exit.ExitCode()))}
	default:
		i.end = &End{Cause: Trapped, Reason: trapOf(err)}
	}
	if i.store.refused && (i.end.Cause == Trapped || i.end.Code != 0) {
		i.end.Cause = Memory
		i.end.Reason = ends.Refused(i.end.Reason, i.limits.Memory)
	}
	if i.end.Cause != Spun {
		i.end.Reason = ends.With(i.end.Reason, i.stderr.telling)
	}
}
