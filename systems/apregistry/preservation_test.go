package apregistry

import (
	"testing"
	"time"

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

func TestThresholdReachedIsTheBugsDoing(t *testing.T) {
	p := expecting(10, 17)
	p.loose = newRegistry(theirs, bugThresholdReached).preservation.loose
	require.True(t, p.expires())
	require.False(t, newRegistry(theirs, "").preservation.loose)
}

// The plain profile's table: how many are missing, and who answers.
func TestPlainSurvey(t *testing.T) {
	const never = time.Duration(-1)
	lease, limit := theirs.LeaseDuration, theirs.PreservationLimit
	for _, one := range []struct {
		registered, heard int64
		peers, answering  int
		after             time.Duration // how long until leases may end
	}{
		{20, 20, 2, 2, 0}, {20, 20, 0, 0, 0}, {20, 20, 2, 1, 0}, {0, 0, 2, 0, 0},
		{20, 17, 2, 2, 0}, {20, 17, 0, 0, 0}, {20, 17, 2, 1, limit}, {2, 1, 1, 1, 0}, {2, 1, 1, 0, limit}, {1, 0, 0, 0, 0},
		{20, 16, 2, 2, lease}, {20, 16, 0, 0, limit}, {20, 16, 2, 1, never}, {3, 1, 1, 1, lease},
	} {
		p := newRegistry(ProfileOptions(Plain), "").preservation
		ends := func(at time.Duration) bool {
			p.survey(one.registered, one.heard, one.peers, one.answering, second+at)
			return p.expires()
		}
		require.Equal(t, one.after == 0, ends(0), one)
		if one.after > 0 {
			require.False(t, ends(one.after-1), one)
		}
		require.Equal(t, one.after != never, ends(max(one.after, 0)), one)
		require.Equal(t, one.after != never, ends(limit), one)
		p.options.SelfPreservation = false
		require.True(t, p.expires())
	}
}

// When a peer answers again, what it hears needs some time to come.
func TestPlainWaitsAfterACut(t *testing.T) {
	for _, heard := range []int64{16, 19} {
		p := newRegistry(ProfileOptions(Plain), "").preservation
		p.survey(20, heard, 1, 0, 0)
		p.survey(20, heard, 1, 0, time.Minute)
		p.survey(20, heard, 1, 1, time.Minute+second)
		require.False(t, p.expires())
		p.survey(20, heard, 1, 1, time.Minute+theirs.LeaseDuration-1)
		require.False(t, p.expires())
		p.survey(20, heard, 1, 1, time.Minute+second+theirs.LeaseDuration)
		require.True(t, p.expires())
	}
}
