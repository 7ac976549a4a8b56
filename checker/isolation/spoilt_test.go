package isolation

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

// flaws make one read of a legal history wrong. Each tells whether it could.
var flaws = map[string]func(t *Transactions, reader int, read *Step) bool{
	"stale": func(t *Transactions, reader int, read *Step) bool {
		if read.Length < 1 {
			return false
		}
		read.Length--
		missed := t.Elements[read.Value+Value(read.Length)]
		for _, of := range t.List {
			for _, step := range t.Steps[of.First:of.End] {
				if step.Length == Written && step.Value == missed {
					return of.Outcome == Committed && of.Return < t.List[reader].Call
				}
			}
		}
		return false
	},
	"duplicate": func(t *Transactions, _ int, read *Step) bool {
		return rewritten(t, read, func(list []Value) []Value { return append(list, list[0]) })
	},
	"garbage": func(t *Transactions, _ int, read *Step) bool {
		t.Values++
		return rewritten(t, read, func(list []Value) []Value { return append(list[:len(list)-1], Value(t.Values)) })
	},
	"exchanged": func(t *Transactions, _ int, read *Step) bool {
		return read.Length > 1 && rewritten(t, read, func(list []Value) []Value {
			slices.Reverse(list)
			return list
		})
	},
}

// rewritten gives a read other elements.
func rewritten(t *Transactions, read *Step, change func([]Value) []Value) bool {
	if read.Length < 1 {
		return false
	}
	list := change(slices.Clone(t.elements(*read)))
	read.Value, read.Length = Value(len(t.Elements)), int32(len(list))
	t.Elements = append(t.Elements, list...)
	return true
}

// TestNamesTheOneThatIsWrong spoils one read of a legal history, and wants every example to have its
// transaction.
func TestNamesTheOneThatIsWrong(t *testing.T) {
	for name, spoil := range flaws {
		t.Run(name, func(t *testing.T) {
			spoilt := 0
			for seed := range uint64(150) {
				random := rng.New(seed, 3)
				h := workload{transactions: 300, processes: 6, steps: 3, keys: 4, perKey: 16, unknown: 20, failed: 20}.generate(seed)
				reader := int(random.Below(int64(len(h.List))))
				of := h.List[reader]
				if of.Outcome != Committed {
					continue
				}
				if read := &h.Steps[of.First+int32(random.Below(int64(of.End-of.First)))]; !spoil(h, reader, read) {
					continue
				}
				spoilt++
				r := Check(h, Options{})
				require.Equal(t, Invalid, r.Verdict, "seed %d", seed)
				for _, example := range r.Found {
					require.Contains(t, example.Transactions, reader, "seed %d: %s", seed, example.Anomaly)
				}
			}
			require.Greater(t, spoilt, 10)
		})
	}
}
