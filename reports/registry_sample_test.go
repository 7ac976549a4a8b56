package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/reports"
)

// registryReport is a small run of a registry: a is registered and dies, b is registered and lives.
//
//	a  register |--|            die ||
//	b  register |--|
//	c1                lookup [a b]       lookup [a]       lookup [b]
//	                                     a is a ghost, b is missing
func registryReport(t testing.TB) reports.Run {
	run := history.Run{System: "apregistry", Workload: "discovery", Seed: 1, Nodes: []string{"n1"}, Quorum: 1,
		Clients: []history.Placement{{Client: "c1", Host: "n1"}, {Client: "c2", Host: "n1"}}}
	s := &sampler{}
	s.event(0, history.Event{Type: history.RunEvent, Run: &run})
	do := func(from, to history.Time, process int, f history.Function, key string, result history.Value) {
		ask := history.Event{Type: history.Invoke, Process: process, Client: run.Clients[process].Client, Function: f, Key: key}
		s.event(from*second, ask)
		ask.Type, ask.Value = history.Ok, result
		s.event(to*second, ask)
	}
	do(1, 2, 0, history.Register, "web/a", history.Nothing)
	do(3, 4, 0, history.Register, "web/b", history.Nothing)
	do(5, 6, 1, history.Lookup, "web", history.Texts([]string{"web/a", "web/b"}))
	do(7, 7, 0, history.Die, "web/a", history.Nothing)
	do(8, 9, 1, history.Lookup, "web", history.Texts([]string{"web/a"}))
	for i := range s.events {
		s.events[i].Index = i
	}
	h, err := history.New(s.events)
	require.NoError(t, err)
	return reports.Run{System: "apregistry", Workload: "discovery", World: "sim", Seed: 1, Verdict: checker.Valid, History: h,
		Measured: []checker.Result{checker.Run(checker.Discovery{}, h, checker.Budget{})}}
}
