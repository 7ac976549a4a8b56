package maelstrom

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"cleave/internal/rng"
)

// change is what a call of a key-value service comes to on the value that a key has: an answer, and the key's new value if write.
func change(call query, value string, exists bool) (result answer, after string, write bool) {
	from, to := canonical(call.From), canonical(call.To)
	switch {
	case call.Type == "read" && exists:
		return answer{Type: "read_ok", Value: json.RawMessage(value)}, "", false
	case call.Type == "write" && call.Value != nil:
		return answer{Type: "write_ok"}, canonical(call.Value), true
	case call.Type == "cas" && (call.From == nil || call.To == nil), call.Type == "write":
		return refusal(codeMalformed, "something is missing in this "+call.Type), "", false
	case call.Type == "cas" && (exists && value == from || !exists && call.Create):
		return answer{Type: "cas_ok"}, to, true
	case call.Type == "cas" && exists:
		return refusal(codePrecondition, fmt.Sprintf("current value %s is not %s", value, from)), "", false
	case call.Type == "read", call.Type == "cas":
		return refusal(codeNoKey, "key does not exist"), "", false
	}
	return unsupported(call), "", false
}

// canonical is a JSON value as text, the same for equal values: numbers as they are written, the fields of objects in order.
func canonical(value json.RawMessage) string {
	var parsed any
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	if len(value) == 0 || decoder.Decode(&parsed) != nil {
		return ""
	}
	text, err := json.Marshal(parsed)
	if err != nil {
		panic("maelstrom: a value that was JSON is none: " + err.Error())
	}
	return string(text)
}

// keyOf is the key of a call, and whether it has one.
func keyOf(call query) (string, bool) { return canonical(call.Key), call.Key != nil }

// keyless is the answer to a call without a key.
func keyless() answer { return refusal(codeMalformed, "it has no key") }

// linearKV is lin-kv: every call sees all before it.
type linearKV map[string]string

func (s linearKV) handle(_ string, call query, _ uint64) answer {
	key, has := keyOf(call)
	if !has {
		return keyless()
	}
	value, exists := s[key]
	result, after, write := change(call, value, exists)
	if write {
		s[key] = after
	}
	return result
}

// sequentialKV is seq-kv. Calls that change nothing may be answered from any of the last states that their caller has not seen
// overtaken; the others are from the last one.
//
//	states  3   4   5   6   7    (the number of changes before)
//	            ^seen       ^last
//	            |<-- any -->|
type sequentialKV struct {
	last    int                  // changes so far
	changes map[string][]changed // by key, in order
	seen    map[string]int       // by caller: the state that it has seen
}

// changed is a value that a key has from a state on.
type changed struct {
	from  int
	value string
}

// depth is how many states back a caller may be shown.
const depth = 32

func newSequentialKV() *sequentialKV {
	return &sequentialKV{changes: map[string][]changed{}, seen: map[string]int{}}
}

func (s *sequentialKV) handle(from string, call query, draw uint64) answer {
	key, has := keyOf(call)
	if !has {
		return keyless()
	}
	oldest := max(s.seen[from], s.last-depth+1)
	at := oldest + int(rng.Below(draw, uint64(s.last-oldest+1)))
	value, exists := s.as(key, at)
	result, after, write := change(call, value, exists)
	if !write || exists && value == after {
		s.seen[from] = at
		return result
	}
	value, exists = s.as(key, s.last)
	result, after, write = change(call, value, exists)
	if write {
		s.last++
		s.changes[key] = append(s.changes[key], changed{s.last, after})
	}
	s.seen[from] = s.last
	return result
}

// as is the value of a key in a state.
func (s *sequentialKV) as(key string, state int) (value string, exists bool) {
	for _, c := range slices.Backward(s.changes[key]) {
		if c.from <= state {
			return c.value, true
		}
	}
	return "", false
}

// eventualKV is lww-kv: replicas that answer for themselves. With each call one of them tells another all it knows, and of two values
// of a key the one that was written later, by Lamport's clock, stays.
type eventualKV struct{ replicas []replica }

type replica struct {
	clock  uint64
	values map[string]stamped
}

type stamped struct {
	clock uint64
	value string
}

// replicas is how many a service of the kind has.
const replicas = 5

func newEventualKV() *eventualKV {
	s := &eventualKV{replicas: make([]replica, replicas)}
	for i := range s.replicas {
		s.replicas[i].values = map[string]stamped{}
	}
	return s
}

func (s *eventualKV) handle(_ string, call query, draw uint64) answer {
	key, has := keyOf(call)
	if !has {
		return keyless()
	}
	pick := func(n uint64) *replica { return &s.replicas[rng.Below(rng.Mix(draw, n), uint64(len(s.replicas)))] }
	pick(0).hear(pick(1))
	r := pick(2)
	value, exists := r.values[key]
	result, after, write := change(call, value.value, exists)
	if write {
		r.values[key] = stamped{r.clock, after}
		r.clock++
	}
	return result
}

// hear takes over what another knows better. Of values of one time the greater text stays.
func (r *replica) hear(other *replica) {
	r.clock = max(r.clock, other.clock)
	for _, key := range slices.Sorted(maps.Keys(other.values)) {
		mine, known := r.values[key]
		theirs := other.values[key]
		if !known || mine.clock < theirs.clock || mine.clock == theirs.clock && mine.value < theirs.value {
			r.values[key] = theirs
		}
	}
}
