package apregistry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

func TestRegistrationIsVisibleOnEveryPeer(t *testing.T) {
	c := newCluster(t, 1, 5, 5, scaled, "")
	taken := c.ok("c3", history.Register, "web/c3#1", history.Nothing)
	require.Equal(t, "n3", taken.Node)
	c.run(50 * time.Millisecond)
	for _, name := range c.names {
		require.Equal(t, []string{"web/c3#1"}, c.holds(name), name)
	}
	c.run(2 * time.Second) // the response caches
	for _, client := range c.clients {
		require.Equal(t, "[web/c3#1]", c.lists(client, "web"), client)
		fromCache := c.ok(client, history.CacheLookup, "web", history.Nothing)
		require.Equal(t, "[web/c3#1]", fromCache.Value.String(), client)
		require.Equal(t, "cache", fromCache.Node)
	}
}

func TestReplicatedOperationsAreNotForwarded(t *testing.T) {
	c := newCluster(t, 1, 3, 3, scaled, "")
	c.Cut("n1", "n3")
	c.Cut("n3", "n1")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.run(5 * time.Second)
	require.Equal(t, []string{"web/c1#1"}, c.holds("n2"))
	require.Empty(t, c.holds("n3"), "n2 hears from n1 and must not tell n3")
}

func TestBothSidesOfAPartitionRegisterAndConverge(t *testing.T) {
	c := newCluster(t, 1, 5, 5, scaled, "")
	heal := c.split("n1", "n2")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.ok("c5", history.Register, "web/c5#1", history.Nothing)
	c.ok("c1", history.Write, "x", history.Integer(1))
	c.run(time.Millisecond)
	last := c.ok("c5", history.Write, "x", history.Integer(2))
	c.run(20 * time.Second)
	require.Equal(t, "[web/c1#1]", c.lists("c2", "web"))
	require.Equal(t, "[web/c5#1]", c.lists("c4", "web"))
	require.Equal(t, "1", c.ok("c2", history.Read, "x", history.Nothing).Value.String())
	heal()
	c.run(3 * time.Second)
	for _, client := range c.clients {
		c.ok(client, history.Home, "", history.Nothing)
		require.Equal(t, "[web/c1#1 web/c5#1]", c.lists(client, "web"))
		read := c.ok(client, history.Read, "x", history.Nothing)
		require.Equal(t, "2", read.Value.String())
		require.Equal(t, last.Version, read.Version)
	}
}

// No tombstones: a cancel that cannot be delivered for longer than the task expiry is lost, and the other
// side lists the dead until the lease there ends, which takes a registry that may expire leases.
func TestCancelIsLostInALongPartitionAndTheLeaseEnds(t *testing.T) {
	c := newCluster(t, 1, 2, 20, scaled, "")
	for i, client := range c.clients {
		c.ok(client, history.Register, fmt.Sprintf("web/%s#%d", client, i), history.Nothing)
	}
	c.run(35 * time.Second) // beyond the first recount
	heal := c.split("n1")
	c.ok("c1", history.Deregister, "web/c1#0", history.Nothing)
	c.run(20 * time.Second) // the network itself delivers what was sent up to 15 s earlier
	heal()
	c.run(500 * time.Millisecond)
	require.NotContains(t, c.holds("n1"), "web/c1#0")
	require.Contains(t, c.holds("n2"), "web/c1#0", "the cancel was lost")
	c.run(2*scaled.LeaseDuration + 2*scaled.EvictionInterval)
	require.NotContains(t, c.holds("n2"), "web/c1#0", "the lease has ended")
	require.Len(t, c.holds("n2"), 19)
}

