package foreign

import (
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"cleave/history"
)

// Operations reads a history and joins invocations with completions. Operations come in the order of their
// completions, and at the end those that have none, by process. What is open is all that is held in memory.
//
// Errors name the line: a completion without its invocation, or of another function, key or value written; a
// process that invokes twice at a time, one used again after an info.
func Operations(input io.Reader, options Options) iter.Seq2[history.Operation, error] {
	return func(yield func(history.Operation, error) bool) {
		j := joiner{open: map[int]*opened{}, retired: map[int]bool{}}
		for read, err := range records(input, options) {
			if err != nil {
				yield(history.Operation{}, err)
				return
			}
			joined, done, err := j.add(&read.event)
			if err != nil {
				yield(history.Operation{}, fmt.Errorf("line %d: %w", read.line, err))
				return
			}
			if done && !yield(joined, nil) {
				return
			}
		}
		for _, process := range slices.Sorted(maps.Keys(j.open)) {
			if last := j.open[process]; last.busy && !yield(last.operation, nil) {
				return
			}
		}
	}
}

// joiner joins events to operations.
type joiner struct {
	open    map[int]*opened // by process
	retired map[int]bool
}

// opened is the last operation of a process, whose place the next one takes.
type opened struct {
	operation history.Operation
	busy      bool // it is not completed
}

// mostKept is how many processes may keep their place when nothing of theirs is open.
const mostKept = 1024

// add takes an event, and gives an operation if it ends one.
func (j *joiner) add(event *history.Event) (joined history.Operation, done bool, err error) {
	if !isOperation(event.Type) {
		return joined, false, nil
	}
	last := j.open[event.Process]
	if event.Type == history.Invoke {
		return joined, false, j.invoke(last, event)
	}
	if last == nil || !last.busy {
		return joined, false, fmt.Errorf("process %d completes what it never invoked", event.Process)
	}
	operation := &last.operation
	switch {
	case operation.Function != event.Function || event.Key != "" && operation.Key != event.Key:
		return joined, false, fmt.Errorf("process %d completes %s, but had invoked %s", event.Process,
			asked(event.Function, event.Key), asked(operation.Function, operation.Key))
	}
	if event.Type == history.Ok && event.Function == history.Write && !answers(operation.Argument, event.Value) {
		return joined, false, fmt.Errorf("process %d completes the write of %.40s, but had invoked that of %.40s",
			event.Process, event.Value, operation.Argument)
	}
	operation.Outcome, operation.Result, operation.GaveUp = event.Type, event.Value, event.Time
	if echoes(*operation) {
		operation.Result = history.Nothing
	}
	operation.Node, operation.Version, operation.Error = event.Node, event.Version, event.Error
	if event.Type == history.Info {
		j.retired[event.Process] = true
	} else {
		operation.Completed = event.Time
	}
	if last.busy = false; event.Type == history.Info || len(j.open) > mostKept {
		delete(j.open, event.Process)
	}
	return *operation, true, nil
}

// invoke begins an operation of a process, whose last one is given, or nil.
func (j *joiner) invoke(last *opened, event *history.Event) error {
	switch {
	case last == nil && j.retired[event.Process]:
		return fmt.Errorf("process %d was retired by an earlier info", event.Process)
	case last == nil:
		last = &opened{}
		j.open[event.Process] = last
	case last.busy:
		return fmt.Errorf("process %d invokes while its last operation is open", event.Process)
	}
	*last = opened{busy: true, operation: history.Operation{
		ID: event.Index, Process: event.Process, Client: event.Client, Function: event.Function, Key: event.Key,
		Argument: event.Value, Invoked: event.Time, Completed: history.Forever, GaveUp: history.Forever,
		Outcome: history.Info, Error: "never completed",
	}}
	return nil
}

// asked is a function with its key, if it has one.
func asked(function history.Function, key string) string {
	if key == "" {
		return string(function)
	}
	return fmt.Sprintf("%s %s", function, key)
}

// answers tells whether a write may complete with a value: nothing, what was asked for, or that behind the token, a
// number, that it was fenced with.
func answers(asked, told history.Value) bool {
	if told.IsNothing() || told.Equal(asked) {
		return true
	}
	pair, _ := told.AsList()
	if len(pair) != 2 {
		return false
	}
	_, isToken := pair[0].AsInteger()
	return isToken && pair[1].Equal(asked)
}

// echoes tells that an operation's completion only repeats what was asked for, as Jepsen's do.
func echoes(operation history.Operation) bool {
	switch operation.Function {
	case history.Write, history.CAS, history.Add, history.Remove, history.Enqueue, history.Push, history.Insert, history.Append, history.Release:
		return operation.Result.Equal(operation.Argument)
	}
	return false
}
