package apregistry

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

func TestStampsNeverTieAndAlwaysGrow(t *testing.T) {
	c := newCluster(t, 1, 1, 0, scaled, "")
	one, two := newClient("c1", "n1", world.Cluster{Nodes: c.names}, scaled), newClient("c2", "n1", world.Cluster{Nodes: c.names}, scaled)
	c.AddClient("c1", "n1", one)
	c.AddClient("c2", "n1", two)
	c.run(time.Millisecond)
	seen := map[int64]bool{}
	last := int64(0)
	for range 10 {
		stamp := one.stamp()
		require.Greater(t, stamp, last)
		last = stamp
		seen[stamp], seen[two.stamp()] = true, true
	}
	require.Len(t, seen, 20)
	c.Skew("n1", -time.Hour)
	require.Greater(t, one.stamp(), last, "also when the clock goes back")
}

func TestTieBreaks(t *testing.T) {
	require.EqualValues(t, 12, tieBreak("c12"))
	require.EqualValues(t, 4, tieBreak("c4100"))
	require.Equal(t, tieBreak("alice"), tieBreak("alice"))
	require.NotEqual(t, tieBreak("alice"), tieBreak("bob"))
}

func TestWhatProblemsMean(t *testing.T) {
	for why, want := range map[failure]problem{unsent: noServer, lost: connectionLost, late: timedOut} {
		require.Equal(t, want, problemOf(&response{}, why))
	}
	for code, want := range map[int]problem{200: noProblem, 204: noProblem, 404: noProblem, 403: unavailable, 503: unavailable,
		429: unavailable, 500: unavailable, 400: noProblem, 409: noProblem} {
		require.Equal(t, want, problemOf(&response{code: code}, answered))
	}
	for _, p := range []problem{noServer, unavailable, connectionLost, timedOut} {
		require.Equal(t, history.Fail, readFailed(p).Outcome)
		require.NotEmpty(t, readFailed(p).Error)
	}
	require.Equal(t, history.Fail, changeFailed(noServer).Outcome)
	require.Equal(t, history.Fail, changeFailed(unavailable).Outcome)
	require.Equal(t, history.Info, changeFailed(connectionLost).Outcome)
	require.Equal(t, history.Info, changeFailed(timedOut).Outcome)
}

// Cut off from its host and two more servers, a client loses a request to find out, and then none.
func TestClientLearnsWhichServersAreLost(t *testing.T) {
	c := newCluster(t, 1, 5, 1, scaled, "")
	c.run(time.Second)
	for _, name := range []string{"n1", "n2", "n3"} {
		c.Cut("c1", name)
	}
	c.do("c1", history.Read, "x", history.Nothing)
	for range 50 {
		c.run(300 * time.Millisecond)
		c.ok("c1", history.Read, "x", history.Nothing)
	}
}

// What a server tells in deltas is all that a client needs, once it has fetched a whole list. In the plain
// profile it always fetches the whole.
func TestClientsFollowTheDeltasOfAServer(t *testing.T) {
	for _, profile := range []Profile{Netflix, Plain} {
		options := scaled
		options.Profile = profile
		c := newCluster(t, 1, 2, 3, options, "")
		watcher := newClient("c9", "n2", world.Cluster{Nodes: c.names}, options)
		c.AddClient("c9", "n2", watcher)
		for _, client := range c.clients[:2] {
			c.ok(client, history.Register, "web/"+client, history.Nothing)
		}
		c.run(4 * time.Second)
		before := watcher.Fetches()
		c.ok("c1", history.Deregister, "web/c1", history.Nothing)
		c.ok("c3", history.Register, "web/c3", history.Nothing)
		c.ok("c2", history.SetStatus, "web/c2", history.Text("OUT_OF_SERVICE"))
		c.run(10 * time.Second)
		require.Equal(t, "[web/c3]", c.ok("c9", history.CacheLookup, "web", history.Nothing).Value.String())
		after := watcher.Fetches()
		if profile == Plain {
			require.Greater(t, after.Whole, before.Whole+8)
			require.Zero(t, after.Deltas)
		} else {
			require.Equal(t, before.Whole, after.Whole)
			require.Greater(t, after.Deltas, before.Deltas+8)
		}
	}
}

func TestCacheIsKeptThroughFailures(t *testing.T) {
	c := newCluster(t, 1, 2, 2, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.run(3 * time.Second)
	c.Kill("n1")
	c.Kill("n2")
	c.run(5 * time.Minute)
	kept := c.ok("c2", history.CacheLookup, "web", history.Nothing)
	require.Equal(t, "[web/c1#1]", kept.Value.String())
	require.Equal(t, history.Fail, c.do("c2", history.Lookup, "web", history.Nothing).Outcome)
}

func TestCacheIsEmptyIfNothingWasFetched(t *testing.T) {
	options := scaled
	options.SyncOnFirstBoot = true
	c := newCluster(t, 1, 2, 2, options, "")
	require.Equal(t, failed("cache is empty"), c.do("c1", history.CacheLookup, "web", history.Nothing))
}

func TestListedIsSortedAndUp(t *testing.T) {
	listing := []instance{web("b", 1), web("a", 1), {key: key{"web", "c"}, status: down}, {key: key{"api", "d"}, status: up}}
	require.Equal(t, "[a b]", (&user{}).listed(listing, "web").String())
	require.Equal(t, "[]", (&user{}).listed(nil, "web").String())
}

func TestDeregisterTakesOut(t *testing.T) {
	c := newCluster(t, 1, 2, 2, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.run(time.Second)
	require.Equal(t, "n1", c.ok("c1", history.Deregister, "web/c1#1", history.Nothing).Node)
	c.run(5 * time.Second)
	require.Empty(t, c.holds("n1"), "and no heartbeat brings it back")
	require.Empty(t, c.holds("n2"))
	c.ok("c1", history.Deregister, "web/c1#1", history.Nothing)
}

func TestOldNewsIsReplacedNotRepeated(t *testing.T) {
	c := newCluster(t, 1, 2, 4, scaled, "")
	for i, client := range c.clients {
		c.ok(client, history.Write, "x", history.Integer(int64(i)))
	}
	c.run(10 * time.Second)
	for _, client := range c.clients {
		require.Equal(t, "3", c.ok(client, history.Read, "x", history.Nothing).Value.String())
	}
}

func TestScaled(t *testing.T) {
	require.Equal(t, theirs, theirs.Scaled(1))
	require.Equal(t, time.Second, scaled.RenewalInterval)
	require.Equal(t, 3*time.Second, scaled.LeaseDuration)
	require.Equal(t, 30*time.Second, scaled.RecountInterval)
	require.Equal(t, 10*time.Second, scaled.WaitWhenSyncEmpty)
	require.Equal(t, shortestPause, scaled.CongestionRetry)
	require.Equal(t, theirs.NetworkTimeout, scaled.NetworkTimeout)
	require.Equal(t, theirs.RequestTimeout, scaled.RequestTimeout)
	require.Panics(t, func() { theirs.Scaled(0) })
}

func TestBadValues(t *testing.T) {
	c := newCluster(t, 1, 1, 1, scaled, "")
	require.Equal(t, failed("not an integer"), c.do("c1", history.Write, "x", history.Text("a")))
	require.Equal(t, failed("not a pair of values"), c.do("c1", history.CAS, "x", history.Integer(1)))
	require.Equal(t, failed("refused"), c.do("c1", history.Register, "", history.Nothing))
}
