package apregistry

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

func profiled(profile Profile) Options { return ProfileOptions(profile).Scaled(30) }

// A cancel during a partition longer than its task lives reaches nobody: Netflix's peers keep the
// instance, the plain profile's exchange takes it out.
func TestCancelInAPartition(t *testing.T) {
	for profile, left := range map[Profile]int{Netflix: 4, Plain: 3} {
		c := newCluster(t, 1, 2, 4, profiled(profile), "")
		for _, client := range c.clients {
			c.ok(client, history.Register, "web/"+client, history.Nothing)
		}
		c.run(3 * time.Second)
		heal := c.split("n1")
		c.ok("c1", history.Deregister, "web/c1", history.Nothing)
		c.run(20 * time.Second) // the network itself delivers what was sent up to 15 s earlier
		require.Len(t, c.holds("n2"), 4, profile)
		heal()
		c.run(3 * time.Second)
		require.Len(t, c.holds("n2"), left, profile)
		require.Equal(t, []string{"web/c2", "web/c3", "web/c4"}, c.holds("n1"), "it does not come back")
	}
}

// Both sides of a partition register, and all have all of it within a renewal and a batch.
func TestUnionAfterHeal(t *testing.T) {
	for _, profile := range []Profile{Netflix, Spring, Plain} {
		c := newCluster(t, 1, 5, 10, profiled(profile), "")
		heal := c.split("n1", "n2")
		for _, client := range c.clients {
			c.ok(client, history.Register, "web/"+client, history.Nothing)
		}
		c.run(20 * time.Second)
		require.Len(t, c.holds("n1"), 4)
		require.Len(t, c.holds("n5"), 6)
		heal()
		c.run(profiled(profile).RenewalInterval + 2*time.Second) // connections are made anew
		for _, name := range c.names {
			require.Len(t, c.holds(name), 10, "%s %s", profile, name)
		}
	}
}

// What a peer told goes no further: a ring, in which each node tells the next alone, never agrees. The
// plain profile's exchange carries it around.
func TestARing(t *testing.T) {
	for profile, third := range map[Profile]int{Netflix: 0, Plain: 1} {
		c := newCluster(t, 1, 4, 4, profiled(profile), "")
		for i, name := range c.names {
			node := c.nodes[name]
			next := c.names[(i+1)%len(c.names)]
			for _, p := range node.peers {
				if p.caller.to == next {
					node.peers = []*peer{p}
				}
			}
		}
		c.ok("c1", history.Register, "web/c1#1", history.Nothing)
		c.run(time.Minute)
		require.Len(t, c.holds("n1"), 1)
		require.Len(t, c.holds("n2"), 1)
		require.Len(t, c.holds("n3"), third, profile)
		require.Len(t, c.holds("n4"), third, profile)
	}
}

// Evictions are told to nobody. With the planted bug they are, and n1's mistake empties n2.
func TestEvictionsStayHere(t *testing.T) {
	for _, bug := range []string{"", bugEvictionsReplicated} {
		c := newCluster(t, 1, 2, 20, scaled, bug)
		for _, client := range c.clients {
			c.ok(client, history.Register, "web/"+client, history.Nothing)
		}
		c.run(recounted)
		n1 := c.nodes["n1"]
		for _, held := range n1.registry.leases[:2] {
			held.lastUpdate -= time.Hour
		}
		before := c.nodes["n2"].registry.changes
		n1.evict()
		require.Len(t, n1.registry.leases, 18)
		c.run(30 * time.Millisecond)
		if bug == "" {
			require.Len(t, c.holds("n2"), 20)
			require.Equal(t, before, c.nodes["n2"].registry.changes)
		} else {
			require.Less(t, len(c.holds("n2")), 20)
		}
	}
}

func TestCancelLostIsTheBugsDoing(t *testing.T) {
	for bug, left := range map[string]int{"": 0, bugCancelLost: 1} {
		c := newCluster(t, 1, 2, 2, scaled, bug)
		c.ok("c1", history.Register, "web/c1#1", history.Nothing)
		c.run(time.Second)
		c.ok("c1", history.Deregister, "web/c1#1", history.Nothing)
		c.run(3 * time.Second)
		require.Len(t, c.holds("n2"), left, bug)
		require.Empty(t, c.holds("n1"))
	}
}

// The clock of n1 steps back between a registration and its cancel.
func TestSkewRevivesIsTheBugsDoing(t *testing.T) {
	for bug, left := range map[string]int{"": 0, bugSkewRevives: 1} {
		c := newCluster(t, 1, 2, 2, scaled, bug)
		c.Skew("n1", 10*time.Second)
		c.ok("c1", history.Register, "web/c1#1", history.Nothing)
		c.run(time.Second)
		c.Skew("n1", -10*time.Second)
		c.ok("c1", history.Deregister, "web/c1#1", history.Nothing)
		c.run(2 * time.Second)
		for i, name := range c.names {
			require.Len(t, c.holds(name), left, bug)
			if left == 1 {
				require.Equal(t, "[web/c1#1]", c.lists(c.clients[i], "web"), "and it is up")
			}
		}
	}
}

