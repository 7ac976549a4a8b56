package checker_test

import (
	"fmt"

	"cleave/checker"
	"cleave/history"
	"cleave/models"
)

// A stale read: c2 reads nothing after c1's write was acknowledged.
func Example() {
	recorder := history.NewRecorder(nil)
	recorder.Append(history.Event{Type: history.Invoke, Time: 1e9, Process: 1, Client: "c1", Function: history.Write, Key: "x", Value: history.Integer(7)})
	recorder.Append(history.Event{Type: history.Ok, Time: 2e9, Process: 1, Client: "c1", Function: history.Write, Key: "x"})
	recorder.Append(history.Event{Type: history.Invoke, Time: 3e9, Process: 2, Client: "c2", Function: history.Read, Key: "x"})
	recorder.Append(history.Event{Type: history.Ok, Time: 4e9, Process: 2, Client: "c2", Function: history.Read, Key: "x"})
	h, err := recorder.History()
	if err != nil {
		panic(err)
	}
	linearizable := checker.Linearizable{Model: models.Register(), Functions: []history.Function{history.Read, history.Write}}
	result := checker.Run(linearizable, h, checker.Budget{})
	fmt.Println(result.Checker, result.Verdict)
	for _, sentence := range result.Witness.Explanation {
		fmt.Println(sentence)
	}
	// Output:
	// linearizable invalid
	// c1 wrote 7 at 1.000-2.000 s, acknowledged
	// c2 read nil at 3.000-4.000 s, but 7 had been written and acknowledged at 2.000 s
}
