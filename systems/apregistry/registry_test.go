package apregistry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

const second = time.Second

// theirs is Eureka's own times.
var theirs = DefaultOptions()

func web(id string, dirty int64) instance {
	return instance{key: key{"web", id}, status: up, dirty: dirty}
}

// bare is a list without what lists say of changes.
func bare(list []instance) []instance {
	stripped := make([]instance, len(list))
	for i := range list {
		stripped[i] = list[i]
		stripped[i].change = unchanged
	}
	return stripped
}

// filled is a registry that expects the clients of so many instances, registered at time 0.
func filled(instances int) *registry {
	r := newRegistry(theirs, "")
	for number := range instances {
		r.register(web(fmt.Sprintf("i%03d", number), 1), false, 0)
	}
	r.preservation.expect(int64(instances))
	return r
}

// heartbeats renews the first instances as often as they do in one bucket, and ends the bucket.
func (r *registry) heartbeats(instances int, now time.Duration) {
	for range 2 {
		for _, held := range r.leases[:instances] {
			r.renew(held.instance.key, false, now)
		}
	}
	r.preservation.turn()
}

func TestNeverRenewedLeaseLastsOnce(t *testing.T) {
	l := lease{duration: 90 * second}
	require.False(t, l.expired(90*second, 0))
	require.True(t, l.expired(90*second+1, 0))
	require.False(t, l.expired(95*second, 5*second), "grace")
}

func TestRenewedLeaseLastsTwice(t *testing.T) {
	l := lease{duration: 90 * second}
	l.renew(10*second, false)
	require.False(t, l.expired(190*second, 0))
	require.True(t, l.expired(190*second+1, 0))
	l.renew(10*second, true)
	require.False(t, l.expired(100*second, 0))
	require.True(t, l.expired(100*second+1, 0), "plain: once")
}

func TestGreaterStampWins(t *testing.T) {
	r := newRegistry(theirs, "")
	r.register(instance{key: key{"web", "a"}, status: up, value: 1, dirty: 10}, false, 0)
	r.register(instance{key: key{"web", "a"}, status: up, value: 2, dirty: 9}, false, 1)
	require.EqualValues(t, 1, r.app("web")[0].value, "older news")
	require.EqualValues(t, 1, r.leases[0].lastUpdate, "but a new lease")
	r.register(instance{key: key{"web", "a"}, status: up, value: 3, dirty: 10}, false, 2)
	require.EqualValues(t, 3, r.app("web")[0].value, "on a tie the last one")
}

func TestRegisterRenewCancel(t *testing.T) {
	r := newRegistry(theirs, "")
	require.False(t, r.renew(key{"web", "a"}, false, 0))
	require.False(t, r.cancel(key{"web", "a"}, 0))
	r.register(web("b", 1), false, 0)
	r.register(web("a", 1), false, 0)
	r.register(instance{key: key{"api", "z"}, status: up}, false, 0)
	require.True(t, r.renew(key{"web", "a"}, false, 0))
	require.Equal(t, []instance{web("a", 1), web("b", 1)}, bare(r.app("web")))
	require.Len(t, r.all(), 3)
	require.Empty(t, r.app("we"))
	require.True(t, r.cancel(key{"web", "a"}, 0))
	require.False(t, r.cancel(key{"web", "a"}, 0))
	require.Equal(t, []instance{web("b", 1)}, bare(r.app("web")))
}

func TestExpiredInstanceIsHiddenOnlyWhileLeasesMayExpire(t *testing.T) {
	r := filled(10)
	late := 200 * second
	_, found := r.get(key{"web", "i000"}, late)
	require.True(t, found, "preserved")
	r.heartbeats(9, late)
	_, found = r.get(key{"web", "i009"}, late)
	require.False(t, found)
	_, found = r.get(key{"web", "i000"}, late)
	require.True(t, found)
	require.Len(t, bare(r.app("web")), 10, "lists show it")
}

