package isolation

import (
	"cmp"
	"slices"

	"cleave/history"
	"cleave/internal/rng"
)

// workload describes a random history of lists from an executor that is serializable in real time.
type workload struct {
	transactions, processes, steps int
	keys                           int   // in use at once
	perKey                         int   // appends to a key before another takes its place
	unknown, failed                int64 // of 1000
}

// readList is a read of a list that gave these elements, which are copied.
func (b *Builder) readList(key int, elements ...Value) {
	from := len(b.Elements)
	b.Elements = append(b.Elements, elements...)
	for _, value := range elements {
		b.Values = max(b.Values, int(value))
	}
	b.step(Step{Key: int32(key), Value: Value(from), Length: int32(len(elements))})
}

// slot is one transaction's time.
type slot struct {
	process         int
	call, at, reply history.Time
}

// slots are intervals of processes that are nearly always busy, in order of the instants in them.
func (w workload) slots(random *rng.Stream) []slot {
	slots := make([]slot, 0, w.transactions)
	clock := make([]history.Time, w.processes)
	for i := range w.transactions {
		p := i % w.processes
		call := clock[p] + history.Time(random.Between(1, 50))
		reply := call + history.Time(random.Between(100, 2000))
		clock[p] = reply
		slots = append(slots, slot{p, call, call + history.Time(random.Below(int64(reply-call)+1)), reply})
	}
	slices.SortStableFunc(slots, func(a, b slot) int { return cmp.Compare(a.at, b.at) })
	return slots
}

// pool gives out keys: a few at once, each for so many appends.
type pool struct {
	keys  []int
	used  []int
	next  int
	limit int
}

func newPool(w workload) *pool {
	p := &pool{limit: w.perKey, next: w.keys}
	for key := range w.keys {
		p.keys, p.used = append(p.keys, key), append(p.used, 0)
	}
	return p
}

func (p *pool) write(slot int) int {
	if p.used[slot] == p.limit {
		p.keys[slot], p.used[slot] = p.next, 0
		p.next++
	}
	p.used[slot]++
	return p.keys[slot]
}

// generate runs the executor.
func (w workload) generate(seed uint64) *Transactions {
	random, keys := rng.New(seed), newPool(w)
	b := NewBuilder(ListAppend)
	lists := map[int][]Value{}
	value := Value(0)
	for _, slot := range w.slots(random) {
		outcome, happens := Committed, true
		switch draw := random.Below(1000); {
		case draw < w.failed:
			outcome, happens = Failed, false
		case draw < w.failed+w.unknown:
			outcome, happens = Unknown, random.Chance(1, 2)
		}
		b.Begin(slot.process, slot.call, slot.reply, outcome)
		for range w.steps {
			at := int(random.Below(int64(w.keys)))
			if random.Chance(1, 2) {
				if outcome == Committed {
					b.readList(keys.keys[at], lists[keys.keys[at]]...)
				}
				continue
			}
			value++
			key := keys.write(at)
			b.Write(key, value)
			if happens {
				lists[key] = append(lists[key], value)
			}
		}
	}
	t, err := b.Done()
	if err != nil {
		panic(err)
	}
	return t
}
