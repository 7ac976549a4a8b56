// Package linear judges whether histories are linearizable, in O(n log n), where that can be done exactly: registers
// with compare-and-set, queues, stacks, priority queues, sets, counters and locks. A general search is
// exponential in the number of operations at one time; these algorithms do not mind it, nor how many
// operations have an unknown outcome: each of those may take effect at any time after its call, or never.
//
//	c1 |--enqueue 1--|
//	c2                  |--enqueue 2--|
//	c3                                   |--dequeue = 2--|      invalid: 1 had been put in before it
//
//	answer := linear.Judge("fifo-queue", operations)
//	switch answer.Verdict {
//	case linear.Invalid:
//		fmt.Println(linear.Explain(answer.Alone(operations)))
//	case linear.Unsuited:
//		// answer.Cause says why; ask a search
//	}
//
// What each needs, or else is Unsuited, never wrong:
//
//	register        each value is written by one operation, and the initial value by none
//	queue           each value is put in by one operation. Takes of unknown outcome are assigned to the
//	stack           values left over by their deadlines; in rare cases, with peeks or takes that found nothing,
//	priority queue  that does not decide. Peeks at a stack are not decided, unless it is invalid without them
//	set             of each element: it is added by one operation at most, or everybody who added or removed it was
//	                told whether that changed anything, or was told nothing at all. No reads of the whole set
//	counter         all increases are by the same amount, or all are up (or all down) and one after the other,
//	                or all were told the sum, and no sum came twice. Of others, reads out of all bounds are found
//	lock            a holder does one thing after the other. Where somebody was refused, and only operations
//	                of unknown outcome can explain it, that is not decided
//
// A map of the files: operation.go (dense operations), linear.go (Check), answer.go (verdicts and reasons); register.go with zone.go
// (Gibbons and Korach's zones), collection.go (what queues, stacks and priority queues share) with queue.go, stack.go,
// priority.go and deadline.go (takes of unknown outcome); set.go with setwitness.go, counter.go, lock.go; order.go (sorting, a heap), tree.go
// (trees of extremes and of counts), cover.go (unions of intervals); history.go (Judge: operations of package history,
// by the names of models), explain.go and explainobjects.go (contradictions in words).
package linear
