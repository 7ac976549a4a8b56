package recipes

import (
	"strings"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// locks are locks that clients wait for in turn, exclusive or shared (ZooKeeper Recipes, "Locks" and "Shared Locks";
// Curator's InterProcessMutex and InterProcessReadWriteLock). Who holds one writes, each time with the zxid of its
// own node as a token: a write is made only if none with a higher token was made before.
//
// A careful client lets go when its connection is lost. A careless one, as most programs are, believes that it holds
// what it has acquired until it releases it; then only the tokens help.
type locks struct {
	*kit
	careless bool
	held     map[string]*contender // by key: acquired, or about to be
	order    []*contender          // all that are not done with their nodes yet, as they came
	pending  func()                // a write that waits for a connection
}

func newLocks(k *kit) zkclient.Application {
	return &locks{kit: k, held: map[string]*contender{}}
}

func newFencedLocks(k *kit) zkclient.Application {
	return &locks{kit: k, held: map[string]*contender{}, careless: true}
}

// Has tells which functions are its own.
func (l *locks) Has(function history.Function) bool {
	return has(function, history.Acquire, history.Release, history.Children, history.Write)
}

// The words before the numbers of the nodes of shared locks. An exclusive lock's are "write" too.
const (
	reading = "read"
	writing = "write"
)

// Invoke starts a request. The argument of an acquire says how: "shared", or nothing.
func (l *locks) Invoke(request history.Request, done func(history.Completion)) {
	switch request.Function {
	case history.Acquire:
		l.acquire(l.begin(request, done, l.tooLate))
	case history.Release:
		t := l.begin(request, done, nil)
		l.release(request.Key)
		t.ok(history.Nothing, l.Seen())
	case history.Children:
		l.list(l.begin(request, done, nil))
	default:
		l.write(l.begin(request, done, func(*task) { l.pending = nil }))
	}
}

// acquire waits for its turn, for as long as a request may take.
func (l *locks) acquire(t *task) {
	key := t.request.Key
	if l.held[key] != nil {
		t.failed(zkclient.ErrorBadRequest)
		return
	}
	c := &contender{kit: l.kit, parent: path(key), kind: writing, careless: l.careless}
	how := key
	if word, _ := t.request.Value.AsText(); word == "shared" {
		c.kind, c.shares, how = reading, true, key+" shared"
	}
	c.changed = func() {
		if c.first {
			l.holds(how)
		} else {
			l.yields(how)
		}
		if c.first && l.task == t {
			t.ok(history.Integer(c.token), l.Seen())
		}
	}
	l.held[key] = c
	l.order = append(l.order, c)
	c.join()
}

// tooLate gives up what was not acquired in time.
func (l *locks) tooLate(t *task) { l.release(t.request.Key) }

// release lets go, at once as far as this client knows. The node is removed when that can be done.
func (l *locks) release(key string) {
	if c := l.held[key]; c != nil {
		delete(l.held, key)
		c.leave()
	}
}

// write changes what the lock protects, the node "<key>-state".
func (l *locks) write(t *task) {
	value, isInteger := t.request.Value.AsInteger()
	key, isState := strings.CutSuffix(t.request.Key, "-state")
	c := l.held[key]
	switch {
	case !isInteger || !isState:
		t.failed(zkclient.ErrorBadRequest)
	case c == nil || !c.first:
		t.failed("not holding the lock")
	case !l.Session.Attached():
		l.pending = func() { l.write(t) } // it has its work to do, and does not give up so soon
	case l.bug == BugUnfenced:
		l.unfenced(t, path(t.request.Key), c.token, value)
	default:
		l.fenced(t, path(t.request.Key), c.token, value)
	}
}

// unfenced is BugUnfenced: it writes, and looks at no token.
func (l *locks) unfenced(t *task, node string, token, value int64) {
	t.change(zkclient.Set(node, tokened(token, value), zkclient.AnyVersion), func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.OK:
			t.ok(history.List(history.Integer(token), history.Integer(value)), p.Zxid)
		case zkwire.NoNode:
			l.firstFenced(t, node, token, value)
		default:
			t.failed(p.Code.String())
		}
	})
}

// each calls for every place that is not done with, and forgets those that are.
func (l *locks) each(do func(*contender)) {
	kept := l.order[:0]
	for _, c := range l.order {
		if do(c); c.wanted || c.stage != absent {
			kept = append(kept, c)
		}
	}
	l.order = kept
}

// Attached goes on with every place, and with the write that waits.
func (l *locks) Attached(bool) {
	l.each((*contender).attached)
	if pending := l.pending; pending != nil {
		l.pending = nil
		pending()
	}
}

// Suspended lets everything go.
func (l *locks) Suspended() { l.each((*contender).suspended) }

// Expired has lost every place. What was waited for or held is to be acquired anew.
func (l *locks) Expired() {
	l.each((*contender).expired)
	if l.careless {
		return
	}
	l.Died()
	if t := l.task; t != nil && t.request.Function == history.Acquire {
		t.failed(zkwire.SessionExpired.String())
	}
}

// Died has forgotten everything.
func (l *locks) Died() {
	l.each((*contender).died)
	l.order, l.held = nil, map[string]*contender{}
}

// Event tells every place.
func (l *locks) Event(event zkwire.Event) { l.each(func(c *contender) { c.event(event) }) }
