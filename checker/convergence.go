package checker

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/history"
)

// Convergence judges whether, when all is healed and had time to settle, all nodes say the same of
// each key: the last ok read, or lookup, that each node answered. A read counts if it was invoked
// Settle or more after the quiet phase began, and after the last write of the key that was invoked in
// the quiet phase; a key is left out if the outcome of such a write is unknown. Lookups are compared
// as sets; their writes are register, deregister and die of any key, those of owners listings are own,
// close and die, and those of children that were watched are all below their parent.
//
//	                 quiet  Settle
//	c1 from n1         |......    |--read 1--|
//	c2 from n2         |......      |--read 2--|     invalid: n1 and n2 disagree
//
// Measured if valid: "convergence", from the start of the quiet phase to the completion of the last
// read whose answer was not yet the final one, 0 if there was none.
type Convergence struct {
	Functions []history.Function // reads and lookups that are compared
	Settle    time.Duration
	// Alone says that one node may answer for all, such as a leader: it then agrees with itself.
	Alone bool
}

// Name is "convergence".
func (Convergence) Name() string { return "convergence" }

// Check judges. It is Unknown if of no key two nodes answered, or none at all where one may answer for all.
func (c Convergence) Check(h *history.History, _ Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	if !isQuiet {
		return Result{Verdict: Unknown, Reason: "there was no quiet phase"}
	}
	compared, last, enough, who := 0, quiet, 2, "two nodes"
	if c.Alone {
		enough, who = 1, "any node"
	}
	churn, turnover := lastChange(h.Operations, quiet, changesService), lastChange(h.Operations, quiet, changesOwners)
	for _, key := range h.Keys() {
		operations := h.ByKey(key)
		reads := c.readsOf(operations, quiet)
		settled := max(quiet, churn)
		switch {
		case len(reads) == 0 || isLookup(reads[0].Function):
		case reads[0].Function == history.Owners:
			settled = max(quiet, turnover)
		case reads[0].Function == history.Watch:
			settled = max(quiet, lastChange(below(h, key), quiet, changesValue))
		default:
			settled = max(quiet, lastChange(operations, quiet, changesValue))
		}
		if settled == history.Forever {
			continue
		}
		finals := finalReads(reads, settled+history.Time(c.Settle))
		if len(finals) < enough {
			continue
		}
		compared++
		for _, other := range finals[1:] {
			if saysOf(other) != saysOf(finals[0]) {
				return disagreement(key, finals[0], other)
			}
		}
		last = max(last, lastOther(reads, saysOf(finals[0])))
	}
	if compared == 0 {
		return Result{Verdict: Unknown, Reason: "of no key did " + who + " answer once it had settled"}
	}
	return Result{Verdict: Valid, Reason: counted(compared, "key") + ": all nodes say the same",
		Measures: []Measure{cell{}.measure("convergence", milliseconds(last-quiet), Milliseconds)}}
}

// readsOf are the ok reads of the quiet phase that a node answered, in order of completion.
func (c Convergence) readsOf(operations []history.Operation, quiet history.Time) []history.Operation {
	var reads []history.Operation
	for i := range operations {
		operation := &operations[i]
		if operation.Outcome == history.Ok && operation.Node != "" && operation.Invoked >= quiet && slices.Contains(c.Functions, operation.Function) {
			reads = append(reads, *operation)
		}
	}
	slices.SortStableFunc(reads, func(a, b history.Operation) int { return cmp.Compare(a.Completed, b.Completed) })
	return reads
}

func isLookup(function history.Function) bool {
	return function == history.Lookup || function == history.CacheLookup
}

func changesService(function history.Function) bool {
	return function == history.Register || function == history.Deregister || function == history.Die
}

func changesOwners(function history.Function) bool {
	return function == history.Own || function == history.Close || function == history.Die
}

func changesValue(function history.Function) bool { return function.Mutates() }

// below are the operations on a key and on all keys below it.
func below(h *history.History, key string) []history.Operation {
	return slices.DeleteFunc(slices.Clone(h.Operations), func(operation history.Operation) bool { return !within(operation.Key, key) })
}

// lastChange is when the last change that was invoked in the quiet phase ended, Forever if one has an
// unknown outcome, and the beginning of time if there was none.
func lastChange(operations []history.Operation, quiet history.Time, changes func(history.Function) bool) history.Time {
	last := beginning
	for i := range operations {
		if operation := &operations[i]; operation.Invoked >= quiet && changes(operation.Function) {
			last = max(last, operation.Completed)
		}
	}
	return last
}

// finalReads are the last read that each node answered, among those invoked from an instant on; by
// node.
func finalReads(reads []history.Operation, from history.Time) []history.Operation {
	var finals []history.Operation
	seen := map[string]bool{}
	for i := len(reads) - 1; i >= 0; i-- {
		if reads[i].Invoked >= from && !seen[reads[i].Node] {
			seen[reads[i].Node] = true
			finals = append(finals, reads[i])
		}
	}
	slices.SortFunc(finals, func(a, b history.Operation) int { return cmp.Compare(a.Node, b.Node) })
	return finals
}

// saysOf is what a read or lookup said, such that equal answers are equal texts.
func saysOf(read history.Operation) string {
	if isLookup(read.Function) {
		return shownList(listedIn(read.Result))
	}
	text, _ := read.Result.MarshalJSON() // never errs
	return string(text)
}

// lastOther is when the last read that said something else completed.
func lastOther(reads []history.Operation, final string) history.Time {
	for i := len(reads) - 1; i >= 0; i-- {
		if saysOf(reads[i]) != final {
			return reads[i].Completed
		}
	}
	return beginning
}

func disagreement(key string, one, other history.Operation) Result {
	operations := []history.Operation{one, other}
	slices.SortFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.ID, b.ID) })
	witness := &Witness{Key: key, Operations: operations}
	for _, operation := range operations {
		answer := operation.Result.String()
		switch {
		case isLookup(operation.Function):
			answer = shownList(listedIn(operation.Result))
		case operation.Function == history.Owners:
			answer = shownOwners(&one, &other)
			if operation.ID == other.ID {
				answer = shownOwners(&other, &one)
			}
		}
		witness.Explanation = append(witness.Explanation, fmt.Sprintf("%s said %s to %s at %s", operation.Node, answer, operation.Client, during(operation)))
	}
	return Result{Verdict: Invalid, Witness: witness, Reason: fmt.Sprintf("%s and %s do not agree on %s", one.Node, other.Node, key)}
}

// shownOwners is how many znodes one listing has, and which of them another one lacks.
func shownOwners(one, other *history.Operation) string {
	mine, theirs := listingOf(one), listingOf(other)
	var lacking []string
	for _, name := range mine.names {
		if theirs.owner(name) != mine.owner(name) {
			lacking = append(lacking, name)
		}
	}
	if len(lacking) == 0 {
		return counted(len(mine.names), "znode")
	}
	return fmt.Sprintf("%s, with %s,", counted(len(mine.names), "znode"), strings.Join(lacking, ", "))
}
