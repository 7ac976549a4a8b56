package cpstore

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
)

// leaderNotes are the notes of elections won, in order.
func (b *bench) leaderNotes() (won []noted) {
	for _, n := range b.notes {
		if n.note.Kind == "leader" {
			won = append(won, n)
		}
	}
	return won
}

// home brings every client to its own node.
func (b *bench) home() {
	for i := range b.cluster.Nodes {
		b.ok(fmt.Sprintf("c%d", i+1), history.Home, "", history.Nothing)
	}
}

// other is a node that does not lead, and the client beside it.
func (b *bench) other() (node, client string) {
	for _, name := range b.cluster.Nodes {
		if name != b.world.Leader() {
			return name, "c" + name[1:]
		}
	}
	return "", ""
}

func TestIsolatedLeaderIsReplaced(t *testing.T) {
	for _, size := range []int{3, 5} {
		for seed := range uint64(20) {
			b := newBench(t, seed, size, Options{}, "")
			b.pass(5 * time.Second)
			old, before, since := b.world.Leader(), len(b.leaderNotes()), b.world.Now()
			b.isolate(b.world.Cut, old)
			b.pass(3 * time.Second)
			won := b.leaderNotes()[before:]
			require.NotEmpty(t, won, "seed %d", seed)
			after := (won[0].at - since).Duration()
			require.Greater(t, after, 890*time.Millisecond, "seed %d: base less a heartbeat", seed)
			require.Less(t, after, 2500*time.Millisecond, "seed %d", seed)
			require.NotEqual(t, old, b.world.Leader())
			_, client := b.other()
			b.isolate(b.world.Mend, old)
			b.pass(5 * time.Second)
			b.ok(client, history.Write, "x", history.Integer(1))
			require.Equal(t, history.Integer(1), b.ok("c"+old[1:], history.QuorumRead, "x", history.Nothing).Value)
		}
	}
}

// A minority closes its clients' connections once it has heard no leader for the sync limit, and
// until then answers reads.
func TestMinorityStopsServing(t *testing.T) {
	b := newBench(t, 3, 3, Options{}, "")
	b.pass(5 * time.Second)
	b.home()
	node, client := b.other()
	b.isolate(b.world.Cut, node)
	b.pass(time.Second)
	b.ok(client, history.Read, "x", history.Nothing)
	b.pass(2 * time.Second)
	got := b.ask(client, history.Read, "x", history.Nothing)
	require.Equal(t, history.Fail, got.Outcome)
	require.Equal(t, "notConnected", got.Error)
	got = b.ask(client, history.Write, "x", history.Integer(1))
	require.Equal(t, history.Fail, got.Outcome, "it was certainly never sent")
	b.isolate(b.world.Mend, node)
	b.pass(5 * time.Second)
	b.ok(client, history.Write, "x", history.Integer(2))
}

// A write that the isolated leader took is unknown, and a sync there proves nothing (ZooKeeper's) or
// fails (the quorum's).
func TestIsolatedLeadersAnswers(t *testing.T) {
	b := newBench(t, 4, 3, Options{}, "")
	b.pass(5 * time.Second)
	b.home()
	leader := b.world.Leader()
	client := "c" + leader[1:]
	b.ok(client, history.Write, "x", history.Integer(1))
	b.isolate(b.world.Cut, leader)
	got := b.ok(client, history.SyncRead, "x", history.Nothing)
	require.Equal(t, history.Integer(1), got.Value)
	got = b.ask(client, history.QuorumRead, "x", history.Nothing)
	require.Equal(t, history.Fail, got.Outcome)
	b.isolate(b.world.Mend, leader)
	b.pass(5 * time.Second)
	b.home()
	b.isolate(b.world.Cut, b.world.Leader())
	got = b.ask("c"+b.world.Leader()[1:], history.Write, "x", history.Integer(2))
	require.Equal(t, history.Info, got.Outcome)
}

