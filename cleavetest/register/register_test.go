package register_test

import (
	"fmt"
	"testing"

	"cleave/cleavetest"
	"cleave/cleavetest/register"
	"cleave/history"
)

var system = cleavetest.System{
	Node:   register.New,
	Client: cleavetest.Caller{Ask: register.Ask, Answer: register.Answer}.Client,
}

func TestPartitions(t *testing.T) {
	cleavetest.Run(t, system, cleavetest.Plan{Faults: "partitions", Seeds: 10, Parallel: true})
}

func TestCrashes(t *testing.T) {
	cleavetest.Run(t, system, cleavetest.Plan{Faults: "crash", Seeds: 10, Parallel: true})
}

func TestLoss(t *testing.T) {
	cleavetest.Run(t, system, cleavetest.Plan{Faults: "loss", Seeds: 10, Parallel: true})
}

// What clients say to nodes is JSON.
func Example() {
	fmt.Printf("%s\n", register.Ask(history.Request{Function: history.Write, Key: "x", Value: history.Integer(7)}))
	fmt.Println(register.Ask(history.Request{Function: history.CAS, Key: "x"}) == nil)
	// Output:
	// {"Write":true,"Key":"x","Value":7}
	// true
}
