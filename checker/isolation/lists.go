package isolation

// orderLists takes the longest read of each key for the order of its versions, of which every other read
// must be a beginning, and reports the reads that are not.
func (v *versions) orderLists(found *findings) {
	v.eachRead(func(reader int32, read Step) {
		if read.Length > int32(len(v.orders[read.Key])) {
			v.orders[read.Key], v.readers[read.Key] = v.elements(read), reader
		}
	})
	for key := range v.orders {
		v.placeElements(int32(key))
	}
	v.eachRead(func(reader int32, read Step) { v.compare(reader, read, found) })
	for key, order := range v.orders {
		for v.failed[key] < int32(len(order)) && !v.isFailed(order[v.failed[key]]) {
			v.failed[key]++
		}
	}
}

// eachRead visits all reads whose answer is known, of transactions that happened.
func (v *versions) eachRead(visit func(reader int32, read Step)) {
	for i := range v.List {
		if v.List[i].Outcome != Committed {
			continue
		}
		for _, step := range v.steps(int32(i)) {
			if step.Length >= 0 {
				visit(int32(i), step)
			}
		}
	}
}

func (v *versions) placeElements(key int32) {
	v.flaw[key] = int32(len(v.orders[key]))
	for at, value := range v.orders[key] {
		if v.place[value] != nobody || v.keyOf[value] != key {
			v.flaw[key] = min(v.flaw[key], int32(at))
			continue
		}
		v.place[value] = int32(at)
		v.see(value)
	}
}

// compare looks at a read beside its key's order.
func (v *versions) compare(reader int32, read Step, found *findings) {
	elements := v.elements(read)
	order := v.orders[read.Key][:len(elements)]
	for at, value := range elements {
		if value != order[at] {
			v.torn[read.Key] = true
			v.dissect(reader, read, at, found)
			return
		}
	}
	if read.Length > v.flaw[read.Key] {
		v.torn[read.Key] = true
		v.dissect(reader, read, len(elements), found)
	}
}

// dissect tells what is wrong with a read, which parts from its key's order at a position, or has a flaw in
// common with it: something twice, or that nobody wrote, or else another order.
func (v *versions) dissect(reader int32, read Step, parts int, found *findings) {
	if v.stamps == nil {
		v.stamps = make([]int32, v.Values+1)
	}
	v.stamp++
	elements := v.elements(read)
	for _, value := range elements {
		v.see(value)
		switch {
		case v.keyOf[value] != read.Key:
			found.add(finding{anomaly: GarbageRead, transactions: []int32{reader}, key: read.Key, values: []Value{value}})
			return
		case v.stamps[value] == v.stamp:
			found.add(finding{anomaly: DuplicateElements, transactions: []int32{reader}, key: read.Key, values: []Value{value}})
			return
		case v.isFailed(value):
			found.add(finding{anomaly: AbortedRead, transactions: []int32{v.writer[value], reader}, key: read.Key, values: []Value{value}})
		}
		v.stamps[value] = v.stamp
	}
	if parts < len(elements) {
		found.add(finding{anomaly: IncompatibleOrder, transactions: []int32{v.readers[read.Key], reader}, key: read.Key,
			values: []Value{v.orders[read.Key][parts], elements[parts]}})
	}
}

// listScan goes through each transaction's steps and looks for what they alone show to be wrong.
type listScan struct {
	*versions
	found *findings
	keys  []listState // by key, of the transaction being scanned
	own   []ownWrite  // the transaction's appends
	// updates are by key the first transaction that read all of its order and then made an append that
	// nobody read, plus one: a second one loses an update, whichever came first.
	updates []int32
}

// listState is what a transaction has done with a key so far.
type listState struct {
	transaction int32 // plus one: zero is none
	read        int32 // the length of its last read, or nobody
	longest     int32 // of its longest read
	first       int32 // of its first read, before any append of its own, or nobody
	since       int32 // appends since the last read
	last        int32 // its last append in own, or nobody
}

// ownWrite is an append, linked to the one before it to the same key.
type ownWrite struct {
	value  Value
	before int32
}

// scanLists reports aborted, intermediate and future reads, internal inconsistencies, dirty and lost updates.
func (v *versions) scanLists(found *findings) {
	s := &listScan{versions: v, found: found, keys: make([]listState, v.Keys), updates: make([]int32, v.Keys)}
	for i := range v.List {
		if !v.happened[i] {
			continue
		}
		s.own = s.own[:0]
		for _, step := range v.steps(int32(i)) {
			switch {
			case v.torn[step.Key]:
			case step.Length == Written:
				s.write(int32(i), step)
			case step.Length >= 0 && v.List[i].Outcome == Committed:
				s.read(int32(i), step)
			}
		}
	}
	v.dirtyUpdates(found)
}

