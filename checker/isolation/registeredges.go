package isolation

import (
	"cmp"
	"slices"
	"sort"

	"cleave/history"
)

// mostLater bounds how many later versions of one version are noted: more make few new cycles, and what is
// left out can only leave a verdict open, never make it wrong.
const mostLater = 8

// registerEdges infers an order of versions of registers, which no read shows, from what must be:
//
//   - the initial version comes before all others
//   - b comes after a if b's transaction read a, or anything else that a's transaction wrote
//   - b comes after a if a's transaction comes before b's in its process, or in real time
//   - b comes before a if a transaction read a that comes after b's, or read another value that b's wrote
//
// Each holds only from a family, or under an order, on: its edges are labelled so.
type registerEdges struct {
	*weaver
	initial *tails
	options Options
	later   []int32 // by value: the first of its entries in links, or nobody
	count   []uint8 // by value: how many entries
	links   []laterLink
	writes  [][]int32 // by key: the transactions that wrote it, in order of calls
	ends    [][]int32 // by key: the same in order of returns
	begun   [][]history.Time
}

// laterLink is a transaction that wrote a later version.
type laterLink struct {
	writer int32
	next   int32
	label  label
}

func (w *weaver) registerEdges(order []int32, options Options) *registerEdges {
	r := &registerEdges{weaver: w, options: options, initial: w.newTails(), later: filled(w.Values+1, nobody), count: make([]uint8, w.Values+1)}
	r.sortWriters(order)
	for _, i := range order {
		r.seen(i)
	}
	r.inSessions(order)
	r.inTime()
	for _, i := range order {
		w.foreign(i, func(read Step) { r.missed(i, read) })
	}
	return r
}

// after notes that a transaction wrote a later version than a value.
func (r *registerEdges) after(value Value, writer int32, l label) {
	if r.writer[value] == writer || r.count[value] == mostLater {
		return
	}
	r.count[value]++
	r.links = append(r.links, laterLink{writer, r.later[value], l})
	r.later[value] = int32(len(r.links) - 1)
}

// seen adds the dependencies on what a transaction read, and what they say of the versions it wrote.
func (r *registerEdges) seen(reader int32) {
	r.foreign(reader, func(read Step) {
		if read.Value == Initial {
			return
		}
		writer := r.writer[read.Value]
		r.edge(writer, reader, labelled(wr, certain, plain))
		r.finals(writer, func(other Step) {
			r.finals(reader, func(write Step) {
				if write.Key == other.Key {
					r.after(other.Value, reader, labelled(rw, certain, plain))
				}
			})
			r.foreign(reader, func(beside Step) {
				if beside.Key == other.Key && beside.Value != other.Value && r.writer[beside.Value] != writer {
					r.older(other.Value, beside.Value, plain)
				}
			})
		})
	})
	if r.options.WritesFollowReads {
		r.follows(reader)
	}
}

// older notes that one version is before another, unless some reader did not see a transaction whole.
func (r *registerEdges) older(value, than Value, scope scope) {
	if than == Initial {
		return // that the reader missed it is known from its read of nothing
	}
	r.edge(r.writer[value], r.writer[than], labelled(ww, ifAtomic, scope))
	r.after(value, r.writer[than], labelled(rw, ifAtomic, scope))
}

// follows takes every write for one on top of what its transaction had last read there.
func (r *registerEdges) follows(writer int32) {
	last := map[int32]Value{}
	for _, step := range r.steps(writer) {
		before, known := last[step.Key]
		if step.Length == Written && known && r.counts(before) {
			r.edge(r.writer[before], writer, labelled(ww, certain, plain))
		}
		if step.Length != Unread {
			last[step.Key] = step.Value
		}
	}
}

// missed joins a reader with those that wrote later versions than it read.
func (r *registerEdges) missed(reader int32, read Step) {
	if read.Value == Initial {
		switch {
		case r.initial.nodes[read.Key] == nobody:
		case isMember(r.initial.of(read.Key), reader):
			r.initial.lead(reader, read.Key)
		default:
			r.edge(reader, r.initial.nodes[read.Key], labelled(rw, certain, plain))
		}
		return
	}
	for at := r.later[read.Value]; at != nobody; at = r.links[at].next {
		r.edge(reader, r.links[at].writer, r.links[at].label)
	}
}

// inSessions orders the versions of each process's transactions.
func (r *registerEdges) inSessions(order []int32) {
	last := map[int64]Value{} // by process and key
	for _, i := range order {
		at := func(key int32) int64 { return int64(r.List[i].Process)<<32 | int64(key) }
		r.foreign(i, func(read Step) {
			if own := last[at(read.Key)]; own != 0 && own != read.Value && r.writer[own] != r.writer[read.Value] {
				r.older(own, read.Value, bySession)
			}
		})
		r.finals(i, func(write Step) {
			if before := last[at(write.Key)]; before != 0 {
				r.after(before, i, labelled(rw, certain, bySession))
			}
			if r.List[i].Outcome == Committed {
				last[at(write.Key)] = write.Value
			}
		})
	}
}

func (r *registerEdges) sortWriters(order []int32) {
	r.writes, r.ends, r.begun = make([][]int32, r.Keys), make([][]int32, r.Keys), make([][]history.Time, r.Keys)
	for _, i := range order {
		r.finals(i, func(write Step) { r.writes[write.Key] = append(r.writes[write.Key], i) })
	}
	for key := range r.writes {
		r.ends[key] = slices.Clone(r.writes[key])
		slices.SortStableFunc(r.ends[key], func(a, b int32) int { return cmp.Compare(r.List[a].Return, r.List[b].Return) })
		latest := history.Time(0)
		for at, i := range r.ends[key] {
			if at == 0 || r.List[i].Call > latest {
				latest = r.List[i].Call
			}
			r.begun[key] = append(r.begun[key], latest)
		}
	}
}

// inTime orders versions by real time, but for those that are in order through one in between.
func (r *registerEdges) inTime() {
	for i := range r.List {
		r.finals(int32(i), func(write Step) { r.next(write) })
		r.foreign(int32(i), func(read Step) { r.previous(int32(i), read) })
	}
}

// next notes the first transactions that wrote a key after a write had returned: those called before any of
// them returned.
func (r *registerEdges) next(write Step) {
	end := r.List[r.writer[write.Value]].Return
	if end == history.Forever {
		return
	}
	writers := r.writes[write.Key]
	first := sort.Search(len(writers), func(at int) bool { return r.List[writers[at]].Call > end })
	soonest := history.Forever
	for _, i := range writers[first:] {
		if r.List[i].Call > soonest {
			return
		}
		soonest = min(soonest, r.List[i].Return)
		r.after(write.Value, i, labelled(rw, certain, byTime))
	}
}

// previous notes the last transactions that wrote a key before a read of it was called: those that returned
// after all of them were called.
func (r *registerEdges) previous(reader int32, read Step) {
	call, ends := r.List[reader].Call, r.ends[read.Key]
	at := sort.Search(len(ends), func(at int) bool { return r.List[ends[at]].Return >= call }) - 1
	if at < 0 || read.Value == Initial {
		return
	}
	writer := r.writer[read.Value]
	for latest := r.begun[read.Key][at]; at >= 0 && r.List[ends[at]].Return >= latest; at-- {
		other := ends[at]
		if other == writer || other == reader || r.List[other].Return < r.List[writer].Call {
			continue
		}
		r.finals(other, func(write Step) {
			if write.Key == read.Key {
				r.older(write.Value, read.Value, byTime)
			}
		})
	}
}
