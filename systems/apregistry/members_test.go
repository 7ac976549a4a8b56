package apregistry

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// enlist tells every node who is out.
func (c *cluster) enlist(out ...string) {
	for _, name := range c.names {
		c.At(c.Now(), func() { c.nodes[name].Enlist(world.Roll{Out: out}) })
	}
	c.run(time.Millisecond)
}

// A peer is dropped: the others tell it nothing, nor does it tell them; its clients go on. Let in again it hears
// of everybody, by heartbeats, and is told of nothing that had waited for it.
func TestAPeerIsDroppedAndAdded(t *testing.T) {
	for _, profile := range []Profile{Netflix, Spring, Plain} {
		c := newCluster(t, 1, 3, 6, profiled(profile), "")
		for _, client := range c.clients[:3] {
			c.ok(client, history.Register, "web/"+client, history.Nothing)
		}
		c.run(2 * time.Second)
		c.enlist("n3")
		require.Empty(t, c.nodes["n3"].peers)
		require.Len(t, c.nodes["n1"].peers, 1)
		for _, client := range c.clients[3:] {
			c.ok(client, history.Register, "web/"+client, history.Nothing)
		}
		c.run(2 * time.Second)
		require.Len(t, c.holds("n1"), 5, profile)
		require.Len(t, c.holds("n3"), 4, profile)
		c.enlist("n3") // again: nothing changes
		said := fmt.Sprint(c.notes)
		require.Equal(t, 3, strings.Count(said, " peers "), said)
		c.enlist()
		require.Len(t, c.nodes["n3"].peers, 2)
		c.run(profiled(profile).RenewalInterval + 2*time.Second)
		for _, name := range c.names {
			require.Len(t, c.holds(name), 6, "%s %s", profile, name)
		}
	}
}

// With the bug a peer that comes back is told of nothing.
func TestPeerLostIsTheBugsDoing(t *testing.T) {
	c := newCluster(t, 1, 2, 2, profiled(Netflix), bugPeerLost)
	c.enlist("n2")
	c.enlist()
	c.ok("c1", history.Register, "web/c1", history.Nothing)
	c.run(5 * time.Second)
	require.Empty(t, c.holds("n2"))
}

// A peer that leaves in the midst of a boot's tries to fetch from it, and of a batch, holds nothing up.
func TestAPeerLeavesWhileAsked(t *testing.T) {
	c := newCluster(t, 1, 3, 3, profiled(Netflix), "")
	c.ok("c1", history.Register, "web/c1", history.Nothing)
	c.run(2 * time.Second)
	for wait := range time.Duration(40) {
		c.Kill("n2")
		c.ok("c1", history.Register, "web/c1", history.Nothing)
		c.Restart("n2")
		c.run(wait * 50 * time.Microsecond)
		c.enlist("n1", "n3")
		c.run(20 * time.Millisecond)
		c.enlist()
		c.run(2 * time.Second)
		require.Len(t, c.holds("n2"), 1, "%d", wait)
		require.Len(t, c.holds("n3"), 1, "%d", wait)
	}
}
