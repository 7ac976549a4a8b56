package cleavetest

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"cleave/history"
	"cleave/world"
)

// fallen is a process that could not be made: it panics as soon as it is started, where the world takes it for what it is.
type fallen struct {
	world.Ignore
	cause any
	stack []byte
}

// Start panics.
func (f *fallen) Start(env world.Environment) {
	env.Logf("%s%v\n%s", panicMark, f.cause, f.stack)
	panic(f.cause)
}

// Invoke is never called: it has fallen before.
func (f *fallen) Invoke(history.Request, func(history.Completion)) {}

// booted makes a node by a function of somebody's own, which may panic.
func booted(make func() world.Process) (process world.Process) {
	defer func() {
		if cause := recover(); cause != nil {
			process = &fallen{cause: cause, stack: debug.Stack()}
		}
	}()
	if process = make(); process == nil {
		panic("cleavetest: System.Node made nothing")
	}
	return process
}

// joined is booted for clients.
func joined(make func() world.Client) (client world.Client) {
	defer func() {
		if cause := recover(); cause != nil {
			client = &fallen{cause: cause, stack: debug.Stack()}
		}
	}()
	if client = make(); client == nil {
		panic("cleavetest: System.Client made nothing")
	}
	return client
}

// mostTime is how long a run may take, by the wall clock: usually it takes a tenth of a second.
const mostTime = time.Minute

// errEndless is that of a run that does not end.
var errEndless = errors.New("a process is in a loop without end, perhaps here")

// within does something that may panic or never end. If it does not, it goes on for ever, as nothing can stop it.
func within(limit time.Duration, what func() error) error {
	reply, number := make(chan error, 1), make(chan string, 1)
	go func() {
		number <- goroutine()
		defer func() {
			if cause := recover(); cause != nil {
				reply <- fmt.Errorf("the harness panicked: %v\n%s", cause, debug.Stack())
			}
		}()
		reply <- what()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-reply:
		return err
	case <-timer.C:
		return fmt.Errorf("the run did not end within %v: %w\n%s", limit, errEndless, stuck(<-number))
	}
}

// goroutine is the number of the one that asks.
func goroutine() string {
	text := make([]byte, 64)
	return strings.Fields(string(text[:runtime.Stack(text, false)]))[1]
}

// stuck is the stack of a simulation that is under way in a goroutine or in one that it has started: there may be others, of runs
// before that did not end either.
func stuck(number string) string {
	text := make([]byte, 1<<20)
	text = text[:runtime.Stack(text, true)]
	for one := range strings.SplitSeq(string(text), "\n\n") {
		its := strings.HasPrefix(one, "goroutine "+number+" ") || strings.Contains(one, " in goroutine "+number+"\n")
		if own, _, found := strings.Cut(one, "cleave/world/sim."); found && its {
			return strings.TrimRight(own, "\n")
		}
	}
	return ""
}
