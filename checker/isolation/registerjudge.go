package isolation

import (
	"cmp"
	"fmt"
	"slices"
)

// registers judges transactions on registers. The order of versions is known in part; what contradicts that
// part is certain. That a model holds is certain, too: an order of the transactions was found, or one of the
// versions. Where neither is so, the model is open.
func (j *judge) registers() {
	order := j.byCall()
	w := newWeaver(j.versions)
	w.registerEdges(order, j.options)
	w.processes(order)
	w.timeline(order)
	j.classes = classify(w.graph())
	if j.standing(ReadCommitted) == ruledOut || j.serial(byTime) {
		return // so is all that is stronger, or weaker
	}
	w.saturate(order, byTime)
	w.saturate(order, bySession)
	j.classes = classify(w.graph())
	for scope := byTime; ; scope-- {
		if j.serial(scope) {
			return // snapshots are fine with a serial order
		}
		j.open[anyCycle][scope] = !j.classes.found[anyCycle][scope]
		j.open[nonadjacent][scope] = !j.classes.found[nonadjacent][scope] && !j.snapshotsIn(scope, order)
		if scope == plain {
			return
		}
	}
}

// serial tells whether a serial order was found.
func (j *judge) serial(scope scope) bool {
	return !j.classes.found[anyCycle][scope] && hasSerialOrder(j.classes.graph, j.versions, newView(anyCycle, scope))
}

// snapshotsIn tells whether an order of versions was found with which no cycle speaks against snapshots.
func (j *judge) snapshotsIn(scope scope, order []int32) bool {
	rank := j.classes.inOrder(newView(nonadjacent, scope), j.List)
	versions := make([][]Step, j.Keys)
	for _, i := range order {
		j.finals(i, func(write Step) { versions[write.Key] = append(versions[write.Key], write) })
	}
	next := filled(j.Values+1, nobody)
	first := filled(j.Keys, nobody)
	w := newWeaver(j.versions)
	for key, list := range versions {
		slices.SortStableFunc(list, func(a, b Step) int { return cmp.Compare(rank[j.writer[a.Value]<<1], rank[j.writer[b.Value]<<1]) })
		for at, write := range list {
			if at == 0 {
				first[key] = j.writer[write.Value]
				continue
			}
			next[list[at-1].Value] = j.writer[write.Value]
			w.edge(j.writer[list[at-1].Value], j.writer[write.Value], labelled(ww, certain, plain))
		}
	}
	for _, i := range order {
		j.foreign(i, func(read Step) {
			follower := next[read.Value]
			if read.Value == Initial {
				follower = first[read.Key]
			} else {
				w.edge(j.writer[read.Value], i, labelled(wr, certain, plain))
			}
			if follower != nobody {
				w.edge(i, follower, labelled(rw, certain, plain))
			}
		})
	}
	w.processes(order)
	w.timeline(order)
	return len(w.graph().components(newView(nonadjacent, scope), nil).circular) == 0
}

// registerReason tells why a hop's first transaction comes before its second.
func (j *judge) registerReason(h hop) string {
	switch h.label.relation() {
	case wr:
		return j.whySaw(h.from, h.to)
	case rw:
		return j.whyOlder(h)
	}
	if h.label.grade() == certain {
		return j.whyFollows(h.from, h.to)
	}
	return j.whyEarlier(h)
}

func (j *judge) whySaw(from, to int32) (why string) {
	j.foreign(to, func(read Step) {
		if read.Value != Initial && j.writer[read.Value] == from && why == "" {
			why = fmt.Sprintf("%s read %s as %s, which %s wrote", j.name(to), j.key(read.Key), j.value(read.Value), j.name(from))
		}
	})
	return why
}

// whyFollows is for writes that are taken to be on top of what was read before.
func (j *judge) whyFollows(from, to int32) string {
	return j.whySaw(from, to) + ", before it wrote there itself"
}

// whyOlder tells that a transaction read an older version than the other wrote, and how that is known.
func (j *judge) whyOlder(h hop) (why string) {
	j.foreign(h.from, func(read Step) {
		j.finals(h.to, func(write Step) {
			if write.Key != read.Key || write.Value == read.Value || why != "" {
				return
			}
			why = fmt.Sprintf("%s read %s as %s, and %s wrote %s there later", j.name(h.from), j.key(read.Key), j.value(read.Value), j.name(h.to),
				j.value(write.Value))
			if read.Value != Initial {
				why += ": " + j.whyLater(j.writer[read.Value], read, h)
			}
		})
	})
	return why
}

// whyLater tells why a version comes after the one that was read.
func (j *judge) whyLater(writer int32, read Step, h hop) string {
	switch {
	case h.label.scope() == bySession:
		return fmt.Sprintf("both writers are of process %s", j.process(writer))
	case h.label.scope() == byTime && j.List[writer].Return < j.List[h.to].Call:
		return fmt.Sprintf("it was called at %s, after %s had returned at %s", second(j.List[h.to].Call), j.name(writer), second(j.List[writer].Return))
	case h.label.grade() == certain:
		return j.whySaw(writer, h.to)
	case h.label.grade() == ifSerial:
		return "what is known of their order leaves no other"
	}
	return "a transaction that came after both, or saw both, read the later one"
}

// whyEarlier tells of a version that must be before another one, since a transaction did not see it.
func (j *judge) whyEarlier(h hop) (why string) {
	j.foreign(h.from, func(read Step) {
		j.finals(h.to, func(write Step) {
			if read.Value == Initial && read.Key == write.Key {
				why = j.whyOlder(h) + ", and it wrote there itself: unless it lost that update, its own write came before"
			}
		})
	})
	if why != "" {
		return why
	}
	j.finals(h.from, func(early Step) {
		j.finals(h.to, func(late Step) {
			if early.Key == late.Key && why == "" {
				why = fmt.Sprintf("both wrote %s, and a transaction that had to see %s's %s, or a later one, read %s's %s", j.key(early.Key),
					j.name(h.from), j.value(early.Value), j.name(h.to), j.value(late.Value))
			}
		})
	})
	return why
}
