package models

import "cleave/history"

// FencedLock is the model of a lock that starts free and gives a number with itself, its token. Tokens
// grow from holder to holder, so that what a lock protects can refuse those who come late.
//
//	acquire = 7     it was free and no token was 7 or above; the client holds it with token 7
//	try-lock = 7    the same; 0: it was not free
//	release 7       it was held with token 7, and is free; release without a token: the client held it
//	read = 7        it is held with token 7; nothing: it is free
//
// Who acquires without learning the outcome may hold the lock with a token that nobody knows; it is above
// all earlier ones.
func FencedLock() Model {
	shapes := []Shape{
		{history.Acquire, none, number, "takes the lock, which is free; the result is a new token"},
		{history.TryLock, none, number, "takes the lock if it is free; the result is a new token, else 0"},
		{history.Release, number.or(none), anything, "gives back the lock that is held with the token, or by the client"},
		{history.Read, none, number.or(none), "gives the token that the lock is held with; nothing if it is free"},
	}
	return Model{
		Name: "fenced-lock", Summary: "a lock whose tokens grow from holder to holder",
		Shapes: shapes, Describe: byClient(describe(shapes, false)),
		ByClient: true,
		Init:     func() State { return fenced{}.state() },
		Step:     step(stepFencedLock).orNothing,
		Observes: func(o history.Operation) bool {
			return o.Function == history.TryLock && o.Outcome == history.Ok && o.Result.Equal(history.Integer(0)) ||
				o.Function == history.Read && o.Result.IsNothing()
		},
	}
}

// fenced is the state of a fenced lock.
type fenced struct {
	holder  history.Value // the client, or nothing if the lock is free
	unknown bool          // the holder's token is above last, and nobody knows it
	last    int64         // the greatest token known, the holder's unless unknown
}

func (f fenced) state() State {
	return Holding(history.List(f.holder, flag(f.unknown), history.Integer(f.last)))
}

func fencedOf(state State) fenced {
	parts, _ := state.Value.AsList()
	last, _ := parts[2].AsInteger()
	return fenced{parts[0], parts[1].Equal(flag(true)), last}
}

func stepFencedLock(state State, operation history.Operation) (bool, State) {
	lock := fencedOf(state)
	free := lock.holder.IsNothing()
	switch operation.Function {
	case history.Acquire, history.TryLock:
		if operation.Outcome == history.Info {
			return free, fenced{history.Text(operation.Client), true, lock.last}.state()
		}
		token, _ := operation.Result.AsInteger()
		if operation.Function == history.TryLock && token == 0 {
			return !free, state
		}
		return free && token > lock.last, fenced{history.Text(operation.Client), false, token}.state()
	case history.Release:
		if operation.Argument.IsNothing() {
			return lock.holder.Equal(history.Text(operation.Client)), fenced{last: lock.last}.state()
		}
		token, _ := operation.Argument.AsInteger()
		return lock.heldWith(token), fenced{last: token}.state()
	}
	if free || operation.Result.IsNothing() {
		return free && operation.Result.IsNothing(), state
	}
	token, _ := operation.Result.AsInteger()
	return lock.heldWith(token), fenced{lock.holder, false, token}.state()
}

// heldWith tells whether the lock is held and its token can be this one.
func (f fenced) heldWith(token int64) bool {
	return !f.holder.IsNothing() && (f.unknown && token > f.last || !f.unknown && token == f.last)
}