func TestKilledNodeReturns(t *testing.T) {
	for seed := range uint64(10) {
		b := newBench(t, seed, 3, Options{}, "")
		b.pass(5 * time.Second)
		b.home()
		node, client := b.other()
		b.ok(client, history.Write, "x", history.Integer(1))
		b.world.Kill(node)
		b.pass(2 * time.Second)
		b.ok("c"+b.world.Leader()[1:], history.Write, "x", history.Integer(2))
		b.world.Restart(node)
		b.pass(3 * time.Second)
		b.ok(client, history.Home, "", history.Nothing)
		got := b.ok(client, history.SyncRead, "x", history.Nothing)
		require.Equal(t, history.Integer(2), got.Value)
		require.Equal(t, node, got.Node)
	}
}

// A node that was away for longer than the log reaches back gets a snapshot, also across restarts.
func TestSnapshotsBringNodesUpToDate(t *testing.T) {
	for seed := range uint64(5) {
		b := newBench(t, seed, 3, Options{SnapshotEvery: 20}, "")
		b.pass(5 * time.Second)
		b.home()
		node, client := b.other()
		writer := "c" + b.world.Leader()[1:]
		b.world.Kill(node)
		for i := range int64(100) {
			b.ok(writer, history.Write, fmt.Sprintf("k%d", i%7), history.Integer(i))
		}
		b.world.Restart(node)
		b.pass(3 * time.Second)
		b.ok(client, history.Home, "", history.Nothing)
		for i := range int64(7) {
			want := b.ok(writer, history.QuorumRead, fmt.Sprintf("k%d", i), history.Nothing)
			got := b.ok(client, history.SyncRead, fmt.Sprintf("k%d", i), history.Nothing)
			require.Equal(t, want.Value, got.Value)
		}
		b.killAll()
		require.Equal(t, history.Integer(99), b.ok(client, history.QuorumRead, "k1", history.Nothing).Value)
	}
}

// killAll crashes all nodes at once and brings them back.
func (b *bench) killAll() {
	for _, name := range b.cluster.Nodes {
		b.world.Kill(name)
	}
	b.pass(500 * time.Millisecond)
	for _, name := range b.cluster.Nodes {
		b.world.Restart(name)
	}
	b.pass(6 * time.Second)
}

// What was acknowledged survives a crash of all nodes at any moment.
func TestKillAllLosesNothing(t *testing.T) {
	for seed := range uint64(20) {
		b := newBench(t, seed, 3, Options{SnapshotEvery: 10}, "")
		b.pass(5 * time.Second)
		random := rng.New(seed)
		for round := range int64(5) {
			acknowledged := int64(-1)
			for i := range int64(20) {
				number := round*100 + i
				b.world.Invoke("c1", history.Request{Function: history.Write, Key: "x", Value: history.Integer(number)}, func(c history.Completion) {
					if c.Outcome == history.Ok {
						acknowledged = number
					}
				})
				if i == 19 {
					b.pass(time.Duration(random.Below(int64(4 * time.Millisecond))))
				} else {
					b.pass(20 * time.Millisecond)
				}
			}
			b.killAll()
			got, _ := b.ok("c2", history.QuorumRead, "x", history.Nothing).Value.AsInteger()
			require.GreaterOrEqual(t, got, acknowledged, "seed %d round %d", seed, round)
			require.LessOrEqual(t, got, round*100+19)
		}
	}
}

// A dead client's instance is listed until its session expires: never sooner than the timeout after
// the last sign of life, nor later than a report and a look at the clocks after it.
func TestDeadClientExpires(t *testing.T) {
	for seed := range uint64(10) {
		b := newBench(t, seed, 3, Options{}, "")
		b.pass(5 * time.Second)
		b.home()
		b.ok("c2", history.Register, "web/c2#1", history.Nothing)
		b.ok("c3", history.Register, "web/c3#1", history.Nothing)
		got := b.ok("c3", history.Lookup, "web", history.Nothing)
		require.Equal(t, history.Texts([]string{"web/c2#1", "web/c3#1"}), got.Value)
		b.ok("c2", history.Read, "x", history.Nothing) // the last sign of life
		died := b.world.Now()
		b.ok("c2", history.Die, "web/c2#1", history.Nothing)
		options := DefaultOptions()
		b.pass(options.SessionTimeout - 10*time.Millisecond)
		got = b.ok("c3", history.Lookup, "web", history.Nothing)
		require.Equal(t, history.Texts([]string{"web/c2#1", "web/c3#1"}), got.Value, "seed %d: %v", seed, b.world.Now()-died)
		b.pass(10*time.Millisecond + 2*options.Tick + 20*time.Millisecond)
		got = b.ok("c3", history.SyncRead, "none", history.Nothing)
		got = b.ok("c3", history.Lookup, "web", history.Nothing)
		require.Equal(t, history.Texts([]string{"web/c3#1"}), got.Value, "seed %d", seed)
		got = b.ok("c2", history.Lookup, "web", history.Nothing)
		require.Equal(t, history.Texts([]string{"web/c3#1"}), got.Value, "the dead client lives again, without its instance")
	}
}

