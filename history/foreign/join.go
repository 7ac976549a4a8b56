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
		j := joiner{open: map[int]history.Operation{}, retired: map[int]bool{}}
		for read, err := range records(input, options) {
			if err != nil {
				yield(history.Operation{}, err)
				return
			}
			joined, done, err := j.add(read.event)
			if err != nil {
				yield(history.Operation{}, fmt.Errorf("line %d: %w", read.line, err))
				return
			}
			if done && !yield(joined, nil) {
				return
			}
		}
		for _, process := range slices.Sorted(maps.Keys(j.open)) {
			if !yield(j.open[process], nil) {
				return
			}
		}
	}
}

// joiner joins events to operations.
type joiner struct {
	open    map[int]history.Operation // by process
	retired map[int]bool
}

// add takes an event, and gives an operation if it ends one.
func (j *joiner) add(event history.Event) (joined history.Operation, done bool, err error) {
	if !isOperation(event.Type) {
		return joined, false, nil
	}
	operation, busy := j.open[event.Process]
	if event.Type == history.Invoke {
		switch {
		case j.retired[event.Process]:
			return joined, false, fmt.Errorf("process %d was retired by an earlier info", event.Process)
		case busy:
			return joined, false, fmt.Errorf("process %d invokes while its last operation is open", event.Process)
		}
		j.open[event.Process] = history.Operation{
			ID: event.Index, Process: event.Process, Client: event.Client, Function: event.Function, Key: event.Key,
			Argument: event.Value, Invoked: event.Time, Completed: history.Forever, GaveUp: history.Forever,
			Outcome: history.Info, Error: "never completed",
		}
		return joined, false, nil
	}
	switch {
	case !busy:
		return joined, false, fmt.Errorf("process %d completes what it never invoked", event.Process)
	case operation.Function != event.Function || event.Key != "" && operation.Key != event.Key:
		return joined, false, fmt.Errorf("process %d completes %s, but had invoked %s", event.Process,
			asked(event.Function, event.Key), asked(operation.Function, operation.Key))
	}
	if event.Type == history.Ok && event.Function == history.Write && !answers(operation.Argument, event.Value) {
		return joined, false, fmt.Errorf("process %d completes the write of %.40s, but had invoked that of %.40s",
			event.Process, event.Value, operation.Argument)
	}
	delete(j.open, event.Process)
	operation.Outcome, operation.Result, operation.GaveUp = event.Type, event.Value, event.Time
	if echoes(operation) {
		operation.Result = history.Nothing
	}
	operation.Node, operation.Version, operation.Error = event.Node, event.Version, event.Error
	if event.Type == history.Info {
		j.retired[event.Process] = true
	} else {
		operation.Completed = event.Time
	}
	return operation, true, nil
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
