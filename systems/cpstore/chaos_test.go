package cpstore

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
)

// chaos is a bench whose clients work without pause while faults come and go.
type chaos struct {
	*bench
	random     *rng.Stream
	operations []porcupine.Operation
	seen       map[string]int64 // each client's last zxid
	acked      int
	number     int64
	keys       int64
	reads      history.Function
	readers    int // so many of the clients only read
}

type call struct {
	function history.Function
	key      string
	from, to int64
}

type answer struct {
	unknown bool
	value   history.Value
}

// start gives each client its first request; every completion leads to the next.
func (c *chaos) start(size int) {
	for i := range size {
		c.next(fmt.Sprintf("c%d", i+1), i)
	}
}

func (c *chaos) next(client string, number int) {
	wait := history.Time(c.random.Between(1, 60)) * history.Time(time.Millisecond)
	c.world.At(c.world.Now()+wait, func() {
		request := c.request(number)
		invoked := c.world.Now()
		c.world.Invoke(client, request, func(got history.Completion) {
			c.record(client, number, request, invoked, got)
			c.next(client, number)
		})
	})
}

func (c *chaos) request(client int) history.Request {
	c.number++
	q := history.Request{Function: c.reads, Key: fmt.Sprintf("k%d", c.random.Below(c.keys))}
	if c.random.Chance(1, 50) {
		return history.Request{Function: history.Home}
	}
	if client < c.readers {
		return q
	}
	switch c.random.Below(10) {
	case 0, 1, 2, 3:
		q.Function, q.Value = history.Write, history.Integer(c.number)
	case 4:
		q.Function, q.Value = history.CAS, history.List(history.Integer(c.number-c.random.Between(1, 6)), history.Integer(c.number))
	case 5:
		q.Function = history.Read
	}
	return q
}

func (c *chaos) record(client string, number int, q history.Request, invoked history.Time, got history.Completion) {
	if got.Outcome == history.Ok {
		c.acked++
		require.GreaterOrEqual(c.t, got.Version, c.seen[client], "%s goes back in time: %v %v", client, q, got)
		c.seen[client] = got.Version
	}
	made := call{function: q.Function, key: q.Key}
	switch q.Function {
	case history.Home:
		return
	case history.Read:
		return // local reads are not linearizable
	case history.Write:
		made.to, _ = q.Value.AsInteger()
	case history.CAS:
		change, _ := q.Value.AsList()
		made.from, _ = change[0].AsInteger()
		made.to, _ = change[1].AsInteger()
	}
	if got.Outcome == history.Fail {
		return
	}
	o := porcupine.Operation{ClientId: number, Input: made, Call: int64(invoked), Return: int64(c.world.Now()), Output: answer{value: got.Value}}
	if got.Outcome == history.Info {
		o.Output, o.Return = answer{unknown: true}, int64(history.Forever)
		o.ClientId = 1000 + len(c.operations)
	}
	c.operations = append(c.operations, o)
}

// register is the sequential specification; nil for a key that was never written.
var register = porcupine.Model{
	Partition: func(all []porcupine.Operation) (parts [][]porcupine.Operation) {
		var keys []string
		for _, o := range all {
			key := o.Input.(call).key
			at := slices.Index(keys, key)
			if at < 0 {
				at = len(keys)
				keys, parts = append(keys, key), append(parts, nil)
			}
			parts[at] = append(parts[at], o)
		}
		return parts
	},
	Init: func() any { return history.Nothing },
	Step: func(state, input, output any) (bool, any) {
		now, c, got := state.(history.Value), input.(call), output.(answer)
		switch c.function {
		case history.Write:
			return true, history.Integer(c.to)
		case history.CAS:
			if now.Equal(history.Integer(c.from)) {
				return true, history.Integer(c.to)
			}
			return got.unknown, now
		}
		return got.value.Equal(now), now
	},
	Equal: func(a, b any) bool { return a.(history.Value).Equal(b.(history.Value)) },
}

func (c *chaos) linearizable() porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(register, c.operations, 20*time.Second)
}

// disturb schedules a random fault that ends again.
func (c *chaos) disturb(at, lasts time.Duration) {
	begin, end := history.Time(at), history.Time(at+lasts)
	node := c.cluster.Nodes[c.random.Below(int64(len(c.cluster.Nodes)))]
	both := func(start, stop func()) {
		c.world.At(begin, start)
		c.world.At(end, stop)
	}
	switch c.random.Below(6) {
	case 0:
		both(func() { c.world.Kill(node) }, func() { c.world.Restart(node) })
	case 1:
		both(func() { c.world.Pause(node) }, func() { c.world.Resume(node) })
	case 2:
		leader := node
		both(func() {
			if name := c.world.Leader(); name != "" {
				leader = name
			}
			c.isolate(c.world.Cut, leader)
		}, func() { c.isolate(c.world.Mend, leader) })
	case 3:
		both(func() { c.isolate(c.world.Cut, node) }, func() { c.isolate(c.world.Mend, node) })
	case 4: // one direction only
		other := c.cluster.Nodes[c.random.Below(int64(len(c.cluster.Nodes)))]
		both(func() { c.world.Cut(node, other) }, func() { c.world.Mend(node, other) })
	case 5:
		both(func() {
			for _, name := range c.cluster.Nodes {
				c.world.Kill(name)
			}
		}, func() {
			for _, name := range c.cluster.Nodes {
				c.world.Restart(name)
			}
		})
	}
}

