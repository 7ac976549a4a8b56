package conformance

import (
	"fmt"
	"time"

	"cleave/internal/conformance/probe"

	"github.com/stretchr/testify/require"
)

// lostDisk takes the disk of a node that is down: what starts then is in its first life.
func lostDisk(s *stage) {
	s.insist("c2", probe.Write("n2", "lost"), good)
	s.insist("c3", probe.Write("n3", "elsewhere"), good)
	s.without("n2", func() { s.world.LoseDisk("n2") })
	require.Empty(s.t, s.value("c2", "n2"))
	require.Equal(s.t, int64(1), s.look("c2", "n2").Life)
	require.Equal(s.t, "elsewhere", s.value("c3", "n3"))
	s.insist("c2", probe.Write("n2", "anew"), good)
	s.kill("n2")()
	s.eventually("n2 lives again", func() bool { return s.look("c2", "n2").Life == 2 })
	require.Equal(s.t, "anew", s.value("c2", "n2"), "what was written after the loss stays")
}

// without does something to the disk of a node that is down, and has it start again.
func (s *stage) without(node string, harm func()) {
	s.t.Helper()
	restart := s.kill(node)
	harm()
	s.insist("c1", probe.Read(node), failing(refused))
	restart()
}

// oldDisk puts a copy of a disk back, and then the same one again. Another copy takes the place of the first.
func oldDisk(s *stage) {
	for _, old := range []string{"old", "not so old"} {
		s.insist("c2", probe.Write("n2", old), good)
		life := s.look("c2", "n2").Life
		s.world.KeepDisk("n2")
		s.pass(5 * while) // for the copy, which nobody sees
		require.Equal(s.t, life, s.look("c2", "n2").Life, "a node whose disk is copied goes on")
		for range 2 {
			s.insist("c2", probe.Write("n2", "new"), good)
			s.without("n2", func() { s.world.LoseDisk("n2") })
			s.without("n2", func() { s.world.RestoreDisk("n2") })
			require.Equal(s.t, old, s.value("c2", "n2"))
			require.Equal(s.t, life+1, s.look("c2", "n2").Life)
		}
	}
}

// damagedDisk turns a bit around in the only file of a node, where its first record is: it knows nothing more of what
// comes after. A bit that is mended before it starts has done no harm.
func damagedDisk(s *stage) {
	for draw := range uint64(3) {
		s.without("n2", func() { s.world.LoseDisk("n2") })
		value := fmt.Sprint("whole ", draw)
		s.insist("c2", probe.Write("n2", value), good)
		s.without("n2", func() { s.world.FlipBit("n2", draw); s.world.MendBit("n2") })
		require.Equal(s.t, value, s.value("c2", "n2"))

		s.without("n2", func() { s.world.LoseDisk("n2") })
		s.insist("c2", probe.Write("n2", "damaged"), good)
		s.without("n2", func() { s.world.FlipBit("n2", draw) })
		require.Empty(s.t, s.value("c2", "n2"), "the damage is not seen")
		s.world.MendBit("n2")
		s.insist("c2", probe.Write("n2", "after"), good)
		require.Equal(s.t, "after", s.value("c2", "n2"))
	}
}

// slowNode slows a node down, so that many things take it long.
func slowNode(s *stage) {
	pings := probe.Pings{Peer: "n2", Count: 1000, Patience: limit}
	slow := func(pause time.Duration) func(string) { return func(node string) { s.world.Slow(node, pause) } }
	took := func() time.Duration {
		s.pass(while)
		return s.echo("c1", "n1", pings).Took
	}
	long := 3 * max(took(), took(), 10*time.Millisecond) // a machine with other work is slow itself
	faster := s.on("n2", slow(5*time.Millisecond), slow(-5*time.Millisecond))
	s.eventually("n2 is slow", func() bool { return took() >= long })
	s.kill("n2")()
	s.settle()
	s.eventually("n2 is slow in its next life too", func() bool { return took() >= long })
	s.echo("c1", "n1", probe.Pings{Peer: "n3"})
	faster()
	s.eventually("n2 is as before", func() bool { return took() < long })
}
