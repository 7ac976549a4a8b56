package invariants

import (
	"fmt"
	"testing"

	"cleave/checker/evidence"
	"cleave/history"
)

// legal makes a history of ten clients by turns, in which every answer is right.
func legal(operations int, act func(o *history.Operation)) []history.Operation {
	all := make([]history.Operation, operations)
	for i := range all {
		start := history.Time(i) * 1000
		all[i] = history.Operation{ID: i, Client: fmt.Sprintf("c%d", i%10), Key: "k", Outcome: history.Ok,
			Invoked: start, Completed: start + 900, GaveUp: start + 900}
		act(&all[i])
	}
	return all
}

func BenchmarkInvariants(b *testing.B) {
	number := func(o *history.Operation) history.Value { return history.Integer(int64(o.ID / 2)) }
	for _, c := range []struct {
		name  string
		judge func([]history.Operation) Report
		act   func(o *history.Operation)
	}{
		{"queue", Queue, func(o *history.Operation) {
			o.Function, o.Argument = history.Enqueue, number(o)
			if o.ID%2 == 1 {
				o.Function, o.Argument, o.Result = history.Dequeue, history.Nothing, number(o)
			}
		}},
		{"counter", Counter, func(o *history.Operation) {
			o.Function, o.Argument = history.Add, history.Integer(1)
			if o.ID%2 == 1 {
				o.Function, o.Argument, o.Result = history.Read, history.Nothing, history.Integer(int64(o.ID/2)+1)
			}
		}},
		{"lock", Exclusion, func(o *history.Operation) {
			o.Function, o.Client = history.Acquire, fmt.Sprintf("c%d", o.ID/2%10)
			if o.ID%2 == 1 {
				o.Function = history.Release
			}
		}},
	} {
		for _, size := range []int{1_000, 10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", c.name, size), func(b *testing.B) {
				if testing.Short() && size > 10_000 {
					b.Skip("a large one, which -short leaves out")
				}
				operations := legal(size, c.act)
				for b.Loop() {
					if report := c.judge(operations); report.State != evidence.Holds {
						b.Fatal(report.Reason)
					}
				}
			})
		}
	}
}
