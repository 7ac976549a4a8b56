package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const many = 20_000

var (
	quiet  = Quality{Latency: Spread{Least: time.Millisecond, Jitter: time.Millisecond}}
	fifth  = Chance{Of: 20, In: 100}
	losing = Quality{Loss: fifth}
)

// share counts the messages of many, one a millisecond, of which something is so.
func share(l *Link, is func(Fate) bool) int {
	count := 0
	for i := range many {
		if is(l.Transmit(time.Duration(i)*time.Millisecond, 100)) {
			count++
		}
	}
	return count
}

func isLost(f Fate) bool { return !f.Passes }

// about tells whether a count is a share of many, within two percent of many.
func about(t *testing.T, of, in, count int) {
	t.Helper()
	require.Greater(t, count, many*of/in-many/50)
	require.Less(t, count, many*of/in+many/50)
}

func TestChancesComeAsOftenAsTheySay(t *testing.T) {
	for what, is := range map[string]func(Fate) bool{
		"lost": isLost, "damaged": func(f Fate) bool { return f.Corrupt },
		"doubled": func(f Fate) bool { return f.Twice }, "held": func(f Fate) bool { return f.Held > 0 },
	} {
		by := map[string]Quality{"lost": losing, "damaged": {Corrupt: fifth}, "doubled": {Duplicate: fifth}, "held": {Reorder: fifth}}[what]
		l := New(1, "a", "b", &quiet)
		l.Disturb(by)
		count := share(l, is)
		about(t, 20, 100, count)
		require.EqualValues(t, count, l.Disturbed(), what)

		base := quiet
		base.Loss, base.Corrupt, base.Duplicate, base.Reorder = by.Loss, by.Corrupt, by.Duplicate, by.Reorder
		l = New(1, "a", "b", &base)
		about(t, 20, 100, share(l, is))
		require.Zero(t, l.Disturbed(), "its own quality is no disturbance")
	}
}

// Each of two disturbances takes its share for itself, and goes alone.
func TestDisturbancesComposeAndGoOneByOne(t *testing.T) {
	l := New(1, "a", "b", &quiet)
	l.Disturb(losing)
	l.Disturb(losing)
	l.Disturb(Quality{Latency: Spread{Least: time.Second}})
	about(t, 36, 100, share(l, isLost))
	require.True(t, l.Calm(losing))
	about(t, 20, 100, share(l, isLost))
	require.True(t, l.Calm(losing))
	require.False(t, l.Calm(losing))
	fate := l.Transmit(0, 100)
	require.True(t, fate.Passes)
	require.GreaterOrEqual(t, fate.Arrival, time.Second)
	require.True(t, l.Calm(Quality{Latency: Spread{Least: time.Second}}))
	require.Less(t, l.Transmit(0, 100).Arrival, time.Second)
}

// What a fault did to some messages moves nothing for others, also of its own kind.
func TestAFaultTakenAwayMovesNothingElse(t *testing.T) {
	base := Quality{Latency: quiet.Latency, Loss: Chance{5, 100}, Duplicate: fifth, Reorder: fifth, Corrupt: fifth}
	plain, other := New(3, "a", "b", &base), New(3, "a", "b", &base)
	for i := range many {
		now := time.Duration(i) * time.Millisecond
		if i == many/4 {
			other.Disturb(losing)
			other.Disturb(Quality{Latency: Spread{Jitter: time.Second}, Bandwidth: 10})
			other.Cut(now)
		}
		if i == many/2 {
			require.True(t, other.Calm(losing))
			require.True(t, other.Calm(Quality{Latency: Spread{Jitter: time.Second}, Bandwidth: 10}))
			require.True(t, other.Mend())
		}
		one, two := plain.Transmit(now, 100), other.Transmit(now, 100)
		if i < many/4 || i >= many/2 {
			require.Equal(t, one, two)
		}
	}
}

func TestLinksDifferAndSeedsDiffer(t *testing.T) {
	one := New(1, "a", "b", &quiet).Transmit(0, 0)
	require.Equal(t, one, New(1, "a", "b", &quiet).Transmit(0, 0))
	require.NotEqual(t, one, New(1, "b", "a", &quiet).Transmit(0, 0))
	require.NotEqual(t, one, New(2, "a", "b", &quiet).Transmit(0, 0))
}

// Messages queue for the bandwidth, and what would wait for more than a second is lost.
func TestBandwidth(t *testing.T) {
	l := New(1, "a", "b", &Quality{Bandwidth: 1000})
	l.Disturb(Quality{Bandwidth: 5000})
	for i := range 11 {
		require.Equal(t, Fate{Number: uint64(i), Passes: true, Arrival: time.Duration(i+1) * 100 * time.Millisecond}, l.Transmit(0, 100))
	}
	require.False(t, l.Transmit(0, 100).Passes, "1.1 s of the line are taken")
	require.EqualValues(t, 1, l.Lost())
	require.Zero(t, l.Disturbed(), "the link's own is narrower")
	require.True(t, l.Transmit(100*time.Millisecond, 100).Passes)

	l.Disturb(Quality{Bandwidth: 100})
	require.Equal(t, 3*time.Second, l.Transmit(2*time.Second, 100).Arrival)
	require.EqualValues(t, 1, l.Disturbed())
	require.True(t, l.Calm(Quality{Bandwidth: 100}))
	require.Equal(t, 5100*time.Millisecond, l.Transmit(5*time.Second, 100).Arrival)
}

