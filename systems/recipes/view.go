package recipes

import (
	"slices"

	"cleave/systems/zkwire"
)

// view is a list of a node's children as a client keeps it: read with a watch, read again when the watch fires, and again
// with every connection. In between it stays as it is, whatever becomes of the servers.
type view struct {
	kit    *kit
	parent string   // path
	known  bool     // it was read
	names  []string // in order
	guards bool     // an empty list is not believed, as long as there is another
}

// follow reads the list, and asks to be told of its next change.
func (v *view) follow() {
	q := children(v.parent)
	q.Watch = true
	v.kit.Ask(q, func(p *zkwire.Reply) {
		switch {
		case p == nil: // when there is a connection again
		case p.Code == zkwire.OK:
			v.learn(p.Names)
		case p.Code == zkwire.NoNode:
			v.kit.parents(v.parent+"/", v.follow, func(*zkwire.Reply) { v.kit.later(v.follow) })
		default:
			v.kit.later(v.follow)
		}
	})
}

func (v *view) learn(names []string) {
	if len(names) == 0 && v.guards && v.known {
		return
	}
	v.known, v.names = true, slices.Clone(names)
	slices.Sort(v.names)
}
