package native

import (
	"cleave/internal/ends"
	"cleave/world"
	"cleave/world/sim"
)

// Instance is one life of a node's process. All its methods are called on the World's thread.
type Instance struct {
	program Program
	world   *World
	place   *place
	gone    bool   // it was stopped, or has ended
	said    []byte // to the process in this turn
	input   funnel // to the process, before it has read it
	output  funnel // of the process, before anybody has heard it
}

// NewInstance makes an instance that has not begun.
func NewInstance(program Program) *Instance {
	i := &Instance{program: program}
	i.program.Limits = program.Limits.withDefaults()
	i.input.init()
	i.output.init()
	return i
}

// Start starts the process, in the folder of the node whose environment it is given, once the process of the node's life
// before is gone. The environment must be of a World.
func (i *Instance) Start(env world.Environment) {
	if outside, has := env.(interface{ Mailbox() sim.Mailbox }); has {
		i.world, _ = outside.Mailbox().(*World)
	}
	if i.world == nil {
		panic("native: " + env.Name() + " is a process of the operating system, which lives in a native.World alone")
	}
	i.place = i.world.find(env.Name())
	i.place.order(func() error {
		i.place.begin(i)
		return nil
	})
}

// Input gives the process, which was started, a line of standard input, without its newline. It never blocks: what the
// process does not read waits. The bytes may be used again.
func (i *Instance) Input(line []byte) {
	if i.gone {
		return
	}
	if len(i.said) == 0 {
		i.world.spoken = append(i.world.spoken, i)
	}
	i.said = append(append(i.said, line...), '\n')
}

// flush has all that was said in a turn written.
func (i *Instance) flush() {
	waiting := i.input.put(i.said)
	i.said = i.said[:0]
	if waiting > i.program.Limits.Waiting {
		i.world.sim.Enter(i.place.name, func() {
			i.finish(ends.Deaf(i.program.Limits.Waiting), true)
		})
	}
}

// Stop kills the process, with all that it has started. Nothing more is heard of it.
func (i *Instance) Stop() {
	if i.gone || i.place == nil {
		return
	}
	i.gone = true
	i.input.close()
	i.output.close()
	i.place.order(func() error {
		i.place.endOf(i)
		return nil
	})
}

// finish is the end of a process that nobody asked for.
func (i *Instance) finish(reason string, limit bool) {
	if i.gone {
		return
	}
	i.Stop()
	if i.program.Ended != nil {
		i.program.Ended(reason, limit)
	}
}

// hear posts lines of the process to whom they are for. It waits while too much has not been heard yet, and gives false
// once nobody listens any more.
func (i *Instance) hear(lines [][]byte, size int64, listener func(line []byte)) bool {
	if listener == nil || len(lines) == 0 {
		return true
	}
	if !i.output.take(size) {
		return false
	}
	i.world.Post(i.place.name, func() {
		defer i.output.give(size)
		for _, line := range lines {
			if i.gone {
				return
			}
			listener(line)
		}
	})
	return true
}

// end posts the end of the process.
func (i *Instance) end(reason string, limit bool) {
	i.world.Post(i.place.name, func() { i.finish(reason, limit) })
}
