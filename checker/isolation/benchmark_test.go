package isolation

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
)

// usual is a history as list-append tests make it: 20 clients that are always busy, four steps each, half of
// them reads of all of a list, 32 appends to a list, one transaction in a hundred of unknown outcome and one
// failed.
func usual(transactions int) *Transactions {
	return workload{transactions: transactions, processes: 20, steps: 4, keys: 10, perKey: 32, unknown: 10, failed: 10}.generate(1)
}

// tangled is the same with reads that are often of a while ago, and a last one of long ago: with real time, all
// transactions since are in one component.
func tangled(transactions int) *Transactions {
	w := workload{transactions: transactions, processes: 20, steps: 4, keys: 10, perKey: 32, unknown: 10, failed: 10}
	t := w.generate(1)
	random := rng.New(2)
	for i := range t.Steps {
		if step := &t.Steps[i]; step.Length > 0 && random.Chance(1, 20) {
			step.Length--
		}
	}
	last := &t.List[len(t.List)-1]
	last.Outcome, last.End = Committed, last.First+1
	t.Steps[last.First] = Step{Key: 0, Value: 0, Length: 0}
	return t
}

// BenchmarkListAppend checks histories that lie in memory. Besides wall time, in which other programs have a
// part, it tells the processor's time and the most memory, history included.
func BenchmarkListAppend(b *testing.B) {
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		measure(b, fmt.Sprintf("usual/transactions=%d", size), size, usual, Valid)
		measure(b, fmt.Sprintf("tangled/transactions=%d", size), size, tangled, Invalid)
	}
}

func measure(b *testing.B, name string, size int, generate func(int) *Transactions, verdict Verdict) {
	b.Run(name, func(b *testing.B) {
		t := generate(size)
		runtime.GC()
		b.ReportAllocs()
		before := processorTime()
		for b.Loop() {
			if r := Check(t, Options{}); r.Verdict != verdict {
				b.Fatal(r)
			}
		}
		b.ReportMetric(float64(processorTime()-before)/1e6/float64(b.N), "cpu-ms/op")
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		b.ReportMetric(float64(memory.Sys)/1e6, "sys-MB")
	})
}

// BenchmarkFromOperations makes the arrays of a history as a recorder has it, and checks them.
func BenchmarkFromOperations(b *testing.B) {
	for _, size := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("transactions=%d", size), func(b *testing.B) {
			operations := asOperations(usual(size))
			before := processorTime()
			for b.Loop() {
				t, err := FromOperations(operations)
				require.NoError(b, err)
				require.Equal(b, Valid, Check(t, Options{}).Verdict)
			}
			b.ReportMetric(float64(processorTime()-before)/1e6/float64(b.N), "cpu-ms/op")
		})
	}
}

// asOperations turns transactions into what a recorder would have written down.
func asOperations(t *Transactions) []history.Operation {
	outcomes := map[Outcome]history.Outcome{Committed: history.Ok, Unknown: history.Info, Failed: history.Fail}
	operations := make([]history.Operation, 0, len(t.List))
	for i, of := range t.List {
		var steps []history.Value
		for _, step := range t.steps(int32(i)) {
			key, function, value := history.Integer(int64(step.Key)), "r", history.Nothing
			switch {
			case step.Length == Written && t.Kind == ListAppend:
				function, value = "append", history.Integer(int64(step.Value))
			case step.Length == Written:
				function, value = "w", history.Integer(int64(step.Value))
			case t.Kind == ListAppend && step.Length > 0:
				value = listOf(t.elements(step))
			case t.Kind == Register && step.Length == 0 && step.Value != Initial:
				value = history.Integer(int64(step.Value))
			}
			steps = append(steps, history.List(history.Text(function), key, value))
		}
		list := history.List(steps...)
		operations = append(operations, history.Operation{ID: i, Process: int(of.Process), Function: history.Txn, Argument: list, Result: list,
			Invoked: of.Call, Completed: of.Return, Outcome: outcomes[of.Outcome]})
	}
	return operations
}

func listOf(values []Value) history.Value {
	list := make([]history.Value, len(values))
	for i, value := range values {
		list[i] = history.Integer(int64(value))
	}
	return history.List(list...)
}

// processorTime is what this process has used of all cores, the collector of garbage included.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano())
}
