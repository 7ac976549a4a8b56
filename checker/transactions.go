package checker

import (
	"cmp"
	"fmt"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// Transactions judges whether multis take effect whole or not at all. A multi sets both halves of a
// pair to one value, which no other multi writes; a multi-fail does the same under a condition that
// cannot hold. Of ok reads of the pair:
//   - both halves are equal; before the first multi they may be made one after the other, each 0;
//   - no value is that of a multi-fail, or of a multi that failed, or one that nobody had asked to write;
//   - the value is that of the newest acknowledged multi as of the zxid that is the read's version.
//
// And no multi-fail is ok, nor a check, which is a condition without a transaction.
//
//	c1 |--multi p 7--|
//	c2      |--pair p--| [7 6]     invalid: half of it
type Transactions struct{}

// Name is "all-or-nothing".
func (Transactions) Name() string { return "all-or-nothing" }

// Check judges. It is Unknown if no pair was read.
func (Transactions) Check(h *history.History, _ Budget) Result {
	reads := 0
	for _, key := range h.Keys() {
		operations := h.ByKey(key)
		l := ledgerOf(operations)
		for i := range operations {
			operation := &operations[i]
			if operation.Outcome != history.Ok {
				continue
			}
			switch operation.Function {
			case history.MultiFail:
				return torn(key, "a transaction was accepted whose condition cannot hold", nil, operation,
					fmt.Sprintf("%s was told at %s that its multi-fail of %s was done", operation.Client, during(*operation), operation.Argument))
			case history.Check:
				return torn(key, "a check outside a transaction was accepted", nil, operation,
					fmt.Sprintf("%s was told at %s that its check of %s was done, which means nothing alone",
						operation.Client, during(*operation), operation.Key))
			case history.Pair:
				reads++
				if found := l.judge(operation); found != nil {
					return *found
				}
			}
		}
	}
	if reads == 0 {
		return Result{Verdict: Unknown, Reason: "no pair was read"}
	}
	return Result{Verdict: Valid, Reason: counted(reads, "pair") + " read: each whole, and the newest of its zxid"}
}

// ledger is who wrote what to a pair.
type ledger struct {
	writers map[evidence.Identity]*history.Operation
	newest  []*history.Operation // acknowledged multis, in order of zxid
}

func ledgerOf(operations []history.Operation) ledger {
	l := ledger{writers: map[evidence.Identity]*history.Operation{}}
	for i := range operations {
		operation := &operations[i]
		if operation.Function != history.MultiWrite && operation.Function != history.MultiFail {
			continue
		}
		l.writers[evidence.Identify(operation.Argument)] = operation
		if operation.Function == history.MultiWrite && operation.Outcome == history.Ok && operation.Version > 0 {
			l.newest = append(l.newest, operation)
		}
	}
	slices.SortStableFunc(l.newest, func(a, b *history.Operation) int { return cmp.Compare(a.Version, b.Version) })
	return l
}

// judge looks at a read.
func (l ledger) judge(read *history.Operation) *Result {
	halves, _ := read.Result.AsList()
	if len(halves) != 2 {
		return nil
	}
	value, whole := models.Whole(halves[0], halves[1])
	told := fmt.Sprintf("%s read %s and %s at %s, as of zxid %d%s", read.Client, halves[0], halves[1], during(*read), read.Version, by(read.Node))
	if !whole {
		var related []*history.Operation
		for _, half := range halves {
			if writer := l.writers[evidence.Identify(half)]; writer != nil {
				related = append(related, writer)
			}
		}
		return l.broken(read, "half of a transaction was seen", related, told+", but the two are only ever written together")
	}
	writer := l.writers[evidence.Identify(value)]
	switch {
	case value.IsNothing():
	case writer == nil || writer.Invoked > read.Completed:
		return l.broken(read, "a value was seen that nobody had written", nil, told+fmt.Sprintf(", but nobody had asked to write %s", value))
	case writer.Function == history.MultiFail || writer.Outcome == history.Fail:
		return l.broken(read, "a transaction that was refused took effect", []*history.Operation{writer}, told+", but that was refused")
	}
	return l.aged(read, value, writer, told)
}

// aged looks whether another value was the newest.
func (l ledger) aged(read *history.Operation, value history.Value, writer *history.Operation, told string) *Result {
	if read.Version <= 0 || writer != nil && (writer.Outcome != history.Ok || writer.Version <= 0) {
		return nil
	}
	if writer != nil && writer.Version > read.Version {
		return l.broken(read, "a transaction was seen before it was made", []*history.Operation{writer}, told+", but that is of a later zxid")
	}
	count, _ := slices.BinarySearchFunc(l.newest, read.Version+1, func(o *history.Operation, zxid int64) int { return cmp.Compare(o.Version, zxid) })
	if count == 0 || l.newest[count-1].Argument.Equal(value) {
		return nil
	}
	newest := l.newest[count-1]
	related := []*history.Operation{newest}
	if writer != nil {
		related = append(related, writer)
	}
	return l.broken(read, "an acknowledged transaction is lost", related,
		told+fmt.Sprintf(", but %s had been written by zxid %d", newest.Argument, newest.Version))
}

func (l ledger) broken(read *history.Operation, reason string, related []*history.Operation, told string) *Result {
	result := torn(read.Key, reason, related, read, told)
	return &result
}

// torn makes a result of an operation that contradicts others.
func torn(key, reason string, related []*history.Operation, culprit *history.Operation, told string) Result {
	operations := []history.Operation{*culprit}
	for _, operation := range related {
		operations = append(operations, *operation)
	}
	witness := &Witness{Key: key, Operations: byInvocation(operations)}
	for i := range witness.Operations {
		operation := &witness.Operations[i]
		if operation.ID == culprit.ID {
			witness.Explanation = append(witness.Explanation, told)
		} else {
			witness.Explanation = append(witness.Explanation, tellMulti(operation))
		}
	}
	return Result{Verdict: Invalid, Witness: witness, Reason: reason}
}

// tellMulti says what became of a multi or multi-fail.
func tellMulti(operation *history.Operation) string {
	outcome := "and never learnt the outcome"
	switch operation.Outcome {
	case history.Ok:
		outcome = fmt.Sprintf("acknowledged, zxid %d", operation.Version)
	case history.Fail:
		outcome = "and was refused (" + operation.Error + ")"
	}
	return fmt.Sprintf("%s asked for %s of %s at %s, %s", operation.Client, operation.Function, operation.Argument, during(*operation), outcome)
}
