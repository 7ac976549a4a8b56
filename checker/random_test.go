package checker

import (
	"cmp"
	"slices"

	"cleave/history"
	"cleave/internal/rng"
)

// walk makes the operations of clients that use one register at random. Each takes effect at a random
// instant of its interval, so without stale reads the result is linearizable.
type walk struct {
	seed       uint64
	clients    int
	operations int
	info       int64 // percent of writes whose client is told nothing
	stale      int64 // percent of reads that give an older value
	swaps      bool
	repeat     int64 // values written are below this number; 0 for all different
}

// run gives the operations in order of invocation.
func (w walk) run() []history.Operation {
	random := rng.New(w.seed)
	operations := make([]history.Operation, w.operations)
	effects := make([]history.Time, w.operations)
	free := make([]history.Time, w.clients)
	for i := range operations {
		client := slices.Index(free, slices.Min(free))
		start := free[client] + history.Time(random.Below(4))
		end := start + history.Time(random.Below(20))
		free[client] = end + 1
		operations[i] = history.Operation{ID: i, Client: string(rune('a' + client)), Key: "x", Process: client,
			Invoked: start, Completed: end, GaveUp: end, Outcome: history.Ok, Function: history.Read}
		effects[i] = start + history.Time(random.Below(int64(end-start)+1))
	}
	order := make([]int, len(operations))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(effects[a], effects[b]) })
	past := []history.Value{history.Nothing}
	for _, i := range order {
		past = w.act(&operations[i], past, random)
	}
	slices.SortStableFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return operations
}

// act lets an operation take effect, and gives the values that the register has had.
func (w walk) act(operation *history.Operation, past []history.Value, random *rng.Stream) []history.Value {
	now := past[len(past)-1]
	fresh := history.Integer(int64(operation.ID) + 1)
	if w.repeat > 0 {
		fresh = history.Integer(random.Below(w.repeat))
	}
	choice := random.Below(4)
	lost := random.Below(100) < w.info
	switch {
	case choice == 0 && w.swaps:
		operation.Function, operation.Argument = history.CAS, history.List(now, fresh)
	case choice < 2:
		operation.Function, operation.Argument = history.Write, fresh
	default:
		operation.Result = now
		if random.Below(100) < w.stale {
			operation.Result = past[random.Below(int64(len(past)))]
		}
		return past
	}
	if lost {
		operation.Outcome, operation.Completed = history.Info, history.Forever
		if random.Chance(1, 2) {
			return past
		}
	}
	return append(past, fresh)
}

// chaos makes a few operations at random, without any register behind them.
func chaos(seed uint64) []history.Operation {
	random := rng.New(seed)
	operations := make([]history.Operation, 1+random.Below(7))
	values := func() history.Value {
		if number := random.Below(4); number > 0 {
			return history.Integer(number)
		}
		return history.Nothing
	}
	fresh := int64(0)
	for i := range operations {
		start := history.Time(random.Below(12))
		end := start + history.Time(random.Below(6))
		operation := history.Operation{ID: i, Client: string(rune('a' + i)), Key: "x", Invoked: start, Completed: end, GaveUp: end, Outcome: history.Ok}
		if fresh++; random.Chance(1, 12) {
			fresh--
		}
		switch random.Below(3) {
		case 0:
			operation.Function, operation.Result = history.Read, values()
		case 1:
			operation.Function, operation.Argument = history.Write, history.Integer(fresh)
		default:
			operation.Function, operation.Argument = history.CAS, history.List(values(), history.Integer(fresh))
		}
		if operation.Function != history.Read && random.Chance(1, 4) {
			operation.Outcome, operation.Completed = history.Info, history.Forever
		}
		operations[i] = operation
	}
	slices.SortStableFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return operations
}

// inOrder makes a history of events in any order: by time, invocations first.
func inOrder(run history.Run, events []history.Event) *history.History {
	slices.SortStableFunc(events, func(a, b history.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(rank(a.Type), rank(b.Type)))
	})
	events = append([]history.Event{{Type: history.RunEvent, Run: &run}}, events...)
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	if err != nil {
		panic(err)
	}
	return h
}

func rank(kind history.Type) int {
	if kind == history.Invoke {
		return 0
	}
	return 1
}
