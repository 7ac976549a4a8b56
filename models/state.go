package models

import (
	"cmp"
	"math/bits"

	"cleave/history"
	"cleave/internal/rng"
)

// State is what a Model remembers between two operations: a value, items, or both, as each model says.
// It is immutable. The zero State holds nothing.
type State struct {
	Value history.Value
	Items Items
}

// Holding is the state that is a value.
func Holding(value history.Value) State { return State{Value: value} }

// Equal tells whether two states are the same: no operation can tell them apart.
func (s State) Equal(other State) bool {
	return s.Value.Equal(other.Value) && s.Items.Equal(other.Items)
}

// Hash is a number that equal states have in common, the same in every run.
func (s State) Hash() uint64 {
	if s.Items.root == nil {
		return hashOf(s.Value)
	}
	return bits.RotateLeft64(hashOf(s.Value), 32) ^ s.Items.root.hash
}

// String shows the state for people: 7, {a:1 b:2}, or 2 {a:1 b:2}.
func (s State) String() string {
	switch {
	case s.Items.root == nil:
		return s.Value.String()
	case s.Value.IsNothing():
		return s.Items.String()
	}
	return s.Value.String() + " " + s.Items.String()
}

// Bytes is roughly the memory that a state takes beside what it shares with the one that it came from.
func (s State) Bytes() int64 {
	const nodeBytes, entryBytes = 48, 128
	bytes := bytesOf(s.Value)
	if n := s.Items.Len(); n > 0 {
		bytes += entryBytes + nodeBytes*int64(1+2*bits.Len(uint(n)))
	}
	return bytes
}

func bytesOf(value history.Value) int64 {
	bytes := int64(56)
	if list, isList := value.AsList(); isList {
		for _, element := range list {
			bytes += bytesOf(element)
		}
	}
	if text, isText := value.AsText(); isText {
		bytes += int64(len(text))
	}
	return bytes
}

// kind is the place of a value's kind in the order of values: nothing, numbers, texts, lists.
func kind(value history.Value) int {
	if _, is := value.AsInteger(); is {
		return 1
	}
	if _, is := value.AsText(); is {
		return 2
	}
	if _, is := value.AsList(); is {
		return 3
	}
	return 0
}

// compare orders values: by kind, then by number, text, or element by element.
func compare(a, b history.Value) int {
	one, isNumber := a.AsInteger()
	other, areNumbers := b.AsInteger()
	if isNumber && areNumbers {
		return cmp.Compare(one, other)
	}
	if order := cmp.Compare(kind(a), kind(b)); order != 0 {
		return order
	}
	if text, isText := a.AsText(); isText {
		other, _ := b.AsText()
		return cmp.Compare(text, other)
	}
	list, _ := a.AsList()
	others, _ := b.AsList()
	for i := range min(len(list), len(others)) {
		if order := compare(list[i], others[i]); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(list), len(others))
}

func hashOf(value history.Value) uint64 {
	if number, is := value.AsInteger(); is {
		return rng.Mix(1, uint64(number))
	}
	if text, is := value.AsText(); is {
		return rng.Mix(2, rng.Text(text))
	}
	list, isList := value.AsList()
	if !isList {
		return rng.Mix(0)
	}
	hash := rng.Mix(3, uint64(len(list)))
	for _, element := range list {
		hash = rng.Mix(hash, hashOf(element))
	}
	return hash
}
