package apregistry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func expecting(clients, heartbeats int64) *preservation {
	p := &preservation{options: theirs}
	p.expect(clients)
	for range heartbeats {
		p.renewed()
	}
	p.turn()
	return p
}

func TestFirstBucketPreserves(t *testing.T) {
	p := expecting(10, 0)
	require.False(t, p.expires())
	for range 20 {
		p.renewed()
	}
	require.False(t, p.expires(), "the bucket is not over")
	p.turn()
	require.True(t, p.expires())
	p.turn()
	require.False(t, p.expires(), "the bucket before the last counts no more")
}

func TestThresholdIsStrict(t *testing.T) {
	require.EqualValues(t, 17, expecting(10, 0).threshold)
	require.False(t, expecting(10, 17).expires())
	require.True(t, expecting(10, 18).expires())
}

// One of N clients crashes and sends no heartbeat any more; the others send two in a bucket.
func TestSmallRegistriesNeverEvictASingleCrash(t *testing.T) {
	for clients := int64(1); clients <= 30; clients++ {
		require.Equal(t, clients >= 7, expecting(clients, 2*(clients-1)).expires(), "1 of %d", clients)
		if clients >= 3 {
			require.Equal(t, clients >= 14, expecting(clients, 2*(clients-2)).expires(), "2 of %d", clients)
			require.Equal(t, clients >= 21, expecting(clients, 2*(clients-3)).expires(), "3 of %d", clients)
		}
	}
}

// Spring boots with an expectation of one client that never comes.
func TestSpringBootsWithOneTooMany(t *testing.T) {
	for clients := int64(1); clients <= 30; clients++ {
		require.Equal(t, clients >= 6, expecting(clients+1, 2*clients).expires(), "%d healthy", clients)
		require.Equal(t, clients >= 13, expecting(clients+1, 2*(clients-1)).expires(), "1 of %d", clients)
	}
}

func TestExpectationFollowsRegistrationsOnlyFromOne(t *testing.T) {
	none := expecting(0, 0)
	none.joined()
	none.left()
	require.EqualValues(t, 0, none.expected, "a boot with nobody learns from the recount alone")
	require.False(t, none.expires())
	none.recount(8)
	require.EqualValues(t, 8, none.expected)
	none.joined()
	none.joined()
	none.left()
	require.EqualValues(t, 9, none.expected)
}

func TestRecountIgnoresAMassLoss(t *testing.T) {
	p := expecting(100, 0)
	p.recount(85)
	require.EqualValues(t, 100, p.expected, "equal is too few")
	p.recount(86)
	require.EqualValues(t, 86, p.expected)
	p.options.SelfPreservation = false
	p.recount(3)
	require.EqualValues(t, 3, p.expected)
	require.True(t, p.expires(), "without self-preservation always")
}

func TestThresholdAtAnyScale(t *testing.T) {
	for divisor := 1; divisor <= 60; divisor++ {
		for clients := range int64(200) {
			p := preservation{options: DefaultOptions().Scaled(divisor)}
			p.expect(clients)
			require.Equal(t, 2*clients*85/100, p.threshold, "%d clients at %d", clients, divisor)
		}
	}
}
