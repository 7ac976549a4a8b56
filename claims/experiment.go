package claims

import (
	"fmt"
	"time"

	"cleave/harness"
	"cleave/nemesis"
)

// Experiment is a plan but for its seed. Findings of several claims may be of the same; it is then run once for each
// seed. What is zero is as in harness.DefaultPlan.
type Experiment struct {
	System, Workload, Faults string
	Clients                  int
	Every                    time.Duration
	Latency, Jitter          time.Duration
	Alike                    bool   // every system is asked the same
	Bug                      string // a mistake that people make, planted
}

// Plan is the plan of a seed in simulation.
func (e Experiment) Plan(seed uint64) harness.Plan {
	plan := harness.DefaultPlan()
	plan.System, plan.Workload, plan.Faults, plan.Seed, plan.Alike, plan.Bug = e.System, e.Workload, e.Faults, seed, e.Alike, e.Bug
	if e.Clients > 0 {
		plan.Clients = e.Clients
	}
	for _, d := range []struct {
		into *nemesis.Duration
		from time.Duration
	}{{&plan.Every, e.Every}, {&plan.Latency, e.Latency}, {&plan.Jitter, e.Jitter}} {
		if d.from > 0 {
			*d.into = nemesis.Duration(d.from)
		}
	}
	return plan
}

// real are the systems that stand for those of our own in containers.
var real = map[string]string{"cpstore": "zookeeper", "apregistry": "eureka"}

// RealPlan is the plan of the real system that the experiment's stands for, in a world of containers: three nodes, six
// clients or more and, since a second takes a second there, a shorter run. Without such a system there is none.
func (e Experiment) RealPlan(seed uint64, world string) (harness.Plan, bool) {
	name, found := real[e.System]
	plan := e.Plan(seed)
	seconds := func(n int) nemesis.Duration { return nemesis.Duration(time.Duration(n) * time.Second) }
	plan.System, plan.World, plan.Nodes, plan.Clients = name, world, 3, max(6, plan.Clients*3/5)
	plan.Warmup, plan.Duration, plan.Quiet = seconds(5), seconds(42), seconds(20)
	if e.System == "apregistry" {
		plan.Duration, plan.Quiet = seconds(62), seconds(35) // its leases end late
	}
	return plan, found
}

// String is its name: system, workload, faults, and the mistake that was planted.
func (e Experiment) String() string {
	text := fmt.Sprintf("%s, %s, %s", e.System, e.Workload, e.Faults)
	if e.Bug != "" {
		text += ", planted: " + e.Bug
	}
	return text
}
