package linear

import (
	"slices"

	"github.com/anishathalye/porcupine"
)

// state is what any of the objects holds, if it is small.
type state struct {
	items  [10]int8 // of a queue or stack in order, of a priority queue from the least, of a set by element
	length int8
	number int64 // of a register or counter; of a lock, its holder plus 1
}

// step is the plain specification of all objects: whether an operation is possible in a state, and the
// state after it. One of unknown outcome is asked for its effect.
func step(object Object, s state, o *Operation) (bool, state) {
	switch object {
	case Register:
		return stepRegister(s, o)
	case Queue, Stack, PriorityQueue:
		return stepCollection(object, s, o)
	case Set:
		return stepSet(s, o)
	case Counter:
		if o.Kind == Read {
			return s.number == o.Value, s
		}
		s.number += o.Value
		return true, s
	}
	return stepLock(s, o)
}

func stepRegister(s state, o *Operation) (bool, state) {
	if o.Kind == Read {
		return s.number == o.Value, s
	}
	possible := o.Kind == Write || s.number == int64(o.Expected)
	s.number = o.Value
	return possible, s
}

func stepCollection(object Object, s state, o *Operation) (bool, state) {
	if o.Kind == Put {
		s.items[s.length] = int8(o.Value)
		s.length++
		if object == PriorityQueue {
			slices.Sort(s.items[:s.length])
		}
		return true, s
	}
	if s.length == 0 {
		return o.unknown() || o.Value == 0, s
	}
	place := int8(0)
	if object == Stack {
		place = s.length - 1
	}
	possible := o.unknown() || s.items[place] == int8(o.Value)
	if o.Kind == Take {
		copy(s.items[place:], s.items[place+1:])
		s.length--
		s.items[s.length] = 0
	}
	return possible, s
}

func stepSet(s state, o *Operation) (bool, state) {
	in := s.items[o.Value] == 1
	switch o.Kind {
	case Has:
		return in, s
	case Lacks:
		return !in, s
	case Add, Added:
		s.items[o.Value] = 1
		return o.Kind == Add || o.unknown() || !in, s
	}
	s.items[o.Value] = 0
	return o.Kind == Remove || o.unknown() || in, s
}

func stepLock(s state, o *Operation) (bool, state) {
	holder := s.number
	switch o.Kind {
	case Acquire:
		s.number = o.Value + 1
		return holder == 0, s
	case Release:
		s.number = 0
		return holder == o.Value+1, s
	}
	return holder != 0, s
}

// brute tries every order.
func brute(object Object, operations []Operation) bool {
	return try(object, operations, 0, state{})
}

func try(object Object, operations []Operation, done uint, s state) bool {
	earliest := int64(Never) // nobody who was called after this can be next
	left := false
	for i := range operations {
		if done>>i&1 == 0 && !operations[i].unknown() {
			earliest, left = min(earliest, operations[i].Return), true
		}
	}
	if !left {
		return true
	}
	for i := range operations {
		if done>>i&1 == 1 || operations[i].Call > earliest {
			continue
		}
		if possible, next := step(object, s, &operations[i]); possible && try(object, operations, done|1<<i, next) {
			return true
		}
	}
	return false
}

// model is the same specification for porcupine. What has an unknown outcome may have no effect.
func model(object Object) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return state{} },
		Step: func(s, input, _ any) (bool, any) {
			o := input.(*Operation)
			possible, next := step(object, s.(state), o)
			if !possible && o.unknown() {
				return true, s
			}
			return possible, next
		},
		Equal: func(a, b any) bool { return a.(state) == b.(state) },
	}
}

// searched asks porcupine.
func searched(object Object, operations []Operation) bool {
	given := make([]porcupine.Operation, len(operations))
	for i := range operations {
		given[i] = porcupine.Operation{ClientId: i, Input: &operations[i], Call: operations[i].Call, Return: operations[i].Return}
	}
	return porcupine.CheckOperations(model(object), given)
}
