package consistency

import (
	"slices"

	"cleave/history"
	"cleave/models"
)

// brute judges a small history by trying all orders: the definitions as they are, and nothing else.
type brute struct {
	all    []history.Operation
	before [][]bool // session order
}

func newBrute(operations []history.Operation) *brute {
	b := &brute{all: operations, before: make([][]bool, len(operations))}
	for i := range operations {
		b.before[i] = make([]bool, len(operations))
		for j := i + 1; j < len(operations); j++ {
			b.before[i][j] = operations[i].Client == operations[j].Client && operations[i].Outcome == history.Ok
		}
	}
	return b
}

// orders tries all orders of some operations that keep to a relation, each of which is legal up to where it
// has come, and tells whether one can be completed. Those of unknown outcome may be left out.
func (b *brute) orders(members []int, before func(i, j int) bool, judged func(i int) bool) bool {
	state := map[string]history.Value{}
	done := make([]bool, len(b.all))
	var try func() bool
	try = func() bool {
		left := false
		for _, i := range members {
			if done[i] {
				continue
			}
			left = left || b.all[i].Outcome == history.Ok
			if slices.ContainsFunc(members, func(j int) bool { return j != i && !done[j] && before(j, i) && b.all[j].Outcome == history.Ok }) {
				continue
			}
			held := state[b.all[i].Key]
			if v, sees := seen(&b.all[i]); sees && judged(i) && !v.Equal(held) {
				continue
			}
			done[i] = true
			if v, writes := models.Written(b.all[i]); writes {
				state[b.all[i].Key] = v
			}
			if try() {
				return true
			}
			done[i], state[b.all[i].Key] = false, held
		}
		return !left
	}
	return try()
}

func (b *brute) everything() []int {
	members := make([]int, len(b.all))
	for i := range members {
		members[i] = i
	}
	return members
}

func always(int) bool { return true }

func (b *brute) sequential(ordered bool) bool {
	return b.orders(b.everything(), func(i, j int) bool {
		_, writes := models.Written(b.all[j])
		return b.before[i][j] || ordered && writes && b.all[i].Completed < b.all[j].Invoked
	}, always)
}

func (b *brute) pram() bool {
	for i := range b.all {
		mine := func(j int) bool { return b.all[j].Client == b.all[i].Client }
		var members []int
		for j := range b.all {
			if _, writes := models.Written(b.all[j]); writes || mine(j) {
				members = append(members, j)
			}
		}
		// what a session did with an unknown outcome is judged by nobody's order
		if !b.orders(members, func(i, j int) bool { return b.before[i][j] }, func(j int) bool { return mine(j) && b.all[j].Outcome == history.Ok }) {
			return false
		}
	}
	return true
}

// past is happens-before: sessions and readings, closed; and who took effect for certain: who is ok, and who
// wrote what they saw. It is impossible if it is circular or a value has no writer.
func (b *brute) past() (before [][]bool, happened []int, possible bool) {
	n := len(b.all)
	before = make([][]bool, n)
	for i := range n {
		before[i] = slices.Clone(b.before[i])
		if b.all[i].Outcome == history.Ok {
			happened = append(happened, i)
		}
	}
	for at := 0; at < len(happened); at++ {
		j := happened[at]
		v, sees := seen(&b.all[j])
		if !sees || v.IsNothing() {
			continue
		}
		writer := slices.IndexFunc(b.all, func(o history.Operation) bool {
			w, writes := models.Written(o)
			return writes && o.Key == b.all[j].Key && w.Equal(v)
		})
		if writer < 0 {
			return nil, nil, false
		}
		before[writer][j] = true
		if !slices.Contains(happened, writer) {
			happened = append(happened, writer)
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				before[i][j] = before[i][j] || before[i][k] && before[k][j]
			}
		}
	}
	for i := range n {
		if before[i][i] {
			return nil, nil, false
		}
	}
	return before, happened, true
}

func (b *brute) causal() bool {
	before, happened, possible := b.past()
	if !possible {
		return false
	}
	for _, i := range happened {
		var members []int
		for j := range b.all {
			if before[j][i] || i == j {
				members = append(members, j)
			}
		}
		certain := newBrute(slices.Clone(b.all))
		for j := range certain.all {
			certain.all[j].Outcome = history.Ok
		}
		if !certain.orders(members, func(a, c int) bool { return before[a][c] }, func(j int) bool { return j == i }) {
			return false
		}
	}
	return true
}

