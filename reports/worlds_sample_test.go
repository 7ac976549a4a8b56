package reports_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/reports"
)

// sampleWorlds is what a comparison in two worlds might have found: three systems of the repository in
// both, two real ones in containers alone.
func sampleWorlds() reports.Comparison {
	c := reports.Comparison{Title: "CP and AP under the same faults", Version: "v0.1.0", Seed: 7, Worlds: []string{"sim", "docker"},
		Command: "cleave compare --worlds sim,docker --seed 7", Faults: slices.Clone(sampleFaults), Workloads: sampleComparison().Workloads,
		Systems: append(slices.Clone(sampleSystems),
			reports.Subject{Name: "zookeeper", Text: "Apache ZooKeeper 3.8.0, as it is"},
			reports.Subject{Name: "eureka", Text: "Spring Cloud Netflix Eureka, as it is"})}
	for _, workload := range c.Workloads {
		for _, fault := range c.Faults {
			for _, system := range c.Systems {
				for _, world := range c.Worlds {
					if world == "sim" && (system.Name == "zookeeper" || system.Name == "eureka") ||
						workload.Name == "register" && (system.Name == "apregistry" || system.Name == "eureka") {
						continue
					}
					c.Cells = append(c.Cells, sampleWorldCell(system.Name, workload.Name, fault.Name, world))
				}
			}
		}
	}
	return c
}

// sampleWorldCell is a run like that of sampleCell; in containers some of it came out otherwise.
func sampleWorldCell(system, workload, fault, world string) reports.Cell {
	cell := sampleCell(system, workload, fault)
	cell.World = world
	if world == "sim" {
		return cell
	}
	cell.Link = "runs/" + system + "-" + workload + "-" + fault + "-docker/report.html"
	cell.Replay += " --world docker"
	measures := cell.Measured[0].Measures
	for i := range measures {
		m := &measures[i]
		switch {
		case m.Name == "success" && m.Value < 0.1 && fault == "flapping":
			m.Value = 0.18
		case m.Name == "longest outage" && m.Side == "majority":
			m.Value = 2600
			if fault == "bridge" {
				m.Value = 4100
			}
		case m.Unit == checker.Ratio && m.Value < 1:
			m.Value += 0.002
		}
	}
	cell.Measured[0].Measures = append(measures, long("latency p99", "majority", 0.031))
	if system == "cpstore" && fault == "flapping" {
		cell.Verdict, cell.Promises[2].Verdict = checker.Unknown, checker.Unknown
		cell.Promises[2].Reason = "n3 did not answer the final reads"
	}
	return cell
}

// containerReport is the sample as a run in containers would leave it.
func containerReport(t testing.TB) reports.Run {
	run := fixed(t)
	run.World, run.Events, run.Hash = "docker", 0, ""
	run.Replay += " --world docker"
	events := run.History.Events
	note := func(at history.Time, node, kind, detail string) {
		where := 0
		for where < len(events) && events[where].Time <= at {
			where++
		}
		events = append(events[:where:where], append([]history.Event{{Time: at, Type: history.NoteEvent,
			Note: &history.Note{Node: node, Kind: kind, Detail: detail}}}, events[where:]...)...)
	}
	note(24*second, "n5", "kill", "")
	note(46*second, "n2", "exit", "by itself, with code 2")
	note(51*second, "n2", "start", "")
	lossy := history.Fault{ID: 2, Kind: "loss", Stage: history.FaultStart, Nodes: []string{"n3"}, Disturbed: 24, Quorum: "kept",
		Detail: "20 % of what n3 sends and gets is lost", After: history.Connectivity{Hampered: 24, Full: []string{"n4"}}}
	calm := lossy
	calm.Stage, calm.Touched, calm.After = history.FaultEnd, 1907, history.Connectivity{}
	events = append(events, history.Event{Time: 59 * second, Type: history.FaultEvent, Fault: &lossy},
		history.Event{Time: 60 * second, Type: history.FaultEvent, Fault: &calm})
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	require.NoError(t, err)
	run.History = h
	run.Environment = []reports.Option{{Name: "engine", Value: "Docker 20.10.24, API 1.41"}, {Name: "kernel", Value: "Linux 6.18.44"},
		{Name: "image", Value: "cleave-node, sha256:4be1d2f0c9a7"}, {Name: "address of n1", Value: "10.64.0.1"}}
	for from := 1; from <= 10; from++ {
		for to := 1; to <= 10; to++ {
			if from == to {
				continue
			}
			link := reports.Traffic{From: fmt.Sprintf("n%d", from), To: fmt.Sprintf("n%d", to),
				Frames: int64(3000 + 10*from + to), Bytes: int64(400_000 + 1000*to)}
			if (from <= 2) != (to <= 2) {
				link.Dropped = int64(90 + from)
			}
			if from == 3 {
				link.Lost, link.Disturbed = 12, 200
			}
			run.Traffic = append(run.Traffic, link)
		}
	}
	return run
}
