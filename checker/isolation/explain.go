package isolation

import (
	"fmt"
	"strings"

	"cleave/history"
)

// reason tells why a hop's first transaction comes before its second.
func (j *judge) reason(h hop) string {
	from, to := h.from, h.to
	switch h.label.relation() {
	case process:
		return fmt.Sprintf("both are of process %s, one after the other", j.process(from))
	case realtime:
		return fmt.Sprintf("%s had returned at %s, and %s was called at %s", j.name(from), second(j.List[from].Return), j.name(to), second(j.List[to].Call))
	}
	if j.Kind == Register {
		return j.registerReason(h)
	}
	switch h.label.relation() {
	case ww:
		if h.label.grade() == ifAtomic {
			return j.whyMissed(from, to) + ", and appended itself: unless it lost that update, its own append came before"
		}
		return j.whyWrites(from, to)
	case wr:
		return j.whyRead(from, to)
	}
	return j.whyMissed(from, to)
}

func second(at history.Time) string { return fmt.Sprintf("%.6f s", at.Seconds()) }

// whyWrites finds the key of which one transaction wrote the version before the other's.
func (j *judge) whyWrites(from, to int32) string {
	for _, step := range j.steps(to) {
		if step.Length != Written || j.torn[step.Key] {
			continue
		}
		order, before := j.orders[step.Key], j.place[step.Value]
		if before == nobody {
			before = int32(len(order))
		}
		for at := before - 1; at >= 0; at-- {
			value := order[at]
			if !j.counts(value) {
				continue
			}
			if j.writer[value] == from {
				return fmt.Sprintf("%s appended %s to %s after %s's %s%s", j.name(to), j.value(step.Value), j.key(step.Key),
					j.name(from), j.value(value), j.unread(step))
			}
			if j.List[j.writer[value]].Outcome == Committed {
				break
			}
		}
	}
	panic("isolation: a ww edge without a key")
}

// unread adds why an append comes after those that were read.
func (j *judge) unread(write Step) string {
	if j.place[write.Value] != nobody {
		return ""
	}
	return fmt.Sprintf(" (the longest read of %s has %d elements, and not this one)", j.key(write.Key), len(j.orders[write.Key]))
}

// whyRead finds the version of one transaction that the other read.
func (j *judge) whyRead(from, to int32) string {
	for _, step := range j.steps(to) {
		if step.Length <= 0 || j.torn[step.Key] {
			continue
		}
		if at := j.last(step, to); at >= 0 && j.writer[j.orders[step.Key][at]] == from {
			return fmt.Sprintf("%s read %s as %s, and %s appended %s", j.name(to), j.key(step.Key), j.list(step.Key, step.Length), j.name(from),
				j.value(j.orders[step.Key][at]))
		}
	}
	panic("isolation: a wr edge without a key")
}

// whyMissed finds the version of the second transaction that comes next after what the first read.
func (j *judge) whyMissed(from, to int32) string {
	for _, step := range j.steps(from) {
		if step.Length < 0 || j.torn[step.Key] {
			continue
		}
		order, at := j.orders[step.Key], j.next(step)
		for _, write := range j.steps(to) {
			if write.Length != Written || write.Key != step.Key {
				continue
			}
			if at < int32(len(order)) && write.Value == order[at] || at == int32(len(order)) && j.place[write.Value] == nobody {
				return fmt.Sprintf("%s read %s as %s, without %s, which %s appended", j.name(from), j.key(step.Key),
					j.list(step.Key, step.Length), j.value(write.Value), j.name(to))
			}
		}
	}
	panic("isolation: an rw edge without a key")
}

// mostShown is how many elements of a list are written out: its last ones.
const mostShown = 8

// list shows the first elements of a key's order.
func (j *judge) list(key, length int32) string { return j.show(j.orders[key][:length]) }

func (j *judge) show(values []Value) string {
	var parts []string
	if len(values) > mostShown {
		parts = append(parts, fmt.Sprintf("... %d more", len(values)-mostShown))
		values = values[len(values)-mostShown:]
	}
	for _, value := range values {
		parts = append(parts, j.value(value))
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// tell explains an anomaly that is no cycle.
func (j *judge) tell(f finding) []string {
	last := j.name(f.transactions[len(f.transactions)-1])
	first, key, values := j.name(f.transactions[0]), j.key(f.key), f.values
	value := func(i int) string { return j.value(values[i]) }
	switch f.anomaly {
	case GarbageRead:
		return []string{fmt.Sprintf("%s read %s in %s, which nobody wrote there", last, value(0), key)}
	case DuplicateElements:
		return []string{fmt.Sprintf("%s read %s twice in %s", last, value(0), key)}
	case IncompatibleOrder:
		return []string{fmt.Sprintf("%s read %s where %s read %s, with the same elements before it in %s", first, value(0), last, value(1), key)}
	case AbortedRead:
		return []string{fmt.Sprintf("%s wrote %s to %s and failed, but %s read it", first, value(0), key, last)}
	case IntermediateRead:
		return []string{fmt.Sprintf("%s wrote %s to %s and then wrote there again, but %s read %s as the last", first, value(0), key, last, value(0))}
	case DirtyUpdate:
		return []string{fmt.Sprintf("%s wrote %s to %s and failed, but %s's %s came on top of it", first, value(0), key, last, value(1))}
	case FutureRead:
		return []string{fmt.Sprintf("%s read %s in %s before its own step that wrote it", last, value(0), key)}
	case ReorderedWrites:
		return []string{fmt.Sprintf("%s appended %s and then %s to %s, where %s is not before %s", first, value(0), value(1), key, value(0), value(1))}
	case Internal:
		return []string{j.tellInternal(f)}
	case LostUpdate:
		return []string{j.tellUpdate(f)}
	}
	panic("isolation: no words for " + string(f.anomaly))
}

func (j *judge) tellInternal(f finding) string {
	who, key := j.name(f.transactions[0]), j.key(f.key)
	switch {
	case j.Kind == Register:
		return fmt.Sprintf("%s read %s as %s, but by its own steps before it must be %s", who, key, j.value(f.values[0]), j.value(f.values[1]))
	case f.before != nobody:
		return fmt.Sprintf("%s read %s as %s after it had read %s: that and its own appends since must be there, and nothing else",
			who, key, j.list(f.key, f.read), j.list(f.key, f.before))
	}
	return fmt.Sprintf("%s read %s as %s, which does not end in what it had appended itself", who, key, j.list(f.key, f.read))
}

func (j *judge) tellUpdate(f finding) string {
	first, last, key := j.name(f.transactions[0]), j.name(f.transactions[1]), j.key(f.key)
	if j.Kind == Register {
		return fmt.Sprintf("%s and %s both read %s as %s and then wrote it", first, last, key, j.value(f.values[0]))
	}
	if f.detail == bothUnread {
		return fmt.Sprintf("%s and %s both read %s as %s and then appended to it", first, last, key, j.list(f.key, f.read))
	}
	return fmt.Sprintf("%s read %s as %s and then appended %s to it, but %s's %s had come in between", last, key, j.list(f.key, f.read),
		j.value(f.values[1]), first, j.value(f.values[0]))
}
