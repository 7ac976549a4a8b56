package models

import "cleave/history"

// Map is the model of variables by key that start as nothing, and of transactions over several of them.
// All keys are one object.
//
//	write k 7       k holds 7 afterwards
//	read k = 7      k holds 7
//	cas k [7 8]     k held 7, and holds 8
//	remove k        k holds nothing afterwards
//	txn = [[r k 7] [w l 8] [append m 9]]
//	                one after the other, at one instant: k holds 7, l is set to 8, 9 is added to the list m
func Map() Model {
	shapes := []Shape{
		{history.Write, anything, anything, "sets the key to the argument"},
		{history.Read, anything, anything, "gives what the key holds"},
		{history.CAS, row("[expected new]", anything, anything), anything, "sets the key to new, given that it holds expected"},
		{history.Remove, none, anything, "sets the key to nothing"},
		{history.Txn, transaction, transaction.or(none), "does r, w and append, each [function key value], at one instant"},
	}
	return Model{
		Name: "map", Summary: "variables by key, with transactions over several of them",
		Shapes: shapes, Describe: describe(shapes, true), Whole: true,
		Init:     func() State { return State{} },
		Step:     step(stepMap).orNothing,
		Observes: observesMap,
	}
}

// transaction is the form of a list of micro-operations.
var transaction = Form{"a list of [r|w|append key value]", func(v history.Value) bool {
	parts, is := v.AsList()
	for _, part := range parts {
		micro, isMicro := part.AsList()
		if !isMicro || len(micro) != 3 {
			return false
		}
		if name, _ := micro[0].AsText(); name != "r" && name != "w" && name != "append" {
			return false
		}
	}
	return is
}}

func stepMap(state State, operation history.Operation) (bool, State) {
	key := history.Text(operation.Key)
	now, _ := state.Items.Get(key)
	switch operation.Function {
	case history.Read:
		return gave(operation, now), state
	case history.Write:
		return true, State{Items: put(state.Items, key, operation.Argument)}
	case history.Remove:
		return true, State{Items: state.Items.Without(key)}
	case history.CAS:
		expected, next, _ := swap(operation)
		return now.Equal(expected), State{Items: put(state.Items, key, next)}
	}
	return stepTransaction(state, operation)
}

// stepTransaction takes micro-operations from the result, which has what was read, or, if that is unknown,
// from the argument.
func stepTransaction(state State, operation history.Operation) (bool, State) {
	told := operation.Outcome == history.Ok && !operation.Result.IsNothing()
	micros, _ := operation.Argument.AsList()
	if told {
		micros, _ = operation.Result.AsList()
	}
	items := state.Items
	for _, micro := range micros {
		parts, _ := micro.AsList()
		name, _ := parts[0].AsText()
		key, value := parts[1], parts[2]
		now, _ := items.Get(key)
		switch name {
		case "r":
			if told && !now.Equal(value) {
				return false, state
			}
		case "w":
			items = put(items, key, value)
		case "append":
			items = items.With(key, appended(now, value))
		}
	}
	return true, State{Items: items}
}

// put sets a key. What holds nothing is as if it had never been set.
func put(items Items, key, value history.Value) Items {
	if value.IsNothing() {
		return items.Without(key)
	}
	return items.With(key, value)
}

// appended is a list with one element more; nothing is the empty list.
func appended(value, element history.Value) history.Value {
	elements, _ := value.AsList()
	longer := make([]history.Value, 0, len(elements)+1)
	return history.List(append(append(longer, elements...), element)...)
}

func observesMap(operation history.Operation) bool {
	if operation.Function != history.Txn {
		return operation.Function == history.Read
	}
	micros, _ := operation.Argument.AsList()
	for _, micro := range micros {
		parts, _ := micro.AsList()
		if name, _ := parts[0].AsText(); name != "r" {
			return false
		}
	}
	return true
}
