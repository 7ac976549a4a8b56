package linear

import (
	"fmt"
	"maps"
	"slices"
	"syscall"
	"testing"
)

// busy is a history of clients that are nearly always busy: an operation takes up to a hundred times as long
// as a client thinks.
func busy(object Object, operations, clients int, unknown int64) []Operation {
	return walk{object: object, seed: 1, clients: clients, operations: operations, unknown: unknown, long: 200,
		spread: int64(operations/100 + 1), plain: true}.run()
}

// stale lets one read nine tenths through a register's history see a value of its beginning.
func stale(operations []Operation) []Operation {
	old := int64(0)
	for i := range operations {
		o := &operations[i]
		if o.Kind == Read && old == 0 {
			old = o.Value
		}
		if o.Kind == Read && i > len(operations)*9/10 {
			o.Value = old
			return operations
		}
	}
	panic("no read to make stale")
}

func BenchmarkRegister(b *testing.B) {
	for _, size := range []struct{ operations, clients int }{{1000, 20}, {10_000, 20}, {100_000, 20}, {1_000_000, 40}, {10_000_000, 40}} {
		for _, unknown := range []int64{0, 1, 5} {
			for _, wrong := range []bool{false, true} {
				b.Run(fmt.Sprintf("operations=%d/clients=%d/unknown=%d%%/stale=%t", size.operations, size.clients, unknown, wrong), func(b *testing.B) {
					if testing.Short() && size.operations > 10_000 {
						b.Skip("a large one, which -short leaves out")
					}
					operations := busy(Register, size.operations, size.clients, unknown)
					if wrong {
						stale(operations)
					}
					b.ReportAllocs()
					defer processor(b)()
					for b.Loop() {
						if answer := Check(Register, operations); (answer.Verdict == Valid) == wrong {
							b.Fatal(answer)
						}
					}
				})
			}
		}
	}
}

func BenchmarkObjects(b *testing.B) {
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		object := objects[name]
		for _, size := range []int{1000, 10_000, 100_000, 1_000_000, 10_000_000} {
			for _, unknown := range []int64{0, 1} {
				b.Run(fmt.Sprintf("%s/operations=%d/unknown=%d%%", name, size, unknown), func(b *testing.B) {
					if testing.Short() && size > 10_000 {
						b.Skip("a large one, which -short leaves out")
					}
					operations := busy(object, size, 20, unknown)
					b.ReportAllocs()
					defer processor(b)()
					for b.Loop() {
						if answer := Check(object, operations); answer.Verdict != Valid {
							b.Fatal(answer)
						}
					}
				})
			}
		}
	}
}

// BenchmarkBesidePorcupine judges the same histories of few clients, which porcupine can finish.
func BenchmarkBesidePorcupine(b *testing.B) {
	for _, clients := range []int{5, 10} {
		operations := busy(Register, 1000, clients, 0)
		b.Run(fmt.Sprintf("operations=1000/clients=%d/ours", clients), func(b *testing.B) {
			defer processor(b)()
			for b.Loop() {
				Check(Register, operations)
			}
		})
		b.Run(fmt.Sprintf("operations=1000/clients=%d/porcupine", clients), func(b *testing.B) {
			defer processor(b)()
			for b.Loop() {
				searched(Register, operations)
			}
		})
	}
}

// processor reports, when it is called again, the processor time that was spent, which others on the machine
// disturb less than the time that went by.
func processor(b *testing.B) func() {
	spent := func() int64 {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			b.Fatal(err)
		}
		return usage.Utime.Nano() + usage.Stime.Nano()
	}
	start := spent()
	return func() { b.ReportMetric(float64(spent()-start)/float64(b.N)/1e6, "cpu-ms/op") }
}
