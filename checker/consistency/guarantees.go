package consistency

import (
	"fmt"

	"cleave/checker/evidence"
)

// The session guarantees (Terry et al., PDIS 1994) are promises to one session at a time, each of a key.
// What replaced what is known of a session that wrote both, or read the one and then wrote the other; so
// each is broken by what one session was shown:
//
//	monotonic reads       c2 reads 1, then 2, then 1 again; or anything, and then nothing
//	read your writes      c1 writes 1, then 2, and reads 1, or nothing, or what it had read before
//	monotonic writes      c1 writes 1, then 2; c2 reads 2, and then 1
//	writes follow reads   c1 reads 1, then writes 2; c2 reads 2, and then 1
//
// What a session wrote with an unknown outcome follows what it did before, and it need not see it.

// monotonicReads takes O(n).
func monotonicReads(r *record) (*breach, string) {
	first := make([]int32, len(r.values)) // the session's first read of a value
	owner := filled(len(r.values))
	last := make([]int32, len(r.streams)) // the last read of a key
	for t := range last {
		last[t] = none
	}
	for s, nodes := range r.sessions {
		for _, at := range nodes {
			n := &r.nodes[at]
			v, before := n.sees, last[n.stream]
			if v == none {
				continue
			}
			if before != none && r.nodes[before].sees != v {
				other := r.nodes[before].sees
				reason := "a session's reads went back"
				if r.initial(v) {
					return &breach{reason, []int32{before, at}, at, fmt.Sprintf("it had read %s", r.show(other))}, ""
				}
				if owner[v] == int32(s) {
					return &breach{reason, []int32{first[v], before, at}, at,
						fmt.Sprintf("it had read %s since, so %s had been replaced, and a value that was written once cannot come back",
							r.show(other), r.show(v))}, ""
				}
			}
			if owner[v] != int32(s) {
				owner[v], first[v] = int32(s), at
			}
			last[n.stream] = at
		}
	}
	return nil, ""
}

// filled is a list of nones.
func filled(length int) []int32 {
	list := make([]int32, length)
	for i := range list {
		list[i] = none
	}
	return list
}

// readYourWrites takes O(n).
func readYourWrites(r *record) (*breach, string) {
	owner := filled(len(r.values))         // the session that last had a value in view
	viewed := make([]int32, len(r.values)) // with which of its nodes first
	wrote := filled(len(r.streams))        // the session's last write of a key
	for s, nodes := range r.sessions {
		for _, at := range nodes {
			n := &r.nodes[at]
			if own, v := wrote[n.stream], n.sees; own != none && v != none {
				reason := "a session did not read its own write"
				but := fmt.Sprintf("it had written %s since", r.show(r.nodes[own].writes))
				if r.initial(v) {
					return &breach{reason, []int32{own, at}, at, fmt.Sprintf("it had written %s", r.show(r.nodes[own].writes))}, ""
				}
				if owner[v] == int32(s) && r.viewStep(viewed[v], v) < r.step(own) {
					return &breach{reason, []int32{viewed[v], own, at}, at, but}, ""
				}
			}
			for _, v := range []int32{n.sees, n.writes} {
				if v != none && owner[v] != int32(s) {
					owner[v], viewed[v] = int32(s), at
				}
			}
			if n.writes != none {
				wrote[n.stream] = at
			}
		}
	}
	return nil, ""
}

// viewStep is when a session had a value in view, by one of its nodes: see step.
func (r *record) viewStep(at, v int32) int32 {
	if r.nodes[at].writes == v {
		return r.step(at)
	}
	return 3 * r.nodes[at].index
}

// furthest is the latest value of each stream of writes that a session has read.
type furthest struct {
	owner []int32 // by stream: the session that at and step are about
	step  []int32
	at    []int32 // its read
}

func newFurthest(r *record) *furthest {
	return &furthest{filled(len(r.streams)), make([]int32, len(r.streams)), make([]int32, len(r.streams))}
}