// What a link's own quality has lost, no disturbance takes credit for.
func TestDisturbedCountsOnlyWhatItTouched(t *testing.T) {
	l := New(1, "a", "b", &Quality{Loss: Chance{1, 1}})
	l.Disturb(Quality{Latency: Spread{Least: time.Second}, Loss: fifth})
	require.Equal(t, many, share(l, isLost))
	require.Zero(t, l.Disturbed())
	require.EqualValues(t, many, l.Lost())
}

// A stream is never out of order: what is held back is late. What is damaged counts as lost.
func TestStreams(t *testing.T) {
	l := New(1, "a", "b", &quiet)
	undisturbed := l.Stream(0, 100)
	held := Quality{Duplicate: Chance{1, 1}, Reorder: Chance{1, 1}}
	l.Disturb(held)
	late := false
	for range 10 {
		fate := l.Stream(0, 100)
		require.True(t, fate.Passes && fate.Held == 0)
		late = late || fate.Arrival > undisturbed.Arrival+quiet.Latency.Jitter
	}
	require.True(t, late)
	require.EqualValues(t, 10, l.Disturbed())
	require.True(t, l.Calm(held))
	l.Disturb(Quality{Corrupt: Chance{1, 1}})
	fate := l.Stream(0, 100)
	require.True(t, fate.Corrupt && !fate.Passes)
	require.EqualValues(t, 11, l.Disturbed())
	require.EqualValues(t, 1, l.Lost())
}

// What is in the packet of a message that passed is not lost, but takes its time as all do.
func TestAlong(t *testing.T) {
	l := New(1, "a", "b", &quiet)
	l.Disturb(Quality{Loss: Chance{1, 1}, Corrupt: Chance{1, 1}, Bandwidth: 1000})
	fate := l.Along(0, 100)
	require.True(t, fate.Passes && !fate.Corrupt)
	require.GreaterOrEqual(t, fate.Arrival, 101*time.Millisecond)
	l.Cut(0)
	require.False(t, l.Along(0, 100).Passes)
}

// Who is held back or doubled is so by up to the latency of the link with all that disturbs it, also if the
// disturbance has none of its own; and the second comes after the first.
func TestHeldAndDoubledByTheLatencyInForce(t *testing.T) {
	l := New(1, "a", "b", &quiet)
	l.Disturb(Quality{Duplicate: Chance{1, 1}, Reorder: Chance{1, 1}})
	l.Disturb(Quality{Latency: Spread{Least: 30 * time.Millisecond}})
	longest := time.Duration(0)
	for range many {
		fate := l.Transmit(0, 0)
		require.GreaterOrEqual(t, fate.Second, fate.Arrival+31*time.Millisecond)
		require.LessOrEqual(t, fate.Second, fate.Arrival+32*time.Millisecond)
		longest = max(longest, fate.Held)
	}
	require.LessOrEqual(t, longest, 4*32*time.Millisecond)
	require.Greater(t, longest, 3*32*time.Millisecond)
}

func TestCutsCount(t *testing.T) {
	l := New(1, "a", "b", &quiet)
	l.Cut(5)
	l.Cut(7)
	require.True(t, l.Mend())
	since, cut := l.IsCut()
	require.True(t, cut)
	require.EqualValues(t, 5, since)
	require.False(t, l.Transmit(8, 0).Passes)
	l.Drop()
	require.EqualValues(t, 2, l.Dropped())
	require.True(t, l.Mend())
	require.False(t, l.Mend())
	require.True(t, l.Transmit(9, 0).Passes)
}

func TestWhatHampers(t *testing.T) {
	for _, hampers := range []Quality{losing, {Corrupt: fifth}, {Latency: Spread{Jitter: 1}}, {Bandwidth: 1}} {
		require.True(t, hampers.Hampers())
	}
	require.False(t, Quality{Duplicate: fifth, Reorder: fifth}.Hampers())
}

// The tail of a latency has its mean, and the median of an exponential distribution.
func TestTailsAreExponential(t *testing.T) {
	l := New(1, "a", "b", &Quality{Latency: Spread{Least: time.Millisecond, Tail: 10 * time.Millisecond}})
	sum, below := time.Duration(0), 0
	for range many {
		took := l.Transmit(0, 1).Arrival - time.Millisecond
		require.GreaterOrEqual(t, took, time.Duration(0))
		sum += took
		if took < 6931472 { // ln(2) times the mean
			below++
		}
	}
	about(t, 50, 100, below)
	require.InDelta(t, float64(10*time.Millisecond), float64(sum/many), float64(300*time.Microsecond))
	require.Equal(t, time.Duration(0), exponential(1<<64-1, time.Hour).Round(time.Millisecond))
	require.Equal(t, time.Hour, exponential(0x5e2d58d8b3bce000, time.Hour).Round(time.Millisecond), "of 1/e, the mean")
}
