package linear

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

// fault makes a legal history wrong by one operation, and gives its position; below 0 if there is no place for it.
type fault struct {
	name   string
	object Object
	plant  func(operations []Operation, random *rng.Stream) int
}

// faults are the mutations, each of which makes a history of few clients illegal nearly always.
var faults = []fault{
	{"a stale read", Register, mutated(Read, func(o *Operation) { o.Value = max(o.Value-9, 1) })},
	{"a value that nobody wrote", Register, mutated(Read, func(o *Operation) { o.Value = 500 })},
	{"a value taken twice", Queue, takenAgain},
	{"a value taken twice", Stack, takenAgain},
	{"a value taken twice", PriorityQueue, takenAgain},
	{"a value that nobody put in", Queue, mutated(Take, func(o *Operation) { o.Value = 500 })},
	{"empty when it was not", Queue, mutated(Peek, func(o *Operation) { o.Value = 0 })},
	{"empty when it was not", PriorityQueue, mutated(Peek, func(o *Operation) { o.Value = 0 })},
	{"a take much later", Queue, late},
	{"a take much later", Stack, late},
	{"a take much later", PriorityQueue, late},
	{"an element that was not there", Set, mutated(Lacks, func(o *Operation) { o.Kind = Has })},
	{"an element that was there", Set, mutated(Has, func(o *Operation) { o.Kind = Lacks })},
	{"a read of too little", Counter, mutated(Read, func(o *Operation) { o.Value = max(o.Value-9, 0) })},
	{"a read of too much", Counter, mutated(Read, func(o *Operation) { o.Value += 9 })},
	{"the lock to a second holder", Lock, mutated(Refused, func(o *Operation) { o.Kind = Acquire })},
	{"refused though free", Lock, refusedLate},
}

// mutated is a mutation of an operation of a kind.
func mutated(kind Kind, change func(o *Operation)) func([]Operation, *rng.Stream) int {
	return func(operations []Operation, random *rng.Stream) int {
		position := pick(operations, random, func(o *Operation) bool { return o.Kind == kind && !o.unknown() && (kind != Peek || o.Value != 0) })
		if position >= 0 {
			change(&operations[position])
		}
		return position
	}
}

// pick is the position of one of the operations that fit, from the middle of the history on, below 0 if there is none.
func pick(operations []Operation, random *rng.Stream, fits func(o *Operation) bool) int {
	start := len(operations)/2 + int(random.Below(int64(len(operations)/4+1)))
	for i := start; i < len(operations); i++ {
		if fits(&operations[i]) {
			return i
		}
	}
	return none
}

func takenAgain(operations []Operation, random *rng.Stream) int {
	takes := func(o *Operation) bool { return o.Kind == Take && !o.unknown() && o.Value != 0 }
	first := slices.IndexFunc(operations, func(o Operation) bool { return takes(&o) })
	again := pick(operations, random, takes)
	if first < 0 || again <= first {
		return none
	}
	operations[again].Value = operations[first].Value
	return again
}

// late moves a take to the end of the history.
func late(operations []Operation, random *rng.Stream) int {
	return moved(operations, pick(operations, random, func(o *Operation) bool { return o.Kind == Take && !o.unknown() && o.Value != 0 }))
}

// refusedLate moves a refusal to the end of the history, when the lock may be free.
func refusedLate(operations []Operation, random *rng.Stream) int {
	return moved(operations, pick(operations, random, func(o *Operation) bool { return o.Kind == Refused }))
}

func moved(operations []Operation, position int) int {
	if position >= 0 {
		end := int64(0)
		for i := range operations {
			if !operations[i].unknown() {
				end = max(end, operations[i].Return)
			}
		}
		operations[position].Call, operations[position].Return = end+1, end+2
	}
	return position
}

// One operation is wrong: the history is invalid, and that operation is in the witness, which has few others.
func TestTheWrongOperationIsNamed(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			found, planted := 0, 0
			for seed := range uint64(300) {
				legal := walk{object: f.object, seed: seed, clients: 4, operations: 120, long: 12, spread: 5, unknown: int64(seed % 2), peeks: true}.run()
				if Check(f.object, legal).Verdict == Invalid {
					t.Fatal("not legal to begin with: ", seed)
				}
				operations := slices.Clone(legal)
				wrong := f.plant(operations, rng.New(seed))
				if wrong < 0 || operations[wrong] == legal[wrong] {
					continue
				}
				planted++
				answer := Check(f.object, operations)
				if answer.Verdict != Invalid {
					continue // not wrong after all, in this one
				}
				found++
				require.Contains(t, answer.Witness(), wrong, "seed %d: %+v\n%s", seed, answer, show(operations))
				require.LessOrEqual(t, len(answer.Witness()), 40, "seed %d: %+v", seed, answer)
			}
			t.Logf("object %d: %d of %d", f.object, found, planted)
			require.Greater(t, found, planted/8)
			require.Greater(t, planted, 50)
		})
	}
}

// A witness is illegal by itself.
func TestWitnessesStandAlone(t *testing.T) {
	for name, object := range objects {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(5000) {
				operations := small(object, seed)
				answer := Check(object, operations)
				if answer.Verdict != Invalid {
					continue
				}
				var alone []Operation
				for _, position := range answer.Witness() {
					alone = append(alone, operations[position])
				}
				if object == Register {
					alone = withWriters(operations, answer.Witness())
				}
				require.False(t, brute(object, alone), "seed %d: %+v\n%s", seed, answer, show(operations))
			}
		})
	}
}

// withWriters adds to some operations on a register all that wrote what they saw.
func withWriters(operations []Operation, positions []int) []Operation {
	wanted := make([]bool, len(operations))
	for follow := positions; len(follow) > 0; {
		position := follow[0]
		follow = slices.Clone(follow[1:])
		if wanted[position] {
			continue
		}
		wanted[position] = true
		saw := operations[position].Value
		if operations[position].Kind == Swap {
			saw = int64(operations[position].Expected)
		}
		for i := range operations {
			if operations[i].Kind != Read && operations[i].Value == saw {
				follow = append(follow, i)
			}
		}
	}
	var some []Operation
	for i := range operations {
		if wanted[i] {
			some = append(some, operations[i])
		}
	}
	return some
}

// The verdict depends on the order of times alone, and not on the names of clients or values, nor on what nobody
// saw and nobody knows to have been written.
func TestVerdictsDoNotDependOnUnitsOrNames(t *testing.T) {
	for name, object := range objects {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(4000) {
				operations := small(object, seed)
				answer := Check(object, operations)
				moved := slices.Clone(operations)
				for i := range moved {
					moved[i].Call = moved[i].Call*1000 + 77
					if !moved[i].unknown() {
						moved[i].Return = moved[i].Return*1000 + 77
					}
					if object != Counter && object != PriorityQueue && moved[i].Value > 0 {
						moved[i].Value = 21 - moved[i].Value
					}
					if moved[i].Expected > 0 {
						moved[i].Expected = 21 - moved[i].Expected
					}
				}
				require.Equal(t, answer.Verdict, Check(object, moved).Verdict, "seed %d", seed)
				if object == Register || object == Queue || object == Stack || object == PriorityQueue {
					kind := Put
					if object == Register {
						kind = Write
					}
					unseen := append(slices.Clone(operations), Operation{Call: 3, Return: Never, Kind: kind, Value: 19})
					require.Equal(t, answer.Verdict, Check(object, unseen).Verdict, "seed %d", seed)
				}
			}
		})
	}
}
