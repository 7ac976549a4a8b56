package engine_test

import (
	"cmp"
	"slices"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

// drawn makes histories of a model at random: few operations by few clients, with ties, with unknown outcomes,
// with values that come again.
type drawn struct {
	model      models.Model
	operation  func(random *rng.Stream) history.Operation // with a result drawn from few
	operations int64                                      // at most
	clients    int64
	lost       int64 // percent of operations whose outcome nobody learnt
	wrong      int64 // percent of operations with a result drawn at random instead of a true one
}

// history draws operations that take effect at random instants of their intervals.
func (d drawn) history(random *rng.Stream) []history.Operation {
	operations := make([]history.Operation, 1+random.Below(d.operations))
	effects := make([]history.Time, len(operations))
	free := make([]history.Time, 1+random.Below(d.clients))
	for i := range operations {
		client := slices.Index(free, slices.Min(free))
		start := free[client] + history.Time(random.Below(3))
		end := start + history.Time(random.Below(8))
		free[client] = end + history.Time(random.Below(2))
		operations[i] = history.Operation{ID: i, Client: string(rune('a' + client)), Process: client, Invoked: start, Completed: end, GaveUp: end}
		effects[i] = start + history.Time(random.Below(int64(end-start)+1))
	}
	order := make([]int, len(operations))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(effects[a], effects[b]) })
	state := d.model.Init()
	for _, i := range order {
		state = d.act(&operations[i], state, random)
	}
	slices.SortStableFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return operations
}

// act draws functions, arguments and results until the model allows one, or for the wrong ones takes the first.
func (d drawn) act(o *history.Operation, state models.State, random *rng.Stream) models.State {
	const tries = 30
	wrong, lost := random.Below(100) < d.wrong, random.Below(100) < d.lost
	for range tries {
		some := d.operation(random)
		o.Function, o.Key, o.Argument, o.Result, o.Outcome = some.Function, some.Key, some.Argument, some.Result, history.Ok
		possible, next := d.model.Step(state, *o)
		if !possible && !wrong {
			continue
		}
		if lost {
			o.Outcome, o.Result, o.Completed = history.Info, history.Nothing, history.Forever
			if random.Chance(1, 2) {
				return state
			}
		}
		if possible {
			return next
		}
		return state
	}
	o.Outcome = history.Fail // nothing that was drawn fits
	return state
}

func integer(n int64) history.Value { return history.Integer(n) }

// operations draws an operation of each model, with all its arguments and results from few values.
var operations = map[string]func(random *rng.Stream) history.Operation{
	"register":       drawRegister,
	"cas-register":   drawRegister,
	"map":            drawMap,
	"counter":        drawCounter,
	"set":            drawSet,
	"fifo-queue":     drawCollection(history.Enqueue, history.Dequeue),
	"priority-queue": drawCollection(history.Insert, history.RemoveMin),
	"stack":          drawCollection(history.Push, history.Pop),
	"lock":           drawLock,
	"fenced-lock":    drawFencedLock,
	"lease":          drawLease,
	"leader":         drawLeader,
	"znode-tree":     drawZnodeTree,
	"registry":       drawRegistry,
	"text":           drawText,
}

// few is a small number, or nothing.
func few(random *rng.Stream, most int64) history.Value {
	if n := random.Below(most + 1); n > 0 {
		return integer(n)
	}
	return history.Nothing
}

func drawRegister(random *rng.Stream) history.Operation {
	switch random.Below(4) {
	case 0:
		return history.Operation{Function: history.Write, Argument: few(random, 6)}
	case 1:
		return history.Operation{Function: history.CAS, Argument: history.List(few(random, 6), few(random, 6))}
	}
	return history.Operation{Function: history.Read, Result: few(random, 6)}
}

func drawMap(random *rng.Stream) history.Operation {
	key := string(rune('k' + random.Below(2)))
	switch random.Below(6) {
	case 0:
		return history.Operation{Function: history.Write, Key: key, Argument: few(random, 3)}
	case 1:
		return history.Operation{Function: history.CAS, Key: key, Argument: history.List(few(random, 3), few(random, 3))}
	case 2:
		return history.Operation{Function: history.Remove, Key: key}
	case 3:
		var asked, got []history.Value
		for range 1 + random.Below(3) {
			name, key, value := history.Text("r"), history.Text(string(rune('k'+random.Below(2)))), few(random, 3)
			told := value
			switch random.Below(3) {
			case 0:
				name = history.Text("w")
			case 1:
				value = history.Nothing
			}
			asked, got = append(asked, history.List(name, key, value)), append(got, history.List(name, key, told))
		}
		return history.Operation{Function: history.Txn, Argument: history.List(asked...), Result: history.List(got...)}
	}
	return history.Operation{Function: history.Read, Key: key, Result: few(random, 3)}
}

func drawCounter(random *rng.Stream) history.Operation {
	switch random.Below(4) {
	case 0:
		return history.Operation{Function: history.Add, Argument: integer(1)}
	case 1:
		return history.Operation{Function: history.Add, Argument: integer(random.Between(-1, 2)), Result: few(random, 3)}
	}
	return history.Operation{Function: history.Read, Result: integer(random.Below(4))}
}

func drawSet(random *rng.Stream) history.Operation {
	element := integer(random.Below(4))
	result := []history.Value{history.Nothing, integer(0), integer(1)}[random.Below(3)]
	switch random.Below(5) {
	case 0, 1:
		return history.Operation{Function: history.Add, Argument: element, Result: result}
	case 2:
		return history.Operation{Function: history.Remove, Argument: element, Result: result}
	case 3:
		return history.Operation{Function: history.Read, Argument: element, Result: integer(random.Below(2))}
	}
	var elements []history.Value
	for i := range int64(4) {
		if random.Chance(1, 2) {
			elements = append(elements, integer(3-i))
		}
	}
	return history.Operation{Function: history.Read, Result: history.List(elements...)}
}

