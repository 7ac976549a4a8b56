package consistency

import (
	"fmt"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// none is no node, no value, no session.
const none = -1

// record is a history of registers as dense numbers: nodes are the operations that count, in order of
// invocation; values are what registers held, and the first of them, one per key, are the initial ones.
type record struct {
	operations []history.Operation
	nodes      []node
	values     []value
	keys       []string
	sessions   [][]int32 // the nodes of each session that are ok, in order
	streams    []stream
	byKey      [][]int32 // the streams of each key
}

// node is one operation.
type node struct {
	session, stream int32
	index           int32 // position in the session; of a pendant: that of the node it follows
	key             int32
	sees, writes    int32 // values; a compare-and-set has both
	after           int32 // the ok node before it in its session
	wrote           int32 // the last node of its stream, up to itself, that wrote; none if none did
	pendant         bool  // of unknown outcome: it follows what its client did before, and precedes nothing
}

// leaves is the value that a register holds after the operation.
func (n *node) leaves() int32 {
	if n.writes != none {
		return n.writes
	}
	return n.sees
}

// meets is the value that says what came before: what it saw, or else what it wrote.
func (n *node) meets() int32 {
	if n.sees != none {
		return n.sees
	}
	return n.writes
}

// stream is what one session did on one key: its nodes, pendants aside, in order.
type stream struct {
	session, key int32
	nodes        []int32
}

// value is what a register held once.
type value struct {
	key     int32
	writer  int32   // none for the initial value
	readers []int32 // nodes that saw it and left it, in order
	swaps   []int32 // compare-and-sets that replaced it, in order; more than one only of what is not linearizable
	root    int32   // the value that its chain of compare-and-sets began with, none if they go in a circle
	place   int32   // how many compare-and-sets after the root
	last    int32   // of a root: the value that its chain ends with
}

// label is a value of a key as a map key.
type label struct {
	key   int32
	value evidence.Identity
}

func labelOf(key int32, v history.Value) label { return label{key, evidence.Identify(v)} }

// recorder makes a record of all operations, some of which do not count.
type recorder struct {
	*record
	all     []history.Operation
	key     []int32       // of each operation
	writer  map[label]int // who wrote a value
	failed  map[label]int // who certainly did not, though asked to
	keep    []bool
	sawFrom []int32 // of those that are kept: who wrote what it saw; none if it saw nothing or what there was at first
	written []int32 // of those that are kept and write: the value
}

// read makes a record of operations on registers, in order of invocation. If that cannot be done, there is
// a finding: undecided where the algorithms do not apply, broken where a value was seen that nobody wrote.
func read(operations []history.Operation) (*record, *evidence.Finding) {
	r := &recorder{record: &record{}, all: operations, key: make([]int32, len(operations)),
		writer: make(map[label]int, len(operations)/2), failed: map[label]int{},
		keep: make([]bool, len(operations)), sawFrom: filled(len(operations)), written: filled(len(operations))}
	r.numberKeys()
	for _, step := range []func() *evidence.Finding{r.findWriters, r.findObserved, r.build, r.seat, r.foreseen} {
		if problem := step(); problem != nil {
			return nil, problem
		}
	}
	return r.record, nil
}

func undecided(format string, arguments ...any) *evidence.Finding {
	found := evidence.Undecidable(fmt.Sprintf(format, arguments...))
	return &found
}

func (r *recorder) numberKeys() {
	numbers := map[string]int32{}
	for i := range r.all {
		key, known := numbers[r.all[i].Key]
		if !known {
			key = int32(len(r.keys))
			numbers[r.all[i].Key] = key
			r.keys = append(r.keys, r.all[i].Key)
		}
		r.key[i] = key
	}
}

// findWriters finds who wrote each value.
func (r *recorder) findWriters() *evidence.Finding {
	for i := range r.all {
		operation := &r.all[i]
		v, writes := written(operation)
		if !writes {
			if _, reads := models.Observed(*operation); !reads && operation.Outcome == history.Ok {
				return undecided("%s is no operation on a register", operation.Function)
			}
			continue
		}
		id := labelOf(r.key[i], v)
		if operation.Outcome == history.Fail {
			r.failed[id] = i
			continue
		}
		if _, again := r.writer[id]; again {
			return undecided("%s was written to %s twice, so that nobody can tell which of the two was read", v, operation.Key)
		}
		if v.IsNothing() {
			return undecided("nothing was written to %s, and that is what it held at the start", operation.Key)
		}
		r.writer[id] = i
	}
	return nil
}

// findObserved finds which operations to keep: those that are ok, and those of unknown outcome whose value was
// seen by one that is kept. The others need not have happened, and nothing depends on them.
func (r *recorder) findObserved() *evidence.Finding {
	follow := make([]int, 0, len(r.all))
	for i := range r.all {
		if r.all[i].Outcome == history.Ok {
			r.keep[i] = true
			follow = append(follow, i)
		}
	}
	for at := 0; at < len(follow); at++ {
		v, sees := seen(&r.all[follow[at]])
		if !sees || v.IsNothing() {
			continue
		}
		id := labelOf(r.key[follow[at]], v)
		writer, written := r.writer[id]
		if !written {
			return r.unwritten(follow[at], id, v)
		}
		r.sawFrom[follow[at]] = int32(writer)
		if !r.keep[writer] {
			r.keep[writer] = true
			follow = append(follow, writer)
		}
	}
	return nil
}

// seen is the value that an operation found, given that it took effect.
func seen(operation *history.Operation) (history.Value, bool) {
	if expected, swaps := models.Expected(*operation); swaps {
		return expected, true
	}
	return models.Observed(*operation)
}

// written is the value that an operation writes, if it takes effect.
func written(operation *history.Operation) (history.Value, bool) { return models.Written(*operation) }

func (r *recorder) unwritten(position int, id label, v history.Value) *evidence.Finding {
	reader := r.all[position]
	but, operations := fmt.Sprintf("nobody had asked to write %s", v), []history.Operation{reader}
	if writer, failed := r.failed[id]; failed {
		but = fmt.Sprintf("%s, which had asked to write %s, was told that it failed", evidence.Who(r.all[writer]), v)
		operations = append(operations, r.all[writer])
	}
	found := evidence.Against("a value was read that nobody wrote", operations, reader.ID, but)
	return &found
}

// build makes nodes of the operations that are kept, and values of what they wrote.
func (r *recorder) build() *evidence.Finding {
	kept := 0
	for i := range r.all {
		if r.keep[i] {
			kept++
		}
	}
	for key := range r.keys {
		r.values = append(r.values, value{key: int32(key), writer: none, root: none})
	}
	r.operations, r.nodes = make([]history.Operation, 0, kept), make([]node, 0, kept)
	for i := range r.all {
		if !r.keep[i] {
			continue
		}
		n := node{key: r.key[i], sees: none, writes: none, after: none, wrote: none, pendant: r.all[i].Outcome != history.Ok}
		if _, is := written(&r.all[i]); is {
			n.writes = int32(len(r.values))
			r.written[i] = n.writes
			r.values = append(r.values, value{key: n.key, writer: int32(len(r.nodes)), root: none})
		}
		r.nodes, r.operations = append(r.nodes, n), append(r.operations, r.all[i])
	}
	r.see()
	r.chain()
	return nil
}

// see gives every node the value that it saw.
func (r *recorder) see() {
	at := -1
	for i := range r.all {
		if !r.keep[i] {
			continue
		}
		at++
		if from := r.sawFrom[i]; from != none {
			r.nodes[at].sees = r.written[from]
		} else if _, sees := seen(&r.all[i]); sees {
			r.nodes[at].sees = r.key[i] // what its key held at first
		}
	}
}

// chain joins values by the compare-and-sets that turned one into the next.
func (r *recorder) chain() {
	for i := range r.nodes {
		n := &r.nodes[i]
		if n.sees == none {
			continue
		}
		at := &r.values[n.sees]
		if n.writes == none {
			at.readers = append(at.readers, int32(i))
		} else {
			at.swaps = append(at.swaps, int32(i))
		}
	}
	for i := range r.values {
		if writer := r.values[i].writer; writer != none && r.nodes[writer].sees != none {
			continue // no root
		}
		last := int32(i)
		for place := int32(0); ; place++ {
			at := &r.values[last]
			at.root, at.place = int32(i), place
			if len(at.swaps) == 0 {
				break
			}
			last = r.nodes[at.swaps[0]].writes
		}
		r.values[i].last = last
	}
}

// seat gives every node its place in a session. A session is a client, or a process where a history names
// no client.
func (r *recorder) seat() *evidence.Finding {
	type stretch struct{ session, key int32 }
	sessions, streams := map[string]int32{}, map[stretch]int32{}
	r.byKey = make([][]int32, len(r.keys))
	for i := range r.nodes {
		n, operation := &r.nodes[i], &r.operations[i]
		who := evidence.Who(*operation)
		s, known := sessions[who]
		if !known {
			s = int32(len(r.sessions))
			sessions[who] = s
			r.sessions = append(r.sessions, nil)
		}
		t, known := streams[stretch{s, n.key}]
		if !known {
			t = int32(len(r.streams))
			streams[stretch{s, n.key}] = t
			r.streams = append(r.streams, stream{session: s, key: n.key})
			r.byKey[n.key] = append(r.byKey[n.key], t)
		}
		n.session, n.stream, n.index = s, t, int32(len(r.sessions[s]))
		if n.index > 0 {
			n.after = r.sessions[s][n.index-1]
			if r.operations[n.after].Completed > operation.Invoked {
				return undecided("%s did two things at a time, so that it is no session", who)
			}
		}
		if n.pendant {
			n.index--
			continue
		}
		if n.writes != none {
			n.wrote = int32(i)
		} else if before := r.streams[t].nodes; len(before) > 0 {
			n.wrote = r.nodes[before[len(before)-1]].wrote
		}
		r.sessions[s] = append(r.sessions[s], int32(i))
		r.streams[t].nodes = append(r.streams[t].nodes, int32(i))
	}
	return nil
}

// foreseen finds a session that saw what it was yet to write.
func (r *recorder) foreseen() *evidence.Finding {
	for i := range r.nodes {
		n := &r.nodes[i]
		if n.sees == none || n.pendant || r.initial(n.sees) {
			continue
		}
		if writer := r.values[n.sees].writer; writer >= int32(i) && r.nodes[writer].session == n.session {
			found := evidence.Against("a value was read that was yet to be written", []history.Operation{r.operations[i], r.operations[writer]},
				r.operations[i].ID, fmt.Sprintf("it was itself yet to write %s", r.show(n.sees)))
			return &found
		}
	}
	return nil
}

// latest is the last node of a stream whose index in its session is at most a limit, none if there is none.
func (r *record) latest(t, limit int32) int32 {
	nodes := r.streams[t].nodes
	low, high := 0, len(nodes)
	for low < high {
		if middle := (low + high) / 2; r.nodes[nodes[middle]].index <= limit {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == 0 {
		return none
	}
	return nodes[low-1]
}

// initial tells whether a value is what its key held at the start.
func (r *record) initial(v int32) bool { return int(v) < len(r.keys) }

// show is a value as people write it.
func (r *record) show(v int32) string {
	if r.initial(v) {
		return "nothing"
	}
	written, _ := models.Written(r.operations[r.values[v].writer])
	return written.String()
}