// Eureka's own races, in which a peer's news of before a cancel comes after it, are told of; a new life, and what comes long
// after, are not.
func TestRevivalsAreNoted(t *testing.T) {
	old, new := web("web/a", 5), web("web/a", 7)
	last := new
	last.status = down
	for name, try := range map[string]struct {
		unknown bool // n1 never had it
		copy    instance
		adopted bool // it is the answer to a heartbeat of before
		wait    time.Duration
		noted   bool
	}{
		"a peer's heartbeat was under way":               {copy: old, noted: true},
		"its owner told a peer that it is down":          {copy: last, noted: true},
		"so it did, of what n1 did not know":             {unknown: true, copy: last, noted: true},
		"n1 did not know it, and a heartbeat was":        {unknown: true, copy: old, noted: true},
		"so it did, and the peer's answer tells of it":   {copy: last, adopted: true, noted: true},
		"it lives again":                                 {copy: new},
		"it lives again, and the peer's answer tells it": {copy: new, adopted: true},
		"the news is of long after":                      {copy: last, wait: scaled.RenewalInterval + time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, 1, 2, 0, scaled, "")
			n := c.nodes["n1"]
			if !try.unknown {
				n.handle(&request{action: actionRegister, key: old.key, instance: old})
			}
			n.handle(&request{action: actionCancel, key: old.key})
			c.run(try.wait)
			if try.adopted {
				n.peers[0].settle(n.task(actionRenew, &old), &response{code: codeConflict, instances: []instance{try.copy}})
			} else {
				n.handle(&request{action: actionRegister, key: try.copy.key, instance: try.copy, replicated: true})
			}
			require.Equal(t, []string{"web/a"}, c.holds("n1"), "it is back in any case")
			if try.noted {
				require.Equal(t, []string{"0.0s n1 revived web/a"}, c.notes)
			} else {
				require.Empty(t, c.notes)
			}
		})
	}
}

func TestOverrideIsToldToPeers(t *testing.T) {
	for bug, want := range map[string]status{"": outOfService, bugOverrideForgotten: up} {
		c := newCluster(t, 1, 2, 2, scaled, bug)
		c.ok("c1", history.Register, "web/c1#1", history.Nothing)
		c.run(time.Second)
		k := key{"web", "web/c1#1"}
		require.Equal(t, codeOK, c.nodes["n1"].handle(&request{action: actionSetStatus, key: k, status: outOfService}).code)
		c.run(5 * time.Second)
		require.Equal(t, outOfService, c.nodes["n1"].registry.index[k].instance.status)
		require.Equal(t, want, c.nodes["n2"].registry.index[k].instance.status, bug)
		require.Equal(t, codeOK, c.nodes["n1"].handle(&request{action: actionDeleteStatus, key: k, status: up}).code)
		c.run(5 * time.Second)
		for _, name := range c.names {
			require.Equal(t, up, c.nodes[name].registry.index[k].instance.status)
		}
	}
}

// A peer whose copy is older is sent the override with the heartbeat, and the copy after it.
func TestHeartbeatCarriesTheOverride(t *testing.T) {
	n := alone(t)
	a := web("a", 5)
	n.handle(&request{action: actionRegister, instance: a})
	beat := request{action: actionRenew, key: a.key, dirty: 6, stamped: true, overridden: outOfService}
	require.Equal(t, codeNotFound, n.handle(&beat).code)
	require.Equal(t, unknown, n.registry.index[a.key].instance.overridden, "a client cannot")
	require.Equal(t, codeNotFound, n.batch(&request{tasks: []request{beat}}).results[0].code)
	require.Equal(t, outOfService, n.registry.index[a.key].instance.overridden)
}

// A node of Spring's without peers asks nobody, and gives lists at once, for it expects somebody.
func TestBootByProfile(t *testing.T) {
	for profile, want := range map[Profile]int{Netflix: codeUnavailable, Spring: codeOK, Plain: codeUnavailable} {
		options := profiled(profile)
		options.SyncOnFirstBoot = true
		n := newCluster(t, 1, 1, 0, options, "").nodes["n1"]
		require.Equal(t, want, n.handle(&request{action: actionGetAll}).code, profile)
	}
	options := profiled(Spring)
	options.SyncOnFirstBoot = true
	c := newCluster(t, 1, 2, 0, options, "")
	require.True(t, c.nodes["n1"].boot.syncing, "with peers there are five tries")
	c.run(options.boot() - options.WaitWhenSyncEmpty)
	require.Equal(t, codeOK, c.nodes["n1"].handle(&request{action: actionGetAll}).code, "and no wait after them")
	require.EqualValues(t, 1, c.figures("n1").Expected)
}

// Leases in the plain profile do not follow the wall clock.
func TestPlainDoesNotMindClocks(t *testing.T) {
	c := newCluster(t, 1, 1, 20, profiled(Plain), "")
	for _, client := range c.clients {
		c.ok(client, history.Register, "web/"+client, history.Nothing)
	}
	c.run(time.Second)
	before := c.nodes["n1"].registry.changes
	c.Skew("n1", time.Hour)
	c.nodes["n1"].evict()
	c.run(10 * time.Second)
	require.Equal(t, before, c.nodes["n1"].registry.changes)
	require.Empty(t, c.notes, "nor does it think that anybody is missing")
}

func TestSystemsByProfile(t *testing.T) {
	names := map[Profile]string{Netflix: "apregistry", Spring: "apregistry-spring", Plain: "apregistry-plain"}
	for profile, name := range names {
		system := System(ProfileOptions(profile))
		require.Equal(t, name, system.Name)
		found, known := ProfileNamed(profile.String())
		require.True(t, known)
		require.Equal(t, profile, found)
		require.Positive(t, system.Ghost)
		require.Positive(t, system.Notice)
		for _, bug := range system.Bugs {
			require.NotPanics(t, func() { system.Node("n1", world.Cluster{Nodes: []string{"n1"}, Bug: bug.Name}) })
		}
	}
	_, known := ProfileNamed("eureka")
	require.False(t, known)
}
