package sim_test

import (
	"fmt"
	"testing"

	"cleave/internal/conformance"
	"cleave/world"
	"cleave/world/sim"
)

// What every world must do, the simulated one does for any seed.
func TestConformance(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			conformance.Run(t, func(*testing.T, conformance.Need) world.World { return sim.New(sim.DefaultOptions(seed)) })
		})
	}
}
