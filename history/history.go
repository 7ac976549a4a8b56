package history

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// History is a whole run: its events in order, and the operations made of them.
type History struct {
	Events     []Event
	Operations []Operation // in order of invocation
	Run        Run         // zero if the history has no first line of type "run"
	Torn       bool        // the last line was cut short by a killed harness and was left out

	byKey  map[string][]int
	keys   []string
	faults []Event
	notes  []Event
}

// New joins events to a history. It errors, naming the event, when the events are no history: an
// index that is not the position, time that goes back, a completion without its invocation, two
// operations of one process at a time, or a process used again after "info".
func New(events []Event) (*History, error) {
	h := &History{Events: events, byKey: map[string][]int{}}
	invoked := 0
	for i := range events {
		if events[i].Type == Invoke {
			invoked++
		}
	}
	h.Operations = slices.Grow(h.Operations, invoked)
	join := joiner{history: h, open: map[int]int{}}
	for i := range events {
		if err := join.add(i); err != nil {
			return nil, fmt.Errorf("event %d: %w", i, err)
		}
	}
	slices.Sort(h.keys)
	h.faults, h.notes = h.ofType(FaultEvent), h.ofType(NoteEvent)
	return h, nil
}

// FromOperations makes a history of operations alone, without events. They are put in order of invocation.
func FromOperations(operations []Operation) *History {
	h := &History{Operations: operations, byKey: map[string][]int{}}
	inOrder(h.Operations)
	for i := range h.Operations {
		h.index(i)
	}
	slices.Sort(h.keys)
	return h
}

// inOrder puts operations in order of invocation. They are large, so each is moved once.
func inOrder(operations []Operation) {
	order := make([]int32, len(operations)) // the position of what is to stand at each
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		one, other := &operations[a], &operations[b]
		return cmp.Or(cmp.Compare(one.Invoked, other.Invoked), cmp.Compare(one.ID, other.ID), cmp.Compare(a, b))
	})
	for start := range order {
		if order[start] == int32(start) {
			continue
		}
		first := operations[start]
		for at := start; ; { // round a circle of the permutation
			from := int(order[at])
			order[at] = int32(at)
			if from == start {
				operations[at] = first
				break
			}
			operations[at] = operations[from]
			at = from
		}
	}
}

// index makes an operation to be found by its key.
func (h *History) index(position int) {
	key := h.Operations[position].Key
	places, known := h.byKey[key]
	if !known {
		h.keys = append(h.keys, key)
	}
	h.byKey[key] = append(places, position)
}

// joiner joins invocations and completions.
type joiner struct {
	history *History
	open    map[int]int // process -> position of its open operation, or what else it is
}

// What a process is without an open operation.
const (
	idle    = -1
	retired = -2
)

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
	switch last, known := j.open[event.Process]; {
	case known && last == retired:
		return fmt.Errorf("process %d was retired by an earlier info", event.Process)
	case known && last != idle:
		return fmt.Errorf("process %d invokes while its last operation is open", event.Process)
	}
	h, position := j.history, len(j.history.Operations)
	h.Operations = append(h.Operations, Operation{
		ID: event.Index, Process: event.Process, Client: event.Client, Function: event.Function,
		Key: event.Key, Argument: event.Value, Invoked: event.Time, Completed: Forever, GaveUp: Forever,
		Outcome: Info, Error: "never completed",
	})
	j.open[event.Process] = position
	h.index(position)
	return nil
}

func (j *joiner) complete(event *Event) error {
	position, found := j.open[event.Process]
	if !found || position < 0 {
		return fmt.Errorf("process %d completes what it never invoked", event.Process)
	}
	operation := &j.history.Operations[position]
	if operation.Function != event.Function || operation.Key != event.Key {
		return fmt.Errorf("process %d completes %s %s, but had invoked %s %s", event.Process,
			event.Function, event.Key, operation.Function, operation.Key)
	}
	j.open[event.Process] = idle
	operation.Outcome, operation.Result = event.Type, event.Value
	operation.Node, operation.Version, operation.Error = event.Node, event.Version, event.Error
	operation.GaveUp = event.Time
	if event.Type == Info {
		j.open[event.Process] = retired
	} else {
		operation.Completed = event.Time
	}
	return nil
}

// Keys are all keys of operations, sorted.
func (h *History) Keys() []string { return h.keys }

// ByKey are the operations on one key, in order of invocation.
func (h *History) ByKey(key string) []Operation {
	return h.pick(h.byKey[key], func(*Operation) bool { return true })
}

// Select are the operations on one key that are wanted, in order of invocation. The caller must not change them: they
// are the history's own if all of it is wanted.
func (h *History) Select(key string, wanted func(*Operation) bool) []Operation {
	positions := h.byKey[key]
	unwanted := func(position int) bool { return !wanted(&h.Operations[position]) }
	if len(positions) == len(h.Operations) && !slices.ContainsFunc(positions, unwanted) {
		return slices.Clip(h.Operations)
	}
	return h.pick(positions, wanted)
}

// ByProcess are the operations of one process, in order.
func (h *History) ByProcess(process int) (operations []Operation) {
	for i := range h.Operations {
		if h.Operations[i].Process == process {
			operations = append(operations, h.Operations[i])
		}
	}
	return operations
}

func (h *History) pick(positions []int, wanted func(*Operation) bool) []Operation {
	count := 0
	for _, position := range positions {
		if wanted(&h.Operations[position]) {
			count++
		}
	}
	operations := make([]Operation, 0, count)
	for _, position := range positions {
		if wanted(&h.Operations[position]) {
			operations = append(operations, h.Operations[position])
		}
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

// Faults are the fault events, with their times, in order. The caller must not change them.
func (h *History) Faults() []Event { return h.faults }

// Notes are the notes, with their times, in order. The caller must not change them.
func (h *History) Notes() []Event { return h.notes }

// EndedEarly says when and why the world gave the run up: a note of the kind "runaway" tells. Early is false of a run that
// nobody gave up.
func (h *History) EndedEarly() (at Time, why string, early bool) {
	for _, event := range h.notes {
		if event.Note.Kind == "runaway" {
			return event.Time, strings.TrimPrefix(event.Note.Detail, "runaway: "), true
		}
	}
	return 0, "", false
}

func (h *History) ofType(kind Type) []Event {
	count := 0
	for i := range h.Events {
		if h.Events[i].Type == kind {
			count++
		}
	}
	events := make([]Event, 0, count)
	for i := range h.Events {
		if h.Events[i].Type == kind {
			events = append(events, h.Events[i])
		}
	}
	return events
}
