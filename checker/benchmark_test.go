package checker

import (
	"fmt"
	"testing"
	"time"

	"cleave/history"
	"cleave/models"
)

// large makes a history of a register workload: keys, each with operations by clients, and one fault
// in the middle. Of each key's reads stale percent are stale.
func large(keys, operations, clients int, info, stale int64, swaps bool) *history.History {
	run := history.Run{System: "drawn", Nodes: []string{"n1", "n2", "n3", "n4", "n5"}, Quorum: 3}
	for c := range clients {
		run.Clients = append(run.Clients, history.Placement{Client: fmt.Sprint("c", c), Host: run.Nodes[c%5]})
	}
	h := &history.History{Run: run}
	var events []history.Event
	for key := range keys {
		w := walk{seed: uint64(key), clients: clients, operations: operations, info: info, stale: stale, swaps: swaps}
		for _, o := range w.run() {
			process := len(events)
			invoke := history.Event{Type: history.Invoke, Time: o.Invoked, Process: process, Client: "c" + fmt.Sprint(o.Process),
				Function: o.Function, Key: fmt.Sprint("x", key), Value: o.Argument}
			done := invoke
			done.Type, done.Time, done.Value, done.Node = o.Outcome, o.GaveUp, o.Result, run.Nodes[o.Process%5]
			events = append(events, invoke, done)
		}
	}
	return inOrder(h.Run, events)
}

func BenchmarkLinearizable(b *testing.B) {
	for _, swaps := range []bool{false, true} {
		for _, stale := range []int64{0, 1} {
			b.Run(fmt.Sprintf("swaps=%t/stale=%d", swaps, stale), func(b *testing.B) {
				h := large(3, 1000, 10, 5, stale, swaps)
				c := Linearizable{models.Register(), []history.Function{history.Read, history.Write, history.CAS}}
				for b.Loop() {
					c.Check(h, Budget{Time: time.Minute})
				}
			})
		}
	}
}

func BenchmarkOthers(b *testing.B) {
	h := large(3, 1700, 10, 5, 1, true)
	reads := []history.Function{history.Read, history.Write, history.CAS}
	for _, c := range []Checker{Sequential{Functions: reads}, Availability{Grace: time.Second}, Staleness{reads[:1], reads[1:]},
		Convergence{Functions: reads[:1]}, Vacuity{}, NoPanic{}, ElectionSafety{}, Discovery{}, NoPhantom{}} {
		b.Run(c.Name(), func(b *testing.B) {
			for b.Loop() {
				c.Check(h, Budget{})
			}
		})
	}
}
