package isolation

import (
	"fmt"
)

// nobody is the writer of a value that no transaction wrote, and the place of one that no read showed.
const nobody = -1

// versions is what the steps alone say: who wrote what, which transactions happened, and in which order the
// values of each key came.
type versions struct {
	*Transactions
	writer   []int32 // by value
	keyOf    []int32 // by value: the key it was written to
	place    []int32 // by value: its position in its key's order, or nobody
	midway   []bool  // by value: its transaction wrote the key again
	happened []bool  // by transaction: committed, or unknown and seen
	orders   [][]Value
	readers  []int32 // by key: the first transaction that read all of its order
	// torn are the keys whose reads contradict each other or themselves: they have no order.
	torn []bool
	// flaw and failed are by key the first position in its order of a value that nobody wrote or that is there
	// twice, and of one whose transaction failed; where there is none, the order's length.
	flaw, failed []int32
	stamps       []int32 // by value, for dissect: the last read that had it
	stamp        int32
}

// newVersions finds the writers. An error says that a value was written twice, so that nobody could tell
// which write a read saw: unique values are the one thing that this way of checking asks for.
func newVersions(t *Transactions) (*versions, error) {
	v := &versions{
		Transactions: t,
		writer:       filled(t.Values+1, nobody),
		keyOf:        filled(t.Values+1, nobody),
		place:        filled(t.Values+1, nobody),
		midway:       make([]bool, t.Values+1),
		happened:     make([]bool, len(t.List)),
		orders:       make([][]Value, t.Keys),
		readers:      filled(t.Keys, nobody),
		torn:         make([]bool, t.Keys),
		flaw:         make([]int32, t.Keys),
		failed:       make([]int32, t.Keys),
	}
	last := make([]written, t.Keys)
	for i := range t.List {
		v.happened[i] = t.List[i].Outcome == Committed
		for _, step := range t.steps(int32(i)) {
			if step.Length != Written {
				continue
			}
			if before := v.writer[step.Value]; before != nobody {
				return nil, fmt.Errorf("%s and %s both write %s to %s: values must differ for anybody to know whose a read saw",
					t.name(before), t.name(int32(i)), t.value(step.Value), t.key(step.Key))
			}
			v.writer[step.Value], v.keyOf[step.Value] = int32(i), step.Key
			if before := last[step.Key]; before.value != 0 && before.transaction == int32(i) {
				v.midway[before.value] = true
			}
			last[step.Key] = written{int32(i), step.Value}
		}
	}
	return v, nil
}

// written is the last write to a key.
type written struct {
	transaction int32
	value       Value
}

func filled(size int, with int32) []int32 {
	list := make([]int32, size)
	for i := range list {
		list[i] = with
	}
	return list
}

// isFailed tells whether a value's transaction certainly did not happen.
func (v *versions) isFailed(value Value) bool {
	writer := v.writer[value]
	return writer != nobody && v.List[writer].Outcome == Failed
}

// counts tells whether a value was written by a transaction that happened.
func (v *versions) counts(value Value) bool {
	writer := v.writer[value]
	return writer != nobody && v.happened[writer]
}

// see notes that the transaction of a value must have happened, since a read saw it.
func (v *versions) see(value Value) {
	if writer := v.writer[value]; writer != nobody && v.List[writer].Outcome == Unknown {
		v.happened[writer] = true
	}
}
