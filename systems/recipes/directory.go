package recipes

import (
	"slices"
	"strings"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// directory is a list of who is there, each with an ephemeral node below one parent: the members of a group, or the providers of
// a service. Who registers is kept there, in every session anew; who looks into the list keeps a view of it.
type directory struct {
	*kit
	layout layout
	nodes  []*kept // what was ever registered, as it came
	views  []*view // what was ever looked into

	uncertain bool // BugForgetsItself: it has asked for no list since the connection was lost
}

// layout is where a directory's nodes are. An id is "parent/name", as in requests.
type layout struct {
	list   func(key string) string         // the path of the parent
	node   func(id string) string          // the path of a node
	id     func(key, child string) string  // whose a child is, "" if nobody's
	guards bool                            // an empty list is not believed
	greet  func(d *directory, list string) // what else is done by who begins to look into a list, if anything
}

// Has tells which functions are its own.
func (d *directory) Has(function history.Function) bool {
	return has(function, history.Register, history.Deregister, history.Lookup, history.CacheLookup)
}

// Invoke starts a request.
func (d *directory) Invoke(request history.Request, done func(history.Completion)) {
	t := d.begin(request, done, nil)
	switch request.Function {
	case history.Lookup:
		d.lookup(t)
	case history.CacheLookup:
		d.look(t)
	default:
		if key, name, found := strings.Cut(request.Key, "/"); !found || key == "" || name == "" || strings.Contains(name, "/") {
			t.failed(zkclient.ErrorBadRequest)
			return
		}
		d.keep(d.layout.node(request.Key)).want(request.Function == history.Register, t)
	}
}

// keep is the node of a path.
func (d *directory) keep(node string) *kept {
	at := slices.IndexFunc(d.nodes, func(n *kept) bool { return n.node == node })
	if at < 0 {
		d.nodes, at = append(d.nodes, &kept{kit: d.kit, node: node}), len(d.nodes)
	}
	return d.nodes[at]
}

// view is the view of a list, which is kept from the first look on.
func (d *directory) view(list string) *view {
	at := slices.IndexFunc(d.views, func(v *view) bool { return v.parent == list })
	if at < 0 {
		d.views, at = append(d.views, &view{kit: d.kit, parent: list, guards: d.layout.guards && d.bug != BugBelievesEmpty}), len(d.views)
		if d.kit.Attached() {
			d.views[at].follow()
		}
		if d.layout.greet != nil {
			d.layout.greet(d, list)
		}
	}
	return d.views[at]
}

// lookup asks a server.
func (d *directory) lookup(t *task) {
	uncertain := d.uncertain
	d.uncertain = false
	t.ask(children(d.layout.list(t.request.Key)), func(p *zkwire.Reply) {
		if p.Code != zkwire.OK && p.Code != zkwire.NoNode {
			t.failed(p.Code.String())
			return
		}
		if uncertain {
			p.Names = d.others(t.request.Key, p.Names)
		}
		t.ok(d.listed(t.request.Key, p.Names), p.Zxid)
	})
}

// others is BugForgetsItself: the children of a list without its own nodes.
func (d *directory) others(key string, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		node := d.layout.node(d.layout.id(key, name))
		return slices.ContainsFunc(d.nodes, func(n *kept) bool { return n.node == node })
	})
}

// look answers from the view.
func (d *directory) look(t *task) {
	v := d.view(d.layout.list(t.request.Key))
	if !v.known {
		t.failed(errorNotRead)
		return
	}
	t.complete(history.Completion{Outcome: history.Ok, Value: d.listed(t.request.Key, v.names)})
}

// listed are the ids of children, in order.
func (d *directory) listed(key string, names []string) history.Value {
	ids := make([]string, 0, len(names))
	for _, name := range names {
		if id := d.layout.id(key, name); id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return history.Texts(ids)
}

// Event reads again what has changed.
func (d *directory) Event(event zkwire.Event) {
	for _, v := range d.views {
		if v.parent == event.Path {
			v.follow()
		}
	}
}

// Attached reads everything again, and registers again what a new session does not have.
func (d *directory) Attached(bool) {
	for _, n := range d.nodes {
		n.step()
	}
	for _, v := range d.views {
		v.follow()
	}
}

// Suspended does nothing: the session may well live on, and the lists are the best there are.
func (d *directory) Suspended() { d.uncertain = d.bug == BugForgetsItself }

// Expired has lost the nodes, and leaves the lists as they are.
func (d *directory) Expired() {
	for _, n := range d.nodes {
		n.expired()
	}
}

// Died has forgotten everything.
func (d *directory) Died() {
	for _, n := range d.nodes {
		n.died()
	}
	d.nodes, d.views = nil, nil
}
