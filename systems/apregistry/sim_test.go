package apregistry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
)

// storm runs a registry through random faults and random requests, heals everything, and gives the
// cluster as the faults left it, with the instances that are alive.
func storm(t *testing.T, seed uint64, options Options) (*cluster, map[string]bool) {
	c := newCluster(t, seed, 5, 10, options, "")
	stream := rng.New(seed, 99)
	alive := map[string]bool{}
	var undo []func()
	for step := range 60 {
		if stream.Chance(1, 6) {
			undo = append(undo, c.disturb(stream))
		}
		if len(undo) > 0 && stream.Chance(1, 6) {
			undo[0]()
			undo = undo[1:]
		}
		for _, client := range c.clients {
			c.request(stream, client, step, alive)
		}
		c.run(2100 * time.Millisecond) // every request has ended
	}
	for _, end := range undo {
		end()
	}
	return c, alive
}

// disturb does one random fault and gives its end.
func (c *cluster) disturb(stream *rng.Stream) (end func()) {
	victim := c.names[stream.Below(int64(len(c.names)))]
	switch stream.Below(6) {
	case 0:
		c.Kill(victim)
		return func() { c.Restart(victim) }
	case 1:
		c.Pause(victim)
		return func() { c.Resume(victim) }
	case 2:
		offset := time.Duration(stream.Between(-20, 20)) * time.Second
		c.Skew(victim, offset)
		return func() { c.Skew(victim, -offset) }
	case 3:
		for _, name := range c.names {
			c.Kill(name)
		}
		return func() {
			for _, name := range c.names {
				c.Restart(name)
			}
		}
	case 4:
		other := c.names[stream.Below(int64(len(c.names)))]
		c.Cut(victim, other)
		return func() { c.Mend(victim, other) }
	}
	return c.split(c.names[:1+stream.Below(4)]...)
}

// request has a client do something, and keeps account of which instances are alive.
func (c *cluster) request(stream *rng.Stream, client string, step int, alive map[string]bool) {
	instance := fmt.Sprintf("web/%s#%d", client, step/10)
	asked := history.Request{Function: history.Write, Key: fmt.Sprintf("k%d", stream.Below(3)), Value: history.Integer(int64(step))}
	switch stream.Below(5) {
	case 0:
		asked = history.Request{Function: history.Register, Key: instance}
		alive[instance] = true
	case 1:
		asked = history.Request{Function: history.Deregister, Key: instance}
		delete(alive, instance)
	case 2:
		asked = history.Request{Function: history.Die, Key: instance}
		delete(alive, instance)
	case 3:
		asked = history.Request{Function: history.Read, Key: "k1"}
	}
	ended := 0
	c.Invoke(client, asked, func(history.Completion) { ended++ })
	c.At(c.Now()+history.Time(2050*time.Millisecond), func() { require.Equal(c.t, 1, ended, "%s %s", asked.Function, asked.Key) })
}

// After any faults, within the recovery, every living instance is listed at every node, and all
// nodes hold the same copy of every register.
func TestConvergesAfterAnyFaults(t *testing.T) {
	for profile, seeds := range map[Profile]uint64{Netflix: 40, Spring: 10, Plain: 20} {
		t.Run(profile.String(), func(t *testing.T) { convergeAfterAnyFaults(t, ProfileOptions(profile).Scaled(30), seeds) })
	}
}

func convergeAfterAnyFaults(t *testing.T, options Options, seeds uint64) {
	for seed := uint64(1); seed <= seeds; seed++ {
		c, alive := storm(t, seed, options)
		c.run(options.recovery())
		for _, client := range c.clients {
			require.Equal(t, history.Ok, c.do(client, history.Home, "", history.Nothing).Outcome)
			found := c.ok(client, history.Lookup, "web", history.Nothing)
			listed := map[string]bool{}
			ids, _ := found.Value.AsList()
			for _, id := range ids {
				listed[id.String()] = true
			}
			for instance := range alive {
				require.True(t, listed[instance], "seed %d: %s is not listed at %s", seed, instance, found.Node)
			}
			if options.Profile == Plain {
				require.Len(t, listed, len(alive), "seed %d: the dead are gone from %s", seed, found.Node)
			}
		}
		for _, k := range []string{"k0", "k1", "k2"} {
			versions := map[int64]bool{}
			for _, name := range c.names {
				versions[c.nodes[name].registry.index[key{registerApp, k}].instance.dirty] = true
			}
			require.Len(t, versions, 1, "seed %d: %s differs", seed, k)
		}
	}
}

func TestSameSeedSameRun(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		one, _ := storm(t, seed, scaled)
		two, _ := storm(t, seed, scaled)
		require.Equal(t, one.Hash(), two.Hash(), "seed %d", seed)
		other, _ := storm(t, seed+1000, scaled)
		require.NotEqual(t, one.Hash(), other.Hash(), "seed %d", seed)
	}
}

// BenchmarkHour is one hour of 100 instances on 5 nodes at Eureka's own times.
func BenchmarkHour(b *testing.B) { benchmark(b, 5, 100, DefaultOptions(), time.Hour) }

// BenchmarkRun is a run of the usual size: 5 nodes, 10 clients, a minute at a thirtieth.
func BenchmarkRun(b *testing.B) { benchmark(b, 5, 10, scaled, time.Minute) }

func benchmark(b *testing.B, nodes, clients int, options Options, long time.Duration) {
	for range b.N {
		t := &testing.T{}
		c := newCluster(t, 1, nodes, clients, options, "")
		for _, client := range c.clients {
			c.Invoke(client, history.Request{Function: history.Register, Key: "web/" + client}, func(history.Completion) {})
		}
		c.run(long)
	}
	b.ReportMetric(long.Seconds()*float64(b.N)/b.Elapsed().Seconds(), "virtual-s/s")
}

// BenchmarkHeartbeats is one heartbeat after the other of 10,000 instances, from message to message.
func BenchmarkHeartbeats(b *testing.B) {
	n, messages := crowd(b, 10_000, actionRenew)
	for i := 0; b.Loop(); i++ {
		n.answer(messages[i%len(messages)])
	}
}

// BenchmarkFullFetch is the whole list of 10,000 instances, for a reader that has not got it.
func BenchmarkFullFetch(b *testing.B) {
	n, _ := crowd(b, 10_000, actionRenew)
	message := encodeRequest(1, &request{action: actionGetAll})
	b.ReportMetric(float64(len(n.answer(message))), "bytes")
	for b.Loop() {
		n.answer(message)
	}
}

// crowd is a node with so many instances as REST clients register them, and a message about each.
func crowd(b *testing.B, instances int, action Action) (*node, [][]byte) {
	c := newCluster(&testing.T{}, 1, 1, 0, DefaultOptions(), "")
	n := c.nodes["n1"]
	messages := make([][]byte, instances)
	for number := range messages {
		one := fromWire(full(fmt.Sprint("host-", number, ":8080")))
		require.Equal(b, codeRegistered, n.handle(&request{action: actionRegister, key: one.key, instance: one}).code)
		messages[number] = encodeRequest(uint64(number), &request{action: action, key: one.key, dirty: one.dirty, stamped: true})
	}
	return n, messages
}

func (n *node) answer(message []byte) []byte {
	number, r, _ := decodeRequest(message)
	answer := n.handle(&r)
	return encodeResponse(number, &answer)
}
