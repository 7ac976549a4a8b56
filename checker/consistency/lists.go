package consistency

import (
	"fmt"

	"cleave/checker/evidence"
	"cleave/history"
)

// MonotonicPrefix judges lists, or logs, that only grow: each ok read, whose result is a list, extends what its
// session had read of the key before, and all reads of a key are prefixes of one list.
//
//	c1 |-read = [1 2]-|  |-read = [1 3]-|     broken: [1 3] does not extend [1 2]
//
// The operations are reads, in order of invocation; others are left out. It takes time in proportion to the
// elements read. The witness is two reads.
func MonotonicPrefix(operations []history.Operation) evidence.Finding {
	type place struct{ who, key string }
	last := map[place]int{}
	longest := map[string]int{}
	reads := 0
	for i := range operations {
		o := &operations[i]
		list, isList := o.Result.AsList()
		if o.Function.Mutates() || o.Outcome != history.Ok {
			continue
		}
		if !isList && !o.Result.IsNothing() {
			return evidence.Undecidable(fmt.Sprintf("a read gave %s, which is no list", o.Result))
		}
		reads++
		at := place{evidence.Who(*o), o.Key}
		if before, known := last[at]; known {
			if found := extends(operations[before], *o); found != nil {
				return *found
			}
		}
		last[at] = i
		top, known := longest[o.Key]
		if known && !compatible(listOf(operations[top]), list) {
			return evidence.Against("two reads show lists that are no prefixes of one list", []history.Operation{operations[top], *o}, o.ID,
				fmt.Sprintf("%s had been shown %s", evidence.Who(operations[top]), operations[top].Result))
		}
		if !known || len(list) > len(listOf(operations[top])) {
			longest[o.Key] = i
		}
	}
	if reads == 0 {
		return evidence.Undecidable("no ok read to judge")
	}
	return evidence.Holding(evidence.Counted(reads, "read") + ", each of a list that extends those before")
}

func listOf(o history.Operation) []history.Value {
	list, _ := o.Result.AsList()
	return list
}

// extends finds fault with a read that is shorter than the one before it in its session, or different.
func extends(before, o history.Operation) *evidence.Finding {
	old, list := listOf(before), listOf(o)
	if len(list) >= len(old) && compatible(old, list) {
		return nil
	}
	found := evidence.Against("a session was shown a list that does not extend what it had seen", []history.Operation{before, o}, o.ID,
		fmt.Sprintf("it had seen %s", before.Result))
	return &found
}

// compatible tells whether one list is a prefix of the other.
func compatible(one, other []history.Value) bool {
	for i := range min(len(one), len(other)) {
		if !one[i].Equal(other[i]) {
			return false
		}
	}
	return true
}

// Converges judges whether, from an instant on, all sessions come to read the same of each key: the last ok read
// of each session, among those invoked from then on and after every ok write of the key had completed. It is
// undecided if of no key two sessions read, and a key with a write of unknown outcome that nobody had read by
// then is left out. The witness is two reads.
func Converges(operations []history.Operation, from history.Time) evidence.Finding {
	byKey := map[string][]history.Operation{}
	var keys []string
	for i := range operations {
		if _, known := byKey[operations[i].Key]; !known {
			keys = append(keys, operations[i].Key)
		}
		byKey[operations[i].Key] = append(byKey[operations[i].Key], operations[i])
	}
	compared := 0
	for _, key := range keys {
		settled, known := settledAfter(byKey[key])
		if !known {
			continue
		}
		finals := finalReads(byKey[key], max(from, settled+1))
		if len(finals) > 1 {
			compared++
		}
		for _, other := range finals[min(1, len(finals)):] {
			if !other.Result.Equal(finals[0].Result) {
				return evidence.Against("two sessions do not come to read the same", []history.Operation{finals[0], other}, other.ID,
					fmt.Sprintf("%s had come to read %s", evidence.Who(finals[0]), finals[0].Result))
			}
		}
	}
	if compared == 0 {
		return evidence.Undecidable("of no key did two sessions read when all was written")
	}
	return evidence.Holding(evidence.Counted(compared, "key") + ": all sessions come to read the same")
}

// settledAfter is when the last write had completed, or its value had been read if its outcome is unknown.
func settledAfter(operations []history.Operation) (after history.Time, known bool) {
	first := map[evidence.Identity]history.Time{} // when a value had first been seen
	for i := range operations {
		v, sees := seen(&operations[i])
		if at, already := first[evidence.Identify(v)]; sees && operations[i].Outcome == history.Ok && (!already || operations[i].Completed < at) {
			first[evidence.Identify(v)] = operations[i].Completed
		}
	}
	for i := range operations {
		o := &operations[i]
		v, writes := written(o)
		if !writes || o.Outcome == history.Fail {
			continue
		}
		ended := o.Completed
		if at, was := first[evidence.Identify(v)]; was {
			ended = min(ended, at)
		}
		if ended == history.Forever {
			return 0, false
		}
		after = max(after, ended)
	}
	return after, true
}

// finalReads are the last ok read of each session that was invoked from an instant on, by session as they come.
func finalReads(operations []history.Operation, from history.Time) []history.Operation {
	place := map[string]int{}
	var finals []history.Operation
	for i := range operations {
		o := &operations[i]
		if o.Outcome != history.Ok || o.Function.Mutates() || o.Invoked < from {
			continue
		}
		at, known := place[evidence.Who(*o)]
		if !known {
			place[evidence.Who(*o)] = len(finals)
			finals = append(finals, *o)
			continue
		}
		finals[at] = *o
	}
	return finals
}
