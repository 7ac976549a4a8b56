package znodes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

// refusal is a request and the code it must get.
type refusal struct {
	name string
	q    zkwire.Request
	code zkwire.Code
}

// closed is a state with "/shut" that its client may not touch, with children.
func closed() *desk {
	d := newDesk(Options{})
	d.create("/shut", 0)
	d.create("/shut/child", 0)
	d.create("/shut/child/grandchild", 0)
	d.create("/e", zkwire.FlagEphemeral)
	d.create("/n", 0)
	d.create("/n/child", 0)
	d.must(setACLOf("/shut/child", only(alice), -1))
	d.must(setACLOf("/shut", only(alice), -1))
	return d
}

// Every row has the fault it names, and the faults of the rows below it as far as they go together:
// the first in ZooKeeper's order must win.
func refusals() []refusal {
	bad := []zkwire.ACL{entry(1, "nobody", "")}
	return []refusal{
		{"create: flags", createOf("", 7, bad), zkwire.BadArguments},
		{"create: negative flags", createOf("", -1, bad), zkwire.BadArguments},
		{"create: no TTL nodes", createOf("", zkwire.FlagTTL, bad), zkwire.Unimplemented},
		{"create: no sequential TTL nodes", createOf("", zkwire.FlagPersistentSequentTTL, bad), zkwire.Unimplemented},
		{"create: TTL and other flags", zkwire.Request{Op: zkwire.OpCreateTTL, Path: "/q", ACL: bad, TTL: 5}, zkwire.BadArguments},
		{"create: no slash", createOf("q", 0, bad), zkwire.BadArguments},
		{"create: empty path", createOf("", 0, bad), zkwire.BadArguments},
		{"create: NUL", createOf("/none/\x00", 0, bad), zkwire.BadArguments},
		{"create: null ACL", createOf("/none/..", 0, nil), zkwire.InvalidACL},
		{"create: ACL", createOf("/none/..", 0, bad), zkwire.InvalidACL},
		{"create: no parent", createOf("/none/..", 0, open), zkwire.NoNode},
		{"create: no parent by an empty part", createOf("/n//x", 0, open), zkwire.NoNode},
		{"create: relative path without parent", createOf("n/x", 0, open), zkwire.NoNode},
		{"create: may not", createOf("/shut/..", 0, open), zkwire.NoAuth},
		{"create: bad name", createOf("/e/..", 0, open), zkwire.BadArguments},
		{"create: trailing slash", createOf("/n/", 0, open), zkwire.BadArguments},
		{"create: two slashes", createOf("//", 0, open), zkwire.BadArguments},
		{"create: there", createOf("/n/child", 0, open), zkwire.NodeExists},
		{"create: root", createOf("/", 0, open), zkwire.NodeExists},
		{"create: below ephemeral", createOf("/e/x", 0, open), zkwire.NoChildrenForEphemerals},
		{"create: sequential below ephemeral", createOf("/e/", zkwire.FlagEphemeralSequential, open), zkwire.NoChildrenForEphemerals},

		{"delete: root", deleteOf("/", 9), zkwire.BadArguments},
		{"delete: /zookeeper", deleteOf("/zookeeper", 9), zkwire.BadArguments},
		{"delete: /zookeeper/quota", deleteOf("/zookeeper/quota", 9), zkwire.BadArguments},
		{"delete: /zookeeper/config", deleteOf("/zookeeper/config", 9), zkwire.BadArguments},
		{"delete: no slash", deleteOf("none", 9), zkwire.BadArguments},
		{"delete: empty path", deleteOf("", 9), zkwire.BadArguments},
		{"delete: NUL", deleteOf("/none/\x00", 9), zkwire.BadArguments},
		{"delete: no parent", deleteOf("/none/x", 9), zkwire.NoNode},
		{"delete: may not, and is not there", deleteOf("/shut/none", 9), zkwire.NoAuth},
		{"delete: may not", deleteOf("/shut/child", 9), zkwire.NoAuth},
		{"delete: not there", deleteOf("/n/none", 9), zkwire.NoNode},
		{"delete: bad path is not there", deleteOf("/n/", 9), zkwire.NoNode},
		{"delete: version", deleteOf("/n", 9), zkwire.BadVersion},
		{"delete: children", deleteOf("/n", 0), zkwire.NotEmpty},

		{"setData: path", setOf("/none/", "", 9), zkwire.BadArguments},
		{"setData: empty path", setOf("", "", 9), zkwire.BadArguments},
		{"setData: not there", setOf("/none", "", 9), zkwire.NoNode},
		{"setData: may not", setOf("/shut", "", 9), zkwire.NoAuth},
		{"setData: version", setOf("/n", "", 9), zkwire.BadVersion},

		{"setACL: path", setACLOf("/none/", bad, 9), zkwire.BadArguments},
		{"setACL: ACL", setACLOf("/none", bad, 9), zkwire.InvalidACL},
		{"setACL: empty", setACLOf("/none", nil, 9), zkwire.InvalidACL},
		{"setACL: not there", setACLOf("/none", open, 9), zkwire.NoNode},
		{"setACL: may not", setACLOf("/shut", open, 9), zkwire.NoAuth},
		{"setACL: version", setACLOf("/n", open, 9), zkwire.BadVersion},
	}
}

