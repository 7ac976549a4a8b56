package invariants_test

import (
	"fmt"

	"cleave/checker/invariants"
	"cleave/history"
)

func Example() {
	do := func(id int, client string, from, until history.Time, function history.Function) history.Operation {
		return history.Operation{ID: id, Client: client, Function: function, Key: "l", Outcome: history.Ok,
			Invoked: from * 1e9, Completed: until * 1e9, GaveUp: until * 1e9}
	}
	report := invariants.Exclusion([]history.Operation{
		do(0, "c1", 0, 1, history.Acquire), do(1, "c2", 2, 3, history.Acquire), do(2, "c1", 5, 6, history.Release)})
	fmt.Println(report.State)
	for _, sentence := range report.Explanation {
		fmt.Println(sentence)
	}
	// Output:
	// does not hold
	// c1 acquired on l at 0.000-1.000 s
	// c2 acquired on l at 2.000-3.000 s, but c1 had held it since 1.000 s; both did for 2000.0 ms
	// c1 released on l at 5.000-6.000 s
}
