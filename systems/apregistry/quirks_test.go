package apregistry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/systems/eurekawire"
)

// The quirks of Eureka's self-preservation, one by one, each with its opposite in the plain profile.

// joined is one node of a profile and so many clients, all registered, a thirtieth of Eureka's times.
func joined(t *testing.T, profile Profile, clients int) *cluster {
	c := newCluster(t, 1, 1, clients, ProfileOptions(profile).Scaled(30), "")
	for _, client := range c.clients {
		c.ok(client, history.Register, "web/"+client, history.Nothing)
	}
	return c
}

// die has the first clients forget their instances.
func (c *cluster) die(clients int) {
	for _, client := range c.clients[:clients] {
		c.ok(client, history.Die, "web/"+client, history.Nothing)
	}
}

func (c *cluster) figures(name string) *Figures {
	return c.nodes[name].handle(&request{action: actionFigures}).figures
}

// recounted is past the first recount, settled past the end of every lease.
const (
	recounted = 35 * time.Second
	settled   = 15 * time.Second
)

// (a) The first bucket after a boot or a mass join is empty: everybody is preserved.
func TestFirstBucketAfterABootPreserves(t *testing.T) {
	for _, profile := range []Profile{Netflix, Spring, Plain} {
		c := newCluster(t, 1, 2, 20, ProfileOptions(profile).Scaled(30), "")
		for _, client := range c.clients {
			c.ok(client, history.Register, "web/"+client, history.Nothing)
		}
		c.run(recounted)
		c.Kill("n2")
		c.Restart("n2")
		c.run(1500 * time.Millisecond)
		require.EqualValues(t, 20, c.figures("n2").Registered)
		require.Equal(t, profile != Plain, c.figures("n2").Preserving, profile)
		c.run(4 * time.Second)
		require.False(t, c.figures("n2").Preserving, profile)
	}
}

func TestFirstBucketAfterAMassJoinPreserves(t *testing.T) {
	for profile, preserved := range map[Profile]bool{Netflix: true, Spring: true, Plain: false} {
		r := newRegistry(ProfileOptions(profile), "")
		for number := range 10 {
			r.register(web(fmt.Sprint(number), 1), false, 0)
		}
		r.preservation.expect(10)
		r.heartbeats(10, 0)
		r.survey(1, 1, 0)
		require.False(t, !r.preservation.expires())
		for number := range 30 {
			r.register(web(fmt.Sprint("new", number), 1), false, second)
		}
		r.survey(1, 1, second)
		require.Equal(t, preserved, !r.preservation.expires(), profile)
	}
}

// (b) As many heartbeats as the threshold are too few.
func TestAtTheThresholdNobodyGoes(t *testing.T) {
	for profile, left := range map[Profile]int{Netflix: 20, Plain: 17} {
		c := joined(t, profile, 20)
		c.run(recounted)
		c.die(3)
		c.run(settled)
		require.Len(t, c.holds("n1"), left, profile)
		if profile == Netflix {
			f := c.figures("n1")
			require.Equal(t, []int64{34, 34}, []int64{f.Threshold, f.Renews})
		}
	}
}

// (c) A small registry never evicts a few crashes.
func TestSmallRegistriesKeepTheDead(t *testing.T) {
	for _, one := range []struct {
		clients, dead         int
		netflixKeeps, plainly bool
	}{
		{6, 1, true, false}, {7, 1, false, false}, {2, 1, true, false},
		{13, 2, true, true}, {14, 2, false, false}, {20, 3, true, false}, {21, 3, false, false},
	} {
		for profile, keeps := range map[Profile]bool{Netflix: one.netflixKeeps, Plain: one.plainly} {
			c := joined(t, profile, one.clients)
			c.run(recounted)
			c.die(one.dead)
			c.run(settled)
			left := one.clients - one.dead
			if keeps {
				left = one.clients
			}
			require.Len(t, c.holds("n1"), left, "%s: %d of %d", profile, one.dead, one.clients)
		}
	}
}

// (d) A node of Netflix's that boots with nobody expects nobody before the first recount, and evicts
// nobody.
func TestNobodyIsEvictedBeforeTheFirstRecount(t *testing.T) {
	for _, profile := range []Profile{Netflix, Plain} {
		c := joined(t, profile, 10)
		c.die(1)
		c.run(25 * time.Second)
		if profile == Plain {
			require.Len(t, c.holds("n1"), 9)
			require.EqualValues(t, 9, c.figures("n1").Expected)
			continue
		}
		require.Len(t, c.holds("n1"), 10)
		require.Zero(t, c.figures("n1").Expected)
		c.run(10 * time.Second)
		require.Len(t, c.holds("n1"), 9)
		require.EqualValues(t, 9, c.figures("n1").Expected, "the eviction is expected no more")
	}
}

// (e) Spring expects one client that never comes.
func TestSpringExpectsOneTooMany(t *testing.T) {
	for clients := 1; clients <= 6; clients++ {
		for _, profile := range []Profile{Spring, Plain} {
			c := joined(t, profile, clients)
			c.run(3 * recounted)
			emergency := profile == Spring && clients <= 5
			require.Equal(t, emergency, c.figures("n1").Preserving, "%s with %d, recounts and all", profile, clients)
			if emergency {
				require.EqualValues(t, clients+1, c.figures("n1").Expected)
			}
		}
	}
	for clients, left := range map[int]int{12: 12, 13: 12} {
		c := joined(t, Spring, clients)
		c.run(5 * time.Second)
		require.EqualValues(t, clients+1, c.figures("n1").Expected)
		c.die(1)
		c.run(settled)
		require.Len(t, c.holds("n1"), left, "before a recount")
	}
	c := joined(t, Plain, 12)
	c.run(5 * time.Second)
	c.die(1)
	c.run(settled)
	require.Len(t, c.holds("n1"), 11)
}

