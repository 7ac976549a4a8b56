package conformance

import (
	"strings"
	"time"

	"cleave/history"
	"cleave/internal/conformance/probe"
	"cleave/internal/link"

	"github.com/stretchr/testify/require"
)

// latencyIsAdded makes n1 and n2 far from each other, twice as far, and near again.
func latencyIsAdded(s *stage) {
	const far = 50 * time.Millisecond
	quality := link.Quality{Latency: link.Spread{Least: far}}
	there, back := s.disturb("n1", "n2", quality), s.disturb("n2", "n1", quality)
	pings := probe.Pings{Peer: "n2", Patience: limit}
	require.GreaterOrEqual(s.t, s.echo("c1", "n1", pings).Took, 2*far)
	more := s.disturb("n1", "n2", quality)
	require.GreaterOrEqual(s.t, s.echo("c1", "n1", pings).Took, 3*far)
	require.Positive(s.t, s.world.Disturbed("n1", "n2"))
	require.Positive(s.t, s.world.Disturbed("n2", "n1"))
	require.Zero(s.t, s.world.Disturbed("n1", "n3"), "this link was never disturbed")
	more()
	require.GreaterOrEqual(s.t, s.echo("c1", "n1", pings).Took, 2*far)
	there()
	back()
	s.eventually("they are near again", func() bool { return s.echo("c1", "n1", pings).Took < far })
}

// connectionsStayWhole does everything to messages that can be done to them. What a connection carries
// arrives all the same: all of it, once, in order.
func connectionsStayWhole(s *stage) {
	fifth, near := link.Chance{Of: 1, In: 5}, link.Spread{Least: time.Millisecond, Jitter: 2 * time.Millisecond}
	for _, each := range []struct {
		what    string
		quality link.Quality
	}{
		{"loss", link.Quality{Loss: fifth}},
		{"corruption", link.Quality{Corrupt: fifth}},
		{"duplication", link.Quality{Duplicate: fifth, Latency: near}},
		{"reordering", link.Quality{Reorder: fifth, Latency: near}},
	} {
		calm, before := s.disturb("n1", "n2", each.quality), s.world.Disturbed("n1", "n2")
		s.eventually(each.what+" touches something", func() bool {
			s.manyPings("n2", 20, 1400)
			return s.world.Disturbed("n1", "n2") > before
		})
		calm()
	}
}

// manyPings has n1 ping at length. A connection may end of bad luck; carry anything wrong it must not.
func (s *stage) manyPings(peer string, count, size int) {
	s.t.Helper()
	s.insist("c1", probe.Ping("n1", probe.Pings{Peer: peer, Count: count, Size: size, Patience: limit / 2}), func(c history.Completion) bool {
		require.False(s.t, strings.HasPrefix(c.Error, probe.Wrong), c.Error)
		return good(c)
	})
}

// bandwidthHolds makes a link narrow: what is sent over it takes its time.
func bandwidthHolds(s *stage) {
	const size, count, width = 5000, 20, 400_000 // bytes, and bytes a second
	calm := s.disturb("n1", "n2", link.Quality{Bandwidth: width})
	pings := probe.Pings{Peer: "n2", Count: count, Size: size, Patience: limit / 2}
	least := time.Second * size * count / width
	require.GreaterOrEqual(s.t, s.echo("c1", "n1", pings).Took, least-time.Millisecond)
	calm()
	s.eventually("it is wide again", func() bool { return s.echo("c1", "n1", pings).Took < least })
}
