package nemesis_test

import (
	"fmt"
	"time"

	"cleave/nemesis"
)

// A schedule is data: it can be written by hand, checked, stored and cut down.
func Example() {
	schedule := []nemesis.Fault{
		{Kind: "isolate-leader", Start: nemesis.Duration(10 * time.Second), Duration: nemesis.Duration(5 * time.Second)},
		{Kind: "kill-one", Start: nemesis.Duration(12 * time.Second), Duration: nemesis.Duration(time.Second)},
	}
	fmt.Println(nemesis.Validate(schedule, 5))
	schedule[1].Duration = 0
	fmt.Println(nemesis.Validate(schedule, 5))
	// Output:
	// <nil>
	// the fault at 12s: kill-one lasts 0s; it must last
}
