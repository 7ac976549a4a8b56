package conformance

import (
	"time"

	"cleave/history"
	"cleave/internal/conformance/probe"

	"github.com/stretchr/testify/require"
)

// requestsReachAnyNode asks all nodes, from a client beside them and from one that is not.
func requestsReachAnyNode(s *stage) {
	for _, node := range nodes {
		c := s.insist("c1", probe.Read(node), good)
		require.Equal(s.t, node, c.Node)
		c = s.insist("c2", probe.Read(node), good)
		require.Equal(s.t, node, c.Node)
	}
	require.Zero(s.t, s.world.Dropped("n1", "n2"), "nothing was cut yet")
	require.Zero(s.t, s.world.Disturbed("n1", "n2"), "nothing was disturbed yet")
}

// cutStopsBothWays cuts n1 from n2, which have open connections to each other.
func cutStopsBothWays(s *stage) {
	mend := s.split("n1", "n2")
	there, back := s.world.Dropped("n1", "n2"), s.world.Dropped("n2", "n1")
	one, other := s.begin("c1", probe.Ping("n1", probe.Pings{Peer: "n2"})), s.begin("c2", probe.Ping("n2", probe.Pings{Peer: "n1"}))
	require.Equal(s.t, history.Completion{Outcome: history.Fail, Node: "n1", Error: probe.TimedOut}, plain(s.await(one)))
	require.Equal(s.t, history.Completion{Outcome: history.Fail, Node: "n2", Error: probe.TimedOut}, plain(s.await(other)))
	require.Greater(s.t, s.world.Dropped("n1", "n2"), there)
	require.Greater(s.t, s.world.Dropped("n2", "n1"), back)

	require.Zero(s.t, s.world.Dropped("n1", "n3"), "this link was never cut")
	s.echo("c1", "n1", probe.Pings{Peer: "n3"})
	s.echo("c2", "n2", probe.Pings{Peer: "n3"})
	mend()
	s.echo("c1", "n1", probe.Pings{Peer: "n2"})
	s.echo("c2", "n2", probe.Pings{Peer: "n1"})
}

// plain is a completion but for its connection.
func plain(completion history.Completion) history.Completion {
	completion.Version = 0
	return completion
}

// shortCutOnlyDelays sends during a cut what arrives after it, on the same connection.
func shortCutOnlyDelays(s *stage) {
	before := s.echo("c1", "n1", probe.Pings{Peer: "n2"})
	mend := s.split("n1", "n2")
	dropped := s.world.Dropped("n1", "n2")
	late := s.begin("c1", probe.Ping("n1", probe.Pings{Peer: "n2", Count: 3, Patience: never}))
	s.eventually("n1 tries to reach n2", func() bool { return s.world.Dropped("n1", "n2") > dropped })
	s.pass(while)
	require.False(s.t, late.done, "it was answered through a cut: %v", late.completion)
	mend()
	require.True(s.t, good(s.await(late)), late.completion.Error)
	after, err := probe.EchoOf(late.completion)
	require.NoError(s.t, err)
	require.Equal(s.t, before.Dials, after.Dials, "the connection did not outlive a short cut")
}

// cutOfOneWay cuts what n1 says to n2. What n2 says arrives, though no answer does, and no acknowledgement.
// A few pings of earlier cases, whose connections were given up, may still arrive meanwhile: hence many.
func cutOfOneWay(s *stage) {
	const many = 50
	ears1, ears2 := s.look("c1", "n1"), s.look("c2", "n2")
	mend := s.cut("n1", "n2")
	there, back := s.world.Dropped("n1", "n2"), s.world.Dropped("n2", "n1")
	one := s.begin("c1", probe.Ping("n1", probe.Pings{Peer: "n2", Count: many}))
	other := s.begin("c2", probe.Ping("n2", probe.Pings{Peer: "n1", Count: many}))
	require.Equal(s.t, probe.TimedOut, s.await(one).Error)
	require.Equal(s.t, probe.TimedOut, s.await(other).Error)
	require.GreaterOrEqual(s.t, s.look("c1", "n1").Heard["n2"], ears1.Heard["n2"]+many, "n1 hears n2")
	require.Greater(s.t, s.world.Dropped("n1", "n2"), there)
	require.Equal(s.t, back, s.world.Dropped("n2", "n1"))
	heard := s.look("c2", "n2").Heard["n1"]
	require.Less(s.t, heard, ears2.Heard["n1"]+many, "n2 does not hear n1")
	s.pass(while)
	require.Equal(s.t, heard, s.look("c2", "n2").Heard["n1"], "nor later")
	mend()
}

// cutsCount cuts a link twice and mends it once.
func cutsCount(s *stage) {
	first, second := s.split("n1", "n2"), s.split("n1", "n2")
	first()
	c := s.ask("c1", probe.Ping("n1", probe.Pings{Peer: "n2"}))
	require.Equal(s.t, probe.TimedOut, c.Error, "one of two cuts is left")
	second()
	s.echo("c1", "n1", probe.Pings{Peer: "n2"})
}

// clientCutOff cuts a client from the node beside it, and from nobody else.
func clientCutOff(s *stage) {
	mend := s.split("c1", "n1")
	dropped := s.world.Dropped("c1", "n1")
	began := s.world.Now()
	require.Equal(s.t, probe.NoAnswer, s.ask("c1", probe.Read("")).Error)
	require.GreaterOrEqual(s.t, s.world.Now()-began, history.Time(probe.Timeout-50*time.Millisecond), "it waits for its timeout")
	require.Greater(s.t, s.world.Dropped("c1", "n1"), dropped)
	s.insist("c1", probe.Read("n2"), good)
	s.insist("c4", probe.Read(""), good)
	s.echo("c4", "n1", probe.Pings{Peer: "n2"})
	mend()
	s.insist("c1", probe.Read(""), good)
}