// run works for half a minute under overlapping faults, heals, and waits for the recovery time.
func newChaos(t testing.TB, seed uint64, size int, options Options, bug string) *chaos {
	c := &chaos{bench: newBench(t, seed, size, options, bug), random: rng.New(seed, 77), seen: map[string]int64{}, keys: 3,
		reads: history.QuorumRead}
	c.start(size)
	return c
}

func (c *chaos) storm(faults int, longest time.Duration) {
	for range faults {
		c.disturb(4*time.Second+time.Duration(c.random.Below(int64(26*time.Second))),
			100*time.Millisecond+time.Duration(c.random.Below(int64(longest))))
	}
	c.pass(30*time.Second + longest + 11*time.Second)
}

func TestChaos(t *testing.T) {
	seeds := uint64(40)
	if testing.Short() {
		seeds = 8
	}
	for seed := range seeds {
		size := 3 + 2*int(seed%2)
		c := newChaos(t, seed, size, Options{SnapshotEvery: 40}, "")
		c.storm(25, 5*time.Second)
		require.Greater(t, c.acked, 300, "seed %d", seed)
		require.Equal(t, porcupine.Ok, c.linearizable(), "seed %d", seed)
		terms := map[string]string{}
		for _, won := range c.leaderNotes() {
			require.Contains(t, []string{"", won.note.Node}, terms[won.note.Detail], "seed %d: two leaders of one term", seed)
			terms[won.note.Detail] = won.note.Node
		}
		before := c.acked
		c.pass(2 * time.Second)
		require.Greater(t, c.acked, before+10*size, "seed %d: after the faults all clients are served again", seed)
	}
}

func TestSameSeedSameRun(t *testing.T) {
	for seed := range uint64(20) {
		var hashes, events []uint64
		for range 2 {
			c := newChaos(t, seed, 5, Options{SnapshotEvery: 40}, "")
			c.storm(20, 4*time.Second)
			hashes, events = append(hashes, c.world.Hash()), append(events, c.world.Events())
		}
		require.Equal(t, events[0], events[1], "seed %d", seed)
		require.Equal(t, hashes[0], hashes[1], "seed %d", seed)
	}
}

// Each planted bug shows under faults of the kind that it names, in some of a few runs; the same runs
// without it are good. A bug may also make nodes panic, when what it broke is noticed.
func TestPlantedBugsShow(t *testing.T) {
	for _, planted := range []struct {
		bug    string
		faults func(*chaos)
	}{
		{BugAckBeforeSync, killAllNowAndThen},
		{BugStaleLeaderRead, isolateLeaderNowAndThen},
		{BugDoubleApply, flapping},
	} {
		found := map[string]int{}
		for _, bug := range []string{"", planted.bug} {
			for seed := range uint64(20) {
				c := newChaos(t, seed, 5, Options{}, bug)
				c.keys, c.readers = 1, 3
				planted.faults(c)
				require.NoError(t, c.world.Run(history.Time(35*time.Second)))
				if c.linearizable() == porcupine.Illegal {
					found[bug]++
				}
			}
		}
		t.Logf("%s: found in %d of 20 runs", planted.bug, found[planted.bug])
		require.Zero(t, found[""])
		require.NotZero(t, found[planted.bug], planted.bug)
	}
}

func killAllNowAndThen(c *chaos) {
	for at := 5 * time.Second; at < 30*time.Second; at += 7 * time.Second {
		c.world.At(history.Time(at), func() {
			for _, name := range c.cluster.Nodes {
				c.world.Kill(name)
			}
		})
		c.world.At(history.Time(at+time.Second), func() {
			for _, name := range c.cluster.Nodes {
				c.world.Restart(name)
			}
		})
	}
}

func isolateLeaderNowAndThen(c *chaos) {
	for at := 5 * time.Second; at < 30*time.Second; at += 8 * time.Second {
		leader := ""
		c.world.At(history.Time(at), func() {
			if leader = c.world.Leader(); leader != "" {
				c.isolate(c.world.Cut, leader)
			}
		})
		c.world.At(history.Time(at+4*time.Second), func() {
			if leader != "" {
				c.isolate(c.world.Mend, leader)
			}
		})
	}
}

func flapping(c *chaos) {
	for at := 5 * time.Second; at < 30*time.Second; at += 1500 * time.Millisecond {
		leader := ""
		other := c.cluster.Nodes[c.random.Below(int64(len(c.cluster.Nodes)))]
		c.world.At(history.Time(at), func() {
			if leader = c.world.Leader(); leader != "" {
				c.world.Cut(leader, other)
			}
		})
		c.world.At(history.Time(at+700*time.Millisecond), func() {
			if leader != "" {
				c.world.Mend(leader, other)
			}
		})
	}
}
