package models

import "cleave/history"

// Lock is the model of a lock that starts free. Its holder is a client; nobody can take it twice.
//
//	acquire         it was free, and the client holds it
//	try-lock = 1    the same; 0: it was not free
//	release         the client held it, and it is free
//	read = c1       c1 holds it; nothing: it is free
func Lock() Model {
	shapes := []Shape{
		{history.Acquire, none, anything, "takes the lock, which is free"},
		{history.TryLock, none, truth, "takes the lock if it is free: 1, else 0"},
		{history.Release, none, anything, "gives back the lock, which the client holds"},
		{history.Read, none, text.or(none), "gives the holder; nothing if the lock is free"},
	}
	return Model{
		Name: "lock", Summary: "a lock that starts free, held by one client at a time",
		Shapes: shapes, Describe: byClient(describe(shapes, false)),
		ByClient: true,
		Init:     func() State { return State{} },
		Step:     step(stepLock).orNothing,
		Observes: func(o history.Operation) bool {
			return o.Function == history.Read || o.Function == history.TryLock && o.Outcome == history.Ok && o.Result.Equal(flag(false))
		},
	}
}

func stepLock(state State, operation history.Operation) (bool, State) {
	client, free := history.Text(operation.Client), state.Value.IsNothing()
	switch operation.Function {
	case history.Acquire:
		return free, Holding(client)
	case history.TryLock:
		if !free {
			return gave(operation, flag(false)), state
		}
		return gave(operation, flag(true)), Holding(client)
	case history.Release:
		return state.Value.Equal(client), State{}
	}
	return gave(operation, state.Value), state
}

// byClient adds who it was, which matters to locks.
func byClient(described func(history.Operation) string) func(history.Operation) string {
	return func(operation history.Operation) string { return operation.Client + ": " + described(operation) }
}
