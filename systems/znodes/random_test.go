package znodes

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

// player makes random requests over few paths, so that they meet.
type player struct{ *rand.Rand }

func newPlayer(seed uint64) player { return player{rand.New(rand.NewPCG(seed, 7))} }

func (p player) path() string {
	path := ""
	for range 1 + p.IntN(3) {
		path += "/" + string(rune('a'+p.IntN(4)))
	}
	return path
}

func (p player) version() int32 { return int32(p.IntN(4)) - 1 }

func (p player) acl() []zkwire.ACL {
	switch p.IntN(12) {
	case 0:
		return readOnly
	case 1:
		return []zkwire.ACL{entry(zkwire.PermAll&^zkwire.PermWrite, "world", "anyone"), {Perms: zkwire.PermAll, Identity: alice}}
	}
	return open
}

// operation is one that may be in a multi.
func (p player) operation() zkwire.Request {
	path := p.path()
	switch p.IntN(9) {
	case 0, 1:
		return deleteOf(path, p.version())
	case 2, 3:
		return setOf(path, strconv.Itoa(p.IntN(1000)), p.version())
	case 4:
		return checkOf(path, p.version())
	case 5:
		return zkwire.Request{Op: zkwire.OpCreateContainer, Path: path, Data: []byte("c"), ACL: p.acl(), Flags: zkwire.FlagContainer}
	}
	return zkwire.Request{Op: zkwire.OpCreate, Path: path, Data: []byte("data"), ACL: p.acl(), Flags: int32(p.IntN(4))}
}

// easy is an operation that seldom fails, so that some multis get far.
func (p player) easy(d *desk) zkwire.Request {
	existing := []string{"/"}
	for path := range d.nodes {
		if len(path) < 12 && path[1:] != "" {
			existing = append(existing, path)
		}
	}
	slices.Sort(existing)
	path := existing[p.IntN(len(existing))]
	switch p.IntN(3) {
	case 0:
		return setOf(path, "easy", -1)
	case 1:
		return deleteOf(path, -1)
	}
	if path == "/" {
		path = ""
	}
	return zkwire.Request{Op: zkwire.OpCreate, Path: path + "/" + string(rune('a'+p.IntN(4))), ACL: p.acl(), Flags: int32(p.IntN(4))}
}

func (p player) multi(d *desk) []zkwire.Request {
	var operations []zkwire.Request
	for range p.IntN(7) {
		if p.IntN(4) == 0 {
			operations = append(operations, p.operation())
		} else {
			operations = append(operations, p.easy(d))
		}
	}
	return operations
}

// game plays a state and the model at once, with two sessions.
type game struct {
	*testing.T
	player
	*desk
	model   *model
	succeed int // multis that did
	failed  int // and those that did not, after at least one operation had
}

// TestAgainstModel plays random requests, and compares every reply and every node.
func TestAgainstModel(t *testing.T) {
	succeeded, failed := 0, 0
	for seed := range uint64(16) {
		d := newDesk(Options{})
		g := &game{T: t, player: newPlayer(seed), desk: d, model: newModel(d.Zxid())}
		for range 400 {
			g.step()
		}
		succeeded, failed = succeeded+g.succeed, failed+g.failed
	}
	require.Greater(t, succeeded, 100)
	require.Greater(t, failed, 100)
}

func (g *game) step() {
	g.model.zxid++
	g.desk.now++
	switch g.IntN(20) {
	case 0:
		g.model.end(g.session)
		require.Equal(g, zkwire.OK, g.desk.apply(Command{Kind: CommandExpire, Expired: []int64{g.session}}).Reply.Code)
		g.model.zxid++
		g.session = g.desk.open()
	case 1, 2, 3, 4:
		g.multi()
	case 5:
		require.Equal(g, g.model.due(), g.due())
		for _, path := range g.due() {
			g.model.remove(path)
			require.Equal(g, zkwire.OK, g.clean(path).Reply.Code)
			g.model.zxid++
		}
		g.model.zxid--
	default:
		q := g.operation()
		if q.Op == zkwire.OpCheck {
			q = setACLOf(q.Path, g.acl(), g.version())
		}
		want := g.model.apply(&q, g.session, g.desk.now)
		got := g.do(q).Reply
		require.Equal(g, zkwire.Reply{Zxid: g.model.zxid, Code: want.Code, Path: want.Path, Stat: want.Stat}, got, "%+v", q)
	}
	if g.IntN(6) == 0 {
		g.compare()
	}
}

func (g *game) multi() {
	operations := g.player.multi(g.desk)
	before := g.bare()
	want := g.model.multi(operations, g.session, g.desk.now)
	got := g.do(multiOf(operations...))
	require.Equal(g, zkwire.Reply{Zxid: g.model.zxid, Results: want}, got.Reply)
	switch {
	case len(want) == 0:
	case want[0].Op != zkwire.OpError:
		g.succeed++
	default:
		require.Equal(g, before, g.bare(), "a multi that failed left something")
		require.Empty(g, got.Changes)
		if want[0].Code == zkwire.OK {
			g.failed++
		}
	}
}

// compare looks at every node of both.
func (g *game) compare() {
	require.Equal(g, g.model.zxid, g.Zxid())
	require.Equal(g, len(g.model.nodes)+1, g.Nodes())
	size, ephemerals, owned := int64(0), 0, 0
	for path, node := range g.model.nodes {
		require.True(g, g.there(path), path)
		require.Equal(g, g.model.stat(path), g.desk.stat(path), path)
		require.Equal(g, node.data, string(g.nodes[path].data), path)
		require.Equal(g, node.acl, g.ACL(path), path)
		require.Equal(g, g.model.children(path), g.nodes[path].names(), path)
		size += int64(len(path) + len(node.data))
		if node.kind == ephemeral {
			ephemerals++
			require.Contains(g, g.OwnedBy(node.stat.EphemeralOwner), path)
		}
	}
	for _, session := range g.Sessions() {
		owned += len(g.OwnedBy(session.ID))
	}
	require.Equal(g, size, g.DataSize())
	require.Equal(g, ephemerals, g.Ephemerals())
	require.Equal(g, ephemerals, owned)
	require.Equal(g, g.model.due(), g.due())
	for _, path := range []string{"/", "/a", "/b"} {
		if g.there(path) {
			require.Equal(g, g.model.below(path), g.descendants(g.nodes[path]))
		}
	}
}
