package linear

import (
	"cmp"
	"slices"

	"cleave/internal/rng"
)

// chaos makes a few operations at random, without an object behind them: with ties, unknown outcomes,
// values that nobody put in, and now and then one that is put in twice.
func chaos(object Object, seed uint64) []Operation {
	random := rng.New(seed, uint64(object))
	operations := make([]Operation, 1+random.Below(8))
	span := random.Between(4, 16)
	fresh := int64(0)
	for i := range operations {
		o := &operations[i]
		o.Call = random.Below(span)
		o.Return = o.Call + random.Below(6)
		if fresh++; random.Chance(1, 20) {
			fresh--
		}
		draw(object, o, max(fresh, 1), random)
		if o.Kind.mutates(o.Value) && random.Chance(1, 6) {
			o.Return = Never
			if o.Kind == Take {
				o.Value = 0
			}
		}
	}
	if object == Lock {
		asHolders(operations)
	}
	return operations
}

// mutates tells whether an operation of unknown outcome says anything.
func (k Kind) mutates(value int64) bool {
	switch k {
	case Read, Peek, Has, Lacks, Refused:
		return false
	}
	return k != Take || value != 0
}

// draw makes an operation; fresh is a value that was not put in yet.
func draw(object Object, o *Operation, fresh int64, random *rng.Stream) {
	switch object {
	case Register:
		o.Kind = []Kind{Write, Read, Read, Swap}[random.Below(4)]
		o.Value = fresh
		if o.Kind == Read {
			o.Value = random.Below(5)
		}
		if o.Kind == Swap {
			o.Expected = int32(random.Below(4))
		}
	case Queue, Stack, PriorityQueue:
		o.Kind = []Kind{Put, Put, Take, Take, Take, Peek}[random.Below(6)]
		o.Value = random.Below(4)
		if o.Kind == Put {
			o.Value = fresh
			if object == PriorityQueue {
				o.Value = 1 + (fresh*5+2)%9
			}
		}
	case Set:
		o.Kind = []Kind{Add, Added, Added, Remove, Removed, Removed, Has, Lacks, Lacks}[random.Below(9)]
		o.Value = 1 + random.Below(2)/(1+random.Below(2))
	case Counter:
		o.Kind, o.Value = Increase, 1
		if random.Chance(1, 12) {
			o.Value = random.Between(-2, 3)
		}
		if random.Chance(1, 2) {
			o.Kind, o.Value = Read, random.Below(4)
		}
	case Lock:
		o.Kind = []Kind{Acquire, Acquire, Release, Release, Refused}[random.Below(5)]
		o.Value = 1 + random.Below(3)
	}
}

// asHolders lets each holder do one thing after the other, unless its outcome is unknown.
func asHolders(operations []Operation) {
	slices.SortStableFunc(operations, func(a, b Operation) int { return cmp.Compare(a.Call, b.Call) })
	free := map[int64]int64{}
	for i := range operations {
		o := &operations[i]
		if shift := free[o.Value] - o.Call; shift > 0 {
			o.Call += shift
			if !o.unknown() {
				o.Return += shift
			}
		}
		if free[o.Value] = o.Return + int64(i%2); o.unknown() {
			free[o.Value] = o.Call + 1
		}
	}
}

// walk makes the operations of clients that use one object at random. Each takes effect at an instant of
// its interval, so the result is linearizable.
type walk struct {
	object     Object
	seed       uint64
	clients    int
	operations int
	unknown    int64 // percent of operations that change something whose client is told nothing
	long       int64 // the longest an operation takes, less 1
	spread     int64 // how many elements of a set there are
	plain      bool  // no swaps
	peeks      bool  // whether some look at what is next
	blind      bool  // whether some who remove an element are not told whether it was there
}

func (w walk) run() []Operation {
	random := rng.New(w.seed, uint64(w.object), 7)
	operations := make([]Operation, w.operations)
	order := make([]moment, w.operations)
	free := make([]int64, w.clients)
	holder := make([]int64, w.operations)
	for i := range operations {
		client := slices.Index(free, slices.Min(free))
		start := free[client] + random.Below(4)
		end := start + random.Below(w.long)
		free[client] = end + 1
		holder[i] = int64(client + 1)
		operations[i].Call, operations[i].Return = start, end
		order[i] = moment{start + random.Below(end-start+1), int32(i)}
	}
	sortMoments(order)
	g := newGuide(w, random)
	for _, m := range order {
		g.act(&operations[m.name], holder[m.name])
	}
	slices.SortStableFunc(operations, func(a, b Operation) int { return cmp.Compare(a.Call, b.Call) })
	return operations
}

