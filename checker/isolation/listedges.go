package isolation

import "slices"

// tails are the appends that nobody read: they come after all versions of their key that were read, in an
// order that is not known. One node for each key stands for them, so that a square of edges is not needed:
//
//	last version read -ww-> node -> each of them
//	readers of it all -rw-> node -> each of them
//
// A transaction that both leads to the node and comes from it, since it read the last version and then
// appended, would seem to come after itself; it is joined with the others of its key directly.
type tails struct {
	*weaver
	heads   []int32 // by key: the members of key k are members[heads[k]:heads[k+1]]
	members []int32 // transactions, ascending
	nodes   []int32 // by key, or nobody
	// leads is by key the first member that read all of its order.
	leads []int32
}

// listEdges finds the dependencies of transactions on lists.
func (w *weaver) listEdges() *tails {
	for key := range w.orders {
		if !w.torn[key] {
			w.writes(int32(key))
		}
	}
	t := w.newTails()
	for i := range w.List {
		if w.List[i].Outcome != Committed {
			continue
		}
		for _, step := range w.steps(int32(i)) {
			if step.Length >= 0 && !w.torn[step.Key] {
				t.read(int32(i), step)
			}
		}
	}
	return t
}

// writes joins the writers of neighbouring versions, and those that are known to be committed once more past
// the others: that one of unknown outcome happened is certain only if nobody reads what was not committed.
func (w *weaver) writes(key int32) {
	before, sure := int32(nobody), int32(nobody)
	for _, value := range w.orders[key] {
		writer := w.writer[value]
		if !w.counts(value) || writer == before {
			continue
		}
		known := w.List[writer].Outcome == Committed
		if before != nobody && (!known || before != sure) {
			w.edge(before, writer, labelled(ww, ifClean, plain))
		}
		if known {
			if sure != nobody {
				w.edge(sure, writer, labelled(ww, certain, plain))
			}
			sure = writer
		}
		before = writer
	}
}

func (w *weaver) newTails() *tails {
	t := &tails{weaver: w, heads: make([]int32, w.Keys+2), nodes: filled(w.Keys, nobody), leads: filled(w.Keys, nobody)}
	last := filled(w.Keys, nobody)
	t.eachUnread(last, func(key, _ int32) { t.heads[key+2]++ })
	for key := 2; key < len(t.heads); key++ {
		t.heads[key] += t.heads[key-1]
	}
	t.members = make([]int32, t.heads[w.Keys+1])
	for key := range last {
		last[key] = nobody
	}
	t.eachUnread(last, func(key, writer int32) {
		t.members[t.heads[key+1]] = writer
		t.heads[key+1]++
	})
	t.heads = t.heads[:w.Keys+1]
	for key := range int32(w.Keys) {
		if members := t.of(key); len(members) > 0 {
			t.join(key, members)
		}
	}
	return t
}

// eachUnread visits every transaction with an append that nobody read, once for each key.
func (t *tails) eachUnread(last []int32, visit func(key, writer int32)) {
	for i := range t.List {
		if !t.happened[i] {
			continue
		}
		for _, step := range t.steps(int32(i)) {
			if step.Length == Written && t.place[step.Value] == nobody && !t.torn[step.Key] && last[step.Key] != int32(i) {
				last[step.Key] = int32(i)
				visit(step.Key, int32(i))
			}
		}
	}
}

func (t *tails) of(key int32) []int32 { return t.members[t.heads[key]:t.heads[key+1]] }

// join puts the node of a key's tail between the writer of its last version and the members. That a member
// whose outcome is unknown appended at all is sure only if nobody saw an aborted transaction.
func (t *tails) join(key int32, members []int32) {
	node := t.weaver.nodes
	t.nodes[key] = node
	t.weaver.nodes++
	last := t.lastWriter(key)
	within := last != nobody && isMember(members, last)
	if last != nobody && !within {
		t.edge(last, node, labelled(ww, t.grade(last), plain))
	}
	for _, member := range members {
		t.edge(node, member, labelled(onward, t.grade(member), plain))
		if within {
			t.edge(last, member, labelled(ww, max(t.grade(last), t.grade(member)), plain))
		}
	}
}

func (t *tails) grade(writer int32) grade {
	if t.List[writer].Outcome == Committed {
		return certain
	}
	return ifClean
}

func isMember(members []int32, transaction int32) bool {
	_, found := slices.BinarySearch(members, transaction)
	return found
}

// lastWriter is the writer of the last version of a key that was read and counts, or nobody.
func (w *weaver) lastWriter(key int32) int32 {
	for _, value := range slices.Backward(w.orders[key]) {
		if w.counts(value) {
			return w.writer[value]
		}
	}
	return nobody
}

// last is the position in its key's order of the version that a transaction read, its own appends left out,
// or nobody.
func (v *versions) last(read Step, reader int32) int32 {
	order := v.orders[read.Key]
	at := read.Length - 1
	for at >= 0 && (!v.counts(order[at]) || v.writer[order[at]] == reader) {
		at--
	}
	return at
}

// next is the position of the version after one that was read, or the order's length. That what was read is
// the middle of a transaction is told by itself: what that one appended next counts as read.
func (v *versions) next(read Step) int32 {
	order, at, whole := v.orders[read.Key], read.Length, int32(nobody)
	if at > 0 && v.midway[order[at-1]] {
		whole = v.writer[order[at-1]]
	}
	for at < int32(len(order)) && (!v.counts(order[at]) || v.writer[order[at]] == whole) {
		at++
	}
	return at
}

// read joins a reader with the writer of the version it read, and with that of the next.
func (t *tails) read(reader int32, read Step) {
	order := t.orders[read.Key]
	if at := t.last(read, reader); at >= 0 {
		t.edge(t.writer[order[at]], reader, labelled(wr, certain, plain))
	}
	l := labelled(rw, certain, plain)
	if at := t.next(read); at < int32(len(order)) {
		if t.writer[order[at]] != reader {
			t.edge(reader, t.writer[order[at]], l)
		}
		return
	}
	switch {
	case t.nodes[read.Key] == nobody:
	case isMember(t.of(read.Key), reader):
		t.lead(reader, read.Key)
	default:
		t.edge(reader, t.nodes[read.Key], l)
	}
}

// lead joins a member that read its key's last version with the other members. They also wrote after it: had
// one written before, the reader would have missed that, and lost it by its own append. If several members
// have read that version, they have lost an update, and it is enough that each leads to the first of them.
func (t *tails) lead(reader, key int32) {
	l, after := labelled(rw, certain, plain), labelled(ww, ifAtomic, plain)
	switch lead := t.leads[key]; lead {
	case reader:
	case nobody:
		t.leads[key] = reader
		for _, member := range t.of(key) {
			t.edge(reader, member, l)
			t.edge(reader, member, after)
		}
	default:
		t.edge(reader, lead, l)
		t.edge(reader, lead, after)
	}
}