func (b *brute) convergent() bool {
	before, happened, possible := b.past()
	if !possible {
		return false
	}
	var writes []int
	for _, i := range happened {
		if _, is := models.Written(b.all[i]); is {
			writes = append(writes, i)
		}
	}
	var try func(order []int) bool
	try = func(order []int) bool {
		if len(order) == len(writes) {
			return b.explains(order, happened, before)
		}
		for _, i := range writes {
			if slices.Contains(order, i) || slices.ContainsFunc(writes, func(j int) bool { return before[j][i] && !slices.Contains(order, j) }) {
				continue
			}
			if try(append(slices.Clone(order), i)) {
				return true
			}
		}
		return false
	}
	return try(nil)
}

// explains tells whether everybody saw the last write of the key in its past.
func (b *brute) explains(order, happened []int, before [][]bool) bool {
	for _, i := range happened {
		v, sees := seen(&b.all[i])
		if !sees {
			continue
		}
		last := history.Nothing
		for _, j := range order {
			if b.all[j].Key == b.all[i].Key && before[j][i] {
				last, _ = models.Written(b.all[j])
			}
		}
		if !last.Equal(v) {
			return false
		}
	}
	return true
}

// sessions are the ok operations of each client.
func (b *brute) sessions() [][]history.Operation {
	byClient := map[string][]history.Operation{}
	var clients []string
	for _, o := range b.all {
		if o.Outcome != history.Ok {
			continue
		}
		if byClient[o.Client] == nil {
			clients = append(clients, o.Client)
		}
		byClient[o.Client] = append(byClient[o.Client], o)
	}
	var all [][]history.Operation
	for _, client := range clients {
		all = append(all, byClient[client])
	}
	return all
}

// sees and writes are what an operation did to a key, in one word each.
func sees(o history.Operation, key string) (history.Value, bool) {
	v, is := seen(&o)
	return v, is && o.Key == key
}

func writes(o history.Operation, key string) (history.Value, bool) {
	v, is := models.Written(o)
	return v, is && o.Key == key
}

// guarantee tells whether no session reads older after newer, by what makes a value older than another one.
func (b *brute) guarantee(older func(session []history.Operation, at int, key string, old history.Value) bool) bool {
	for _, session := range b.sessions() {
		for at, o := range session {
			if v, is := sees(o, o.Key); is && older(session, at, o.Key, v) {
				return false
			}
		}
	}
	return true
}

func (b *brute) monotonicReads() bool {
	return b.guarantee(func(session []history.Operation, at int, key string, old history.Value) bool {
		for i := range at {
			other, is := sees(session[i], key)
			if !is || other.Equal(old) {
				continue
			}
			if old.IsNothing() {
				return true
			}
			for j := range i {
				if v, is := sees(session[j], key); is && v.Equal(old) {
					return true
				}
			}
		}
		return false
	})
}

func (b *brute) readYourWrites() bool {
	return b.guarantee(func(session []history.Operation, at int, key string, old history.Value) bool {
		for i := range at {
			if _, is := writes(session[i], key); !is {
				continue
			}
			if old.IsNothing() {
				return true
			}
			for j := range i + 1 {
				if v, is := sees(session[j], key); is && v.Equal(old) {
					return true
				}
				if v, is := writes(session[j], key); is && j < i && v.Equal(old) {
					return true
				}
			}
		}
		return false
	})
}

// replacedBy tells whether a session had read what somebody wrote after an own operation of some kind with
// the old value.
func (b *brute) replacedBy(kind func(history.Operation, string) (history.Value, bool)) bool {
	return b.guarantee(func(session []history.Operation, at int, key string, old history.Value) bool {
		for i := range at {
			newer, is := sees(session[i], key)
			if !is || newer.Equal(old) || old.IsNothing() {
				continue
			}
			for w, writer := range b.all {
				if v, is := writes(writer, key); !is || !v.Equal(newer) {
					continue
				}
				for o, other := range b.all {
					first := b.before[o][w]
					if o == w {
						_, first = sees(other, key) // a compare-and-set reads before it writes
						v, _ := writes(other, key)
						first = first && !v.Equal(old)
					}
					if v, is := kind(other, key); is && first && v.Equal(old) {
						return true
					}
				}
			}
		}
		return false
	})
}
