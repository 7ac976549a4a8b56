package conformance

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/internal/conformance/probe"
	"cleave/internal/link"
	"cleave/world"

	"github.com/stretchr/testify/require"
)

// Who is there.
var (
	nodes   = []string{"n1", "n2", "n3"}
	clients = []history.Placement{{Client: "c1", Host: "n1"}, {Client: "c2", Host: "n2"}, {Client: "c3", Host: "n3"}, {Client: "c4", Host: "n1"}}
)

const (
	limit = time.Minute            // for what must come: on a slow machine much is slow
	beat  = 2 * time.Millisecond   // between two looks whether it has come
	while = 300 * time.Millisecond // for what must not come, and would come soon
	never = 5 * time.Minute        // the patience of those whose wait is ended otherwise
)

// tester is what is used of a *testing.T, or what stands in for it.
type tester interface {
	require.TestingT
	Helper()
	Fatalf(format string, arguments ...any)
	Cleanup(action func())
}

// stage is a world with what cases are written with. Its methods fail the test when what must come does not.
type stage struct {
	t     tester
	world world.World
	notes *[]history.Note
}

// pass lets time pass.
func (s *stage) pass(wait time.Duration) {
	s.t.Helper()
	require.NoError(s.t, s.world.Run(s.world.Now()+history.Time(wait)))
}

// eventually waits until something is so.
func (s *stage) eventually(what string, holds func() bool) {
	s.t.Helper()
	s.until(holds, func() string { return what })
}

// until waits until something is so, and says in the end what has not come.
func (s *stage) until(holds func() bool, what func() string) {
	s.t.Helper()
	for end := s.world.Now() + history.Time(limit); !holds(); s.pass(beat) {
		if s.world.Now() > end {
			s.t.Fatalf("this has not come in %s: %s", limit, what())
		}
	}
}

// question is a request under way, or answered.
type question struct {
	done       bool
	completion history.Completion
}

// begin asks a client to do something.
func (s *stage) begin(client string, request history.Request) *question {
	s.t.Helper()
	q := &question{}
	s.world.Invoke(client, request, func(completion history.Completion) {
		if q.done {
			s.t.Errorf("%s completes %s %s twice", client, request.Function, request.Key)
		}
		q.done, q.completion = true, completion
	})
	return q
}

// await waits for the answer.
func (s *stage) await(q *question) history.Completion {
	s.t.Helper()
	s.eventually("a request is completed", func() bool { return q.done })
	return q.completion
}

// ask asks, and waits for the answer.
func (s *stage) ask(client string, request history.Request) history.Completion {
	s.t.Helper()
	return s.await(s.begin(client, request))
}

// insist asks until the answer is as wanted, and gives it.
func (s *stage) insist(client string, request history.Request, wanted func(history.Completion) bool) (last history.Completion) {
	s.t.Helper()
	s.until(func() bool {
		last = s.ask(client, request)
		return wanted(last)
	}, func() string {
		return fmt.Sprintf("the wanted answer to %s, who asks %s %s %s; the last was %+v", client, request.Function, request.Key, request.Value, last)
	})
	return last
}

func good(completion history.Completion) bool { return completion.Outcome == history.Ok }

// failing is a wanted failure, by its error.
func failing(reason string) func(history.Completion) bool {
	return func(c history.Completion) bool { return c.Outcome != history.Ok && c.Error == reason }
}

// look is what a node says of itself, asked by a client that reaches it.
func (s *stage) look(client, node string) probe.Sight {
	s.t.Helper()
	sight, err := probe.SightOf(s.insist(client, probe.Look(node), good))
	require.NoError(s.t, err)
	return sight
}

// echo has a node ping another until it succeeds once.
func (s *stage) echo(client, node string, pings probe.Pings) probe.Echo {
	s.t.Helper()
	echo, err := probe.EchoOf(s.insist(client, probe.Ping(node, pings), good))
	require.NoError(s.t, err)
	return echo
}

// value is what a node has kept.
func (s *stage) value(client, node string) string {
	s.t.Helper()
	value, _ := s.insist(client, probe.Read(node), good).Value.AsText()
	return value
}

// settle waits until all is in order: every client is served, every node has an open connection to every other.
func (s *stage) settle() {
	s.t.Helper()
	for _, at := range clients {
		s.insist(at.Client, probe.Read(""), good)
	}
	for _, at := range clients[:len(nodes)] {
		for _, peer := range nodes {
			if peer != at.Host {
				s.echo(at.Client, at.Host, probe.Pings{Peer: peer})
			}
		}
	}
}

// inflict does a fault and gives what undoes it, which the end of the case does too if need be.
func (s *stage) inflict(fault, undo func()) (end func()) {
	over := false
	end = func() {
		if !over {
			over = true
			undo()
		}
	}
	fault()
	s.t.Cleanup(end)
	return end
}

// cut stops a directed link.
func (s *stage) cut(from, to string) (mend func()) {
	return s.inflict(func() { s.world.Cut(from, to) }, func() { s.world.Mend(from, to) })
}

// split stops both ways between two.
func (s *stage) split(one, other string) (mend func()) {
	there, back := s.cut(one, other), s.cut(other, one)
	return func() { there(); back() }
}

// disturb makes a directed link worse.
func (s *stage) disturb(from, to string, by link.Quality) (calm func()) {
	return s.inflict(func() { s.world.Disturb(from, to, by) }, func() { s.world.Calm(from, to, by) })
}

// on does a fault to a node.
func (s *stage) on(node string, fault, undo func(string)) (end func()) {
	return s.inflict(func() { fault(node) }, func() { undo(node) })
}

func (s *stage) kill(node string) (restart func()) {
	return s.on(node, s.world.Kill, s.world.Restart)
}

func (s *stage) pause(node string) (resume func()) {
	return s.on(node, s.world.Pause, s.world.Resume)
}
