package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"cleave/systems/maelstrom/node"
)

// kafka has each message of a log under a key of its own, "log/offset", in the service lin-kv. What is there never changes, so
// a node keeps what it has seen.
type kafka struct {
	*node.Node
	kv   node.KV
	seen map[string][]json.RawMessage // of each log, from offset 0
}

// page is how many messages of a log a poll gives at most.
const page = 32

func newKafka(n *node.Node) *kafka {
	k := &kafka{Node: n, kv: n.KV("lin-kv"), seen: map[string][]json.RawMessage{}}
	n.Handle("poll", k.poll)
	return k
}

// logs is the right one.
func logs(n *node.Node) {
	k := newKafka(n)
	k.Handle("send", k.send)
	k.Handle("commit_offsets", k.commit)
	k.Handle("list_committed_offsets", k.list)
}

func place(log string, offset int) string { return fmt.Sprintf("%s/%d", log, offset) }

// extend reads on in a log: up to an offset, or to where it ends.
func (k *kafka) extend(log string, to int, done func(failed *node.Error)) {
	next := len(k.seen[log])
	if next >= to {
		done(nil)
		return
	}
	k.kv.Read(place(log, next), func(value json.RawMessage, failed *node.Error) {
		switch {
		case failed.Has(node.KeyDoesNotExist):
			done(nil)
		case failed != nil:
			done(failed)
		default:
			k.saw(log, next, value)
			k.extend(log, to, done)
		}
	})
}

// saw keeps a message, if all before it are kept.
func (k *kafka) saw(log string, offset int, value json.RawMessage) {
	if offset == len(k.seen[log]) {
		k.seen[log] = append(k.seen[log], value)
	}
}

// message is what is to be sent.
type message struct {
	Key string
	Msg json.RawMessage
}

// send puts a message at the first offset that nobody has taken.
func (k *kafka) send(call *node.Call) {
	var asked message
	if call.Read(&asked) {
		k.claim(call, asked, len(k.seen[asked.Key]))
	}
}

func (k *kafka) claim(call *node.Call, asked message, offset int) {
	k.kv.CAS(place(asked.Key, offset), nil, asked.Msg, true, func(failed *node.Error) {
		switch {
		case failed.Has(node.PreconditionFailed):
			k.claim(call, asked, offset+1)
		case failed != nil:
			call.Pass(failed)
		default:
			k.saw(asked.Key, offset, asked.Msg)
			call.Reply("send_ok", node.Fields{"offset": offset})
		}
	})
}

// poll reads on in each log, and then answers.
func (k *kafka) poll(call *node.Call) {
	var asked struct{ Offsets map[string]int }
	if !call.Read(&asked) {
		return
	}
	names := sorted(asked.Offsets)
	eachInTurn(call, names, func(log string, next func(*node.Error)) { k.extend(log, asked.Offsets[log]+page, next) }, func() {
		given := map[string][][2]any{}
		for _, log := range names {
			from := asked.Offsets[log]
			for offset := from; offset < min(from+page, len(k.seen[log])); offset++ {
				given[log] = append(given[log], [2]any{offset, k.seen[log][offset]})
			}
		}
		call.Reply("poll_ok", node.Fields{"msgs": given})
	})
}

// eachInTurn does something for each log, one after the other, and then ends; or passes on what went wrong.
func eachInTurn(call *node.Call, names []string, do func(log string, next func(*node.Error)), end func()) {
	if len(names) == 0 {
		end()
		return
	}
	do(names[0], func(failed *node.Error) {
		if failed != nil {
			call.Pass(failed)
			return
		}
		eachInTurn(call, names[1:], do, end)
	})
}

func sorted(offsets map[string]int) []string { return slices.Sorted(maps.Keys(offsets)) }

// commit raises each offset that is lower.
func (k *kafka) commit(call *node.Call) {
	var asked struct{ Offsets map[string]int }
	if !call.Read(&asked) {
		return
	}
	raise := func(log string, next func(*node.Error)) { k.raise(log, asked.Offsets[log], next) }
	eachInTurn(call, sorted(asked.Offsets), raise, func() { call.Reply("commit_offsets_ok", nil) })
}

func (k *kafka) raise(log string, offset int, done func(*node.Error)) {
	k.committed(log, func(known int, failed *node.Error) {
		if failed != nil || known >= offset {
			done(failed)
			return
		}
		k.kv.CAS("committed/"+log, known, offset, known < 0, func(failed *node.Error) {
			if failed.Has(node.PreconditionFailed) {
				k.raise(log, offset, done)
				return
			}
			done(failed)
		})
	})
}

// committed is up to where a log is dealt with, -1 if nobody has said.
func (k *kafka) committed(log string, done func(offset int, failed *node.Error)) {
	k.kv.Read("committed/"+log, func(value json.RawMessage, failed *node.Error) {
		if failed.Has(node.KeyDoesNotExist) {
			done(-1, nil)
			return
		}
		offset, _ := strconv.Atoi(string(value)) // nothing else is written there
		done(offset, failed)
	})
}

func (k *kafka) list(call *node.Call) {
	var asked struct{ Keys []string }
	if !call.Read(&asked) {
		return
	}
	known := map[string]int{}
	look := func(log string, next func(*node.Error)) {
		k.committed(log, func(offset int, failed *node.Error) {
			if offset >= 0 {
				known[log] = offset
			}
			next(failed)
		})
	}
	eachInTurn(call, asked.Keys, look, func() { call.Reply("list_committed_offsets_ok", node.Fields{"offsets": known}) })
}

// reusesOffsets looks for the end of a log and writes there a little later, whoever else has done so meanwhile.
func reusesOffsets(n *node.Node) {
	k := newKafka(n)
	k.Handle("commit_offsets", k.commit)
	k.Handle("list_committed_offsets", k.list)
	k.Handle("send", func(call *node.Call) {
		var asked message
		if !call.Read(&asked) {
			return
		}
		k.extend(asked.Key, 1<<30, func(failed *node.Error) {
			if failed != nil {
				call.Pass(failed)
				return
			}
			offset := len(k.seen[asked.Key])
			n.After(5*time.Millisecond, func() { k.overwrite(call, asked, offset) })
		})
	})
}

func (k *kafka) overwrite(call *node.Call, asked message, offset int) {
	k.kv.Write(place(asked.Key, offset), asked.Msg, func(failed *node.Error) {
		if failed != nil {
			call.Pass(failed)
			return
		}
		call.Reply("send_ok", node.Fields{"offset": offset})
	})
}

// commitsLocally tells no other node what was committed at it.
func commitsLocally(n *node.Node) {
	k := newKafka(n)
	k.Handle("send", k.send)
	known := map[string]int{}
	k.Handle("commit_offsets", func(call *node.Call) {
		var asked struct{ Offsets map[string]int }
		if call.Read(&asked) {
			// order does not matter: each log is by itself
			for log, offset := range asked.Offsets {
				known[log] = max(known[log], offset)
			}
			call.Reply("commit_offsets_ok", nil)
		}
	})
	k.Handle("list_committed_offsets", func(call *node.Call) { call.Reply("list_committed_offsets_ok", node.Fields{"offsets": known}) })
}