func TestCancelIsDeliveredAfterAShortPartition(t *testing.T) {
	c := newCluster(t, 1, 2, 2, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.run(time.Second)
	heal := c.split("n1")
	c.ok("c1", history.Deregister, "web/c1#1", history.Nothing)
	c.run(300 * time.Millisecond)
	heal()
	c.run(time.Second)
	require.Empty(t, c.holds("n2"))
}

func TestSelfPreservationKeepsTheOtherSide(t *testing.T) {
	for _, bug := range []string{"", bugNoSelfPreservation} {
		c := newCluster(t, 1, 5, 10, scaled, bug)
		for _, client := range c.clients {
			c.ok(client, history.Register, "web/"+client, history.Nothing)
		}
		c.run(35 * time.Second)
		c.split("n1")
		c.run(20 * time.Second)
		if bug == "" {
			require.Len(t, c.holds("n1"), 10)
			require.Len(t, c.holds("n2"), 10)
			require.Contains(t, c.notes, "36.0s n1 self-preservation entered expected=10 threshold=17 renews=12")
		} else {
			require.Len(t, c.holds("n1"), 2)
			require.Len(t, c.holds("n2"), 8)
		}
	}
}

func TestPlantedBugsLoseRegistrations(t *testing.T) {
	for _, bug := range []string{"", bugDropRegister, bugEvictRenewed} {
		c := newCluster(t, 1, 3, 2, scaled, bug)
		c.ok("c1", history.Register, "web/c1#1", history.Nothing)
		c.ok("c1", history.Register, "web/c1#2", history.Nothing)
		c.run(10 * time.Second)
		switch bug {
		case "":
			require.Equal(t, []string{"web/c1#1", "web/c1#2"}, c.holds("n2"))
		case bugDropRegister:
			require.Equal(t, []string{"web/c1#1"}, c.holds("n2"))
			require.Equal(t, []string{"web/c1#1", "web/c1#2"}, c.holds("n1"))
		case bugEvictRenewed:
			require.Empty(t, c.holds("n2"))
			require.Empty(t, c.holds("n1"))
		}
	}
}

func TestRestartedNodeSyncsFromAPeer(t *testing.T) {
	c := newCluster(t, 1, 3, 3, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.run(2 * time.Second)
	c.Kill("n3")
	c.run(time.Second)
	c.Restart("n3")
	c.run(20 * time.Millisecond)
	require.Equal(t, []string{"web/c1#1"}, c.holds("n3"))
	require.Equal(t, codeOK, c.nodes["n3"].handle(&request{action: actionGetAll}).code, "lists may be read at once")
}

// n1 renews an old copy at n2, which has a newer one: a peer's answer 409 brings it to n1, even while n2
// can tell n1 nothing.
func TestPeersNewerCopyIsAdopted(t *testing.T) {
	c := newCluster(t, 1, 2, 1, scaled, "")
	c.ok("c1", history.Write, "x", history.Integer(1))
	c.run(time.Second)
	n1, n2 := c.nodes["n1"].registry, c.nodes["n2"].registry
	k := key{registerApp, "x"}
	newer := n1.index[k].instance
	newer.value, newer.dirty = 2, newer.dirty+1
	n2.register(newer, true, 0)
	require.EqualValues(t, 1, n1.index[k].instance.value)
	c.run(2 * scaled.RenewalInterval)
	require.Equal(t, newer, n1.index[k].instance)
}

// A node that was paused through many leases has not heard the heartbeats of that time, and its late
// eviction allows for it.
func TestLateEvictionAllowsForItsLateness(t *testing.T) {
	n := alone(t)
	n.handle(&request{action: actionRegister, instance: web("a", 1)})
	n.registry.preservation.options.SelfPreservation = false
	n.registry.leases[0].lastUpdate = n.env.Now() - 10*second
	n.evictedAt = n.env.Elapsed() - 20*second
	n.evict()
	require.Len(t, n.registry.leases, 1)
	n.evict()
	require.Empty(t, n.registry.leases, "this run is not late")
}

// All memory is gone, and comes back from the clients. Until the wait is over, lists are refused.
func TestWholeClusterRestarts(t *testing.T) {
	c := newCluster(t, 1, 3, 3, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	write := c.ok("c2", history.Write, "x", history.Integer(7))
	c.run(2 * time.Second)
	for _, name := range c.names {
		c.Kill(name)
	}
	c.run(time.Second)
	for _, name := range c.names {
		c.Restart(name)
	}
	c.run(7 * time.Second)
	refused := c.do("c3", history.Lookup, "web", history.Nothing)
	require.Equal(t, "unavailable", refused.Error)
	require.Equal(t, write.Version, c.ok("c3", history.Read, "x", history.Nothing).Version, "one instance may be read")
	c.run(scaled.recovery() - 7*time.Second)
	for _, client := range c.clients {
		c.ok(client, history.Home, "", history.Nothing)
		require.Equal(t, "[web/c1#1]", c.lists(client, "web"))
		require.Equal(t, "7", c.ok(client, history.Read, "x", history.Nothing).Value.String())
	}
}

func TestIsolatedBootRefusesLists(t *testing.T) {
	c := newCluster(t, 1, 3, 3, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.run(2 * time.Second)
	c.split("n3")
	c.Kill("n3")
	c.Restart("n3")
	c.run(8 * time.Second)
	require.False(t, c.nodes["n3"].boot.syncing)
	require.Equal(t, codeForbidden, c.nodes["n3"].handle(&request{action: actionGetAll}).code)
	require.Equal(t, codeNotFound, c.nodes["n3"].handle(&request{action: actionGetInstance, key: key{"web", "web/c1#1"}}).code)
	c.run(scaled.WaitWhenSyncEmpty)
	require.Equal(t, codeOK, c.nodes["n3"].handle(&request{action: actionGetAll}).code)
}

func TestSkewedClockWins(t *testing.T) {
	c := newCluster(t, 1, 3, 3, scaled, "")
	c.Skew("n1", 5*time.Second)
	c.ok("c1", history.Write, "x", history.Integer(1))
	c.run(time.Second)
	c.ok("c2", history.Write, "x", history.Integer(2))
	c.run(3 * time.Second)
	for _, client := range c.clients {
		require.Equal(t, "1", c.ok(client, history.Read, "x", history.Nothing).Value.String())
	}
}

// A jump of a node's clock ends leases of the living there; their next heartbeats bring them back.
func TestClockJumpIsRepaired(t *testing.T) {
	c := newCluster(t, 1, 3, 10, scaled, "")
	for _, client := range c.clients {
		c.ok(client, history.Register, "web/"+client, history.Nothing)
	}
	c.run(35 * time.Second)
	c.Skew("n1", time.Minute)
	c.run(5 * time.Second)
	require.Len(t, c.holds("n1"), 10)
	require.Len(t, c.holds("n2"), 10)
}

func TestClientsMoveToOtherServersAndHome(t *testing.T) {
	c := newCluster(t, 1, 3, 3, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.Kill("n1")
	require.Equal(t, "n2", c.ok("c1", history.Write, "x", history.Integer(1)).Node)
	c.run(10 * time.Second)
	require.Contains(t, c.holds("n2"), "web/c1#1")
	c.Restart("n1")
	c.run(time.Second)
	require.Equal(t, "n1", c.ok("c1", history.Home, "", history.Nothing).Node)
	require.Equal(t, "n1", c.ok("c1", history.Read, "x", history.Nothing).Node)
}

func TestEveryRequestEndsInTime(t *testing.T) {
	pair := history.List(history.Nothing, history.Integer(2))
	for _, trouble := range []string{"killed", "paused", "cut"} {
		c := newCluster(t, 1, 3, 1, scaled, "")
		c.run(time.Second)
		for _, name := range c.names {
			switch trouble {
			case "killed":
				c.Kill(name)
			case "paused":
				c.Pause(name)
			case "cut":
				c.Cut("c1", name)
			}
		}
		c.run(10 * time.Millisecond) // connections to the killed are reset
		write := c.do("c1", history.Write, "x", history.Integer(1))
		if trouble == "killed" {
			require.Equal(t, failed("no server"), write)
		} else {
			require.Equal(t, unclear("timed out"), write)
		}
		require.Equal(t, history.Fail, c.do("c1", history.Read, "x", history.Nothing).Outcome)
		require.Equal(t, history.Fail, c.do("c1", history.Lookup, "web", history.Nothing).Outcome)
		require.Equal(t, history.Fail, c.do("c1", history.CAS, "x", pair).Outcome)
		require.Equal(t, unclear("timed out"), c.do("c1", history.Register, "web/c1#1", history.Nothing))
		require.Equal(t, history.Info, c.do("c1", history.Deregister, "web/c1#1", history.Nothing).Outcome)
	}
}

func TestRegisterKeepsTrying(t *testing.T) {
	c := newCluster(t, 1, 2, 1, scaled, "")
	c.Kill("n1")
	c.Kill("n2")
	require.Equal(t, history.Info, c.do("c1", history.Register, "web/c1#1", history.Nothing).Outcome)
	c.Restart("n2")
	c.run(10 * time.Second)
	require.Equal(t, []string{"web/c1#1"}, c.holds("n2"))
}

func TestCompareAndSet(t *testing.T) {
	c := newCluster(t, 1, 1, 1, scaled, "")
	pair := func(from, to history.Value) history.Value { return history.List(from, to) }
	c.ok("c1", history.CAS, "x", pair(history.Nothing, history.Integer(1)))
	c.ok("c1", history.CAS, "x", pair(history.Integer(1), history.Integer(2)))
	refused := c.do("c1", history.CAS, "x", pair(history.Integer(1), history.Integer(3)))
	require.Equal(t, "value differs", refused.Error)
	require.Equal(t, "n1", refused.Node)
	require.Equal(t, "2", c.ok("c1", history.Read, "x", history.Nothing).Value.String())
}

func TestUnsupported(t *testing.T) {
	c := newCluster(t, 1, 1, 1, scaled, "")
	for _, function := range []history.Function{history.SyncRead, history.QuorumRead, "dance"} {
		require.Equal(t, failed("unsupported"), c.do("c1", function, "x", history.Nothing))
	}
}

func TestDieLeavesAGhost(t *testing.T) {
	c := newCluster(t, 1, 2, 2, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.run(2 * time.Second)
	c.ok("c1", history.Die, "web/c1#1", history.Nothing)
	c.run(time.Minute)
	require.Equal(t, "[web/c1#1]", c.lists("c2", "web"), "so small a registry never evicts a single crash")
}
