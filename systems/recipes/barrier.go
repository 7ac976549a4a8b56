package recipes

import (
	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// barrier is the double barrier (ZooKeeper Recipes, "Double Barriers"): whoever enters makes an ephemeral node of his own, and
// the one who finds as many as are expected makes the node "ready", for which the others wait. Whoever leaves
// removes "ready", so that the barrier can be used again, and his node, and waits until all are gone.
//
// An enter that ends before the others have come is of unknown outcome: its node stays, and counts, until its client leaves
// or its session ends.
//
//	c1 /barrier/1/c1 ─┐
//	c2 /barrier/1/c2 ─┼─ three are here ─▶ /barrier/1-ready ─▶ all enter
//	c3 /barrier/1/c3 ─┘
type barrier struct {
	*kit
	watch  string // path that it waits for, "" if it does not
	resume func() // what it does when that has changed
}

func newBarrier(k *kit) zkclient.Application { return &barrier{kit: k} }

// Has tells which functions are its own.
func (b *barrier) Has(function history.Function) bool {
	return has(function, history.Enter, history.Leave, history.Children)
}

// Invoke starts a request. The argument of Enter is how many are expected.
func (b *barrier) Invoke(request history.Request, done func(history.Completion)) {
	b.wait("", nil)
	t := b.begin(request, done, nil)
	switch request.Function {
	case history.Enter:
		expected, isInteger := request.Value.AsInteger()
		if !isInteger || expected < 1 {
			t.failed(zkclient.ErrorBadRequest)
			return
		}
		b.enter(t, int(expected))
	case history.Leave:
		b.leave(t)
	default:
		b.list(t)
	}
}

// own is its own node.
func (b *barrier) own(t *task) string {
	return path(t.request.Key) + "/" + b.Environment().Name()
}

// ready is the node for which those who enter wait.
func ready(t *task) string { return path(t.request.Key) + "-ready" }

// enter makes its own node, and then waits for the others.
func (b *barrier) enter(t *task, expected int) {
	t.change(zkclient.Create(b.own(t), []byte{}, zkwire.FlagEphemeral), func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.OK:
			t.unsure = true
			b.await(t, expected)
		case zkwire.NodeExists:
			b.inspect(t, expected)
		case zkwire.NoNode:
			b.parents(b.own(t), func() { b.enter(t, expected) }, func(*zkwire.Reply) { t.failed(zkclient.ErrorConnectionLoss) })
		default:
			t.failed(p.Code.String())
		}
	})
}

// inspect asks whose the node is that bears its name: its own, by an answer that got lost, or that of a session of before,
// which would vanish with that one.
func (b *barrier) inspect(t *task, expected int) {
	t.ask(zkclient.Exists(b.own(t)), func(p *zkwire.Reply) {
		switch {
		case p.Code == zkwire.OK && p.Stat.EphemeralOwner == b.ID():
			t.unsure = true
			b.await(t, expected)
		case p.Code == zkwire.OK:
			t.ask(zkclient.Remove(b.own(t)), func(*zkwire.Reply) { b.enter(t, expected) })
		case p.Code == zkwire.NoNode:
			b.enter(t, expected)
		default:
			t.failed(p.Code.String())
		}
	})
}

// await waits for "ready", or makes it if all are here: the watch comes first, so that nothing is missed.
func (b *barrier) await(t *task, expected int) {
	q := zkclient.Exists(ready(t))
	q.Watch = true
	b.wait(q.Path, func() { b.await(t, expected) })
	t.ask(q, func(p *zkwire.Reply) {
		if p.Code == zkwire.OK {
			t.ok(history.Nothing, p.Zxid)
			return
		}
		t.ask(children(path(t.request.Key)), func(p *zkwire.Reply) {
			here := len(p.Names)
			if b.bug == BugCountsItself {
				here++
			}
			if p.Code == zkwire.OK && here >= expected {
				b.open(t)
			}
		})
	})
}

// open makes "ready".
func (b *barrier) open(t *task) {
	t.ask(zkclient.Create(ready(t), []byte{}, zkwire.FlagPersistent), func(p *zkwire.Reply) {
		if p.Code == zkwire.OK || p.Code == zkwire.NodeExists {
			t.ok(history.Nothing, p.Zxid)
		}
	})
}

// leave removes "ready" and its own node, and waits until all are gone.
func (b *barrier) leave(t *task) {
	b.gone(t, ready(t), func() { b.gone(t, b.own(t), func() { b.awaitEmpty(t) }) })
}

// gone removes a node, and goes on when it is not there.
func (b *barrier) gone(t *task, node string, then func()) {
	t.change(zkclient.Remove(node), func(p *zkwire.Reply) {
		if p.Code != zkwire.OK && p.Code != zkwire.NoNode {
			t.failed(p.Code.String())
			return
		}
		then()
	})
}

func (b *barrier) awaitEmpty(t *task) {
	q := children(path(t.request.Key))
	q.Watch = true
	b.wait(q.Path, func() { b.awaitEmpty(t) })
	t.ask(q, func(p *zkwire.Reply) {
		if p.Code == zkwire.NoNode || p.Code == zkwire.OK && (len(p.Names) == 0 || b.bug == BugLeavesAlone) {
			t.ok(history.Nothing, p.Zxid)
		}
	})
}

// wait has something done when a path changes.
func (b *barrier) wait(path string, resume func()) { b.watch, b.resume = path, resume }

// Event goes on with what waits for it. That "ready" was made is all there is to know: it may be gone again by now.
func (b *barrier) Event(event zkwire.Event) {
	switch {
	case event.Path != b.watch || b.resume == nil || b.task == nil:
	case event.Type == zkwire.EventCreated:
		b.task.ok(history.Nothing, b.Seen())
	default:
		b.resume()
	}
}

// Attached goes on with nothing: what was under way has failed with the connection.
func (b *barrier) Attached(bool) {}

// Suspended ends a wait: the caller is to decide whether to come again.
func (b *barrier) Suspended() {
	if b.task != nil && b.resume != nil {
		b.task.failed(zkclient.ErrorConnectionLoss)
	}
	b.wait("", nil)
}

// Expired has lost its nodes.
func (b *barrier) Expired() {}