func drawCollection(put, take history.Function) func(random *rng.Stream) history.Operation {
	return func(random *rng.Stream) history.Operation {
		switch random.Below(5) {
		case 0, 1:
			return history.Operation{Function: put, Argument: integer(1 + random.Below(5))}
		case 2:
			return history.Operation{Function: history.Peek, Result: few(random, 5)}
		}
		return history.Operation{Function: take, Result: few(random, 5)}
	}
}

func drawLock(random *rng.Stream) history.Operation {
	switch random.Below(5) {
	case 0:
		return history.Operation{Function: history.TryLock, Result: integer(random.Below(2))}
	case 1:
		return history.Operation{Function: history.Acquire}
	case 2:
		holder := history.Nothing
		if client := random.Below(4); client > 0 {
			holder = history.Text(string(rune('a' + client - 1)))
		}
		return history.Operation{Function: history.Read, Result: holder}
	}
	return history.Operation{Function: history.Release}
}

func drawFencedLock(random *rng.Stream) history.Operation {
	switch random.Below(5) {
	case 0:
		return history.Operation{Function: history.TryLock, Result: integer(random.Below(5))}
	case 1:
		return history.Operation{Function: history.Acquire, Result: integer(1 + random.Below(5))}
	case 2:
		return history.Operation{Function: history.Read, Result: few(random, 4)}
	}
	return history.Operation{Function: history.Release, Argument: few(random, 4)}
}

func drawLease(random *rng.Stream) history.Operation {
	switch random.Below(6) {
	case 0:
		return history.Operation{Function: history.Acquire, Argument: integer(random.Below(20))}
	case 1:
		return history.Operation{Function: history.Renew, Argument: integer(random.Below(20))}
	case 2:
		return history.Operation{Function: history.TryLock, Argument: integer(random.Below(20)), Result: integer(random.Below(2))}
	}
	if operation := drawLock(random); operation.Function == history.Read || operation.Function == history.Release {
		return operation
	}
	return history.Operation{Function: history.Release}
}

func drawLeader(random *rng.Stream) history.Operation {
	if random.Chance(1, 2) {
		return history.Operation{Function: history.Lead, Argument: integer(random.Below(5))}
	}
	if random.Chance(1, 5) {
		return history.Operation{Function: history.Read}
	}
	return history.Operation{Function: history.Read, Result: history.List(integer(random.Below(5)), history.Text(string(rune('a'+random.Below(3)))))}
}

func drawZnodeTree(random *rng.Stream) history.Operation {
	path := []string{"a", "b", "a/c", "/a"}[random.Below(4)]
	version := few(random, 2)
	switch random.Below(9) {
	case 0, 1:
		return history.Operation{Function: history.Create, Key: path, Argument: few(random, 2)}
	case 2:
		return history.Operation{Function: history.CreateSequential, Key: []string{"", "a"}[random.Below(2)], Result: integer(random.Below(4))}
	case 3:
		return history.Operation{Function: history.Write, Key: path, Argument: few(random, 2)}
	case 4:
		return history.Operation{Function: history.CAS, Key: path, Argument: history.List(integer(random.Below(2)), few(random, 2))}
	case 5:
		return history.Operation{Function: history.Remove, Key: path, Argument: version}
	case 6:
		return history.Operation{Function: history.Stat, Key: path, Result: history.List(few(random, 2), integer(random.Below(3)))}
	case 7:
		parts := history.List(history.List(history.Text("create"), history.Text(path), few(random, 2)),
			history.List(history.Text("check"), history.Text("b"), version))
		return history.Operation{Function: history.Txn, Argument: parts}
	}
	return history.Operation{Function: history.Read, Key: path, Result: few(random, 2)}
}

func drawRegistry(random *rng.Stream) history.Operation {
	instance := []string{"web/a", "web/b", "db/c"}[random.Below(3)]
	status := []history.Value{history.Nothing, history.Text("UP"), history.Text("DOWN")}[random.Below(3)]
	switch random.Below(8) {
	case 0, 1:
		return history.Operation{Function: history.Register, Key: instance}
	case 2:
		return history.Operation{Function: history.Deregister, Key: instance}
	case 3:
		return history.Operation{Function: history.Die, Key: instance}
	case 4:
		return history.Operation{Function: history.SetStatus, Key: instance, Argument: history.Text("DOWN")}
	case 5:
		return history.Operation{Function: history.Status, Key: instance, Result: status}
	case 6:
		return history.Operation{Function: history.ClearStatus, Key: instance}
	}
	var listed []history.Value
	for _, each := range []string{"web/b", "web/a"} {
		if random.Chance(1, 2) {
			listed = append(listed, history.Text(each))
		}
	}
	return history.Operation{Function: history.Lookup, Key: "web", Result: history.List(listed...)}
}

func drawText(random *rng.Stream) history.Operation {
	letter := history.Text(string(rune('a' + random.Below(2))))
	switch random.Below(4) {
	case 0:
		return history.Operation{Function: history.Write, Argument: letter}
	case 1:
		return history.Operation{Function: history.Append, Argument: letter}
	}
	texts := []history.Value{history.Nothing, letter, history.Text("ab"), history.Text("aa"), history.Text("ba")}
	return history.Operation{Function: history.Read, Result: texts[random.Below(5)]}
}
