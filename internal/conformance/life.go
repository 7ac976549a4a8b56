package conformance

import (
	"fmt"

	"cleave/history"
	"cleave/internal/conformance/probe"
	"cleave/world"

	"github.com/stretchr/testify/require"
)

// The errors of connections.
const refused = string(world.Refused)

// killResets kills a node that a client waits for: the client hears of it at once, long before its timeout.
func killResets(s *stage) {
	life := s.look("c1", "n2").Life
	s.split("n2", "n3") // until the end, so that n2 cannot answer
	dropped := s.world.Dropped("n2", "n3")
	waiting := s.begin("c2", probe.Ping("n2", probe.Pings{Peer: "n3", Patience: never}))
	s.eventually("n2 is asked", func() bool { return s.world.Dropped("n2", "n3") > dropped })
	require.False(s.t, waiting.done)

	restart := s.kill("n2")
	c := s.await(waiting)
	require.Contains(s.t, []string{string(world.Reset), string(world.Ended)}, c.Error)
	s.insist("c2", probe.Read("n2"), failing(refused))
	s.insist("c1", probe.Ping("n1", probe.Pings{Peer: "n2"}), failing(refused))
	s.insist("c1", probe.Read("n1"), good)
	s.insist("c2", probe.Read("n3"), good)
	s.echo("c1", "n1", probe.Pings{Peer: "n3"})

	restart()
	require.Equal(s.t, life+1, s.look("c2", "n2").Life)
	s.echo("c1", "n1", probe.Pings{Peer: "n2"})
}

// killsCount kills a node twice and restarts it once.
func killsCount(s *stage) {
	life := s.look("c1", "n2").Life
	first, second := s.kill("n2"), s.kill("n2")
	s.insist("c1", probe.Read("n2"), failing(refused))
	first()
	s.staysDown("n2")
	second()
	require.Equal(s.t, life+1, s.look("c1", "n2").Life)
}

// staysDown sees that a node does not come up for a while.
func (s *stage) staysDown(node string) {
	s.t.Helper()
	for range 5 {
		s.pass(while)
		require.Equal(s.t, refused, s.ask("c1", probe.Read(node)).Error, "%s is held down", node)
	}
}

// restartKnows kills a node that has acknowledged a value. A kill and a restart at once are a restart too.
func restartKnows(s *stage) {
	s.insist("c2", probe.Write("n2", "kept"), good)
	life := s.look("c2", "n2").Life
	restart := s.kill("n2")
	s.insist("c2", probe.Read("n2"), failing(refused))
	restart()
	require.Equal(s.t, "kept", s.value("c2", "n2"))
	require.Equal(s.t, life+1, s.look("c2", "n2").Life)

	s.insist("c2", probe.Write("n2", "kept too"), good)
	s.kill("n2")()
	s.eventually("n2 lives again", func() bool { return s.look("c2", "n2").Life == life+2 })
	require.Equal(s.t, "kept too", s.value("c2", "n2"))
}

// powerLoses takes the power from a node that has told two values for kept, but synced one. What was not
// synced may have got to the disk all the same, but hardly ever does.
func powerLoses(s *stage) {
	for attempt := range 5 {
		synced, unsynced := fmt.Sprint("synced ", attempt), fmt.Sprint("not synced ", attempt)
		s.insist("c2", probe.Write("n2", synced), good)
		s.insist("c2", probe.WriteUnsynced("n2", unsynced), good)
		require.Equal(s.t, unsynced, s.value("c2", "n2"))
		on := s.on("n2", s.world.PowerOff, s.world.PowerOn)
		s.insist("c2", probe.Read("n2"), failing(refused))
		on()
		value := s.value("c2", "n2")
		if value == synced {
			return
		}
		require.Equal(s.t, unsynced, value, "what was synced is lost")
	}
	s.t.Fatalf("nothing is ever lost")
}

// powerCounts kills a node and takes its power too: it comes up when it has both again.
func powerCounts(s *stage) {
	life := s.look("c1", "n2").Life
	s.insist("c2", probe.Write("n2", "synced"), good)
	restart, on := s.kill("n2"), s.on("n2", s.world.PowerOff, s.world.PowerOn)
	s.insist("c1", probe.Read("n2"), failing(refused))
	on()
	s.staysDown("n2")
	restart()
	require.Equal(s.t, life+1, s.look("c1", "n2").Life)
	require.Equal(s.t, "synced", s.value("c2", "n2"))
}

// pauseKeepsConnections pauses a node: it answers nobody, and then everybody, on the connections of before.
func pauseKeepsConnections(s *stage) {
	before := s.echo("c1", "n1", probe.Pings{Peer: "n2"})
	life := s.look("c2", "n2").Life
	resume := s.pause("n2")
	late := s.unanswered("n1", "n2")
	s.insist("c2", probe.Read("n2"), failing(probe.NoAnswer))
	require.False(s.t, late.done, "a paused node has answered: %v", late.completion)
	resume()
	s.answersLate(late, before)
	require.Equal(s.t, life, s.look("c2", "n2").Life, "it was not started again")
}

// unanswered has a node ping another that is paused, or will be soon.
func (s *stage) unanswered(node, peer string) (q *question) {
	s.t.Helper()
	s.eventually(peer+" does not answer", func() bool {
		q = s.begin("c1", probe.Ping(node, probe.Pings{Peer: peer, Count: 3, Patience: never}))
		s.pass(while)
		return !q.done
	})
	return q
}

// answersLate waits for an echo, which comes over the connection of one before.
func (s *stage) answersLate(late *question, before probe.Echo) {
	s.t.Helper()
	c := s.await(late)
	require.Equal(s.t, history.Ok, c.Outcome, c.Error)
	after, err := probe.EchoOf(c)
	require.NoError(s.t, err)
	require.Equal(s.t, before.Dials, after.Dials, "the connection has ended")
}

// pausesCount pauses a node twice and resumes it once.
func pausesCount(s *stage) {
	before := s.echo("c1", "n1", probe.Pings{Peer: "n2"})
	first, second := s.pause("n2"), s.pause("n2")
	late := s.unanswered("n1", "n2")
	first()
	s.pass(2 * while)
	require.False(s.t, late.done, "one of two pauses is left")
	second()
	s.answersLate(late, before)
}
