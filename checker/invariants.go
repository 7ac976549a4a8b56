package checker

import (
	"fmt"
	"slices"

	"cleave/checker/invariants"
	"cleave/history"
)

// Queue judges first-in-first-out queues, one per key: no element comes out that never went in, or twice, or
// before one that was in front of it, and none is lost. See invariants.Queue for what is counted.
type Queue struct{}

// Name is "queue".
func (Queue) Name() string { return "queue" }

// Check judges key after key.
func (Queue) Check(h *history.History, _ Budget) Result {
	return eachKey(h, invariants.Queue, history.Enqueue, history.Dequeue)
}

// SetFull judges sets that are read as a whole, one per key: no element is lost, doubled or made up. See
// invariants.Set for what is measured.
type SetFull struct{}

// Name is "set-full".
func (SetFull) Name() string { return "set-full" }

// Check judges key after key.
func (SetFull) Check(h *history.History, _ Budget) Result {
	return eachKey(h, invariants.Set, history.Add, history.Remove, history.Read)
}

// CounterBounds judges the reads of counters, one per key, by what had been added and what may have been. See
// invariants.Counter.
type CounterBounds struct{}

// Name is "counter-bounds".
func (CounterBounds) Name() string { return "counter-bounds" }

// Check judges key after key.
func (CounterBounds) Check(h *history.History, _ Budget) Result {
	return eachKey(h, invariants.Counter, history.Add, history.Read)
}

// UniqueIDs judges that no two operations of a key are given the same result.
type UniqueIDs struct {
	Functions []history.Function // those that are given one
}

// Name is "unique-ids".
func (UniqueIDs) Name() string { return "unique-ids" }

// Check judges key after key.
func (u UniqueIDs) Check(h *history.History, _ Budget) Result {
	return eachKey(h, invariants.UniqueIDs, u.Functions...)
}

// Exclusion judges that no two clients hold a lock, of a key, at the same time, and measures for how long they did.
// See invariants.Exclusion.
type Exclusion struct{}

// Name is "mutual-exclusion".
func (Exclusion) Name() string { return "mutual-exclusion" }

// Check judges key after key.
func (Exclusion) Check(h *history.History, _ Budget) Result {
	return eachKey(h, invariants.Exclusion, history.Acquire, history.TryLock, history.Release)
}

// FencingTokens judges that the tokens of a fenced lock grow from holder to holder.
type FencingTokens struct{}

// Name is "fencing-tokens".
func (FencingTokens) Name() string { return "fencing-tokens" }

// Check judges key after key.
func (FencingTokens) Check(h *history.History, _ Budget) Result {
	return eachKey(h, invariants.Tokens, history.Acquire, history.TryLock)
}

// FencedWrites judges that no write is accepted with a lower token than one accepted before it was asked for. A write's
// argument is [token value].
type FencedWrites struct{}

// Name is "fenced-writes".
func (FencedWrites) Name() string { return "fenced-writes" }

// Check judges key after key.
func (FencedWrites) Check(h *history.History, _ Budget) Result {
	return eachKey(h, func(operations []history.Operation) invariants.Report {
		return invariants.FencedWrites(operations, invariants.TokenOf)
	}, history.Write)
}

// Bank judges that reads of all accounts, lists of balances, always make the same total.
type Bank invariants.BankTerms

// Name is "bank".
func (Bank) Name() string { return "bank" }

// Check judges key after key: each is a bank.
func (b Bank) Check(h *history.History, _ Budget) Result {
	return eachKey(h, func(operations []history.Operation) invariants.Report {
		return invariants.Bank(operations, invariants.BankTerms(b))
	}, history.Read)
}

// ConfigVersions judges that no client is shown an older version of a configuration, a key, than it had seen, and
// that one version is one configuration.
type ConfigVersions struct {
	Functions []history.Function // the reads
}

// Name is "config-versions".
func (ConfigVersions) Name() string { return "config-versions" }

// Check judges key after key.
func (c ConfigVersions) Check(h *history.History, _ Budget) Result {
	return eachKey(h, invariants.ConfigVersions, c.Functions...)
}

// eachKey judges the keys that have operations with some functions. The first broken one is told, counts are
// summed over keys, and of lengths of time the greatest is kept.
func eachKey(h *history.History, judge func([]history.Operation) invariants.Report, functions ...history.Function) Result {
	var results []Result
	var numbers []invariants.Number
	for _, key := range h.Keys() {
		operations := chosen(h.ByKey(key), functions)
		if len(operations) == 0 {
			continue
		}
		report := judge(operations)
		results = append(results, resultOf(report.Finding))
		numbers = addNumbers(numbers, report.Numbers)
	}
	if len(results) == 0 {
		return Result{Verdict: Unknown, Reason: "no operation to judge"}
	}
	verdict := Merge(results)
	result := results[slices.IndexFunc(results, func(r Result) bool { return r.Verdict == verdict })]
	if len(results) > 1 && verdict == Valid {
		result.Reason = fmt.Sprintf("%s judged; of the first: %s", counted(len(results), "key"), result.Reason)
	}
	for _, n := range numbers {
		if n.IsTime {
			result.Measures = append(result.Measures, cell{}.measure(n.Name, milliseconds(n.Length), Milliseconds))
		} else {
			result.Measures = append(result.Measures, cell{}.measure(n.Name, float64(n.Count), Count))
		}
	}
	return result
}

func addNumbers(all, more []invariants.Number) []invariants.Number {
	for _, n := range more {
		at := slices.IndexFunc(all, func(other invariants.Number) bool { return other.Name == n.Name })
		if at < 0 {
			all = append(all, n)
			continue
		}
		all[at].Count += n.Count
		all[at].Length = max(all[at].Length, n.Length)
	}
	return all
}
