package invariants

import (
	"cmp"
	"fmt"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
)

// Queue judges a first-in-first-out queue by its elements (the aspects of Henzinger, Sezgin and Vafeiadis, CONCUR
// 2013, one by one): none comes out that never went in, or twice; none is lost, which is said of what was
// acknowledged and never came out though the queue was found empty later; and of two of which one had gone in
// before the other was enqueued, that one comes out first.
//
//	c1 |-enqueue 1-| |-enqueue 2-|
//	c2                              |-dequeue = 2-| |-dequeue = 1-|     reordered
//
// A dequeue of unknown outcome may have taken any element. Elements must differ, or it is undecided. Counted:
// "enqueued", "dequeued", "unexpected", "duplicated", "lost", "reordered" (elements that another one overtook) and
// "left". It takes O(n log n).
func Queue(operations []history.Operation) Report {
	q := queue{in: map[evidence.Identity]*history.Operation{}, out: map[evidence.Identity]*history.Operation{}, order: of(operations, history.Enqueue)}
	for i := range q.order {
		o := &q.order[i]
		if _, again := q.in[evidence.Identify(o.Argument)]; again {
			return undecided(fmt.Sprintf("%s was enqueued twice, so that nobody can tell which of the two came out", o.Argument))
		}
		q.in[evidence.Identify(o.Argument)] = o
	}
	dequeues := of(operations, history.Dequeue)
	for i := range dequeues {
		o := &dequeues[i]
		switch {
		case o.Outcome == history.Info:
			q.unknown = append(q.unknown, *o)
		case o.Result.IsNothing():
			q.empty = append(q.empty, *o)
		default:
			q.takes(o)
		}
	}
	q.findLost()
	q.findReordered()
	found := evidence.Holding(fmt.Sprintf("%s, %d dequeued: none lost, doubled or out of order", evidence.Counted(len(q.order), "element"), len(q.out)))
	switch {
	case q.found != nil:
		found = *q.found
	case len(q.order)+len(q.out) == 0:
		found = evidence.Undecidable("nothing was enqueued")
	}
	return Report{found, []Number{count("enqueued", len(q.order)), count("dequeued", len(q.out)), count("unexpected", q.unexpected),
		count("duplicated", q.duplicated), count("lost", q.lost), count("reordered", q.reordered), count("left", q.left)}}
}

type queue struct {
	in, out map[evidence.Identity]*history.Operation
	order   []history.Operation // enqueues, by invocation
	unknown []history.Operation // dequeues of unknown outcome
	empty   []history.Operation // dequeues that found nothing
	found   *evidence.Finding   // the first

	unexpected, duplicated, lost, reordered, left int
}

// finds notes a fault, the first alone.
func (q *queue) finds(reason string, operations []history.Operation, culprit int, but string) {
	if q.found == nil {
		found := evidence.Against(reason, operations, culprit, but)
		q.found = &found
	}
}

// takes looks at an element that came out.
func (q *queue) takes(o *history.Operation) {
	element := evidence.Identify(o.Result)
	enqueue, known := q.in[element]
	switch before, again := q.out[element]; {
	case again:
		q.duplicated++
		operations := []history.Operation{*before, *o}
		if known {
			operations = append(operations, *enqueue)
		}
		q.finds("an element came out twice", operations, o.ID, fmt.Sprintf("%s had come out, to %s", o.Result, evidence.Who(*before)))
		return
	case !known:
		q.unexpected++
		q.finds("an element came out that never went in", []history.Operation{*o}, o.ID, fmt.Sprintf("nobody had enqueued %s", o.Result))
	case o.Completed < enqueue.Invoked:
		q.unexpected++
		q.finds("an element came out before it went in", []history.Operation{*enqueue, *o}, o.ID,
			fmt.Sprintf("%s was yet to be enqueued", o.Result))
	}
	q.out[element] = o
}

// findLost looks at each dequeue that found nothing: the elements that had gone in before it and never came out
// are lost but for as many as there are dequeues of unknown outcome that may have taken them.
func (q *queue) findLost() {
	var missing []history.Operation
	for _, o := range q.order {
		if _, out := q.out[evidence.Identify(o.Argument)]; !out {
			q.left++
			if o.Outcome == history.Ok {
				missing = append(missing, o)
			}
		}
	}
	missing, q.unknown = byCompletion(missing), byInvocation(q.unknown)
	var shows history.Operation // the first that shows the most to be lost
	for _, o := range q.empty {
		if in, takers := q.before(o, missing); in-takers > q.lost {
			q.lost, shows = in-takers, o
		}
	}
	if q.lost == 0 {
		return
	}
	q.left -= q.lost
	_, takers := q.before(shows, missing)
	but := fmt.Sprintf("%s was there, acknowledged, and never came out", missing[0].Argument)
	if takers > 0 {
		but = fmt.Sprintf("of %s that were there, acknowledged, and never came out, those of unknown outcome can have taken %d",
			evidence.Counted(takers+1, "element"), takers)
	}
	operations := slices.Concat(missing[:takers+1], q.unknown[:takers], []history.Operation{shows})
	q.finds("an acknowledged element is lost", operations, shows.ID, but)
}

// before counts the missing elements that had gone in before a dequeue was invoked, and the dequeues of unknown
// outcome that had been invoked by its end.
func (q *queue) before(o history.Operation, missing []history.Operation) (in, takers int) {
	in, _ = slices.BinarySearchFunc(missing, o.Invoked, func(e history.Operation, at history.Time) int { return cmp.Compare(e.Completed, at) })
	takers, _ = slices.BinarySearchFunc(q.unknown, o.Completed+1, func(e history.Operation, at history.Time) int { return cmp.Compare(e.Invoked, at) })
	return in, takers
}

// findReordered goes through the elements that came out, by invocation of their enqueues, beside those that
// had gone in by then, and remembers which of these came out last.
func (q *queue) findReordered() {
	type passage struct {
		enqueue, dequeue *history.Operation
		in               history.Time // when it had certainly gone in
	}
	var gone []passage
	for i := range q.order {
		o := &q.order[i]
		if dequeue, out := q.out[evidence.Identify(o.Argument)]; out {
			gone = append(gone, passage{o, dequeue, min(o.Completed, dequeue.Completed)})
		}
	}
	in := slices.Clone(gone)
	slices.SortStableFunc(gone, func(a, b passage) int { return cmp.Compare(a.enqueue.Invoked, b.enqueue.Invoked) })
	slices.SortStableFunc(in, func(a, b passage) int { return cmp.Compare(a.in, b.in) })
	var last *passage // the one that came out last
	next := 0
	for _, o := range gone {
		for ; next < len(in) && in[next].in < o.enqueue.Invoked; next++ {
			if last == nil || in[next].dequeue.Invoked > last.dequeue.Invoked {
				last = &in[next]
			}
		}
		if last != nil && o.dequeue.Completed < last.dequeue.Invoked {
			q.reordered++
			q.finds("an element overtook another one", []history.Operation{*last.enqueue, *o.enqueue, *o.dequeue, *last.dequeue}, o.dequeue.ID,
				fmt.Sprintf("%s was in front of it, and came out only afterwards", last.enqueue.Argument))
		}
	}
}
