package raftkv_test

import (
	"fmt"
	"testing"

	"cleave/cleavetest"
	"cleave/cleavetest/raftkv"
	"cleave/history"
)

func TestPartitions(t *testing.T) {
	cleavetest.Run(t, raftkv.System(raftkv.Options{}), cleavetest.Plan{Faults: "partitions", Seeds: 10, Parallel: true})
}

func TestCrashes(t *testing.T) {
	cleavetest.Run(t, raftkv.System(raftkv.Options{}), cleavetest.Plan{Faults: "crash", Seeds: 10, Parallel: true})
}

func TestPackets(t *testing.T) {
	cleavetest.Run(t, raftkv.System(raftkv.Options{}), cleavetest.Plan{Faults: "packets", Seeds: 10, Parallel: true})
}

// What clients say to nodes is JSON.
func Example() {
	change := history.List(history.Integer(7), history.Integer(8))
	fmt.Printf("%s\n", raftkv.Ask(history.Request{Function: history.CAS, Key: "x", Value: change}))
	// Output: {"Key":"x","Read":false,"Swap":true,"Old":7,"New":8}
}
