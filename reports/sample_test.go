package reports_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/reports"
)

// The sample is a run of a minute as a replicated store would leave it: five nodes, ten clients, two
// beside each node, and from second 10 to 40 a cut between n1 n2, with the leader, and the others.
const (
	second   = history.Time(1e9)
	cutFrom  = 10 * second
	cutUntil = 40 * second
	runUntil = 60 * second
)

type sampler struct {
	events []history.Event
	state  uint64
	next   int              // the next process
	value  int64            // the last value written
	major  map[string]int64 // what the majority has, by key
	minor  map[string]int64 // what n1 and n2 had when they were cut off
}

// draw is a small number from 0 to n-1, the same in every run.
func (s *sampler) draw(n int) int {
	s.state = s.state*6364136223846793005 + 1442695040888963407
	return int(s.state>>33) % n
}

func (s *sampler) event(at history.Time, event history.Event) {
	event.Time = at
	s.events = append(s.events, event)
}

func sampleRun() history.Run {
	run := history.Run{System: "cpstore", Workload: "register", Seed: 7, Quorum: 3}
	for i := 1; i <= 5; i++ {
		run.Nodes = append(run.Nodes, fmt.Sprintf("n%d", i))
	}
	for i := 1; i <= 10; i++ {
		run.Clients = append(run.Clients, history.Placement{Client: fmt.Sprintf("c%d", i), Host: run.Nodes[(i-1)/2]})
	}
	return run
}

// sampleHistory is the sample's history.
func sampleHistory(t testing.TB) *history.History {
	s := &sampler{state: 7, next: 1, major: map[string]int64{}, minor: map[string]int64{}}
	run := sampleRun()
	s.event(0, history.Event{Type: history.RunEvent, Run: &run})
	s.event(0, history.Event{Type: history.PhaseEvent, Phase: history.Warmup})
	s.event(cutFrom, history.Event{Type: history.PhaseEvent, Phase: history.Faults})
	s.event(cutUntil, history.Event{Type: history.PhaseEvent, Phase: history.Quiet})
	s.faults()
	for _, note := range []struct {
		at     history.Time
		node   string
		kind   string
		detail string
	}{
		{second / 100, "n1", "start", ""}, {second / 100, "n2", "start", ""}, {second / 100, "n3", "start", ""},
		{second / 100, "n4", "start", ""}, {second / 100, "n5", "start", ""}, {second, "n1", "leader", "term 2"},
		{cutFrom + 1_300_000_000, "n4", "leader", "term 3"}, {cutFrom + 1_800_000_000, "n1", "follower", "term 2"},
		{28 * second, "n5", "start", ""}, {46 * second, "n2", "panic", "log does not match its snapshot"},
	} {
		s.event(note.at, history.Event{Type: history.NoteEvent, Note: &history.Note{Node: note.node, Kind: note.kind, Detail: note.detail}})
	}
	s.operations(run)
	slices.SortStableFunc(s.events, func(a, b history.Event) int { return cmp.Compare(a.Time, b.Time) })
	for i := range s.events {
		s.events[i].Index = i
	}
	h, err := history.New(s.events)
	require.NoError(t, err)
	return h
}

func (s *sampler) faults() {
	var cut []history.Link
	small := []string{"c1", "c2", "c3", "c4", "n1", "n2"}
	large := []string{"c10", "c5", "c6", "c7", "c8", "c9", "n3", "n4", "n5"}
	for _, from := range small {
		for _, to := range large {
			cut = append(cut, history.Link{From: from, To: to}, history.Link{From: to, To: from})
		}
	}
	fault := history.Fault{Kind: "halves-leader-minority", Stage: history.FaultStart, Nodes: []string{"n1", "n2"},
		Groups: []string{"n1 n2 c1 c2 c3 c4", "n3 n4 n5 c5 c6 c7 c8 c9 c10"}, Detail: "n1 n2 cut off from n3 n4 n5",
		Links: len(cut), Quorum: "kept", Leader: "n1", LeaderSide: "minority", After: history.Connectivity{Cut: cut}}
	kill := history.Fault{ID: 1, Kind: "kill-one", Stage: history.FaultStart, Nodes: []string{"n5"}, Detail: "n5 is killed",
		Quorum: "lost", Leader: "n4", LeaderSide: "majority", After: history.Connectivity{Cut: cut, Down: []string{"n5"}}}
	ended, killed := fault, kill
	ended.Stage, ended.Dropped, ended.After, ended.Detail = history.FaultEnd, 4213, history.Connectivity{}, "over: "+fault.Detail
	killed.Stage, killed.After, killed.Quorum = history.FaultEnd, history.Connectivity{Cut: cut}, "kept"
	s.event(cutFrom, history.Event{Type: history.FaultEvent, Fault: &fault})
	s.event(24*second, history.Event{Type: history.FaultEvent, Fault: &kill})
	s.event(28*second, history.Event{Type: history.FaultEvent, Fault: &killed})
	s.event(cutUntil, history.Event{Type: history.FaultEvent, Fault: &ended})
}

// operations lets every client ask for something a few times a second.
func (s *sampler) operations(run history.Run) {
	type client struct {
		name    string
		process int
		free    history.Time
		host    int
	}
	var clients []*client
	for i, placement := range run.Clients {
		clients = append(clients, &client{placement.Client, s.next, history.Time(i) * second / 40, i / 2})
		s.next++
	}
	frozen := false
	for at := history.Time(0); at < runUntil-second; at += second / 200 {
		if at >= cutFrom && !frozen {
			frozen = true
			for key, value := range s.major {
				s.minor[key] = value
			}
		}
		for _, c := range clients {
			if c.free > at {
				continue
			}
			end, retire := s.operation(c.name, c.process, c.host, at)
			if retire {
				c.process = s.next
				s.next++
			}
			c.free = end + history.Time(60+s.draw(200))*second/1000
		}
	}
}

