package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"cleave/systems/maelstrom/node"
)

// store has the versions of all keys in the service lin-kv. Each is under a name of its own and never changes, so a node keeps
// those it has seen. Which version a key has says one map, the root, under one key: who swaps it has made a transaction.
//
//	root  {"1": "n2-77-4", "5": "n1-3-9"}      n2-77-4  [3, 8]      n1-3-9  [1]
type store struct {
	*node.Node
	kv       node.KV
	life     int64                      // a number of this life of the node, for names that no other life has made
	made     int                        // names in this life
	versions map[string]json.RawMessage // by name
	write    func(now json.RawMessage, value json.RawMessage) json.RawMessage
}

// rootKey is the key of the root.
const rootKey = "root"

func newStore(n *node.Node, write func(now, value json.RawMessage) json.RawMessage) *store {
	return &store{Node: n, kv: n.KV("lin-kv"), life: rand.Int64N(1 << 40), versions: map[string]json.RawMessage{}, write: write}
}

// root is which version each key has, and how the service has it.
type root struct {
	names map[string]string
	text  json.RawMessage // null if there is none yet
}

// txn is a transaction under way.
type txn struct {
	call  *node.Call
	steps [][3]json.RawMessage
	tries int
}

// mostTries is how often a transaction is tried before it is given up for too many others.
const mostTries = 50

// appended is a list with one more element.
func appended(now, value json.RawMessage) json.RawMessage {
	if len(now) == 0 {
		return json.RawMessage("[" + string(value) + "]")
	}
	return json.RawMessage(string(now[:len(now)-1]) + "," + string(value) + "]")
}

// replaced is a variable's new value.
func replaced(_, value json.RawMessage) json.RawMessage { return value }

// appends and writes make transactions that are strictly serializable.
func appends(n *node.Node) { transact(newStore(n, appended), (*store).swap) }
func writes(n *node.Node)  { transact(newStore(n, replaced), (*store).swap) }

// losesAppends writes the root, whatever it has become.
func losesAppends(n *node.Node) { transact(newStore(n, appended), (*store).overwrite) }

func transact(s *store, finish func(s *store, t *txn, was, now root)) {
	s.Handle("txn", func(call *node.Call) {
		t := &txn{call: call}
		var asked struct{ Txn [][3]json.RawMessage }
		if call.Read(&asked) {
			t.steps = asked.Txn
			s.try(t, finish)
		}
	})
}

// try makes the steps on the newest versions, and then finishes.
func (s *store) try(t *txn, finish func(s *store, t *txn, was, now root)) {
	s.readRoot(t.call, func(was root) {
		s.load(t.call, names(t.steps, was), func() {
			finish(s, t, was, s.steps(t, was))
		})
	})
}

func (s *store) readRoot(call *node.Call, then func(root)) {
	s.kv.Read(rootKey, func(value json.RawMessage, failed *node.Error) {
		was := root{names: map[string]string{}, text: json.RawMessage("null")}
		if failed.Has(node.KeyDoesNotExist) {
			then(was)
			return
		}
		if failed != nil {
			call.Pass(failed)
			return
		}
		must(json.Unmarshal(value, &was.names))
		was.text = value
		then(was)
	})
}

// names are those of the versions that steps need.
func names(steps [][3]json.RawMessage, from root) []string {
	var all []string
	for _, step := range steps {
		if name, exists := from.names[string(step[1])]; exists {
			all = append(all, name)
		}
	}
	return all
}

// load has versions at hand.
func (s *store) load(call *node.Call, names []string, then func()) {
	for i, name := range names {
		if _, known := s.versions[name]; known {
			continue
		}
		s.kv.Read(name, func(value json.RawMessage, failed *node.Error) {
			if failed != nil {
				call.Pass(failed)
				return
			}
			s.versions[name] = value
			s.load(call, names[i+1:], then)
		})
		return
	}
	then()
}

// steps makes the steps of a transaction, fills in what they read, and gives the root that comes of it. Its new versions are
// at hand, and nowhere else yet.
func (s *store) steps(t *txn, was root) root {
	now := root{names: maps.Clone(was.names)}
	for i, step := range t.steps {
		key := string(step[1])
		value := s.versions[now.names[key]]
		if string(step[0]) == `"r"` {
			if len(value) == 0 {
				value = json.RawMessage("null")
			}
			t.steps[i][2] = value
			continue
		}
		s.made++
		name := fmt.Sprintf("%s-%d-%d", s.ID(), s.life, s.made)
		s.versions[name], now.names[key] = s.write(value, step[2]), name
	}
	return now
}

// fresh are the names of a root that another has not.
func fresh(was, now root) []string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(now.names)) {
		if name := now.names[key]; was.names[key] != name {
			all = append(all, name)
		}
	}
	return all
}

// publish puts new versions into the service.
func (s *store) publish(call *node.Call, names []string, then func()) {
	if len(names) == 0 {
		then()
		return
	}
	s.kv.Write(names[0], s.versions[names[0]], func(failed *node.Error) {
		if failed != nil {
			call.Pass(failed)
			return
		}
		s.publish(call, names[1:], then)
	})
}

// swap ends a transaction: the root must be what it was, or all is tried again. One that has only read was true when it read
// the root.
func (s *store) swap(t *txn, was, now root) {
	changed := fresh(was, now)
	if len(changed) == 0 {
		t.reply()
		return
	}
	s.publish(t.call, changed, func() {
		s.kv.CAS(rootKey, was.text, now.names, len(was.names) == 0, func(failed *node.Error) {
			t.tries++
			switch {
			case failed.Has(node.PreconditionFailed) && t.tries < mostTries:
				s.try(t, (*store).swap)
			case failed.Has(node.PreconditionFailed):
				t.call.Refuse(node.Conflict, "others were faster")
			case failed != nil:
				t.call.Pass(failed)
			default:
				t.reply()
			}
		})
	})
}

// overwrite ends a transaction wrongly: what others have done meanwhile is gone.
func (s *store) overwrite(t *txn, was, now root) {
	changed := fresh(was, now)
	if len(changed) == 0 {
		t.reply()
		return
	}
	s.publish(t.call, changed, func() {
		s.kv.Write(rootKey, now.names, func(failed *node.Error) {
			if failed != nil {
				t.call.Pass(failed)
				return
			}
			t.reply()
		})
	})
}

func (t *txn) reply() { t.call.Reply("txn_ok", node.Fields{"txn": t.steps}) }

// writesStepwise makes each step a transaction of its own, one after the other.
func writesStepwise(n *node.Node) {
	s := newStore(n, replaced)
	s.Handle("txn", func(call *node.Call) {
		var asked struct{ Txn [][3]json.RawMessage }
		if call.Read(&asked) {
			s.next(call, asked.Txn, 0)
		}
	})
}

func (s *store) next(call *node.Call, steps [][3]json.RawMessage, at int) {
	if at == len(steps) {
		call.Reply("txn_ok", node.Fields{"txn": steps})
		return
	}
	one := &txn{call: call, steps: steps[at : at+1]}
	s.try(one, func(s *store, t *txn, was, now root) {
		s.publish(call, fresh(was, now), func() {
			s.kv.CAS(rootKey, was.text, now.names, len(was.names) == 0, func(failed *node.Error) {
				switch {
				case failed.Has(node.PreconditionFailed):
					s.next(call, steps, at)
				case failed != nil:
					call.Pass(failed)
				default:
					s.next(call, steps, at+1)
				}
			})
		})
	})
}
