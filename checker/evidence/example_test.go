package evidence_test

import (
	"fmt"

	"cleave/checker/evidence"
	"cleave/history"
)

func Example() {
	wrote := history.Operation{ID: 1, Client: "c1", Function: history.Write, Key: "x", Argument: history.Integer(7),
		Invoked: 1e9, Completed: 1.2e9, Outcome: history.Ok}
	read := history.Operation{ID: 3, Client: "c1", Function: history.Read, Key: "x", Invoked: 2e9, Completed: 2.1e9, Outcome: history.Ok}
	found := evidence.Against("a client does not read its own write", []history.Operation{read, wrote}, read.ID, "it had written 7")
	fmt.Println(found.State, found.Key)
	for _, sentence := range found.Explanation {
		fmt.Println(sentence)
	}
	// Output:
	// does not hold x
	// c1 wrote 7 to x at 1.000-1.200 s, acknowledged
	// c1 read nil from x at 2.000-2.100 s, but it had written 7
}
