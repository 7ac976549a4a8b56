package cpstore

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/history"
	"cleave/internal/octets"
)

// said gives the last that a node noted of the members.
func (b *bench) said(node string) (text string) {
	for _, n := range b.notes {
		if n.note.Node == node && n.note.Kind == "members" {
			_, text, _ = cutTo(n.note.Detail)
		}
	}
	return text
}

func cutTo(detail string) (since, members string, found bool) {
	for i := range detail {
		if detail[i] == ':' {
			return detail[:i], detail[i+2:], true
		}
	}
	return "", "", false
}

func (b *bench) others(node string) []string {
	return slices.DeleteFunc(slices.Clone(b.cluster.Nodes), func(other string) bool { return other == node })
}

// A member leaves and comes back: the others go on, its clients are served elsewhere, and it has missed nothing.
func TestAMemberLeavesAndComesBack(t *testing.T) {
	for _, leads := range []bool{false, true} {
		b := newBench(t, 3, 5, Options{}, "")
		b.pass(4 * time.Second)
		leader := b.world.Leader()
		node := leader
		if !leads {
			node = b.others(leader)[0]
		}
		client := "c" + node[1:]
		b.ok(client, history.Write, "x", history.Integer(1))
		b.world.Expel(node)
		b.pass(5 * time.Second)
		require.NotEqual(t, node, b.world.Leader())
		for range 200 {
			got := b.ask(client, history.Write, "x", history.Integer(2))
			require.Equal(t, history.Ok, got.Outcome, got.Error)
			require.NotEqual(t, node, got.Node, "who is no member serves nobody")
		}
		for _, other := range b.others(node) {
			require.Len(t, b.said(other), len("n1 n2 n3 n4"), "%s says %s", other, b.said(other))
		}
		b.world.Admit(node)
		b.pass(3 * time.Second)
		for _, each := range b.cluster.Nodes {
			require.Equal(t, "n1 n2 n3 n4 n5", b.said(each), each)
		}
	}
}

// Nodes say that members are to change: who leads until it is done, who is out all the time, who is new until it may vote.
func TestPhasesOfMembers(t *testing.T) {
	b := newBench(t, 3, 5, Options{}, "")
	b.pass(4 * time.Second)
	leader := b.world.Leader()
	node := b.others(leader)[0]
	require.Equal(t, []string{"leading", "following"}, []string{b.world.Phase(leader), b.world.Phase(node)})
	met := func(node string, wait time.Duration) (phases []string) {
		for end := b.world.Now() + history.Time(wait); b.world.Now() < end; b.pass(100 * time.Microsecond) {
			if phase := b.world.Phase(node); !slices.Contains(phases, phase) {
				phases = append(phases, phase)
			}
		}
		return phases
	}
	b.world.Expel(node)
	require.Equal(t, "leading, members to change", b.world.Phase(leader))
	require.Equal(t, []string{"no member"}, met(node, time.Second))
	require.Equal(t, "leading", b.world.Phase(leader))
	b.world.Admit(node)
	require.Contains(t, met(node, time.Second), "learning")
	require.Equal(t, "following", b.world.Phase(node))
}

// What cannot be agreed upon is, once a majority is there; a node that is killed meanwhile knows it when it starts.
func TestAChangeWaitsForAMajority(t *testing.T) {
	b := newBench(t, 4, 5, Options{}, "")
	b.pass(4 * time.Second)
	b.isolate(b.world.Cut, "n1", "n2")
	b.isolate(b.world.Cut, "n3")
	b.world.Expel("n5")
	b.pass(10 * time.Second)
	require.Empty(t, b.said("n4"))
	b.isolate(b.world.Mend, "n1", "n2")
	b.isolate(b.world.Mend, "n3")
	b.pass(10 * time.Second)
	for _, node := range b.cluster.Nodes[:4] {
		require.Equal(t, "n1 n2 n3 n4", b.said(node), node)
		b.world.Kill(node)
	}
	b.notes = nil
	for range 3 {
		b.pass(100 * time.Millisecond)
		for _, node := range b.cluster.Nodes[:4] {
			b.world.Restart(node)
		}
		b.pass(5 * time.Second)
		b.ok("c1", history.Write, "x", history.Integer(1))
		for _, node := range b.cluster.Nodes[:4] {
			require.Equal(t, "n1 n2 n3 n4", b.said(node), node)
			b.world.Kill(node)
		}
	}
}

// Another member with an empty disk takes a node's place, whoever led, and has everything; and again.
func TestAMemberIsReplaced(t *testing.T) {
	for _, before := range []int{0, 300} { // little to be sent, or a snapshot
		b := newBench(t, 5, 5, Options{}, "")
		b.pass(4 * time.Second)
		for i := range before {
			b.ok("c1", history.Write, "x", history.Integer(int64(i)))
		}
		for _, times := range []string{"1", "2"} {
			node := b.world.Leader()
			if times == "2" {
				node = "n" + b.said("n1")[slices.Index([]byte(b.said("n1")), '.')-1:][:1]
			}
			b.world.Kill(node)
			b.world.Renew(node)
			b.pass(5 * time.Second)
			b.world.Restart(node)
			b.pass(5 * time.Second)
			for _, each := range b.cluster.Nodes {
				require.Contains(t, b.said(each), node+"."+times, each)
				require.Len(t, b.said(each), len("n1 n2 n3 n4 n5.1"), "%s says %s", each, b.said(each))
			}
		}
		require.Equal(t, history.Ok, b.ask("c2", history.QuorumRead, "x", history.Nothing).Outcome)
	}
}

// Of a snapshot that does not speak of somebody who belongs, raft is told that it is not there yet.
func TestASnapshotOfBeforeIsNotSent(t *testing.T) {
	disk := newSlate()
	first := raftpb.ConfState{Voters: []uint64{1, 2, 3}}
	j, _ := openJournal(disk, first, 1, "")
	j.mend(0, func(err error) { require.NoError(t, err) })
	disk.settle()
	j.write([]raftpb.Entry{{Index: 2, Term: 1}, {Index: 3, Term: 1}})
	must(j.storage.Append([]raftpb.Entry{{Index: 2, Term: 1}, {Index: 3, Term: 1}}))
	j.save(position{2, 1}, []byte("state"), func(error) { j.covered(position{2, 1}, 0) })
	disk.settle()
	_, err := j.storage.Snapshot()
	require.NoError(t, err)
	require.False(t, j.due(3, 100, 0))

	j.members = raftpb.ConfState{Voters: []uint64{1, 2}, Learners: []uint64{259}}
	_, err = j.storage.Snapshot()
	require.Error(t, err)
	require.True(t, j.due(3, 100, 0))
	j.save(position{3, 1}, []byte("state"), func(error) { j.covered(position{3, 1}, 0) })
	disk.settle()
	snapshot, err := j.storage.Snapshot()
	require.NoError(t, err)
	require.Equal(t, j.members, snapshot.Metadata.ConfState)
	again, encoded := openJournal(disk, first, 1, "")
	require.Equal(t, "state", string(encoded))
	require.Equal(t, j.members, again.members)

	m := raftpb.Message{Type: raftpb.MsgSnap, To: 259, From: 1, Term: 1, Snapshot: &snapshot}
	r := reader{octets.Reader{Data: appendMessage(nil, &m)}}
	var read raftpb.Message
	r.message(&read)
	require.Equal(t, m, read)
	require.True(t, r.End())
}
