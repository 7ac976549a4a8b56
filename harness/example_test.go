package harness_test

import (
	"fmt"
	"time"

	"cleave/harness"
	"cleave/nemesis"
)

// A plan says what to run; what differs from the default is its command line.
func Example() {
	plan := harness.DefaultPlan()
	plan.Faults, plan.Seed = "shatter", 7
	fmt.Println(plan.Validate(), plan.Name())
	fmt.Println(plan.Command())
	plan.Duration = nemesis.Duration(20 * time.Second)
	fmt.Println(plan.Validate())
	// Output:
	// <nil> cpstore-register-shatter
	// cleave run --system cpstore --workload register --faults shatter --seed 7
	// duration: 20s leaves no time for faults between a warm-up of 10s and a quiet phase of 20s
}
