package evidence

import (
	"cmp"
	"slices"

	"cleave/history"
)

// State says whether a property holds of a history.
type State string

// The states.
const (
	Holds     State = "holds"
	Broken    State = "does not hold"
	Undecided State = "undecided"
)

// Finding is what was found of one property.
type Finding struct {
	State  State
	Reason string // one sentence: what was found, or why it is undecided
	Key    string // the one key that it is about, "" if it is about several or all
	// Operations are the fewest found that break the property, in order of invocation; Explanation says
	// why they do, a sentence each. Both are empty unless the property is broken.
	Operations  []history.Operation
	Explanation []string
}

// Holding is the finding that a property holds.
func Holding(reason string) Finding { return Finding{State: Holds, Reason: reason} }

// Undecidable is the finding that a property could not be decided.
func Undecidable(reason string) Finding { return Finding{State: Undecided, Reason: reason} }

// Against is the finding that a property is broken. The operations are put in order and told one by one;
// but is what speaks against the one with the ID culprit, and no operation if there is none of that ID.
func Against(reason string, operations []history.Operation, culprit int, but string) Finding {
	operations = InOrder(operations)
	found := Finding{State: Broken, Reason: reason, Operations: operations}
	told := but == ""
	for i := range operations {
		sentence := Tell(operations[i])
		if operations[i].ID == culprit && !told {
			sentence, told = sentence+", but "+but, true
		}
		found.Explanation = append(found.Explanation, sentence)
	}
	if !told {
		found.Explanation = append(found.Explanation, but)
	}
	if len(operations) > 0 && !slices.ContainsFunc(operations, func(o history.Operation) bool { return o.Key != operations[0].Key }) {
		found.Key = operations[0].Key
	}
	return found
}

// InOrder sorts operations by invocation and takes doubles away.
func InOrder(operations []history.Operation) []history.Operation {
	sorted := slices.Clone(operations)
	slices.SortFunc(sorted, func(a, b history.Operation) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(sorted, func(a, b history.Operation) bool { return a.ID == b.ID })
}
