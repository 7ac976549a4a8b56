package models

import "cleave/history"

// Lease is the model of a lock that ends by itself. It starts free; what it is held for is nanoseconds of
// the history's clock.
//
//	acquire d       it was free, or can have ended, or was the client's own; the client holds it for d
//	try-lock d = 1  the same; 0: another client held it
//	renew d         the client holds it still, and does for d from now
//	release         the client held it, and it is free
//	read = c1       c1 holds it; nothing: it is free, or can have ended
//
// A specification of one operation after another has no clock, so an end is judged leniently: a lease can
// have ended by an operation if that completed at or after the lease's invocation + d.
//
//	c1 |--acquire 100--|
//	   ^ ........................^ +100
//	c2              |--acquire--|      not before +100: c1 holds it
//	c2                     |--acquire--|  possible
//
// How far overlaps of leases reach, in exact times, is a question for a checker of its own.
func Lease() Model {
	shapes := []Shape{
		{history.Acquire, number, anything, "takes the lease for the argument's nanoseconds, if nobody else holds it"},
		{history.TryLock, number, truth, "the same without waiting: 1, or 0 if another client holds it"},
		{history.Renew, number, anything, "makes the client's lease last for the argument's nanoseconds from now"},
		{history.Release, none, anything, "gives back the lease, which the client holds"},
		{history.Read, none, text.or(none), "gives the holder; nothing if there is none"},
	}
	return Model{
		Name: "lease", Summary: "a lock that ends by itself after a time, unless it is renewed",
		Shapes: shapes, Describe: byClient(describe(shapes, false)),
		ByClient: true, Timed: true,
		Init: func() State { return State{} },
		Step: step(stepLease).orNothing,
		Observes: func(o history.Operation) bool {
			return o.Function == history.Read && !o.Result.IsNothing() ||
				o.Function == history.TryLock && o.Outcome == history.Ok && o.Result.Equal(flag(false))
		},
	}
}

// stepLease: the state is nothing, or [holder end].
func stepLease(state State, operation history.Operation) (bool, State) {
	client := history.Text(operation.Client)
	holder, ended := leaseOf(state, operation)
	mine := holder.Equal(client)
	switch operation.Function {
	case history.Acquire:
		return mine || ended, leased(operation)
	case history.TryLock:
		if operation.Outcome == history.Ok && operation.Result.Equal(flag(false)) {
			return !holder.IsNothing() && !mine, state
		}
		return mine || ended, leased(operation)
	case history.Renew:
		return mine, leased(operation)
	case history.Release:
		return mine, State{}
	}
	if operation.Outcome == history.Info {
		return true, state
	}
	if operation.Result.IsNothing() {
		return ended, State{}
	}
	return holder.Equal(operation.Result), state
}

// leaseOf is who holds a lease, nothing if nobody does, and whether it can have ended by an operation.
func leaseOf(state State, by history.Operation) (holder history.Value, ended bool) {
	parts, held := state.Value.AsList()
	if !held {
		return history.Nothing, true
	}
	end, _ := parts[1].AsInteger()
	return parts[0], int64(by.Completed) >= end
}

// leased is the state in which an operation's client holds the lease for the operation's argument.
func leased(operation history.Operation) State {
	duration, _ := operation.Argument.AsInteger()
	return Holding(history.List(history.Text(operation.Client), history.Integer(int64(operation.Invoked)+duration)))
}
