package models

import (
	"iter"

	"strings"

	"cleave/history"
	"cleave/internal/rng"
)

// Items are keys with values, in the order of the keys (numbers before texts before lists). They are
// immutable: With and Without give new Items that share nearly all of the old ones, so a step of a model
// costs O(log n) however much the object holds. The zero Items are none.
//
// They are a treap (Seidel and Aragon, Algorithmica 1996) whose priorities are hashes of the keys: the same
// items make the same tree, whatever order they came in, so that trees with a common past are compared fast.
type Items struct{ root *node }

type node struct {
	*entry
	left, right *node
	length      int
	hash        uint64 // the sum of the hashes of all entries below
}

type entry struct {
	key, value history.Value
	priority   uint64
	hash       uint64
}

// Len is how many keys there are.
func (i Items) Len() int { return i.root.count() }

// Get is the value of a key, and whether the key is there.
func (i Items) Get(key history.Value) (history.Value, bool) {
	for at := i.root; at != nil; {
		switch order := compare(key, at.key); {
		case order == 0:
			return at.value, true
		case order < 0:
			at = at.left
		default:
			at = at.right
		}
	}
	return history.Nothing, false
}

// Has tells whether a key is there.
func (i Items) Has(key history.Value) bool {
	_, found := i.Get(key)
	return found
}

// First is the least key with its value; both are nothing if there are none.
func (i Items) First() (key, value history.Value) {
	at := i.root
	for at != nil && at.left != nil {
		at = at.left
	}
	return at.pair()
}

// Last is the greatest key with its value; both are nothing if there are none.
func (i Items) Last() (key, value history.Value) {
	at := i.root
	for at != nil && at.right != nil {
		at = at.right
	}
	return at.pair()
}

// With is the items with a key set to a value.
func (i Items) With(key, value history.Value) Items {
	where := hashOf(key)
	return Items{i.root.with(&entry{key, value, where, rng.Mix(where, hashOf(value))})}
}

// Without is the items without a key, which need not be there.
func (i Items) Without(key history.Value) Items {
	if !i.Has(key) {
		return i
	}
	return Items{i.root.without(key)}
}

// All goes through the items in the order of the keys.
func (i Items) All() iter.Seq2[history.Value, history.Value] {
	return func(yield func(key, value history.Value) bool) { i.root.each(yield) }
}

// Keys are the keys as a list, in order.
func (i Items) Keys() history.Value {
	keys := make([]history.Value, 0, i.Len())
	for key := range i.All() {
		keys = append(keys, key)
	}
	return history.List(keys...)
}

// Equal tells whether the same keys have the same values.
func (i Items) Equal(other Items) bool { return i.root.equal(other.root) }

// String shows the items for people: {1 2}, or {a:1 b:2} where keys have values.
func (i Items) String() string {
	var parts []string
	for key, value := range i.All() {
		part := key.String()
		if !value.IsNothing() {
			part += ":" + value.String()
		}
		parts = append(parts, part)
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func (n *node) count() int {
	if n == nil {
		return 0
	}
	return n.length
}

func (n *node) sum() uint64 {
	if n == nil {
		return 0
	}
	return n.hash
}

func (n *node) pair() (key, value history.Value) {
	if n == nil {
		return history.Nothing, history.Nothing
	}
	return n.key, n.value
}

// above tells whether an entry's place is above a node's: the priority decides, and of equal ones the key.
func (e *entry) above(n *node) bool {
	if e.priority != n.priority {
		return e.priority > n.priority
	}
	return compare(e.key, n.key) < 0
}

func join(left *node, at *entry, right *node) *node {
	return &node{at, left, right, left.count() + 1 + right.count(), left.sum() + at.hash + right.sum()}
}

func (n *node) with(added *entry) *node {
	if n == nil {
		return join(nil, added, nil)
	}
	order := compare(added.key, n.key)
	switch {
	case order == 0:
		return join(n.left, added, n.right)
	case added.above(n):
		left, right := n.split(added.key)
		return join(left, added, right)
	case order < 0:
		return join(n.left.with(added), n.entry, n.right)
	}
	return join(n.left, n.entry, n.right.with(added))
}

// split parts a tree at a key that is not in it.
func (n *node) split(key history.Value) (less, greater *node) {
	if n == nil {
		return nil, nil
	}
	if compare(key, n.key) < 0 {
		less, middle := n.left.split(key)
		return less, join(middle, n.entry, n.right)
	}
	middle, greater := n.right.split(key)
	return join(n.left, n.entry, middle), greater
}

func (n *node) without(key history.Value) *node {
	switch order := compare(key, n.key); {
	case order < 0:
		return join(n.left.without(key), n.entry, n.right)
	case order > 0:
		return join(n.left, n.entry, n.right.without(key))
	}
	return merge(n.left, n.right)
}

// merge makes one tree of two, of which all keys of the first come before those of the second.
func merge(left, right *node) *node {
	switch {
	case left == nil:
		return right
	case right == nil:
		return left
	case left.above(right):
		return join(left.left, left.entry, merge(left.right, right))
	}
	return join(merge(left, right.left), right.entry, right.right)
}

func (n *node) each(yield func(key, value history.Value) bool) bool {
	return n == nil || n.left.each(yield) && yield(n.key, n.value) && n.right.each(yield)
}

func (n *node) equal(other *node) bool {
	if n == other {
		return true
	}
	if n == nil || other == nil || n.length != other.length || n.hash != other.hash {
		return false
	}
	same := n.entry == other.entry || n.key.Equal(other.key) && n.value.Equal(other.value)
	return same && n.left.equal(other.left) && n.right.equal(other.right)
}
