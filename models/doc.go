// Package models holds sequential specifications: what one object would answer if operations came to
// it one at a time. A checker asks whether the concurrent history could have come about that way.
//
//	model := models.Register()
//	state := model.Init()                        // nil: never written
//	possible, state := model.Step(state, write7) // true, 7
//	possible, _ = model.Step(state, read8)       // false: the register holds 7
//
// A map of the files: model.go (what a model is), register.go (a register with write, read and
// compare-and-set, and what its operations write and observe).
package models
