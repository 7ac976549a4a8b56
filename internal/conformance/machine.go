package conformance

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/internal/conformance/probe"

	"github.com/stretchr/testify/require"
)

// fullDisk leaves a node no room: it acknowledges nothing more, and what it had acknowledged is there
// when it is back.
func fullDisk(s *stage) {
	s.insist("c3", probe.Write("n3", "before"), good)
	life := s.look("c3", "n3").Life
	fill := func() (drain func()) { return s.on("n3", s.world.Fill, s.world.Drain) }
	first, second := fill(), fill()
	may := map[string]bool{} // be there afterwards
	number := 0
	write := func() bool {
		number++
		value := fmt.Sprint("during ", number)
		if good(s.ask("c3", probe.Write("n3", value))) {
			clear(may)
			may[value] = true
			return true
		}
		may[value] = true
		return false
	}
	may["before"] = true
	s.eventually("the disk is full", func() bool { return !write() })
	first()
	for range 3 {
		s.pass(while)
		require.False(s.t, write(), "a write is acknowledged that has no room")
	}
	s.insist("c1", probe.Write("n1", "elsewhere"), good)

	second()
	value := s.value("c3", "n3")
	require.True(s.t, may[value], "after the full disk the value is %q", value)
	s.insist("c3", probe.Write("n3", "after"), good)
	require.Equal(s.t, "after", s.value("c3", "n3"))
	require.Greater(s.t, s.look("c3", "n3").Life, life, "it has ended of its full disk, and was started again")
}

// clocksMove moves the clocks of n1 and the clients beside it, and of nobody else. They stay moved when
// the node is restarted.
func clocksMove(s *stage) {
	const far, near = 100 * time.Second, 40 * time.Second
	s.clocksDiffer(0)
	back := s.on("n1", func(n string) { s.world.Skew(n, far) }, func(n string) { s.world.Skew(n, -far) })
	s.clocksDiffer(far)
	less := s.on("n1", func(n string) { s.world.Skew(n, -near) }, func(n string) { s.world.Skew(n, near) })
	s.clocksDiffer(far - near)
	s.kill("n1")()
	s.clocksDiffer(far - near)
	less()
	s.clocksDiffer(far)
	back()
	s.clocksDiffer(0)
}

// clocksDiffer waits until the clocks at n1 are ahead of those elsewhere by a time.
func (s *stage) clocksDiffer(by time.Duration) {
	s.t.Helper()
	const much = 10 * time.Second // that passes between two looks, on a machine that is very slow
	near := func(from, to time.Duration) bool { return (to - from - by).Abs() < much }
	s.eventually(fmt.Sprintf("n1 is ahead of n2 by %s", by), func() bool { return near(s.look("c2", "n2").Clock, s.look("c2", "n1").Clock) })
	require.True(s.t, near(s.clock("c2"), s.clock("c1")), "so is c1 of c2")
	require.True(s.t, near(s.clock("c3"), s.clock("c4")), "and c4 of c3")
}

// clock is a client's.
func (s *stage) clock(client string) time.Duration {
	s.t.Helper()
	c := s.ask(client, probe.Clock())
	require.Equal(s.t, history.Ok, c.Outcome)
	clock, _ := c.Value.AsInteger()
	return time.Duration(clock)
}

// membersAreTold tells all nodes who is not to be a member, those too that start later; it counts.
func membersAreTold(s *stage) {
	s.membersOut()
	expel := func() (admit func()) { return s.on("n2", s.world.Expel, s.world.Admit) }
	first, second := expel(), expel()
	s.membersOut("n2")
	other := s.on("n3", s.world.Expel, s.world.Admit)
	s.kill("n1")()
	s.membersOut("n2", "n3")
	first()
	s.pass(while)
	s.membersOut("n2", "n3")
	second()
	s.membersOut("n3")
	other()
	s.membersOut()
}

// membersOut waits until all nodes say who is not to be a member.
func (s *stage) membersOut(out ...string) {
	s.t.Helper()
	want := history.Nothing
	if len(out) > 0 {
		var names []history.Value
		for _, name := range out {
			names = append(names, history.Text(name))
		}
		want = history.List(names...)
	}
	for _, at := range clients[:len(nodes)] {
		s.insist(at.Client, probe.Out(at.Host), func(c history.Completion) bool { return good(c) && c.Value.Equal(want) })
	}
}

// membersAreReplaced takes the disk of a node that is down and makes it another member, twice: all nodes come to know,
// those too that start later, and it itself before it starts.
func membersAreReplaced(s *stage) {
	for times := range int64(2) {
		s.insist("c2", probe.Write("n2", "of another member"), good)
		s.without("n2", func() { s.world.Renew("n2") })
		sight := s.look("c2", "n2")
		require.Equal(s.t, []int64{1, times + 1}, []int64{sight.Life, sight.Born})
		require.Empty(s.t, s.value("c2", "n2"))
		s.replaced("n2", times+1)
	}
	s.kill("n1")()
	s.kill("n2")()
	s.replaced("n2", 2)
	sight := s.look("c2", "n2")
	require.Equal(s.t, []int64{2, 2}, []int64{sight.Life, sight.Born}, "it begins another life, and stays who it is")
}

// replaced waits until all nodes say how often one has become another member, and that no other has.
func (s *stage) replaced(node string, times int64) {
	s.t.Helper()
	for _, at := range clients[:len(nodes)] {
		s.eventually(fmt.Sprintf("%s knows that %s has become another member %d times", at.Host, node, times), func() bool {
			anew := s.look(at.Client, at.Host).Anew
			return anew[node] == times && anew[nodes[0]]+anew[nodes[1]]+anew[nodes[2]] == times
		})
	}
}
