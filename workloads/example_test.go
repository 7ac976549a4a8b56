package workloads_test

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/workloads"
)

// A plan is data, made from a seed before the run.
func Example() {
	plan := workloads.Register().Plan(workloads.Shape{
		Seed: 1, Guarantee: workloads.Available, Clients: []history.Placement{{Client: "c1", Host: "n1"}},
		Quiet: 2 * time.Second, Settle: time.Second, Every: 500 * time.Millisecond,
	})
	for _, planned := range plan[:3] {
		fmt.Printf("%.1fs %s %s %s %s\n", planned.At.Seconds(), planned.Client, planned.Function, planned.Key, planned.Value)
	}
	// Output:
	// 0.4s c1 cas z [nil 1]
	// 1.0s c1 write y 2
	// 1.3s c1 write x 3
}
