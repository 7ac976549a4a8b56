package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cleave/harness"
	"cleave/nemesis"
	"cleave/workloads"
)

// times parts the run: operations and faults in the time limit, then recovery, and a fourth of that for final reads.
func (o *maelstromOptions) times(plan *harness.Plan) error {
	const longest = 24 * 60 * 60
	switch {
	case !(o.timeLimit >= 1 && o.timeLimit <= longest):
		return fmt.Errorf("--time-limit: %g; it must be 1 to %d seconds", o.timeLimit, longest)
	case o.recovery < 100*time.Millisecond:
		return fmt.Errorf("--recovery: %s; it must be at least 100ms", o.recovery)
	case o.timeout < time.Millisecond:
		return fmt.Errorf("--rpc-timeout: %s; it must be at least 1ms", o.timeout)
	}
	limit := seconds(o.timeLimit)
	quiet := o.recovery
	if plan.World != harness.Simulation {
		quiet += time.Second / 2 // the faults may be over a little late
	}
	plan.Quiet = nemesis.Duration((quiet*5 + 3) / 4)
	plan.Warmup = nemesis.Duration(min(limit/6, 5*time.Second).Round(time.Millisecond))
	plan.Duration = nemesis.Duration(limit) + plan.Quiet
	return nil
}

func seconds(n float64) time.Duration {
	return time.Duration(n * float64(time.Second)).Round(time.Millisecond)
}

// clients are as many as --concurrency says, with so much to do that --rate comes of it.
func (o *maelstromOptions) clients(plan *harness.Plan) error {
	number, times := strings.CutSuffix(o.concurrency, "n")
	count, err := strconv.Atoi(number)
	if err != nil || count < 1 || count > 10_000 {
		return fmt.Errorf("--concurrency: %.40q; it is a number of clients, such as 10, or of clients for each node, such as 4n", o.concurrency)
	}
	if times {
		count *= o.nodes
	}
	plan.Clients = count
	if !(o.rate > 0 && o.rate <= 1_000_000) {
		return fmt.Errorf("--rate: %g; it must be above 0: how many operations a second all clients together begin", o.rate)
	}
	every := seconds(float64(count) / o.rate)
	if every < time.Millisecond {
		return fmt.Errorf("--rate: %d clients begin %d operations a second at most; --concurrency gives more clients", count, 1000*count)
	}
	plan.Every = nemesis.Duration(every)
	return nil
}

// spread is how latencies are spread about their mean.
func (o *maelstromOptions) spread(plan *harness.Plan) error {
	mean := nemesis.Duration(o.latency)
	plan.Latency, plan.Jitter, plan.Tail = 0, 0, 0
	switch o.distribution {
	case "constant":
		plan.Latency = mean
	case "uniform":
		plan.Jitter = 2 * mean
	case "exponential":
		plan.Tail = mean
	default:
		return fmt.Errorf("--latency-dist: %.40q; there are: constant, uniform, exponential", o.distribution)
	}
	return nil
}

// nemeses are Maelstrom's, as faults of ours. Its partitions never part a client from the node beside it.
var nemeses = map[string][]string{
	"partition": {"isolate-one", "halves-leader-minority", "majorities-ring", "bridge"}, "kill": {"kill-one"}, "pause": {"pause"},
}

// disturbances are the faults.
func (o *maelstromOptions) disturbances(plan *harness.Plan) error {
	plan.Faults = o.faults
	if o.suite != "" {
		if _, found := nemesis.FindSuite(o.suite); !found {
			return fmt.Errorf("--suite: unknown suite %.60q; there are: %s", o.suite, nemesis.SuiteNames())
		}
		plan.Faults = o.suite
	}
	if len(o.nemesis) == 0 {
		return nil
	}
	if !(o.interval >= 0.01 && o.interval <= 24*60*60) {
		return fmt.Errorf("--nemesis-interval: %g; it must be 0.01 seconds at least", o.interval)
	}
	var faults []string
	for _, name := range o.nemesis {
		kinds, known := nemeses[strings.TrimSpace(name)]
		if !known {
			return fmt.Errorf("--nemesis: %.40q; there are: partition, kill, pause; and more with --faults and --suite", name)
		}
		for _, name := range kinds {
			if kind, err := nemesis.Find(name); err == nil && o.nodes >= kind.Nodes {
				faults = append(faults, name)
			}
		}
	}
	if len(faults) == 0 {
		return fmt.Errorf("--nemesis: %s hits nobody with %s", strings.Join(o.nemesis, ","), counted(o.nodes, "node"))
	}
	plan.Faults, plan.Interval = strings.Join(faults, "+"), nemesis.Duration(seconds(o.interval))
	return nil
}

// promises are what is asked of the program besides what every workload does.
func (o *maelstromOptions) promises(custom *harness.Custom) error {
	custom.Recovery = nemesis.Duration(o.recovery) // after which what is promised of the end is due
	if len(o.consistency) > 1 {
		return errors.New("--consistency-models: a run is judged by one; the strongest that holds is measured in any case")
	}
	if len(o.consistency) == 1 {
		model := o.consistency[0]
		switch {
		case !slices.Contains(workloads.ConsistencyModels(), model):
			return fmt.Errorf("--consistency-models: unknown model %.40q; there are: %s", model, strings.Join(workloads.ConsistencyModels(), ", "))
		case !strings.HasPrefix(o.workload, "txn-"):
			return fmt.Errorf("--consistency-models: only transactions have them, and %s has none", o.workload)
		}
		custom.Guarantee = workloads.Guarantee(model)
	}
	switch share, err := strconv.ParseFloat(o.availability, 64); {
	case o.availability == "":
	case o.availability == "total":
		custom.Answered = 1000
	case err != nil || !(share >= 0 && share <= 1):
		return fmt.Errorf("--availability: %.40q; it is total, or a number from 0 to 1", o.availability)
	default:
		custom.Answered = int(share*1000 + 0.5)
	}
	return nil
}

// millis is the value of a flag in milliseconds.
type millis time.Duration

// Set reads 10, 0.5, or a length of time such as 10ms.
func (m *millis) Set(text string) error {
	number, err := strconv.ParseFloat(text, 64)
	length := time.Duration(number * float64(time.Millisecond))
	if err != nil {
		length, err = time.ParseDuration(text)
	}
	if err != nil || length < 0 || length > time.Hour {
		return fmt.Errorf("a latency is a number of milliseconds, not %.40q", text)
	}
	*m = millis(length)
	return nil
}

// String shows the milliseconds.
func (m *millis) String() string {
	return strconv.FormatFloat(float64(*m)/float64(time.Millisecond), 'f', -1, 64)
}

// Type names what the flag takes.
func (*millis) Type() string { return "milliseconds" }
