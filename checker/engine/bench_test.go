package engine_test

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"cleave/checker/engine"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

var withPorcupine = flag.Duration("porcupine", 0, "how long porcupine is given beside each benchmark of the engine; 0 leaves it out")

// load is a history of one object under load: clients that are nearly always busy, half of whose operations
// change it. Each takes effect at a random instant of its interval. Nothing takes effect twice, and what is
// written is new each time.
type load struct {
	model      models.Model
	put        history.Function // with a fresh number
	take       history.Function // with what the model gives
	operations int
	clients    int
	info       int64 // percent of changes of unknown outcome, half of which took effect
	stale      bool  // one result, at nine tenths of the history, is an old one
}

func (l load) history() []history.Operation {
	random := rng.New(uint64(l.operations), uint64(l.clients), uint64(l.info))
	operations := make([]history.Operation, l.operations)
	effects := make([]history.Time, l.operations)
	free := make([]history.Time, l.clients)
	for i := range operations {
		client := slices.Index(free, slices.Min(free))
		start := free[client] + history.Time(random.Below(50))
		end := start + 500 + history.Time(random.Below(1000))
		free[client] = end
		operations[i] = history.Operation{ID: i, Client: fmt.Sprint("c", client), Process: client, Invoked: start, Completed: end,
			GaveUp: end, Outcome: history.Ok, Function: l.take}
		if random.Chance(1, 2) {
			operations[i].Function, operations[i].Argument = l.put, history.Integer(int64(i+1))
		}
		effects[i] = start + history.Time(random.Below(int64(end-start)+1))
	}
	l.happen(operations, effects, random)
	slices.SortStableFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return operations
}

// happen lets the operations take effect one after the other.
func (l load) happen(operations []history.Operation, effects []history.Time, random *rng.Stream) {
	order := make([]int, len(operations))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(effects[a], effects[b]) })
	state, stale := l.model.Init(), l.stale
	var old []history.Value
	for n, i := range order {
		o := &operations[i]
		if o.Function == l.put && random.Below(100) < l.info {
			o.Outcome, o.Completed = history.Info, history.Forever
			if random.Chance(1, 2) {
				continue
			}
		}
		if o.Function == l.take {
			o.Result = given(l.model, state, *o)
			if stale && n > len(order)*9/10 && len(old) > 0 {
				o.Result, stale = old[len(old)*9/10], false
				continue
			}
			old = append(old, o.Result)
		}
		_, state = l.model.Step(state, *o)
	}
}

// given is what an operation without an argument gives in a state of one of these models.
func given(model models.Model, state models.State, operation history.Operation) history.Value {
	first, value := state.Items.First()
	switch model.Name {
	case "fifo-queue":
		return value
	case "stack":
		_, value = state.Items.Last()
		return value
	case "priority-queue":
		return first
	}
	return state.Value
}

func BenchmarkRegister(b *testing.B) {
	for _, size := range []struct {
		operations, clients int
		info                int64
	}{{1000, 10, 5}, {1000, 20, 0}, {1000, 40, 5}, {10_000, 5, 5}, {10_000, 10, 0}, {10_000, 10, 1}, {10_000, 20, 1}, {10_000, 40, 5},
		{100_000, 5, 1}, {100_000, 10, 5}, {100_000, 20, 5}} {
		for _, stale := range []bool{false, true} {
			l := load{models.Register(), history.Write, history.Read, size.operations, size.clients, size.info, stale}
			b.Run(fmt.Sprintf("operations=%d/clients=%d/info=%d%%/stale=%t", size.operations, size.clients, size.info, stale), func(b *testing.B) {
				if testing.Short() && size.operations > 10_000 {
					b.Skip("a large one, which -short leaves out")
				}
				beside(b, l, stale)
			})
		}
	}
}

// beside measures the engine, and where it is feasible porcupine, as it is and behind tightened intervals.
func beside(b *testing.B, l load, wrong bool) {
	given := l.history()
	want := engine.Valid
	if wrong {
		want = engine.Invalid
	}
	b.Run("engine", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			answer := engine.Check(l.model, given, engine.Bounds{Time: time.Minute})
			if answer.Verdict != want {
				b.Fatalf("%s: %s", answer.Verdict, answer.Cause)
			}
			b.ReportMetric(float64(answer.Configurations), "configurations")
			b.ReportMetric(float64(answer.Bytes)/1e6, "MB-held")
		}
	})
	if *withPorcupine == 0 {
		return
	}
	for _, kind := range []string{"porcupine", "porcupine-tightened"} {
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				asked := given
				if kind == "porcupine-tightened" {
					asked = engine.Tighten(l.model, given)
				}
				if porcupine.CheckOperationsTimeout(specification(l.model), porcupineOperations(asked), *withPorcupine) == porcupine.Unknown {
					b.Skip("no answer in ", *withPorcupine)
				}
			}
		})
	}
}