func TestOrderOfChecks(t *testing.T) {
	for _, row := range refusals() {
		d := closed()
		before := d.bare()
		r := d.do(row.q)
		require.Equal(t, row.code, r.Reply.Code, row.name)
		require.Equal(t, zkwire.Stat{}, r.Reply.Stat, row.name)
		require.Empty(t, r.Reply.Path, row.name)
		require.Empty(t, r.Changes, row.name)
		require.Equal(t, d.Zxid(), r.Reply.Zxid, "a refused write takes a number too")
		require.Equal(t, before, d.bare(), row.name)
	}
}

// bare is the state as bytes, as if no entry had been applied.
func (d *desk) bare() []byte {
	zxid := d.State.zxid
	d.State.zxid = 0
	encoded := d.Encode()
	d.State.zxid = zxid
	return encoded
}

// The same refusals inside a multi, where the reply's own code is OK.
func TestOrderOfChecksInMulti(t *testing.T) {
	rows := append(refusals(),
		refusal{"check: path", checkOf("/none/", 9), zkwire.BadArguments},
		refusal{"check: not there", checkOf("/none", 9), zkwire.NoNode},
		refusal{"check: may not", checkOf("/shut", 9), zkwire.NoAuth},
		refusal{"check: version", checkOf("/n", 9), zkwire.BadVersion})
	for _, row := range rows {
		d := closed()
		before := d.bare()
		switch {
		case row.q.Op == zkwire.OpCreateTTL: // another operation there
		case row.q.Op == zkwire.OpSetACL, row.q.Flags == zkwire.FlagTTL, row.q.Flags == zkwire.FlagPersistentSequentTTL:
			require.Equal(t, zkwire.MarshallingError, d.code(multiOf(setOf("/e", "1", 0), row.q)), row.name)
		default:
			r := d.do(multiOf(setOf("/e", "1", 0), row.q, checkOf("/e", 1)))
			require.Equal(t, zkwire.OK, r.Reply.Code, row.name)
			require.Equal(t, []zkwire.Result{{Op: zkwire.OpError}, {Op: zkwire.OpError, Code: row.code},
				{Op: zkwire.OpError, Code: zkwire.RuntimeInconsistency}}, r.Reply.Results, row.name)
			require.Empty(t, r.Changes)
		}
		require.Equal(t, before, d.bare(), row.name)
	}
}

// With the types of 3.5 and later switched on.
func TestTimesToLive(t *testing.T) {
	d := newDesk(Options{ExtendedTypes: true})
	for _, ttl := range []int64{-1, 0, 1 << 40} {
		require.Equal(t, zkwire.BadArguments, d.code(ttlOf("/t", ttl)), ttl)
	}
	require.Equal(t, zkwire.OK, d.code(ttlOf("/t", 1)))
	require.Equal(t, zkwire.OK, d.code(ttlOf("/long", 1<<40-1)))
	require.Equal(t, zkwire.BadArguments, d.code(createOf("/x", zkwire.FlagTTL, open)), "no time given")
	require.Equal(t, zkwire.BadArguments, d.code(zkwire.Request{Op: zkwire.OpCreateContainer, Path: "/x", ACL: open, Flags: zkwire.FlagTTL}))
	require.Equal(t, zkwire.BadArguments, d.code(zkwire.Request{Op: zkwire.OpCreateTTL, Path: "/x", ACL: open, Flags: zkwire.FlagEphemeral, TTL: -1}))
	sequential := ttlOf("/t", 5)
	sequential.Flags = zkwire.FlagPersistentSequentTTL
	require.Equal(t, "/t0000000002", d.must(sequential).Reply.Path)
	require.Equal(t, zkwire.OK, d.code(createOf("/t/child", 0, open)), "such nodes may have children")
	require.Zero(t, d.stat("/t").EphemeralOwner)
}

// What a node is follows from the operation alone, but for ephemeral and sequential.
func TestKinds(t *testing.T) {
	rows := []struct {
		op    zkwire.Op
		flags int32
		kind  kind
		path  string
	}{
		{zkwire.OpCreate, zkwire.FlagPersistent, persistent, "/x"},
		{zkwire.OpCreate2, zkwire.FlagEphemeral, ephemeral, "/x"},
		{zkwire.OpCreate, zkwire.FlagSequential, persistent, "/x0000000000"},
		{zkwire.OpCreate2, zkwire.FlagEphemeralSequential, ephemeral, "/x0000000000"},
		{zkwire.OpCreate, zkwire.FlagContainer, persistent, "/x"},
		{zkwire.OpCreateContainer, zkwire.FlagContainer, container, "/x"},
		{zkwire.OpCreateContainer, zkwire.FlagPersistent, container, "/x"},
		{zkwire.OpCreateContainer, zkwire.FlagEphemeralSequential, container, "/x0000000000"},
	}
	for _, row := range rows {
		d := newDesk(Options{})
		r := d.must(zkwire.Request{Op: row.op, Path: "/x", ACL: open, Flags: row.flags})
		require.Equal(t, row.path, r.Reply.Path)
		require.Equal(t, row.kind, d.nodes[row.path].kind, "%d %d", row.op, row.flags)
		require.Equal(t, row.kind == ephemeral, d.stat(row.path).EphemeralOwner == d.session)
		require.Equal(t, row.op != zkwire.OpCreate, r.Reply.Stat.Czxid != 0, "create tells no stat")
	}
}