// guide is the object behind a walk.
type guide struct {
	walk
	random *rng.Stream
	items  []int64 // what is in a queue, a stack or a priority queue, as it came
	in     map[int64]bool
	names  []int64 // of values yet to be written or put in
	number int64   // what a register or a counter holds, or who a lock
}

func newGuide(w walk, random *rng.Stream) *guide {
	g := &guide{walk: w, random: random, in: map[int64]bool{}, names: make([]int64, w.operations)}
	for i := range g.names {
		g.names[i] = int64(i + 1)
	}
	if w.object == PriorityQueue {
		random.Shuffle(len(g.names), func(i, j int) { g.names[i], g.names[j] = g.names[j], g.names[i] })
	}
	return g
}

// act lets an operation take effect, with the answer of the object; if it is lost, perhaps.
func (g *guide) act(o *Operation, client int64) {
	g.choose(o, client)
	if !o.Kind.mutates(1) || o.Kind == Take && o.Value == 0 {
		return
	}
	lost := g.random.Below(100) < g.unknown
	if lost {
		o.Return = Never
	}
	if !lost || g.random.Chance(1, 2) {
		g.apply(o)
	}
	if lost && o.Kind == Take {
		o.Value = 0
	}
}

// choose makes an operation that is possible now.
func (g *guide) choose(o *Operation, client int64) {
	switch g.object {
	case Register:
		o.Kind, o.Value = Read, g.number
		if g.random.Chance(1, 2) {
			o.Kind, o.Value = Write, g.name()
			if !g.plain && g.random.Chance(1, 4) {
				o.Kind, o.Expected = Swap, int32(g.number)
			}
		}
	case Queue, Stack, PriorityQueue:
		g.collection(o)
	case Set:
		g.set(o)
	case Counter:
		o.Kind, o.Value = Read, g.number
		if g.random.Chance(1, 2) {
			o.Kind, o.Value = Increase, 1
		}
	case Lock:
		o.Value = client
		switch g.number {
		case 0:
			o.Kind = Acquire
		case client:
			o.Kind = Release
		default:
			o.Kind = Refused
		}
	}
}

func (g *guide) name() int64 {
	name := g.names[0]
	g.names = g.names[1:]
	return name
}

func (g *guide) collection(o *Operation) {
	switch choice := g.random.Below(20); {
	case choice < 10 && (len(g.items) < 40 || choice < 5):
		o.Kind, o.Value = Put, g.name()
	case choice == 19 && g.peeks:
		o.Kind, o.Value = Peek, g.next()
	default:
		o.Kind, o.Value = Take, g.next()
	}
}

// next is what would be taken, 0 if there is nothing.
func (g *guide) next() int64 {
	switch {
	case len(g.items) == 0:
		return 0
	case g.object == Queue:
		return g.items[0]
	case g.object == Stack:
		return g.items[len(g.items)-1]
	}
	return slices.Min(g.items)
}

func (g *guide) set(o *Operation) {
	o.Value = 1 + g.random.Below(g.spread)
	in := g.in[o.Value]
	switch choice := g.random.Below(6); {
	case choice < 2 && in:
		o.Kind = Has
	case choice < 2:
		o.Kind = Lacks
	case in && choice == 5:
		o.Kind = Remove
		if !g.blind {
			o.Kind = Removed
		}
	case in:
		o.Kind = Removed
	default:
		o.Kind = Added
	}
}

// apply changes the object.
func (g *guide) apply(o *Operation) {
	switch o.Kind {
	case Write, Swap:
		g.number = o.Value
	case Put:
		g.items = append(g.items, o.Value)
	case Take:
		place := slices.Index(g.items, o.Value)
		g.items = slices.Delete(g.items, place, place+1)
	case Added, Add:
		g.in[o.Value] = true
	case Removed, Remove:
		g.in[o.Value] = false
	case Increase:
		g.number += o.Value
	case Acquire:
		g.number = o.Value
	case Release:
		g.number = 0
	}
}
