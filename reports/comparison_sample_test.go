package reports_test

import (
	"slices"

	"cleave/checker"
	"cleave/history"
	"cleave/reports"
)

// share is a measured part of operations on a side during the faults.
func share(side string, f history.Function, value float64) checker.Measure {
	return checker.Measure{Name: "success", Side: side, Phase: "faults", Function: f, Value: value, Unit: checker.Ratio}
}

// long is a measured length of time, in seconds, on a side during the faults.
func long(name, side string, seconds float64) checker.Measure {
	return checker.Measure{Name: name, Side: side, Phase: "faults", Value: seconds * 1000, Unit: checker.Milliseconds}
}

func part(name, side string, value float64) checker.Measure {
	return checker.Measure{Name: name, Side: side, Phase: "faults", Value: value, Unit: checker.Ratio}
}

var sampleSystems = []reports.Subject{
	{Name: "cpstore", Text: "a replicated store that answers writes and quorum reads only with a majority of its nodes"},
	{Name: "apregistry", Text: "a registry whose nodes answer alone and tell each other later"},
	{Name: "cachedcp", Text: "the replicated store behind caches in its clients"},
}

var sampleFaults = []reports.Subject{
	{Name: "none", Text: "nothing happens: what the other runs are compared with", Picture: "n1 n2 n3 n4 n5"},
	{Name: "halves-leader-minority", Text: "two sides; the leader is on the smaller", Picture: "n1 n2 | n3 n4 n5"},
	{Name: "halves-clients-across", Text: "two sides, the leader on the smaller; every client is on the other side than its node",
		Picture: "n1 n2 c3 c4 c5 | n3 n4 n5 c1 c2"},
	{Name: "one-way-in", Text: "the leader can send but hears nothing", Picture: "n1 -> others, n1 <-/- others"},
	{Name: "bridge", Text: "two sides that do not see each other, and one node that sees both", Picture: "n1 n2 - n3 - n4 n5"},
	{Name: "majorities-ring", Text: "every node sees a majority, no two the same one", Picture: "n1 - n2 - n3 - n4 - n5 - n1"},
	{Name: "flapping", Text: "whoever leads is cut off, and back, again and again", Picture: "n1 | n2 n3 n4 n5, on and off"},
	{Name: "kill-one", Text: "one node that does not lead is killed, and restarted at the end", Picture: "n1 n2 n3 n4 (n5 down)"},
	{Name: "kill-all", Text: "all nodes are killed at once, and restarted at the end", Picture: "(all down)"},
	{Name: "clock-skew", Text: "the wall clocks of one node and its clients jump a minute ahead", Picture: "n1+60s n2 n3 n4 n5"},
}

// sampleCell is what one run of a system under a fault might have found.
func sampleCell(system, workload, fault string) reports.Cell {
	cell := reports.Cell{System: system, Workload: workload, Fault: fault, Seed: 7, Verdict: checker.Valid,
		Link:   "runs/" + system + "-" + workload + "-" + fault + "/report.html",
		Replay: "cleave run --system " + system + " --workload " + workload + " --fault " + fault + " --seed 7"}
	for _, promise := range []string{"linearizable", "sequential", "convergence", "no-panic"} {
		cell.Promises = append(cell.Promises, checker.Result{Checker: promise, Promise: promise, Verdict: checker.Valid, Reason: "so it is"})
	}
	registry, cut := system == "apregistry", fault != "none" && fault != "kill-one" && fault != "kill-all" && fault != "clock-skew"
	measures := []checker.Measure{share("majority", "", 0.997), long("longest outage", "majority", 1.9)}
	local, strong := history.Read, history.Write
	if workload == "discovery" {
		local, strong = history.Lookup, history.Register
	}
	for _, side := range []string{"majority", "minority"} {
		if side == "minority" && !cut {
			continue
		}
		answered := 1.0
		if side == "minority" && !registry {
			answered = 0.013
		}
		measures = append(measures, share(side, local, 1), share(side, strong, answered))
		if answered < 1 {
			gap := long("longest outage", side, 28.4)
			gap.Function = strong
			measures = append(measures, gap)
		}
		if workload == "register" && !registry {
			measures = append(measures, share(side, history.QuorumRead, answered))
		}
	}
	if cut {
		outage := 28.4
		if registry {
			outage = 0
		}
		measures = append(measures, long("longest outage", "minority", outage))
	}
	switch {
	case cut && workload == "discovery":
		measures = append(measures, part("ghosts", "minority", 0.21), long("ghost age max", "minority", 31.2),
			part("missing", "minority", 0.34), long("missing longest", "minority", 29.8))
	case cut:
		measures = append(measures, part("stale reads", "minority", 0.82), long("staleness max", "minority", 28.2))
	}
	cell.Measured = []checker.Result{{Checker: "availability", Verdict: checker.Valid, Reason: "measured", Measures: measures}}
	if system == "cachedcp" && fault == "flapping" {
		cell.Verdict, cell.Promises[1].Verdict = checker.Invalid, checker.Invalid
	}
	if fault == "clock-skew" {
		cell.Verdict, cell.Promises[2].Verdict = checker.Unknown, checker.Unknown
	}
	return cell
}

// sampleComparison is what a comparison of three systems might have found.
func sampleComparison() reports.Comparison {
	c := reports.Comparison{Title: "What a partition costs", Version: "v0.1.0", Command: "cleave compare --seed 7", Seed: 7,
		Systems: slices.Clone(sampleSystems), Faults: slices.Clone(sampleFaults),
		Workloads: []reports.Subject{{Name: "register", Text: "clients read and write a few registers"},
			{Name: "discovery", Text: "instances come, go and die; clients look them up"}}}
	for _, workload := range c.Workloads {
		for _, fault := range c.Faults {
			for _, system := range c.Systems {
				if workload.Name == "register" && system.Name == "apregistry" {
					continue
				}
				if system.Name == "cachedcp" && fault.Name == "bridge" {
					continue
				}
				c.Cells = append(c.Cells, sampleCell(system.Name, workload.Name, fault.Name))
			}
		}
	}
	return c
}
