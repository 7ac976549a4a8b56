package history

import (
	"fmt"
	"slices"
)

// History is a whole run: its events in order, and the operations made of them.
type History struct {
	Events     []Event
	Operations []Operation // in order of invocation
	Run        Run         // zero if the history has no first line of type "run"
	Torn       bool        // the last line was cut short by a killed harness and was left out

	byKey     map[string][]int
	byProcess map[int][]int
	keys      []string
}

// New joins events to a history. It errors, naming the event, when the events are no history: an
// index that is not the position, time that goes back, a completion without its invocation, two
// operations of one process at a time, or a process used again after "info".
func New(events []Event) (*History, error) {
	h := &History{Events: events, byKey: map[string][]int{}, byProcess: map[int][]int{}}
	invoked := 0
	for i := range events {
		if events[i].Type == Invoke {
			invoked++
		}
	}
	h.Operations = slices.Grow(h.Operations, invoked)
	join := joiner{history: h, open: map[int]int{}, retired: map[int]bool{}}
	for i := range events {
		if err := join.add(i); err != nil {
			return nil, fmt.Errorf("event %d: %w", i, err)
		}
	}
	slices.Sort(h.keys)
	return h, nil
}

// joiner joins invocations and completions.
type joiner struct {
	history *History
	open    map[int]int // process -> position of its open operation
	retired map[int]bool
}

func (j *joiner) add(position int) error {
	event := &j.history.Events[position]
	if event.Index != position {
		return fmt.Errorf("its index is %d", event.Index)
	}
	if position > 0 && event.Time < j.history.Events[position-1].Time {
		return fmt.Errorf("time goes back from %d to %d", j.history.Events[position-1].Time, event.Time)
	}
	switch event.Type {
	case Invoke:
		return j.invoke(event)
	case Ok, Fail, Info:
		return j.complete(event)
	case RunEvent:
		if position != 0 {
			return fmt.Errorf("a %q line can only be the first", RunEvent)
		}
		j.history.Run = *event.Run
	}
	return nil
}

func (j *joiner) invoke(event *Event) error {
	if j.retired[event.Process] {
		return fmt.Errorf("process %d was retired by an earlier info", event.Process)
	}
	if _, busy := j.open[event.Process]; busy {
		return fmt.Errorf("process %d invokes while its last operation is open", event.Process)
	}
	h, position := j.history, len(j.history.Operations)
	h.Operations = append(h.Operations, Operation{
		ID: event.Index, Process: event.Process, Client: event.Client, Function: event.Function,
		Key: event.Key, Argument: event.Value, Invoked: event.Time, Completed: Forever, GaveUp: Forever,
		Outcome: Info, Error: "never completed",
	})
	j.open[event.Process] = position
	if _, known := h.byKey[event.Key]; !known {
		h.keys = append(h.keys, event.Key)
	}
	h.byKey[event.Key] = append(h.byKey[event.Key], position)
	h.byProcess[event.Process] = append(h.byProcess[event.Process], position)
	return nil
}

func (j *joiner) complete(event *Event) error {
	position, found := j.open[event.Process]
	if !found {
		return fmt.Errorf("process %d completes what it never invoked", event.Process)
	}
	operation := &j.history.Operations[position]
	if operation.Function != event.Function || operation.Key != event.Key {
		return fmt.Errorf("process %d completes %s %s, but had invoked %s %s", event.Process,
			event.Function, event.Key, operation.Function, operation.Key)
	}
	delete(j.open, event.Process)
	operation.Outcome, operation.Result = event.Type, event.Value
	operation.Node, operation.Version, operation.Error = event.Node, event.Version, event.Error
	operation.GaveUp = event.Time
	if event.Type == Info {
		j.retired[event.Process] = true
	} else {
		operation.Completed = event.Time
	}
	return nil
}

// Keys are all keys of operations, sorted.
func (h *History) Keys() []string { return h.keys }

// ByKey are the operations on one key, in order of invocation.
func (h *History) ByKey(key string) []Operation { return h.pick(h.byKey[key]) }

// ByProcess are the operations of one process, in order.
func (h *History) ByProcess(process int) []Operation { return h.pick(h.byProcess[process]) }

func (h *History) pick(positions []int) []Operation {
	operations := make([]Operation, len(positions))
	for i, position := range positions {
		operations[i] = h.Operations[position]
	}
	return operations
}

// PhaseStart is when a phase began, and whether it did.
func (h *History) PhaseStart(phase Phase) (Time, bool) {
	for i := range h.Events {
		if h.Events[i].Type == PhaseEvent && h.Events[i].Phase == phase {
			return h.Events[i].Time, true
		}
	}
	return 0, false
}

// PhaseAt is the phase that an instant falls into: Warmup before any phase event.
func (h *History) PhaseAt(at Time) Phase {
	current := Warmup
	for i := range h.Events {
		if h.Events[i].Time > at {
			break
		}
		if h.Events[i].Type == PhaseEvent {
			current = h.Events[i].Phase
		}
	}
	return current
}

// End is the time of the last event.
func (h *History) End() Time {
	if len(h.Events) == 0 {
		return 0
	}
	return h.Events[len(h.Events)-1].Time
}

// Faults are the fault events, with their times, in order.
func (h *History) Faults() []Event { return h.ofType(FaultEvent) }

// Notes are the notes, with their times, in order.
func (h *History) Notes() []Event { return h.ofType(NoteEvent) }

func (h *History) ofType(kind Type) []Event {
	var events []Event
	for i := range h.Events {
		if h.Events[i].Type == kind {
			events = append(events, h.Events[i])
		}
	}
	return events
}
