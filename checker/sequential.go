package checker

import (
	"cmp"
	"fmt"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// Sequential judges whether each client sees the system go forward only: what ZooKeeper calls
// sequential consistency with a single system image. A client's session outlives an operation of
// unknown outcome, so it is judged by client, not by process. Of ok operations, in order of completion:
//   - the server's version never goes back, and so a read after an own write is of the write's version
//     or a later one;
//   - of a key, the values read, and written by the client itself, never go back in the order of the
//     versions that their writes were given. Values that were written more than once have no place in
//     that order.
//
// The version of a write must be the one that the write itself was given. Operations without a
// version (0) are judged by the second rule alone, and values whose writer was told none by neither. A client that was
// rebooted has seen nothing.
//
//	c1 |--write 1--| v5    |--read nil--| v4    invalid: c1 has seen version 5
type Sequential struct {
	Functions []history.Function // operations with other functions are left out
	// PerKey says that versions number the states of each key by itself, so that those of different
	// keys cannot be compared.
	PerKey bool
}

// Name is "sequential".
func (Sequential) Name() string { return "sequential" }

// Check judges. It is Unknown if no operation has a version.
func (s Sequential) Check(h *history.History, _ Budget) Result {
	operations := s.completed(h)
	order := versionsOf(operations)
	sessions, versions := map[string]*session{}, 0
	for _, operation := range operations {
		if operation.Function == history.Reboot {
			delete(sessions, operation.Client)
			continue
		}
		if operation.Version > 0 {
			versions++
		}
		current, known := sessions[operation.Client]
		if !known {
			current = &session{newest: map[string]*history.Operation{}, values: map[string]sighting{}}
			sessions[operation.Client] = current
		}
		numbered := ""
		if s.PerKey {
			numbered = operation.Key
		}
		before, why := current.nextVersion(operation, numbered)
		if before == nil {
			before, why = current.nextValue(operation, order)
		}
		if before != nil {
			return backwardsResult(*before, *operation, why)
		}
	}
	if versions == 0 {
		return Result{Verdict: Unknown, Reason: "no ok operation has a version"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, %s: nobody saw a state older than one seen before",
		counted(len(sessions), "client"), counted(len(operations), "ok operation"))}
}

// completed are the ok operations judged, and reboots, in order of completion.
func (s Sequential) completed(h *history.History) []*history.Operation {
	operations := make([]*history.Operation, 0, len(h.Operations))
	for i := range h.Operations {
		if operation := &h.Operations[i]; operation.Outcome == history.Ok &&
			(slices.Contains(s.Functions, operation.Function) || operation.Function == history.Reboot) {
			operations = append(operations, operation)
		}
	}
	slices.SortFunc(operations, func(a, b *history.Operation) int {
		return cmp.Or(cmp.Compare(a.Completed, b.Completed), cmp.Compare(a.Invoked, b.Invoked), cmp.Compare(a.ID, b.ID))
	})
	return operations
}

// written is a value of a key.
type written struct {
	key   string
	value evidence.Identity
}

// versionsOf gives the version of each value that was written exactly once, by an ok operation that
// was told its version. The initial value has version 0.
func versionsOf(operations []*history.Operation) map[written]int64 {
	order, again := map[written]int64{}, map[written]bool{}
	for _, operation := range operations {
		value, writes := models.Written(*operation)
		if !writes {
			continue
		}
		place := written{operation.Key, evidence.Identify(value)}
		if _, twice := order[place]; twice || again[place] || place.value == evidence.Identify(history.Nothing) || operation.Version == 0 {
			again[place] = true
			delete(order, place)
			continue
		}
		order[place] = operation.Version
	}
	return order
}

// session is what a client has seen.
type session struct {
	newest map[string]*history.Operation // of the highest version: by key, or all under ""
	values map[string]sighting           // by key
}

// sighting is the newest value that a client saw of a key.
type sighting struct {
	version   int64
	value     history.Value
	operation *history.Operation
}

// nextVersion takes the version of the client's next operation. If it goes back, it gives the
// operation that had been further, and says how.
func (s *session) nextVersion(operation *history.Operation, numbered string) (before *history.Operation, why string) {
	if operation.Version <= 0 {
		return nil, ""
	}
	newest := s.newest[numbered]
	if newest != nil && operation.Version < newest.Version {
		return newest, fmt.Sprintf("version %d after it had seen version %d", operation.Version, newest.Version)
	}
	s.newest[numbered] = operation
	return nil, ""
}

// nextValue takes the value, likewise.
func (s *session) nextValue(operation *history.Operation, order map[written]int64) (before *history.Operation, why string) {
	value, writes := models.Written(*operation)
	if !writes {
		observed, sees := models.Observed(*operation)
		if !sees {
			return nil, ""
		}
		value = observed
	}
	id := evidence.Identify(value)
	version, known := order[written{operation.Key, id}]
	if !known && id != evidence.Identify(history.Nothing) {
		return nil, ""
	}
	if last, seen := s.values[operation.Key]; seen && version < last.version {
		return last.operation, fmt.Sprintf("%s, of version %d, after it had seen %s, of version %d", value, version, last.value, last.version)
	}
	s.values[operation.Key] = sighting{version, value, operation}
	return nil, ""
}

func backwardsResult(before, after history.Operation, why string) Result {
	operations := []history.Operation{before, after}
	slices.SortStableFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.ID, b.ID) })
	witness := &Witness{Operations: operations}
	if before.Key == after.Key {
		witness.Key = before.Key
	}
	for _, operation := range operations {
		sentence := fmt.Sprintf("%s (version %d%s)", evidence.TellAlone(operation), operation.Version, by(operation.Node))
		if operation.ID == after.ID {
			sentence += ": " + why
		}
		witness.Explanation = append(witness.Explanation, sentence)
	}
	return Result{Verdict: Invalid, Witness: witness, Reason: fmt.Sprintf("%s was shown a state older than one it had seen", after.Client)}
}
