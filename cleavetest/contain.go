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

// within does something that may panic or never end. If it does not, it goes on for ever, as nothing can stop it.
func within(limit time.Duration, what func() error) error {
	reply := make(chan error, 1)
	go func() {
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
		return errors.New("the run did not end within " + limit.String() + ": a process is in a loop without end, perhaps here\n" + stuck())
	}
}

// stuck is the stack of a simulation that is under way.
func stuck() string {
	text := make([]byte, 1<<20)
	text = text[:runtime.Stack(text, true)]
	for goroutine := range strings.SplitSeq(string(text), "\n\n") {
		if own, _, found := strings.Cut(goroutine, "cleave/world/sim."); found {
			return strings.TrimRight(own, "\n")
		}
	}
	return ""
}
