package linear

import (
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// Judge is Check for operations on one object of a model with a name: register, cas-register, counter,
// set, fifo-queue, priority-queue, stack or lock. Positions in the answer are those of the
// operations given. What failed, and reads that were told nothing, are left out.
func Judge(model string, operations []history.Operation) Answer {
	t, known := translators[model]
	if !known {
		return Answer{Verdict: Unsuited, Cause: "there is no special algorithm for a " + model}
	}
	w := &writer{given: operations, dense: make([]Operation, 0, len(operations)), sources: make([]int32, 0, len(operations)),
		numbers: map[int64]int64{}, texts: map[evidence.Identity]int64{}}
	for i := range operations {
		o := &operations[i]
		if o.Outcome == history.Fail || o.Outcome == history.Info && !o.Function.Mutates() {
			continue
		}
		if !t.translate(w, i, o) {
			return Answer{Verdict: Unsuited, Cause: "the special algorithm for a " + model + " does not know the operation " + o.String()}
		}
	}
	if t.finish != nil {
		return w.placed(t.finish(w))
	}
	return w.placed(Check(t.object, w.dense))
}

// translator makes operations of a model dense.
type translator struct {
	object Object
	// translate adds an operation, if it says anything, and tells whether it can be said.
	translate func(w *writer, position int, o *history.Operation) bool
	// finish judges what was written, where that takes more than Check.
	finish func(w *writer) Answer
}

var translators = map[string]translator{
	"register":       {Register, translateRegister, nil},
	"cas-register":   {Register, translateRegister, nil},
	"counter":        {Counter, translateCounter, judgeCounter},
	"set":            {Set, translateSet, nil},
	"fifo-queue":     {Queue, translateCollection, nil},
	"stack":          {Stack, translateCollection, nil},
	"priority-queue": {PriorityQueue, translateCollection, judgePriorityQueue},
	"lock":           {Lock, translateLock, nil},
}

// writer makes a dense history, and knows where its operations came from.
type writer struct {
	given   []history.Operation
	dense   []Operation
	sources []int32
	numbers map[int64]int64             // names of numbers
	texts   map[evidence.Identity]int64 // names of other values
}

// add writes an operation.
func (w *writer) add(position int, kind Kind, value int64, expected int64) bool {
	o := &w.given[position]
	dense := Operation{Call: int64(o.Invoked), Return: int64(o.Completed), Kind: kind, Value: value, Expected: int32(expected)}
	if o.Outcome == history.Info {
		dense.Return = Never
	} else {
		dense.Return = min(dense.Return, Never-1)
	}
	w.dense = append(w.dense, dense)
	w.sources = append(w.sources, int32(position))
	return true
}

// name numbers values from 1, in the order in which they come; nothing is 0.
func (w *writer) name(value history.Value) int64 {
	if value.IsNothing() {
		return 0
	}
	fresh := int64(len(w.numbers) + len(w.texts) + 1)
	if number, is := value.AsInteger(); is {
		name, known := w.numbers[number]
		if !known {
			name = fresh
			w.numbers[number] = fresh
		}
		return name
	}
	name, known := w.texts[evidence.Identify(value)]
	if !known {
		name = fresh
		w.texts[evidence.Identify(value)] = fresh
	}
	return name
}

// placed gives an answer the positions of the operations that were given.
func (w *writer) placed(answer Answer) Answer {
	for i, role := range answer.Roles {
		if role >= 0 {
			answer.Roles[i] = int(w.sources[role])
		}
	}
	return answer
}

func translateRegister(w *writer, position int, o *history.Operation) bool {
	value, writes := models.Written(*o)
	expected, swaps := models.Expected(*o)
	observed, sees := models.Observed(*o)
	switch {
	case swaps:
		return w.add(position, Swap, w.name(value), w.name(expected))
	case writes:
		return w.add(position, Write, w.name(value), 0)
	case sees:
		return w.add(position, Read, w.name(observed), 0)
	}
	return true // it says nothing of the register
}

func translateCollection(w *writer, position int, o *history.Operation) bool {
	switch o.Function {
	case history.Enqueue, history.Push, history.Insert:
		return w.add(position, Put, w.name(o.Argument), 0)
	case history.Dequeue, history.Pop, history.RemoveMin:
		if o.Outcome == history.Info {
			return w.add(position, Take, 0, 0)
		}
		return w.add(position, Take, w.name(o.Result), 0)
	case history.Peek:
		return w.add(position, Peek, w.name(o.Result), 0)
	}
	return false
}

// judgePriorityQueue names numbers anew, in their order.
func judgePriorityQueue(w *writer) Answer {
	if len(w.texts) > 0 {
		return unsuited("a priority queue holds numbers only")
	}
	order := make([]int64, 0, len(w.numbers))
	for number := range w.numbers {
		order = append(order, number)
	}
	slices.Sort(order)
	names := make([]int64, len(order)+1)
	for i, number := range order {
		names[w.numbers[number]] = int64(i + 1)
	}
	for i := range w.dense {
		w.dense[i].Value = names[w.dense[i].Value]
	}
	return Check(PriorityQueue, w.dense)
}

func translateSet(w *writer, position int, o *history.Operation) bool {
	kinds, known := setKinds[o.Function]
	if !known || o.Argument.IsNothing() {
		return false
	}
	told, isTruth := o.Result.AsInteger()
	switch {
	case o.Function != history.Read && (o.Outcome == history.Info || o.Result.IsNothing()):
		return w.add(position, kinds.silent, w.name(o.Argument), 0)
	case !isTruth || told != 0 && told != 1:
		return false
	}
	return w.add(position, kinds.told[told], w.name(o.Argument), 0)
}

// setKinds are the kinds of operations on a set: without an answer, and with the answers 0 and 1.
var setKinds = map[history.Function]struct {
	silent Kind
	told   [2]Kind
}{
	history.Add:    {Add, [2]Kind{Has, Added}},
	history.Remove: {Remove, [2]Kind{Lacks, Removed}},
	history.Read:   {Has, [2]Kind{Lacks, Has}},
}

// translateCounter writes an add that was told the sum as a swap, for judgeCounter.
func translateCounter(w *writer, position int, o *history.Operation) bool {
	result, told := o.Result.AsInteger()
	switch amount, isNumber := o.Argument.AsInteger(); {
	case o.Function == history.Add && isNumber && told && o.Outcome == history.Ok:
		return w.add(position, Swap, result, 0)
	case o.Function == history.Add && isNumber && (o.Outcome == history.Info || o.Result.IsNothing()):
		return w.add(position, Increase, amount, 0)
	case o.Function == history.Read && told:
		return w.add(position, Read, result, 0)
	}
	return false
}

// judgeCounter judges a counter. If adds were told the sum, each is a swap of the sum before, and the
// counter a register. Adds of unknown outcome then are gaps in the chain, if they happened; without them the
// counter is valid at most.
func judgeCounter(w *writer) Answer {
	swaps, silent := 0, 0
	for i := range w.dense {
		switch w.dense[i].Kind {
		case Swap:
			swaps++
		case Increase:
			silent++
		}
	}
	if swaps == 0 {
		return Check(Counter, w.dense)
	}
	register := &writer{given: w.given, numbers: map[int64]int64{0: 0}}
	for i := range w.dense {
		o, position := &w.dense[i], int(w.sources[i])
		switch {
		case o.Kind == Read:
			register.add(position, Read, register.name(history.Integer(o.Value)), 0)
		case o.Kind == Swap:
			amount, _ := w.given[position].Argument.AsInteger()
			register.add(position, Swap, register.name(history.Integer(o.Value)), register.name(history.Integer(o.Value-amount)))
		case !o.unknown():
			return unsuited("some adds were told the sum, and others were not")
		}
	}
	answer := Check(Register, register.dense)
	if answer.Verdict == Invalid && silent > 0 {
		return unsuited("%d adds have an unknown outcome, while others were told the sum", int64(silent))
	}
	w.sources = register.sources
	return answer
}

// translateLock names holders as they come: a holder is a client.
func translateLock(w *writer, position int, o *history.Operation) bool {
	holder := w.name(history.Text(o.Client))
	switch result, _ := o.Result.AsInteger(); {
	case o.Function == history.Acquire:
		return w.add(position, Acquire, holder, 0)
	case o.Function == history.Release:
		return w.add(position, Release, holder, 0)
	case o.Function == history.TryLock && (o.Outcome == history.Info || result == 1):
		return w.add(position, Acquire, holder, 0)
	case o.Function == history.TryLock:
		return w.add(position, Refused, holder, 0)
	}
	return false
}
