package apregistry

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func plainly(instances ...instance) *registry {
	r := newRegistry(ProfileOptions(Plain), "")
	for _, i := range instances {
		r.register(i, false, 0)
	}
	return r
}

// swap has one registry ask another.
func swap(asker, asked *registry, now time.Duration) int64 {
	copies, ages := asked.compare(asker.summaries(now), now)
	return asker.merge(copies, ages, now)
}

func TestExchangeMakesEqual(t *testing.T) {
	a := plainly(web("1", 5), web("2", 9), web("3", 1))
	b := plainly(web("1", 7), web("2", 4), web("4", 1))
	require.EqualValues(t, 2, swap(a, b, second), "1 is later there, 4 unknown here")
	require.EqualValues(t, 2, swap(b, a, second))
	require.Equal(t, bare(a.all()), bare(b.all()))
	require.Len(t, a.all(), 4)
	require.Zero(t, swap(a, b, second))
	require.Empty(t, a.recent.delta(nil)[0].times)
}

func TestExchangeOfGraves(t *testing.T) {
	a, b := plainly(web("1", 5), web("2", 5)), plainly(web("1", 5), web("2", 6))
	a.bury(key{"web", "1"}, 5, second, second)
	a.bury(key{"web", "2"}, 5, second, second)
	b.compare(a.summaries(2*second), 2*second) // b hears of the graves by being asked
	require.Len(t, b.all(), 1, "2 is a later life")
	swap(a, b, 2*second)
	require.Equal(t, bare(b.all()), bare(a.all()))
	require.False(t, a.take(web("1", 5), 2*second, 2*second), "not from a third node either")
	require.True(t, a.take(web("1", 6), 2*second, 2*second))
	c := plainly()
	swap(c, b, 2*second)
	require.True(t, c.graves.bars(key{"web", "1"}, 5), "who never knew the instance learns of its grave")
}

func TestGravesAreForgotten(t *testing.T) {
	r := plainly(web("1", 5), web("2", 5))
	r.bury(key{"web", "1"}, 5, 0, 0)
	r.bury(key{"web", "2"}, 5, 30*time.Minute, 30*time.Minute)
	r.bury(key{"web", "1"}, 4, 0, 0)
	r.graves.purge(time.Hour + 1)
	require.Equal(t, []key{{"web", "2"}}, r.graves.order)
	require.Len(t, r.graves.index, 1)
	r.bury(key{"web", "2"}, 8, time.Hour, time.Hour)
	r.graves.purge(time.Hour + 45*time.Minute)
	require.Len(t, r.graves.index, 1, "dug again")
}

// Ages keep an instance alive at a node that does not hear it, and do not bring back who is dead.
func TestExchangeOfAges(t *testing.T) {
	a, b := plainly(web("1", 5)), plainly(web("1", 5), web("2", 5))
	a.renew(key{"web", "1"}, false, 80*second)
	swap(b, a, 85*second)
	require.Equal(t, 80*second, b.index[key{"web", "1"}].lastUpdate)
	swap(a, b, 100*second)
	require.Len(t, a.all(), 1, "the lease of 2 has ended")
	b.compare([]summary{{key: key{"web", "1"}, dirty: 5, age: int64(second), status: up}}, 100*second)
	require.Equal(t, 99*second, b.index[key{"web", "1"}].lastUpdate, "also by being asked")
}

func TestExchangeOfOverrides(t *testing.T) {
	c := newCluster(t, 1, 2, 2, profiled(Plain), "")
	n1, n2 := c.nodes["n1"], c.nodes["n2"]
	a := web("a", 100)
	n1.handle(&request{action: actionRegister, instance: a})
	c.run(time.Second)
	heal := c.split("n1")
	n1.handle(&request{action: actionSetStatus, key: a.key, status: outOfService})
	c.run(1500 * time.Millisecond)
	n1.handle(&request{action: actionRenew, key: a.key})
	require.Equal(t, up, n2.registry.index[a.key].instance.status)
	n2.handle(&request{action: actionRenew, key: a.key})
	heal()
	c.run(2 * time.Second)
	require.Equal(t, outOfService, n2.registry.index[a.key].instance.status)
	n2.handle(&request{action: actionRegister, instance: web("a", 200)})
	require.Equal(t, outOfService, n2.registry.index[a.key].instance.status, "and outlasts a registration there")
	c.run(time.Second)
	heal = c.split("n1")
	n1.handle(&request{action: actionDeleteStatus, key: a.key, status: up})
	c.run(1500 * time.Millisecond)
	n1.handle(&request{action: actionRenew, key: a.key})
	n2.handle(&request{action: actionRenew, key: a.key})
	heal()
	c.run(2 * time.Second)
	require.Equal(t, up, n2.registry.index[a.key].instance.status, "its end is news too")
}

func TestCanceledInThePlainProfile(t *testing.T) {
	c := newCluster(t, 1, 1, 0, profiled(Plain), "")
	n := c.nodes["n1"]
	a := web("a", 100)
	n.handle(&request{action: actionRegister, instance: a})
	require.Equal(t, codeNotFound, n.handle(&request{action: actionCancel, key: a.key, dirty: 99, stamped: true, replicated: true}).code, "of an older copy")
	require.Equal(t, codeOK, n.handle(&request{action: actionCancel, key: a.key}).code)
	n.handle(&request{action: actionRegister, instance: a})
	require.Equal(t, codeNotFound, n.handle(&request{action: actionRenew, key: a.key, dirty: 100, stamped: true}).code, "it stays out")
	require.Equal(t, codeRegistered, n.handle(&request{action: actionRegister, instance: web("a", 101)}).code)
	require.Equal(t, codeNotFound, n.handle(&request{action: actionCancel, key: key{"web", "b"}, dirty: 7, stamped: true}).code)
	n.handle(&request{action: actionRegister, instance: web("b", 7)})
	require.Len(t, n.registry.leases, 1, "a cancel may come first")
}

func TestOthersDoNotExchange(t *testing.T) {
	require.Equal(t, codeNotFound, alone(t).handle(&request{action: actionExchange}).code)
}

func TestMergeRefusesNonsense(t *testing.T) {
	r := plainly()
	require.Zero(t, r.merge([]instance{web("a", 1)}, nil, 0))
	require.Empty(t, r.all())
}