// (f) Who beats three times as often stands for three. Who beats half as often is missing.
func TestOtherIntervalsFalsifyTheCount(t *testing.T) {
	for profile, evicted := range map[Profile]int{Netflix: 2, Plain: 0} {
		r := newRegistry(ProfileOptions(profile), "")
		for number := range 10 {
			r.register(web(fmt.Sprint(number), 1), false, 0)
		}
		r.preservation.expect(10)
		for beat := range 30 { // 4 of 10 beat every 10 s, for five minutes
			for _, held := range r.leases[:4] {
				r.renew(held.instance.key, false, time.Duration(beat)*10*second)
			}
			if beat%6 == 5 {
				r.preservation.turn()
			}
		}
		r.survey(1, 1, 291*second)
		require.Len(t, r.evict(291*second, 0, rng.New(1)), evicted, "%s: 6 of 10 are gone", profile)
	}
	for profile, preserved := range map[Profile]bool{Netflix: true, Plain: false} {
		r := newRegistry(ProfileOptions(profile), "")
		for number := range 10 {
			slow := web(fmt.Sprint(number), 1)
			slow.more = &eurekawire.Instance{Lease: eurekawire.Lease{RenewalInterval: 60, Duration: 180}}
			r.register(slow, false, 0)
		}
		r.preservation.expect(10)
		for minute := range 5 {
			for _, held := range r.leases {
				r.renew(held.instance.key, false, time.Duration(minute)*time.Minute)
			}
			r.preservation.turn()
		}
		r.survey(1, 1, 299*second)
		require.Equal(t, preserved, !r.preservation.expires(), "%s: all 10 are there", profile)
	}
}

// (g) After more than 15 percent died the dead stay until an operator acts.
func TestAfterAScaleInTheDeadStay(t *testing.T) {
	for profile, left := range map[Profile]int{Netflix: 20, Plain: 15} {
		c := joined(t, profile, 20)
		c.run(recounted)
		c.die(5)
		c.run(settled)
		require.Len(t, c.holds("n1"), 20, "%s: it may be the network", profile)
		c.run(ProfileOptions(profile).Scaled(30).ghost())
		require.Len(t, c.holds("n1"), left, profile)
		c.run(5 * time.Minute)
		require.Len(t, c.holds("n1"), left, profile)
	}
}

// With peers that hear as little of them, the dead need not wait for the limit.
func TestPlainAsksItsPeers(t *testing.T) {
	c := newCluster(t, 1, 3, 20, profiled(Plain), "")
	for _, client := range c.clients {
		c.ok(client, history.Register, "web/"+client, history.Nothing)
	}
	c.run(5 * time.Second)
	c.die(5)
	c.run(scaled.LeaseDuration)
	require.Len(t, c.holds("n1"), 20)
	c.run(scaled.LeaseDuration + 2*scaled.EvictionInterval)
	for _, name := range c.names {
		require.Len(t, c.holds(name), 15, name)
	}
}

// (h) Leases shorter than a bucket end before protection engages, 15 percent in each run, and each run
// lowers the threshold.
func TestShortLeasesEndBeforeProtection(t *testing.T) {
	for profile, left := range map[Profile][]int{Netflix: {17, 14}, Plain: {20, 20}} {
		options := ProfileOptions(profile)
		options.LeaseDuration = 20 * second
		r := newRegistry(options, "")
		for number := range 20 {
			r.register(web(fmt.Sprint(number), 1), false, 0)
		}
		r.preservation.expect(20)
		r.heartbeats(20, 0) // and then the network is cut
		for run, at := range []time.Duration{41 * second, 51 * second} {
			r.survey(1, 1, at)
			r.evict(at, 0, rng.New(1))
			require.Len(t, r.leases, left[run], profile)
		}
		if profile == Netflix {
			require.EqualValues(t, 14*2*85/100, r.preservation.threshold)
		}
		r.preservation.turn()
		r.evict(61*second, 0, rng.New(1))
		require.Len(t, r.leases, left[1], "now the missing heartbeats are seen")
	}
}

// The plain profile keeps the other side of a cut for as long as a peer does not answer.
func TestPlainPreservesThroughALongCut(t *testing.T) {
	c := newCluster(t, 1, 5, 10, ProfileOptions(Plain).Scaled(30), "")
	for _, client := range c.clients {
		c.ok(client, history.Register, "web/"+client, history.Nothing)
	}
	c.run(5 * time.Second)
	heal := c.split("n1", "n2")
	c.run(3 * time.Minute)
	for _, name := range c.names {
		require.Len(t, c.holds(name), 10, name)
		require.True(t, c.figures(name).Preserving)
	}
	heal()
	c.run(10 * time.Second)
	for _, name := range c.names {
		require.False(t, c.figures(name).Preserving)
	}
}

// A cut is noticed before the first lease ends, though heartbeats came at all moments of an interval.
func TestPlainNoticesACutInTime(t *testing.T) {
	r := newRegistry(ProfileOptions(Plain), "")
	for number := range 30 {
		r.register(web(fmt.Sprintf("%02d", number), 1), false, time.Duration(number)*second)
	}
	for at := 30 * second; at < 10*time.Minute; at += second {
		r.survey(0, 0, at)
		r.evict(at, 0, rng.New(1))
		require.Len(t, r.leases, 30, at)
	}
}
