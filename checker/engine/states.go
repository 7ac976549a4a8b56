package engine

import (
	"cleave/history"
	"cleave/models"
)

// states gives equal states equal numbers, from 0.
type states struct {
	all    []models.State
	hashes []uint64
	slots  []int32 // by hash: the number of a state + 1, or 0
	bytes  int64
}

// The places that tables begin with: few, since most histories are small.
const (
	firstStates = 16
	firstSteps  = 64
)

func newStates() *states { return &states{slots: make([]int32, firstStates)} }

// known is the number of a state, or nobody if it has none.
func (s *states) known(state models.State) int32 {
	return s.slots[s.find(state, state.Hash())] - 1
}

// find is the slot of a state, or a free one.
func (s *states) find(state models.State, hash uint64) uint64 {
	mask := uint64(len(s.slots) - 1)
	at := hash & mask
	for ; s.slots[at] != 0; at = (at + 1) & mask {
		if number := s.slots[at] - 1; s.hashes[number] == hash && s.all[number].Equal(state) {
			break
		}
	}
	return at
}

// number is the number of a state, a new one if it is new.
func (s *states) number(state models.State) int32 {
	hash := state.Hash()
	at := s.find(state, hash)
	if s.slots[at] != 0 {
		return s.slots[at] - 1
	}
	s.all, s.hashes = append(s.all, state), append(s.hashes, hash)
	s.bytes += state.Bytes() + stateBytes
	s.slots[at] = int32(len(s.all))
	if 2*len(s.all) > len(s.slots) {
		s.grow()
	}
	return int32(len(s.all)) - 1
}

// stateBytes is what a state's place takes beside the state.
const stateBytes = 64 + 8 + 16

func (s *states) grow() {
	s.slots = make([]int32, 2*len(s.slots))
	mask := uint64(len(s.slots) - 1)
	for number, hash := range s.hashes {
		at := hash & mask
		for s.slots[at] != 0 {
			at = (at + 1) & mask
		}
		s.slots[at] = int32(number) + 1
	}
}

// steps remembers where a model's steps lead, by the number of the state and the class of the operation.
type steps struct {
	model  models.Model
	states *states
	keys   []uint64 // class and state, + 1; 0 for none
	leads  []int32  // the state after it, or impossible
	known  int
}

// impossible is where a step leads that the model does not allow.
const impossible = -1

func newSteps(model models.Model) *steps {
	return &steps{model: model, states: newStates(), keys: make([]uint64, firstSteps), leads: make([]int32, firstSteps)}
}

// from is the state after an operation of a class, or impossible.
func (s *steps) from(state, class int32, operation *history.Operation) int32 {
	key := uint64(class)<<32 + uint64(state) + 1
	at := s.find(key)
	if s.keys[at] == key {
		return s.leads[at]
	}
	next := int32(impossible)
	if possible, after := s.model.Step(s.states.all[state], *operation); possible {
		next = s.states.number(after)
	}
	s.keys[at], s.leads[at] = key, next
	if s.known++; 2*s.known > len(s.keys) {
		s.grow()
	}
	return next
}

// find is the place of a key, or a free one.
func (s *steps) find(key uint64) uint64 {
	mask := uint64(len(s.keys) - 1)
	at := scramble(key) & mask
	for s.keys[at] != 0 && s.keys[at] != key {
		at = (at + 1) & mask
	}
	return at
}

func (s *steps) grow() {
	keys, leads := s.keys, s.leads
	s.keys, s.leads = make([]uint64, 2*len(keys)), make([]int32, 2*len(keys))
	for i, key := range keys {
		if key != 0 {
			at := s.find(key)
			s.keys[at], s.leads[at] = key, leads[i]
		}
	}
}

// bytes is what states and steps take.
func (s *steps) bytes() int64 { return s.states.bytes + int64(len(s.keys))*12 }

// scramble spreads the bits of a number over all of it (the finalizer of MurmurHash3).
func scramble(z uint64) uint64 {
	z = (z ^ z>>33) * 0xff51afd7ed558ccd
	z = (z ^ z>>33) * 0xc4ceb9fe1a85ec53
	return z ^ z>>33
}