// operation asks for one thing and answers it as the store would at that time and place.
func (s *sampler) operation(client string, process, host int, at history.Time) (end history.Time, retire bool) {
	function := []history.Function{history.Read, history.Read, history.QuorumRead, history.Write, history.Write}[s.draw(5)]
	ask := history.Event{Type: history.Invoke, Process: process, Client: client, Function: function, Key: fmt.Sprintf("k%d", s.draw(4))}
	small, cut := host < 2, at >= cutFrom && at < cutUntil
	leaderless := cut && (small || at < cutFrom+1_300_000_000) || at >= 24*second && at < 28*second
	answer := ask
	answer.Type, answer.Node = history.Ok, fmt.Sprintf("n%d", host+1)
	wait := history.Time(1500+s.draw(4000)) * 1000
	if function != history.Read {
		wait = history.Time(6+s.draw(18)) * 1_000_000
	}
	state := s.major
	if small && cut {
		state = s.minor
	}
	switch {
	case function == history.Write:
		s.value++
		ask.Value = history.Integer(s.value)
		if !leaderless {
			s.major[ask.Key] = s.value
		}
	case state[ask.Key] != 0:
		answer.Value = history.Integer(state[ask.Key])
	}
	if host == 4 && at >= 24*second && at < 28*second {
		answer.Type, answer.Node, answer.Value, answer.Error = history.Fail, "", history.Nothing, "refused"
	} else if leaderless && function != history.Read {
		answer.Type, answer.Value, answer.Error, wait = history.Info, history.Nothing, "timeout", second
		if s.draw(3) == 0 {
			answer.Type, answer.Error, wait = history.Fail, "no leader", 30_000_000
		}
	}
	s.event(at, ask)
	s.event(at+wait, answer)
	return at + wait, answer.Type == history.Info
}

// sampleWitness is the fewest operations that show a stale quorum read.
func sampleWitness() *checker.Witness {
	operation := func(id int, client string, f history.Function, argument, result history.Value, from, to float64) history.Operation {
		return history.Operation{ID: id, Process: id, Client: client, Function: f, Key: "k1", Argument: argument, Result: result,
			Invoked: history.Time(from * 1e9), Completed: history.Time(to * 1e9), GaveUp: history.Time(to * 1e9), Outcome: history.Ok, Node: "n1"}
	}
	five, seven, nine := history.Integer(5), history.Integer(7), history.Integer(9)
	pending := operation(311, "c1", history.Write, nine, history.Nothing, 9.991, 11)
	pending.Completed, pending.Outcome, pending.Error, pending.Node = history.Forever, history.Info, "timeout", ""
	return &checker.Witness{Key: "k1", Operations: []history.Operation{
		operation(298, "c10", history.Write, five, history.Nothing, 9.712, 9.731), pending,
		operation(402, "c7", history.Write, seven, history.Nothing, 11.904, 11.922),
		operation(417, "c2", history.QuorumRead, history.Nothing, five, 12.087, 12.095),
	}, Explanation: []string{
		"c10 wrote 5 at 9.712-9.731 s, acknowledged",
		"c1 asked at 9.991 s to write 9 and never learnt the outcome",
		"c7 wrote 7 at 11.904-11.922 s, acknowledged",
		"c2 read 5 at 12.087-12.095 s, but 7 had been written and acknowledged at 11.922 s",
	}}
}

// sampleReport is a run with one promise broken.
func sampleReport(t testing.TB) reports.Run {
	h := sampleHistory(t)
	measure := func(c checker.Checker) checker.Result { return checker.Run(c, h, checker.Budget{}) }
	return reports.Run{
		System: "cpstore", SystemSummary: "a replicated store that answers writes and quorum reads only with a majority of its nodes",
		Workload: "register", Fault: "halves-leader-minority", World: "sim", Version: "v0.1.0", Seed: 7,
		Options: []reports.Option{{Name: "nodes", Value: "5"}, {Name: "clients", Value: "10"}, {Name: "duration", Value: "60s"},
			{Name: "bug", Value: "stale-quorum-read"}, {Name: "fault", Value: "halves-leader-minority"}},
		Verdict: checker.Invalid,
		Promises: []checker.Result{
			{Checker: "linearizable", Promise: "quorum reads and writes are linearizable", Verdict: checker.Invalid,
				Reason: "no order of the operations on k1, each at an instant within its interval, gives the answers seen", Witness: sampleWitness()},
			{Checker: "sequential", Promise: "no client sees a state older than one it has seen", Verdict: checker.Valid,
				Reason: "no client of 10 saw a state older than one it had seen, in 2,900 answers"},
			{Checker: "convergence", Promise: "after the faults all nodes agree", Verdict: checker.Valid, Reason: "all nodes say the same of 4 keys"},
			{Checker: "no-panic", Promise: "no node breaks an invariant of its own", Verdict: checker.Invalid,
				Reason: "n2 panicked: log does not match its snapshot"},
			{Checker: "vacuity", Promise: "the run tested something", Verdict: checker.Unknown, Reason: "a fault hit nobody"},
		},
		Measured: []checker.Result{measure(checker.Availability{}),
			measure(checker.Staleness{Functions: []history.Function{history.Read, history.QuorumRead}, Writes: []history.Function{history.Write}})},
		History: h, Folder: "store/register-halves-leader-minority/20260101T120000-7", Porcupine: "porcupine.html",
		Replay: "cleave run --system cpstore --workload register --fault halves-leader-minority --nodes 5 " +
			"--clients 10 --duration 60s --bug stale-quorum-read --seed 7",
		Events: 184223, Hash: "9f2c77e1a0b34d55",
	}
}
