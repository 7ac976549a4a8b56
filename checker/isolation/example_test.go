package isolation_test

import (
	"fmt"

	"cleave/checker/isolation"
	"cleave/history"
)

// A transaction that reads what another one had already replaced breaks strict serializability, and no more.
func Example() {
	step := func(function, key string, value history.Value) history.Value {
		return history.List(history.List(history.Text(function), history.Text(key), value))
	}
	write, read := step("append", "x", history.Integer(1)), step("r", "x", history.List())
	transactions, err := isolation.FromOperations([]history.Operation{
		{ID: 0, Process: 1, Function: history.Txn, Argument: write, Result: write, Invoked: 0, Completed: 1_000_000, Outcome: history.Ok},
		{ID: 2, Process: 2, Function: history.Txn, Argument: read, Result: read, Invoked: 2_000_000, Completed: 3_000_000, Outcome: history.Ok},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	result := isolation.Check(transactions, isolation.Options{Consistency: isolation.StrictSerializable})
	fmt.Println(result.Verdict, result.Strongest)
	for _, sentence := range result.Found[0].Explanation {
		fmt.Println(sentence)
	}
	// Output:
	// invalid [strong-session-serializable strong-read-committed]
	// T0 before T2: T0 had returned at 0.001000 s, and T2 was called at 0.002000 s
	// T2 before T0: T2 read x as [], without 1, which T0 appended
}