func TestStatusOverrides(t *testing.T) {
	r := newRegistry(theirs, "")
	k := key{"web", "a"}
	require.False(t, r.setStatus(k, outOfService, 0, false, 0))
	r.register(web("a", 1), false, 0)
	require.True(t, r.setStatus(k, outOfService, 5, true, 0))
	require.Equal(t, outOfService, r.app("web")[0].status)
	require.EqualValues(t, 5, r.app("web")[0].dirty)
	r.register(web("a", 6), false, 1)
	require.Equal(t, outOfService, r.app("web")[0].status, "the override outranks the instance's own")
	r.register(instance{key: k, status: down, dirty: 7}, false, 2)
	require.Equal(t, down, r.app("web")[0].status, "but not when it is down")
	r.register(web("a", 8), true, theirs.OverrideExpiry+second*10)
	require.Equal(t, up, r.app("web")[0].status, "forgotten when unused")
}

func TestExistingStatusStandsAgainstAClientOnly(t *testing.T) {
	for replicated, want := range map[bool]status{false: outOfService, true: up} {
		r := newRegistry(theirs, "")
		r.register(instance{key: key{"web", "a"}, status: outOfService, dirty: 1}, true, 0)
		r.register(web("a", 2), replicated, 0)
		require.Equal(t, want, r.app("web")[0].status)
	}
}

func TestUnknownStatusIsNotRenewed(t *testing.T) {
	r := newRegistry(theirs, "")
	r.register(instance{key: key{"web", "a"}, status: unknown}, false, 0)
	require.False(t, r.renew(key{"web", "a"}, false, 0))
}

func TestEvictionTakesAtMostFifteenPercent(t *testing.T) {
	r := filled(100)
	r.heartbeats(90, 0)
	require.Len(t, r.leases, 100)
	stream := rng.New(1)
	require.Empty(t, r.evict(90*second, 0, stream), "nobody has expired")
	require.Empty(t, r.evict(95*second, 5*second, stream), "the run is late")
	require.Len(t, r.evict(95*second, 0, stream), 10)
	require.Empty(t, r.evict(95*second, 0, stream))
	r.heartbeats(90, 0)
	require.Len(t, r.evict(300*second, 0, stream), 90-90*85/100, "14 of 90")
	require.EqualValues(t, 76, r.preservation.expected, "each eviction is expected no more")
}

func TestEvictionChoosesAtRandom(t *testing.T) {
	gone := func(seed uint64) []key {
		r := filled(100)
		r.heartbeats(100, -200*second) // leases that ended long ago
		return r.evict(200*second, 0, rng.New(seed))
	}
	require.Len(t, gone(1), 15)
	require.Equal(t, gone(1), gone(1))
	require.NotEqual(t, gone(1), gone(2))
}

func TestPlantedBugsOfTheRegistry(t *testing.T) {
	for bug, kept := range map[string]int{"": 10, bugNoSelfPreservation: 8, bugEvictRenewed: 8} {
		r := newRegistry(theirs, bug)
		for number := range 10 {
			r.register(web(fmt.Sprint(number), 1), false, 0)
		}
		r.evict(91*second, 0, rng.New(1))
		require.Len(t, r.leases, kept, bug)
	}
	r := newRegistry(theirs, bugEvictRenewed)
	r.register(web("a", 1), false, 0)
	r.renew(key{"web", "a"}, false, 80*second)
	require.Len(t, r.evict(91*second, 0, rng.New(1)), 1)
}

// renew takes a heartbeat and answers whether the instance is known.
func (r *registry) renew(k key, replicated bool, now time.Duration) bool {
	held := r.index[k]
	return held != nil && r.prolong(held, replicated, now)
}

// all and app are what lists have.
func (r *registry) all() []instance { return r.copies(nil, r.leases) }

func (r *registry) app(name string) []instance { return r.copies(nil, r.leasesOf(name)) }