// reads takes a read of a session.
func (f *furthest) reads(r *record, session, at int32) {
	writer := r.values[r.nodes[at].sees].writer
	if writer == none {
		return
	}
	t, step := r.nodes[writer].stream, r.step(writer)
	if f.owner[t] != session || f.step[t] < step {
		f.owner[t], f.step[t], f.at[t] = session, step, at
	}
}

// step orders the writes and reads of a session: its k-th ok operation reads at 3k and writes at 3k+1, and
// what it asked for after that and never learnt the outcome of takes effect at 3k+2, or later.
func (r *record) step(writer int32) int32 {
	n := &r.nodes[writer]
	if n.pendant {
		return 3*n.index + 2
	}
	return 3*n.index + 1
}

// monotonicWrites takes O(n).
func monotonicWrites(r *record) (*breach, string) {
	far := newFurthest(r)
	for s, nodes := range r.sessions {
		for _, at := range nodes {
			v := r.nodes[at].sees
			if v == none {
				continue
			}
			if writer := r.values[v].writer; writer != none && !r.nodes[writer].pendant {
				t := r.nodes[writer].stream
				if far.owner[t] == int32(s) && far.step[t] > r.step(writer) {
					newer := r.values[r.nodes[far.at[t]].sees].writer
					return &breach{"a session's writes were seen out of order", []int32{writer, newer, far.at[t], at}, at,
						fmt.Sprintf("it had read %s, which %s had written after %s", r.show(r.nodes[newer].writes),
							evidence.Who(r.operations[newer]), r.show(v))}, ""
				}
			}
			far.reads(r, int32(s), at)
		}
	}
	return nil, ""
}

// writesFollowReads takes O(n k) for k sessions.
func writesFollowReads(r *record) (*breach, string) {
	readers := r.firstReaders()
	far := newFurthest(r)
	// By value: the session's read of what a compare-and-set of unknown outcome made of it, and the session.
	swapped, owner := make([]int32, len(r.values)), filled(len(r.values))
	for s, nodes := range r.sessions {
		for _, at := range nodes {
			v := r.nodes[at].sees
			if v == none || r.initial(v) {
				continue // going back to nothing is a matter of monotonic reads
			}
			if found := r.afterItsFollower(readers[v], far, int32(s), at); found != nil {
				return found, ""
			}
			if owner[v] == int32(s) {
				swap := r.values[r.nodes[swapped[v]].sees].writer
				return r.followed(swap, swap, swapped[v], at), ""
			}
			far.reads(r, int32(s), at)
			if writer := r.values[v].writer; writer != none && r.nodes[writer].pendant && r.nodes[writer].sees != none {
				old := r.nodes[writer].sees
				swapped[old], owner[old] = at, int32(s)
			}
		}
	}
	return nil, ""
}

// firstReaders are, of each value, the first node of every stream that saw it.
func (r *record) firstReaders() [][]int32 {
	readers := make([][]int32, len(r.values))
	last := filled(len(r.values))
	for t := range r.streams {
		for _, at := range r.streams[t].nodes {
			if v := r.nodes[at].sees; v != none && last[v] != int32(t) {
				last[v] = int32(t)
				readers[v] = append(readers[v], at)
			}
		}
	}
	return readers
}

// afterItsFollower looks whether a session had read what somebody wrote after reading what it now reads.
func (r *record) afterItsFollower(readers []int32, far *furthest, session, at int32) *breach {
	for _, reader := range readers {
		if t := r.nodes[reader].stream; far.owner[t] == session && far.step[t] > 3*r.nodes[reader].index {
			return r.followed(reader, r.values[r.nodes[far.at[t]].sees].writer, far.at[t], at)
		}
	}
	return nil
}

// followed tells that a session wrote a value after it had read another one, and that the first was shown
// before the second.
func (r *record) followed(reader, newer, shown, at int32) *breach {
	return &breach{"a write was seen before what its writer had read", []int32{reader, newer, shown, at}, at,
		fmt.Sprintf("it had read %s, which %s had written after reading %s",
			r.show(r.nodes[newer].writes), evidence.Who(r.operations[newer]), r.show(r.nodes[at].sees))}
}
