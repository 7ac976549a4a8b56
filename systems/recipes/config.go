package recipes

import (
	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// configuration is the configuration centre: every client keeps a copy of what it has asked for once. It reads it with a
// watch, reads it again when the watch fires, and again with every connection. Whoever asks the copy is answered
// at once, connected or not, with the version that it is of: the zxid of its last change.
//
//	store  |-- 7 --|------- 8 -------|--- 9 ---
//	c1     read 7, watch ▶ event ▶ read 8, watch ▶ ...
//	copy      |------ 7 ------|------ 8 ------
//
// What was set twice between two reads is seen once: a copy may skip versions, and never goes back.
type configuration struct {
	*kit
	copies map[string]*copied // by key
	order  []*copied          // the same, as they came
}

// copied is a client's copy of one configuration.
type copied struct {
	kit     *kit
	node    string // path
	known   bool   // it was read, if only to find that there is none yet
	value   history.Value
	version int64
}

func newConfiguration(k *kit) zkclient.Application {
	return &configuration{kit: k, copies: map[string]*copied{}}
}

// Has tells which functions are its own: to ask the copy, and to ask a server, which says how old its answer is. To
// write is the client's.
func (c *configuration) Has(function history.Function) bool {
	return has(function, history.CacheRead, history.Read)
}

// of is the copy of a key, which is kept from the first question on.
func (c *configuration) of(key string) *copied {
	if one := c.copies[key]; one != nil {
		return one
	}
	one := &copied{kit: c.kit, node: path(key)}
	c.copies[key] = one
	c.order = append(c.order, one)
	if c.kit.Attached() {
		one.follow()
	}
	return one
}

// errorNotRead is why a copy has no answer: nothing was ever heard of it.
const errorNotRead = "not read yet"

// Invoke starts a request.
func (c *configuration) Invoke(request history.Request, done func(history.Completion)) {
	t := c.begin(request, done, nil)
	if request.Function == history.Read {
		c.read(t)
		return
	}
	if one := c.of(request.Key); one.known {
		t.complete(history.Completion{Outcome: history.Ok, Value: one.value, Version: one.version})
	} else {
		t.failed(errorNotRead)
	}
}

// read asks a server, and leaves the copy as it is.
func (c *configuration) read(t *task) {
	t.ask(zkclient.Get(path(t.request.Key)), func(p *zkwire.Reply) {
		if value, version, good := configurationIn(p); good {
			t.ok(value, version)
		} else {
			t.failed(p.Code.String())
		}
	})
}

// configurationIn is what a read has found, and the zxid of its last change; nothing and 0 if there is no node.
func configurationIn(p *zkwire.Reply) (value history.Value, version int64, good bool) {
	value, good = zkclient.Integer(p.Data)
	return value, p.Stat.Mzxid, good && (p.Code == zkwire.OK || p.Code == zkwire.NoNode)
}

// follow reads the configuration, and asks to be told of its next change. A loss of the connection leaves that to the next
// one, and a refusal to a while later.
func (c *copied) follow() {
	q := zkclient.Get(c.node)
	q.Watch = c.kit.bug != BugWatchesLate && c.kit.bug != BugAsksTwice
	c.kit.Ask(q, func(p *zkwire.Reply) {
		switch {
		case p == nil:
		case !c.learn(p):
			c.kit.later(c.follow)
		case c.kit.bug == BugAsksTwice:
			c.date()
		case !q.Watch:
			c.kit.later(func() { c.await(func() {}) })
		case p.Code == zkwire.NoNode:
			c.await(c.follow)
		}
	})
}

// await asks to be told when the configuration, which was not there, is made. If it is there by now, something is to be
// done about it.
func (c *copied) await(there func()) {
	q := zkclient.Exists(c.node)
	q.Watch = true
	c.kit.Ask(q, func(p *zkwire.Reply) {
		if p != nil && p.Code == zkwire.OK {
			there()
		}
	})
}

// date is BugAsksTwice: the version is the one that there is when the watch is armed, after a sync.
func (c *copied) date() {
	q := zkclient.Exists(c.node)
	q.Watch = true
	c.kit.synced(q, func(p *zkwire.Reply) {
		if p != nil && p.Code == zkwire.OK {
			c.version = p.Stat.Mzxid
		}
	})
}

// learn takes what a read has found, and tells whether it has found anything out.
func (c *copied) learn(p *zkwire.Reply) bool {
	value, version, good := configurationIn(p)
	if c.kit.bug == BugFirstZxid {
		version = p.Stat.Czxid
	}
	if good {
		c.known, c.value, c.version = true, value, version
	}
	return good
}

// Event reads again what has changed.
func (c *configuration) Event(event zkwire.Event) {
	for _, one := range c.order {
		switch {
		case one.node != event.Path:
		case c.bug == BugWatchesOnce:
			c.Ask(zkclient.Get(one.node), func(p *zkwire.Reply) {
				if p != nil {
					one.learn(p)
				}
			})
		default:
			one.follow()
		}
	}
}

// Attached reads everything again: a new session has no watches, and of an old one the answer that was to bring a
// watch may be lost.
func (c *configuration) Attached(bool) {
	for _, one := range c.order {
		if !one.known || c.bug != BugReadsOnce {
			one.follow()
		}
	}
}

// Suspended leaves the copies as they are.
func (c *configuration) Suspended() {}

// Expired does too.
func (c *configuration) Expired() {}

// Died has forgotten them.
func (c *configuration) Died() { c.copies, c.order = map[string]*copied{}, nil }
