package register_test

import (
	"encoding/json"
	"testing"

	"cleave/cleavetest"
	"cleave/cleavetest/register"
	"cleave/history"
)

var system = cleavetest.System{Node: register.New, Client: cleavetest.Caller{Ask: register.Ask, Answer: register.Answer}.Client}

func TestPartitions(t *testing.T) { cleavetest.Run(t, system, cleavetest.Plan{Faults: "partitions"}) }
func TestCrash(t *testing.T)      { cleavetest.Run(t, system, cleavetest.Plan{Faults: "crash"}) }
func TestEverything(t *testing.T) { cleavetest.Run(t, system, cleavetest.Plan{Faults: "everything"}) }
func TestLocal(t *testing.T) {
	hasty := system
	hasty.Node = register.NewLocal
	cleavetest.Run(t, hasty, cleavetest.Plan{Faults: "partitions"})
}
var _ = json.Marshal
var _ = history.Read
