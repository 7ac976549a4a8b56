package consistency

import (
	"fmt"
	"syscall"
	"testing"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/internal/rng"
)

// large makes a history of clients that are always busy with registers in a store of replicas: writes take effect
// at once, at an instant within their intervals, and reads, half of all, see what the client's replica
// has come to, at most lag operations behind. A part in a hundred of the writes is of unknown outcome.
func large(operations, clients, keys, lag, info int) []history.Operation {
	random := rng.New(uint64(operations), uint64(clients))
	log := make([][]int64, keys)   // values of each key
	at := make([][]int64, clients) // how many values each client has seen of each key
	position := make([]int64, clients)
	when := make([][]int64, keys) // the operation that wrote each value
	for c := range at {
		at[c] = make([]int64, keys)
	}
	all := make([]history.Operation, operations)
	process := clients
	processes := make([]int, clients)
	for c := range processes {
		processes[c] = c
	}
	for i := range all {
		client, key := i%clients, int(random.Below(int64(keys)))
		start := history.Time(i) * 1000
		o := history.Operation{ID: i, Client: fmt.Sprintf("c%d", client), Process: processes[client], Key: fmt.Sprintf("k%d", key),
			Invoked: start, Completed: start + history.Time(clients)*1000 - 1, Outcome: history.Ok}
		o.GaveUp = o.Completed
		if random.Chance(1, 2) {
			o.Function, o.Argument = history.Write, history.Integer(int64(i)+1)
			log[key], when[key] = append(log[key], int64(i)+1), append(when[key], int64(i))
			at[client][key], position[client] = int64(len(log[key])), int64(i)
			if random.Below(100) < int64(info) {
				o.Outcome, o.Completed = history.Info, history.Forever
				processes[client], process = process, process+1
			}
		} else {
			// the replica has everything up to some operation, and never less than before
			position[client] = max(position[client], int64(i)-random.Below(int64(lag)+1))
			seen := at[client][key]
			for seen < int64(len(log[key])) && when[key][seen] <= position[client] {
				seen++
			}
			at[client][key] = seen
			o.Function = history.Read
			if seen > 0 {
				o.Result = history.Integer(log[key][seen-1])
			}
		}
		all[i] = o
	}
	return all
}

// processor is the processor time that this process has taken, in nanoseconds: on a machine that others use it says
// more than the clock on the wall.
func processor() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// A line gives the model, the operations, and how many clients and keys: ns/op is the whole check.
func BenchmarkModels(b *testing.B) {
	for _, model := range Models()[1:] {
		for _, size := range []int{1_000, 10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", model, size), func(b *testing.B) {
				if testing.Short() && size > 10_000 {
					b.Skip("a large one, which -short leaves out")
				}
				operations := large(size, 10, 3, 50, 1)
				b.ReportAllocs()
				start := processor()
				for b.Loop() {
					if found := Check(model, operations, 1<<40); found.State != evidence.Holds {
						b.Fatal(found.State, found.Reason, found.Explanation)
					}
				}
				b.ReportMetric(float64(processor()-start)/1e6/float64(b.N), "cpu-ms/op")
			})
		}
	}
}

func BenchmarkStaleness(b *testing.B) {
	for _, size := range []int{1_000, 10_000, 100_000, 1_000_000} {
		operations := large(size, 10, 3, 50, 1)
		b.Run(fmt.Sprintf("delta/%d", size), func(b *testing.B) {
			if testing.Short() && size > 10_000 {
				b.Skip("a large one, which -short leaves out")
			}
			start := processor()
			defer func() { b.ReportMetric(float64(processor()-start)/1e6/float64(b.N), "cpu-ms/op") }()
			for b.Loop() {
				if delta, _, found := Delta(operations); found.State != evidence.Holds || delta == 0 {
					b.Fatal(found, delta)
				}
			}
		})
		b.Run(fmt.Sprintf("versions/%d", size), func(b *testing.B) {
			if testing.Short() && size > 10_000 {
				b.Skip("a large one, which -short leaves out")
			}
			start := processor()
			defer func() { b.ReportMetric(float64(processor()-start)/1e6/float64(b.N), "cpu-ms/op") }()
			for b.Loop() {
				if least, _, found := Versions(operations, 0); found.State != evidence.Holds || least == 1 {
					b.Fatal(found, least)
				}
			}
		})
	}
}
