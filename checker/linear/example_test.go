package linear_test

import (
	"fmt"

	"cleave/checker/linear"
	"cleave/history"
)

func ExampleJudge() {
	ok := func(client string, function history.Function, from, to history.Time, argument, result history.Value) history.Operation {
		const millisecond = 1_000_000
		return history.Operation{Client: client, Function: function, Argument: argument, Result: result, Outcome: history.Ok,
			Invoked: from * millisecond, Completed: to * millisecond}
	}
	operations := []history.Operation{
		ok("c1", history.Enqueue, 10, 20, history.Integer(1), history.Nothing),
		ok("c2", history.Enqueue, 30, 40, history.Integer(2), history.Nothing),
		ok("c1", history.Enqueue, 30, 50, history.Integer(3), history.Nothing),
		ok("c3", history.Dequeue, 60, 70, history.Nothing, history.Integer(2)),
	}
	answer := linear.Judge("fifo-queue", operations)
	fmt.Println(answer.Verdict)
	few, alone := answer.Alone(operations)
	for _, sentence := range linear.Explain(few, nil, alone) {
		fmt.Println(sentence)
	}
	// Output:
	// invalid
	// c1 enqueued 1 at 0.010-0.020 s, acknowledged
	// c2 enqueued 2 at 0.030-0.040 s, acknowledged
	// c3 dequeued 2 at 0.060-0.070 s, but 1 had been put in before it, by 0.020 s, and was never taken
}
