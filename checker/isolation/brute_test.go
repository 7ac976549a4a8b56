package isolation

import "slices"

// brute decides by trying everything: which unknown transactions happened, and all orders of transactions, or
// of their starts and commits, or of versions. It shares nothing with the checker but the input.
type brute struct {
	*Transactions
	scope   scope
	happens []bool
	state   [][]Value   // by key: the list, or a register's value alone
	log     []int       // by key: how often it was changed
	starts  [][][]Value // by transaction: its snapshot
	since   [][]int     // by transaction: log at its start
	phase   []int       // by transaction: 0 not begun, 1 begun, 2 over
}

// exists tries every set of unknown transactions.
func exists(t *Transactions, scope scope, try func(b *brute) bool) bool {
	var unknown []int
	for i := range t.List {
		if t.List[i].Outcome == Unknown {
			unknown = append(unknown, i)
		}
	}
	for set := range 1 << len(unknown) {
		b := &brute{Transactions: t, scope: scope, happens: make([]bool, len(t.List)), state: make([][]Value, t.Keys), log: make([]int, t.Keys),
			starts: make([][][]Value, len(t.List)), since: make([][]int, len(t.List)), phase: make([]int, len(t.List))}
		for i := range t.List {
			b.happens[i] = t.List[i].Outcome == Committed
		}
		for bit, i := range unknown {
			b.happens[i] = set>>bit&1 == 1
		}
		if t.Kind == Register {
			for key := range b.state {
				b.state[key] = []Value{Initial}
			}
		}
		if try(b) {
			return true
		}
	}
	return false
}

// before tells whether one transaction must come before another in the scope.
func (b *brute) before(i, j int) bool {
	if i == j || !b.happens[i] || !b.happens[j] || b.List[i].Outcome != Committed {
		return false
	}
	if b.scope >= bySession && b.List[i].Process == b.List[j].Process && i < j {
		return true // generated in this order
	}
	return b.scope == byTime && b.List[i].Return < b.List[j].Call
}

// ready tells whether all that must come before a transaction is over.
func (b *brute) ready(j int) bool {
	for i := range b.List {
		if b.before(i, j) && b.phase[i] != 2 {
			return false
		}
	}
	return true
}

func (b *brute) done() bool {
	for i := range b.List {
		if b.happens[i] && b.phase[i] != 2 {
			return false
		}
	}
	return true
}

func copied(state [][]Value) [][]Value {
	clone := make([][]Value, len(state))
	for key := range state {
		clone[key] = slices.Clone(state[key])
	}
	return clone
}

// run carries out a transaction on a state, which it changes, and tells whether its reads agree.
func (b *brute) run(i int, state [][]Value) bool {
	for _, step := range b.steps(int32(i)) {
		key := step.Key
		switch {
		case step.Length == Written && b.Kind == Register:
			state[key] = []Value{step.Value}
		case step.Length == Written:
			state[key] = append(state[key], step.Value)
		case step.Length == Unread:
		case b.Kind == Register && state[key][0] != step.Value:
			return false
		case b.Kind == ListAppend && !slices.Equal(state[key], b.elements(step)):
			return false
		}
	}
	return true
}

// serial tries all orders of the transactions.
func (b *brute) serial() bool {
	if b.done() {
		return true
	}
	for i := range b.List {
		if !b.happens[i] || b.phase[i] != 0 || !b.ready(i) {
			continue
		}
		saved := copied(b.state)
		if b.run(i, b.state) {
			b.phase[i] = 2
			if b.serial() {
				return true
			}
			b.phase[i] = 0
		}
		b.state = saved
	}
	return false
}

// snapshots tries all orders of starts and commits, where of two concurrent transactions that write the same
// key the second may not commit.
func (b *brute) snapshots() bool {
	if b.done() {
		return true
	}
	for i := range b.List {
		switch {
		case !b.happens[i]:
		case b.phase[i] == 0 && b.ready(i):
			b.starts[i], b.since[i] = copied(b.state), slices.Clone(b.log)
			if b.run(i, b.starts[i]) {
				b.phase[i] = 1
				if b.snapshots() {
					return true
				}
				b.phase[i] = 0
			}
		case b.phase[i] == 1 && b.commit(i):
			return true
		}
	}
	return false
}

