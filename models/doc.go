// Package models holds sequential specifications: what one object would answer if operations came to
// it one at a time. A checker asks whether the concurrent history could have come about that way.
//
//	model := models.Register()
//	state := model.Init()                        // nil: never written
//	possible, state := model.Step(state, write7) // true, 7
//	possible, _ = model.Step(state, read8)       // false: the register holds 7
//
// A model's Step is the specification, meant to be read. What failed never reaches it; what has an unknown
// outcome is possible in every state, and has its effect where it can.
//
// A map of the files: model.go (what a model is), named.go (all of them by name), shape.go (which operations
// a model understands), state.go and items.go (what a model remembers: immutable values, and items by key
// in a tree whose versions share what they can); and one file per object:
//
//	register.go       a variable with write, read and compare-and-set, and what its operations write and observe
//	text.go           a text that is appended to
//	map.go            variables by key, and transactions over them
//	counter.go        a number that is added to
//	set.go            elements that are added, removed and looked for
//	queue.go          first in, first out; stack.go: last in, first out; priorityqueue.go: the least first
//	lock.go           one holder at a time; fencedlock.go: with growing tokens; lease.go: for a time
//	leader.go         growing terms, each with one leader
//	znodetree.go      ZooKeeper's tree, with versions, sequential nodes and multi
//	registry.go       services and their instances
package models
