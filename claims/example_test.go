package claims_test

import (
	"fmt"

	"cleave/claims"
)

// The experiments that two claims need, each once: both are about a leader that is cut off.
func ExampleExperiments() {
	chosen, err := claims.Find([]string{"election-takes-minutes", "no-reads-during-election"})
	if err != nil {
		panic(err)
	}
	for _, experiment := range claims.Experiments(chosen) {
		fmt.Println(experiment)
		fmt.Println(experiment.Plan(7).Command())
	}
	// Output:
	// cpstore, register, isolate-leader
	// cleave run --system cpstore --workload register --faults isolate-leader --seed 7
}
