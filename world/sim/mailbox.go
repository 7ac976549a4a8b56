package sim

import "cleave/history"

// Mailbox takes what the machine has to say to a process, in a World that somebody paces by the machine's clock.
type Mailbox interface {
	// Post has something done on behalf of a process, soon, on the World's own thread: see World.Enter. It may be
	// called from any thread.
	Post(process string, what func())
}

// Mailbox is that of the process's world, nil if nobody paces it.
func (e *endpoint) Mailbox() Mailbox { return e.world.options.Mailbox }

// Enter has a process do something between two events, for a reason that lies outside the simulation. One that is
// down does not.
func (w *World) Enter(process string, what func()) {
	e := w.find(process)
	if e.alive() {
		w.apart(func() {
			e.enter()
			what()
		})
	}
}

// Next is the time of the next event, and whether there is one.
func (w *World) Next() (at history.Time, some bool) { return w.queue.peek() }
