package linear

import (
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

var histories = flag.Int("histories", 20_000, "how many random histories of each object to judge in two ways")

// objects are all, by name.
var objects = map[string]Object{"register": Register, "queue": Queue, "stack": Stack, "priority queue": PriorityQueue,
	"set": Set, "counter": Counter, "lock": Lock}

// small is a history of few operations: half of them are chaos, the others a walk of which an operation
// may have been spoilt.
func small(object Object, seed uint64) []Operation {
	if seed%2 == 0 {
		return chaos(object, seed)
	}
	random := rng.New(seed, uint64(object), 9)
	w := walk{object: object, seed: seed, clients: 1 + int(random.Below(5)), operations: 3 + int(random.Below(6)),
		unknown: random.Below(2) * 20, long: 2 + random.Below(20), spread: 1 + random.Below(2), peeks: true, blind: random.Chance(1, 2)}
	operations := w.run()
	if random.Chance(2, 3) {
		spoil(object, operations, random)
	}
	return operations
}

// spoil changes one operation.
func spoil(object Object, operations []Operation, random *rng.Stream) {
	o := &operations[random.Below(int64(len(operations)))]
	switch random.Below(3) {
	case 0:
		o.Call += random.Below(10)
		o.Return = max(o.Return, o.Call)
	case 1:
		if !o.unknown() {
			o.Return = o.Call
		}
	default:
		if !o.unknown() && !(object == Lock || o.Kind == Put || o.Kind == Write || o.Kind == Swap) {
			o.Value = random.Below(5)
			if object == Set {
				o.Value = 1 + random.Below(2)
			}
		}
	}
}

// tally is how the answers of a differential test fell.
type tallied struct{ valid, invalid, unsuited int }

func TestAgreesWithBruteForceAndPorcupine(t *testing.T) {
	for name, object := range objects {
		t.Run(name, func(t *testing.T) {
			var count tallied
			causes := map[string]int{}
			for seed := range uint64(*histories) {
				operations := small(object, seed)
				answer := Check(object, operations)
				switch answer.Verdict {
				case Unsuited:
					count.unsuited++
					causes[answer.Cause]++
					continue
				case Valid:
					count.valid++
				case Invalid:
					count.invalid++
				}
				legal := answer.Verdict == Valid
				if legal != brute(object, operations) {
					t.Fatalf("seed %d: %v, but brute force says otherwise:\n%s", seed, answer, show(operations))
				}
				if seed%4 == 0 {
					require.Equal(t, searched(object, operations), legal, "porcupine, seed %d", seed)
				}
			}
			t.Logf("%+v", count)
			if testing.Verbose() {
				for cause, times := range causes {
					if times > 20 {
						t.Log(times, cause)
					}
				}
			}
			require.Greater(t, count.valid, *histories/8, "too few legal histories to mean anything")
			require.Greater(t, count.invalid, *histories/8, "too few illegal histories to mean anything")
		})
	}
}

func show(operations []Operation) string {
	names := [...]string{"write", "read", "swap", "put", "take", "peek", "add", "added", "remove", "removed", "has", "lacks",
		"increase", "acquire", "release", "refused"}
	text := ""
	for i, o := range operations {
		end := fmt.Sprint(o.Return)
		if o.unknown() {
			end = "?"
		}
		text += fmt.Sprintf("%d: %s %d (%d) [%d, %s]\n", i, names[o.Kind], o.Value, o.Expected, o.Call, end)
	}
	return text
}