// A client whose session expired while it was cut off registers again by itself; one that was told
// to deregister does not.
func TestClientRegistersAgain(t *testing.T) {
	b := newBench(t, 6, 3, Options{}, "")
	b.pass(5 * time.Second)
	b.home()
	node, client := b.other()
	watcher := "c" + b.world.Leader()[1:]
	b.ok(client, history.Register, "web/a#1", history.Nothing)
	b.ok(client, history.Register, "web/b#1", history.Nothing)
	b.isolate(b.world.Cut, node)
	b.pass(8 * time.Second)
	require.Equal(t, history.Texts([]string{}), b.ok(watcher, history.Lookup, "web", history.Nothing).Value)
	got := b.ask(client, history.Deregister, "web/b#1", history.Nothing)
	require.Equal(t, history.Info, got.Outcome, "the client goes on trying")
	b.isolate(b.world.Mend, node)
	b.pass(10 * time.Second)
	require.Equal(t, history.Texts([]string{"web/a#1"}), b.ok(watcher, history.Lookup, "web", history.Nothing).Value)
	b.ok(client, history.Deregister, "web/a#1", history.Nothing)
	b.ok(client, history.Deregister, "web/a#1", history.Nothing)
	require.Equal(t, history.Texts([]string{}), b.ok(client, history.Lookup, "web", history.Nothing).Value)
}

func TestCompareAndSet(t *testing.T) {
	b := newBench(t, 7, 3, Options{}, "")
	b.pass(5 * time.Second)
	swap := func(client string, from, to int64) history.Completion {
		return b.ask(client, history.CAS, "x", history.List(history.Integer(from), history.Integer(to)))
	}
	require.Equal(t, "value differs", swap("c1", 0, 1).Error)
	b.ok("c1", history.Write, "x", history.Integer(1))
	require.Equal(t, history.Ok, swap("c1", 1, 2).Outcome)
	b.ok("c2", history.SyncRead, "x", history.Nothing)
	require.Equal(t, "value differs", swap("c2", 1, 3).Error)
	// Two at once: the version lets one through.
	var outcomes []history.Completion
	for i, client := range []string{"c1", "c2"} {
		argument := history.List(history.Integer(2), history.Integer(int64(10+i)))
		b.world.Invoke(client, history.Request{Function: history.CAS, Key: "x", Value: argument},
			func(c history.Completion) { outcomes = append(outcomes, c) })
	}
	b.pass(time.Second)
	require.Len(t, outcomes, 2)
	ok := 0
	for _, c := range outcomes {
		if c.Outcome == history.Ok {
			ok++
		} else {
			require.Equal(t, history.Fail, c.Outcome)
			require.Equal(t, "badVersion", c.Error)
		}
	}
	require.Equal(t, 1, ok)
}

func TestUnsupported(t *testing.T) {
	b := newBench(t, 8, 1, Options{}, "")
	b.pass(5 * time.Second)
	got := b.ask("c1", "append", "x", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Fail, Error: "unsupported"}, got)
	b.ok("c1", history.Write, "x", history.Integer(1)) // and a cluster of one works
	require.Equal(t, history.Integer(1), b.ok("c1", history.QuorumRead, "x", history.Nothing).Value)
}
