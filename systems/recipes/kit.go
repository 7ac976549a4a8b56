package recipes

import (
	"slices"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// kit is what every recipe is made of: the session, and what may be planted in it.
type kit struct {
	zkclient.Session
	bug  string
	task *task // the request under way, nil if none
	ids  int   // of nodes made so far: the last part of what is unique in their names
}

// The kinds of notes by which a client says what it believes.
const (
	noteHolds  = "holds"  // from now on, as far as it knows, it holds what the detail names
	noteYields = "yields" // no more
	noteWoken  = "woken"  // it asks again, for what the detail names has changed
)

func (k *kit) holds(what string)  { k.Environment().Note(noteHolds, what) }
func (k *kit) yields(what string) { k.Environment().Note(noteYields, what) }

func children(path string) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpGetChildren, Path: path}
}

// synced asks a question after ZooKeeper's sync, so that the answer shows whatever had been committed when the
// leader heard of the sync.
func (k *kit) synced(q zkwire.Request, handle func(*zkwire.Reply)) {
	k.Ask(zkwire.Request{Op: zkwire.OpSync, Path: q.Path}, func(p *zkwire.Reply) {
		if p == nil || p.Code != zkwire.OK {
			handle(p)
			return
		}
		k.Ask(q, handle)
	})
}

// parents makes persistent nodes for what is above a path, from the top, and then goes on, if the connection
// lasts as long; if it does not, or the store refuses, it stops with what was answered.
func (k *kit) parents(path string, then func(), stopped func(*zkwire.Reply)) {
	k.make(zkclient.Ancestors(path), then, stopped)
}

func (k *kit) make(missing []string, then func(), stopped func(*zkwire.Reply)) {
	if len(missing) == 0 {
		then()
		return
	}
	k.Ask(zkclient.Create(missing[0], []byte{}, zkwire.FlagPersistent), func(p *zkwire.Reply) {
		if p == nil || p.Code != zkwire.OK && p.Code != zkwire.NodeExists {
			stopped(p)
			return
		}
		k.make(missing[1:], then, stopped)
	})
}

// later does something in a while, if there is a connection then. If there is none, the next one is to bring it about.
func (k *kit) later(do func()) {
	k.Environment().After(retry, func() {
		if k.Attached() {
			do()
		}
	})
}

// path is the znode of a key.
func path(key string) string { return "/" + key }

// list completes a task with the names of a key's children, in order.
func (k *kit) list(t *task) {
	t.ask(children(path(t.request.Key)), func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.OK, zkwire.NoNode:
			names := slices.Clone(p.Names)
			slices.Sort(names)
			t.ok(history.Texts(names), p.Zxid)
		default:
			t.failed(p.Code.String())
		}
	})
}

// has tells whether a function is one of a recipe's.
func has(function history.Function, own ...history.Function) bool {
	return slices.Contains(own, function)
}
