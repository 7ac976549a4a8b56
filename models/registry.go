package models

import (
	"slices"
	"strings"

	"cleave/history"
)

// Registry is the model of a registry of services, were it one server. Instances have names such as web/a,
// of the service web. All keys are one object.
//
//	register web/a           web/a is listed, as UP
//	deregister web/a         web/a is not listed
//	die web/a                web/a can be dropped from now on, once for all
//	set-status web/a X       web/a's status is X, until clear-status web/a
//	status web/a = UP        nothing: it is not listed
//	lookup web = [web/a]     the instances that are listed, in any order
//
// What of the dead a lookup does not list was dropped.
func Registry() Model {
	shapes := []Shape{
		{history.Register, anything, anything, "lists the instance, or renews it"},
		{history.Deregister, anything, anything, "takes the instance from the list"},
		{history.Die, anything, anything, "the instance can be dropped from now on"},
		{history.SetStatus, text, anything, "overrides the status of a listed instance"},
		{history.ClearStatus, none, anything, "takes the override back"},
		{history.Status, none, text.or(none), "gives the status; nothing of an instance that is not listed"},
		{history.Lookup, none, list.or(none), "gives the instances of the service, in any order"},
	}
	return Model{
		Name: "registry", Summary: "services with their instances, and statuses that operators set",
		Shapes: shapes, Describe: describe(shapes, true), Whole: true,
		Init: func() State { return State{} },
		Step: step(stepRegistry).orNothing,
		Observes: func(operation history.Operation) bool {
			return operation.Function == history.Status && !operation.Result.IsNothing()
		},
	}
}

// The marks of an instance beside its status, which is a text, or nothing for UP.
var (
	alive = history.Integer(1)
	dead  = history.Integer(0)
)

// stepRegistry: the items are the listed instances, each with [alive-or-dead status].
func stepRegistry(state State, operation history.Operation) (bool, State) {
	instance := history.Text(operation.Key)
	found, listed := state.Items.Get(instance)
	entry, _ := found.AsList()
	mark := func(life, status history.Value) State {
		return State{Items: state.Items.With(instance, history.List(life, status))}
	}
	switch operation.Function {
	case history.Register:
		if listed {
			return true, mark(alive, entry[1])
		}
		return true, mark(alive, history.Nothing)
	case history.Deregister:
		return true, State{Items: state.Items.Without(instance)}
	case history.Die:
		if !listed {
			return true, state
		}
		return true, mark(dead, entry[1])
	case history.SetStatus, history.ClearStatus:
		if !listed {
			return false, state
		}
		return true, mark(entry[0], operation.Argument)
	case history.Status:
		return stepStatus(state, operation, entry)
	}
	return stepLookup(state, operation)
}

// stepStatus: nothing is the answer for what is not listed; and of the dead it says that it was dropped.
func stepStatus(state State, operation history.Operation, entry []history.Value) (bool, State) {
	switch {
	case operation.Outcome == history.Info:
		return true, state
	case operation.Result.IsNothing():
		return entry == nil || entry[0].Equal(dead), State{Items: state.Items.Without(history.Text(operation.Key))}
	case entry == nil:
		return false, state
	case entry[1].IsNothing():
		return operation.Result.Equal(history.Text("UP")), state
	}
	return operation.Result.Equal(entry[1]), state
}

// stepLookup: every instance named is listed, and those not named are dead, or of other services.
func stepLookup(state State, operation history.Operation) (bool, State) {
	if operation.Outcome == history.Info {
		return true, state
	}
	named, _ := operation.Result.AsList()
	for i, instance := range named {
		if !state.Items.Has(instance) || !isOf(operation.Key, instance) || slices.ContainsFunc(named[:i], instance.Equal) {
			return false, state
		}
	}
	left := state.Items
	for instance, found := range state.Items.All() {
		if !isOf(operation.Key, instance) || slices.ContainsFunc(named, instance.Equal) {
			continue
		}
		if entry, _ := found.AsList(); !entry[0].Equal(dead) {
			return false, state
		}
		left = left.Without(instance)
	}
	return true, State{Items: left}
}

// isOf tells whether an instance is of a service.
func isOf(service string, instance history.Value) bool {
	name, _ := instance.AsText()
	return strings.HasPrefix(name, service+"/") || !strings.Contains(name, "/")
}