func (b *brute) commit(i int) bool {
	state, log := copied(b.state), slices.Clone(b.log)
	for _, step := range b.steps(int32(i)) {
		if step.Length == Written && b.since[i][step.Key] != log[step.Key] {
			return false
		}
	}
	for _, step := range b.steps(int32(i)) {
		if step.Length == Written {
			b.state[step.Key] = b.starts[i][step.Key]
			b.log[step.Key] = log[step.Key] + 1
		}
	}
	b.phase[i] = 2
	if b.snapshots() {
		return true
	}
	b.phase[i], b.state, b.log = 1, state, log
	return false
}

// committedReads tries all version orders of lists: for each key an order of the transactions that appended
// to it, every read a whole number of their appends, or some of its own, and no cycle of ww and wr.
func (b *brute) committedReads() bool { return b.orderKey(0, make([][]int, b.Keys)) }

func (b *brute) orderKey(key int, orders [][]int) bool {
	if key == b.Keys {
		return b.plausible(orders)
	}
	var writers []int
	for i := range b.List {
		if b.happens[i] && len(b.wrote(i, key)) > 0 {
			writers = append(writers, i)
		}
	}
	return permute(writers, 0, func(order []int) bool {
		orders[key] = order
		return b.orderKey(key+1, orders)
	})
}

func permute(list []int, from int, try func([]int) bool) bool {
	if from == len(list) {
		return try(list)
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		if permute(list, from+1, try) {
			return true
		}
		list[from], list[i] = list[i], list[from]
	}
	return false
}

func (b *brute) wrote(i, key int) []Value {
	var values []Value
	for _, step := range b.steps(int32(i)) {
		if step.Length == Written && int(step.Key) == key {
			values = append(values, step.Value)
		}
	}
	return values
}

func (b *brute) plausible(orders [][]int) bool {
	n := len(b.List)
	reaches := make([][]bool, n)
	for i := range reaches {
		reaches[i] = make([]bool, n)
		for j := range reaches[i] {
			reaches[i][j] = b.before(i, j)
		}
	}
	for _, order := range orders {
		for at := 1; at < len(order); at++ {
			reaches[order[at-1]][order[at]] = true
		}
	}
	for i := range b.List {
		if b.List[i].Outcome != Committed {
			continue
		}
		appended := map[Value]bool{}
		for _, step := range b.steps(int32(i)) {
			if step.Length == Written {
				appended[step.Value] = true
			} else if !b.readsVersion(i, step, orders[step.Key], appended, reaches) {
				return false
			}
		}
	}
	return acyclic(reaches)
}

// readsVersion tells whether a read gave a version in this order, and notes whose.
func (b *brute) readsVersion(reader int, read Step, order []int, appended map[Value]bool, reaches [][]bool) bool {
	elements := b.elements(read)
	for _, writer := range order {
		if len(elements) == 0 {
			return true
		}
		values := b.wrote(writer, int(read.Key))
		common := min(len(values), len(elements))
		if !slices.Equal(values[:common], elements[:common]) || common < len(values) && writer != reader {
			return false
		}
		for _, value := range elements[:common] {
			if writer == reader && !appended[value] {
				return false
			}
		}
		if writer != reader {
			reaches[writer][reader] = true
		}
		elements = elements[common:]
		if common < len(values) {
			break
		}
	}
	return len(elements) == 0
}

func acyclic(reaches [][]bool) bool {
	for k := range reaches {
		for i := range reaches {
			for j := range reaches {
				reaches[i][j] = reaches[i][j] || reaches[i][k] && reaches[k][j]
			}
		}
	}
	for i := range reaches {
		if reaches[i][i] {
			return false
		}
	}
	return true
}
