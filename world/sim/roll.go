package sim

import "cleave/world"

// Expel has a node leave the membership.
func (w *World) Expel(node string) {
	e := w.find(node)
	e.out++
	if e.out == 1 {
		w.enlist()
	}
}

// Admit undoes one Expel.
func (w *World) Admit(node string) {
	e := w.find(node)
	if e.out == 0 {
		panic("sim: admitting " + node + ", which is a member")
	}
	e.out--
	if e.out == 0 {
		w.enlist()
	}
}

// Renew takes all files of a node that is down, and makes it another member.
func (w *World) Renew(node string) {
	w.LoseDisk(node)
	w.find(node).renewed++
	w.enlist()
}

// roll says who is to be a member now.
func (w *World) roll() (roll world.Roll) {
	for _, e := range w.endpoints {
		if e.out > 0 {
			roll.Out = append(roll.Out, e.name)
		}
		for range e.renewed {
			roll.Renewed = append(roll.Renewed, e.name)
		}
	}
	return roll
}

// enlist tells every node, at once: an operator is disturbed by nothing that disturbs the network. One that is
// down will know when it boots.
func (w *World) enlist() {
	roll := w.roll()
	for _, e := range w.endpoints {
		if !e.node() {
			continue
		}
		w.apart(func() {
			e.call(func(process processCalls) {
				if enlisted, can := process.(world.Enlisted); can {
					enlisted.Enlist(roll)
				}
			})
		})
	}
}
