package consistency_test

import (
	"fmt"

	"cleave/checker/consistency"
	"cleave/checker/evidence"
	"cleave/history"
)

func Example() {
	do := func(id int, client string, from, until history.Time, function history.Function, value int64) history.Operation {
		o := history.Operation{ID: id, Client: client, Function: function, Key: "x", Outcome: history.Ok, Invoked: from * 1e9, Completed: until * 1e9}
		o.Argument, o.Result = history.Integer(value), history.Integer(value)
		return o
	}
	operations := []history.Operation{
		do(0, "c1", 0, 1, history.Write, 1), do(1, "c1", 2, 3, history.Write, 2), do(2, "c2", 4, 5, history.Read, 1)}
	stale := evidence.Finding{State: evidence.Broken, Reason: "c2 read 1 after 2 had been acknowledged"}
	fmt.Println(consistency.Climb(operations, stale, 1000))
	delta, _, _ := consistency.Delta(operations)
	fmt.Println(delta.Duration())

	operations[2].Client = "c1"
	for _, sentence := range consistency.Check(consistency.ReadYourWrites, operations, 1000).Explanation {
		fmt.Println(sentence)
	}
	// Output:
	// ordered sequential; not linearizable: c2 read 1 after 2 had been acknowledged
	// 1s
	// c1 wrote 1 to x at 0.000-1.000 s, acknowledged
	// c1 wrote 2 to x at 2.000-3.000 s, acknowledged
	// c1 read 1 from x at 4.000-5.000 s, but it had written 2 since
}
