package engine

import (
	"cleave/history"
	"cleave/models"
)

// Tighten gives the operations with intervals as short as is certain, in the same order, without those that
// cannot matter. What is left is linearizable exactly if the whole is, and takes any search far less. With a
// value that one operation alone brings:
//
//	enqueue 7 |------------------ ?        enqueue 7 |----------|
//	dequeue        |-----| 7          =>   dequeue        |-----| 7    (no later than who needs it)
//
//	enqueue 7       |-----|                enqueue 7       |----|
//	dequeue   |----------| 7          =>   dequeue         |----| 7    (no earlier than who brings it)
//
// If the operations contradict each other already, they are given as they are.
func Tighten(model models.Model, operations []history.Operation) []history.Operation {
	kept := keep(model, operations)
	if kept.impossible >= 0 {
		return operations
	}
	return kept.operations
}

// kept are the operations that matter to a verdict, with tight intervals.
type kept struct {
	operations []history.Operation
	position   []int  // of each, among those given
	certain    []bool // it certainly had its effect
	impossible int    // one that certainly contradicts the others, or nobody
	ties       *ties  // nil if the model has none
}

func (k *kept) positions(places []int) []int {
	positions := make([]int, len(places))
	for i, place := range places {
		positions[i] = k.position[place]
	}
	return positions
}

// completed is how many must have taken effect.
func (k *kept) completed() int {
	count := 0
	for i := range k.operations {
		if k.certain[i] {
			count++
		}
	}
	return count
}

// keep leaves out what failed and what has an unknown outcome and no effect, and tightens the rest.
func keep(model models.Model, operations []history.Operation) *kept {
	k := &kept{impossible: nobody}
	for i := range operations {
		o := &operations[i]
		if o.Outcome == history.Fail || o.Outcome == history.Info && model.Observes(*o) {
			continue
		}
		k.operations = append(k.operations, *o)
		k.position = append(k.position, i)
		k.certain = append(k.certain, o.Outcome == history.Ok)
	}
	if model.Brings == nil || model.Needs == nil {
		return k
	}
	k.ties = tie(model, k.operations)
	if model.Forgets {
		k.forget(k.ties)
	}
	k.tighten(k.ties)
	return k
}

// ties are the values that operations bring and need, by number.
type ties struct {
	values        *states // as states that hold them
	brings, needs [][]int32
	bringers      [][]int32 // value -> the operations that bring it
}

func tie(model models.Model, operations []history.Operation) *ties {
	values := newStates()
	t := &ties{values: values, brings: make([][]int32, len(operations)), needs: make([][]int32, len(operations))}
	numbers := func(list []history.Value) []int32 {
		var numbered []int32
		for _, value := range list {
			numbered = append(numbered, values.number(models.Holding(value)))
		}
		return numbered
	}
	for i := range operations {
		t.brings[i], t.needs[i] = numbers(model.Brings(operations[i])), numbers(model.Needs(operations[i]))
	}
	t.bringers = make([][]int32, len(values.all))
	for i, brought := range t.brings {
		for _, value := range brought {
			t.bringers[value] = append(t.bringers[value], int32(i))
		}
	}
	return t
}

// forget leaves out operations of unknown outcome of which nobody who is kept needs what they bring.
func (k *kept) forget(t *ties) {
	wanted := make([]bool, len(k.operations))
	var follow []int32
	want := func(i int32) {
		if !wanted[i] {
			wanted[i] = true
			follow = append(follow, i)
		}
	}
	for i := range k.operations {
		if k.operations[i].Outcome == history.Ok || len(t.brings[i]) == 0 {
			want(int32(i))
		}
	}
	for len(follow) > 0 {
		last := follow[len(follow)-1]
		follow = follow[:len(follow)-1]
		for _, value := range t.needs[last] {
			for _, bringer := range t.bringers[value] {
				want(bringer)
			}
		}
	}
	k.only(wanted, t)
}

// only leaves the wanted operations, and renumbers their ties.
func (k *kept) only(wanted []bool, t *ties) {
	place := make([]int32, len(wanted))
	left := 0
	for i, want := range wanted {
		if !want {
			continue
		}
		place[i] = int32(left)
		k.operations[left], k.position[left], k.certain[left] = k.operations[i], k.position[i], k.certain[i]
		t.brings[left], t.needs[left] = t.brings[i], t.needs[i]
		left++
	}
	k.operations, k.position, k.certain = k.operations[:left], k.position[:left], k.certain[:left]
	t.brings, t.needs = t.brings[:left], t.needs[:left]
	for value, bringers := range t.bringers {
		some := bringers[:0]
		for _, bringer := range bringers {
			if wanted[bringer] {
				some = append(some, place[bringer])
			}
		}
		t.bringers[value] = some
	}
}

// tighten shortens intervals until none gets shorter, or for a few rounds: each round is exact, and long
// chains of swaps would take many.
func (k *kept) tighten(t *ties) {
	const rounds = 4
	for round, shorter := 0, true; shorter && round < rounds; round++ {
		shorter = false
		for i := range k.operations {
			place := i
			if round%2 == 1 {
				place = len(k.operations) - 1 - i // chains of completions go back
			}
			shorter = k.shorten(t, place) || shorter
		}
	}
}

// shorten tightens an operation, and those that bring what it needs.
func (k *kept) shorten(t *ties, place int) (shorter bool) {
	needer := &k.operations[place]
	for _, value := range t.needs[place] {
		bringers := t.bringers[value]
		earliest := history.Forever
		for _, bringer := range bringers {
			earliest = min(earliest, k.operations[bringer].Invoked)
		}
		if earliest > needer.Completed || len(bringers) == 0 {
			if k.certain[place] {
				k.impossible = place
			}
			continue // it had no effect
		}
		if needer.Invoked < earliest {
			needer.Invoked, shorter = earliest, true
		}
		if len(bringers) == 1 && k.certain[place] {
			shorter = k.hurry(int(bringers[0]), needer.Completed) || shorter
		}
	}
	return shorter
}

// hurry says that an operation certainly had its effect, by a time.
func (k *kept) hurry(place int, by history.Time) (shorter bool) {
	shorter = k.operations[place].Completed > by || !k.certain[place]
	k.operations[place].Completed = min(k.operations[place].Completed, by)
	k.certain[place] = true
	if k.operations[place].Invoked > by {
		k.impossible = place
	}
	return shorter
}