// at is the state of a key, fresh for each transaction.
func (s *listScan) at(transaction, key int32) *listState {
	state := &s.keys[key]
	if state.transaction != transaction+1 {
		*state = listState{transaction: transaction + 1, read: nobody, first: nobody, last: nobody}
	}
	return state
}

func (s *listScan) write(writer int32, step Step) {
	state, place := s.at(writer, step.Key), s.place[step.Value]
	if place != nobody && place < state.longest {
		s.found.add(finding{anomaly: FutureRead, transactions: []int32{writer}, key: step.Key, values: []Value{step.Value}})
	}
	if state.last != nobody {
		if before := s.place[s.own[state.last].value]; place != nobody && (before == nobody || before > place) {
			s.found.add(finding{anomaly: ReorderedWrites, transactions: []int32{writer}, key: step.Key,
				values: []Value{s.own[state.last].value, step.Value}})
		}
	} else if state.first != nobody {
		s.update(writer, step, state.first, place)
	}
	s.own = append(s.own, ownWrite{step.Value, state.last})
	state.last = int32(len(s.own) - 1)
	state.since++
}

// update is the first append to a key that the transaction had read before: another one's in between is lost
// on it.
func (s *listScan) update(writer int32, step Step, read, place int32) {
	order := s.orders[step.Key]
	end := int32(len(order))
	if place != nobody {
		end = place
	}
	for at := read; at < end; at++ {
		if value := order[at]; s.counts(value) && s.writer[value] != writer {
			s.found.add(finding{anomaly: LostUpdate, transactions: []int32{s.writer[value], writer}, key: step.Key,
				values: []Value{value, step.Value}, read: read})
			return
		}
	}
	if place != nobody {
		return
	}
	if other := s.updates[step.Key]; other != 0 {
		s.found.add(finding{anomaly: LostUpdate, transactions: []int32{other - 1, writer}, key: step.Key, read: read, detail: bothUnread,
			values: []Value{step.Value}})
	} else {
		s.updates[step.Key] = writer + 1
	}
}

func (s *listScan) read(reader int32, step Step) {
	state, order := s.at(reader, step.Key), s.orders[step.Key]
	s.foreign(reader, step)
	expected := state.since
	if state.read != nobody {
		expected += state.read
	}
	agrees := step.Length >= expected && (state.read == nobody || step.Length == expected)
	write := state.last
	for at := step.Length - 1; agrees && write != nobody && at >= step.Length-state.since; at-- {
		agrees = order[at] == s.own[write].value
		write = s.own[write].before
	}
	if !agrees {
		s.found.add(finding{anomaly: Internal, transactions: []int32{reader}, key: step.Key, read: step.Length, before: state.read})
	}
	if state.read == nobody && state.last == nobody {
		state.first = step.Length
	}
	state.read, state.since, state.longest = step.Length, 0, max(state.longest, step.Length)
}

// foreign looks at whose version was read: that of a failed transaction, or the middle of another one's.
func (s *listScan) foreign(reader int32, step Step) {
	if step.Length == 0 {
		return
	}
	order := s.orders[step.Key]
	if failed := s.failed[step.Key]; step.Length > failed {
		s.found.add(finding{anomaly: AbortedRead, transactions: []int32{s.writer[order[failed]], reader}, key: step.Key, values: []Value{order[failed]}})
	}
	last := order[step.Length-1]
	if writer := s.writer[last]; s.midway[last] && writer != reader && s.counts(last) {
		s.found.add(finding{anomaly: IntermediateRead, transactions: []int32{writer, reader}, key: step.Key, values: []Value{last}})
	}
}

// dirtyUpdates reports versions of committed transactions that were built on those of failed ones.
func (v *versions) dirtyUpdates(found *findings) {
	for key, order := range v.orders {
		if v.torn[key] {
			continue
		}
		for at := v.failed[key]; at+1 < int32(len(order)); at++ {
			if before, after := order[at], order[at+1]; v.isFailed(before) && v.counts(after) {
				found.add(finding{anomaly: DirtyUpdate, transactions: []int32{v.writer[before], v.writer[after]}, key: int32(key),
					values: []Value{before, after}})
			}
		}
	}
}
