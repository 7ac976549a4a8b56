package isolation

// registerScan goes through each transaction's steps on registers and looks for what they alone show to be
// wrong.
type registerScan struct {
	*versions
	found *findings
	keys  []registerState // by key, of the transaction being scanned
	// updates are by value, and for Initial by key, the first transaction that read it and then wrote its key,
	// plus one.
	updates, firsts []int32
}

// registerState is what a transaction has done with a key so far.
type registerState struct {
	transaction int32 // plus one: zero is none
	value       Value // that it must read next
	read        bool  // value was read, and not written
}

// scanRegisters reports garbage, aborted, intermediate and future reads, internal inconsistencies and lost
// updates.
func (v *versions) scanRegisters(found *findings) {
	s := &registerScan{versions: v, found: found, keys: make([]registerState, v.Keys),
		updates: make([]int32, v.Values+1), firsts: make([]int32, v.Keys)}
	for i := range v.List {
		if v.List[i].Outcome == Failed {
			continue
		}
		for _, step := range v.steps(int32(i)) {
			switch {
			case step.Length == Written:
				s.write(int32(i), step)
			case step.Length == 0 && v.List[i].Outcome == Committed:
				s.read(int32(i), step)
			}
		}
	}
}

func (s *registerScan) write(writer int32, step Step) {
	state := &s.keys[step.Key]
	if state.transaction == writer+1 && state.read {
		first := &s.updates[state.value]
		if state.value == Initial {
			first = &s.firsts[step.Key]
		}
		switch *first {
		case 0:
			*first = writer + 1
		case writer + 1:
		default:
			s.found.add(finding{anomaly: LostUpdate, transactions: []int32{*first - 1, writer}, key: step.Key, values: []Value{state.value}})
		}
	}
	*state = registerState{writer + 1, step.Value, false}
}

func (s *registerScan) read(reader int32, step Step) {
	state, writer := &s.keys[step.Key], s.writer[step.Value]
	known := state.transaction == reader+1
	one := finding{transactions: []int32{writer, reader}, key: step.Key, values: []Value{step.Value}}
	switch {
	case known && state.value == step.Value:
		return
	case step.Value != Initial && s.keyOf[step.Value] != step.Key:
		one.anomaly, one.transactions = GarbageRead, one.transactions[1:]
	case writer == reader && !s.wroteBefore(reader, step):
		one.anomaly, one.transactions = FutureRead, one.transactions[1:]
	case s.isFailed(step.Value):
		one.anomaly = AbortedRead
	case s.midway[step.Value] && writer != reader:
		one.anomaly = IntermediateRead
	}
	s.see(step.Value)
	if one.anomaly != "" {
		s.found.add(one)
	}
	if known && one.anomaly != FutureRead {
		s.found.add(finding{anomaly: Internal, transactions: []int32{reader}, key: step.Key, values: []Value{step.Value, state.value}})
	}
	*state = registerState{reader + 1, step.Value, true}
}

// wroteBefore tells whether a transaction wrote a value before it read it. It runs only for a read that is
// wrong in any case.
func (s *registerScan) wroteBefore(transaction int32, read Step) bool {
	for _, step := range s.steps(transaction) {
		if step.Length == 0 && step.Key == read.Key && step.Value == read.Value {
			return false
		}
		if step.Length == Written && step.Value == read.Value {
			return true
		}
	}
	return false
}

// foreign visits the reads of a transaction that saw what another one wrote, or nothing.
func (v *versions) foreign(reader int32, visit func(read Step)) {
	if v.List[reader].Outcome != Committed {
		return
	}
	for _, step := range v.steps(reader) {
		if step.Length == 0 && v.writer[step.Value] != reader && (step.Value == Initial || v.counts(step.Value)) {
			visit(step)
		}
	}
}

// finals visits the last writes of a transaction to each key, if it happened.
func (v *versions) finals(writer int32, visit func(write Step)) {
	if !v.happened[writer] {
		return
	}
	for _, step := range v.steps(writer) {
		if step.Length == Written && !v.midway[step.Value] {
			visit(step)
		}
	}
}
