package znodes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

// All operations share a zxid and a time, and each sees what those before it did.
func TestMulti(t *testing.T) {
	d := newDesk(Options{ExtendedTypes: true})
	d.create("/a", 0)
	d.now = 5000
	plain := createOf("/b", 0, open)
	r := d.must(multiOf(plain, setOf("/b", "two", 0), checkOf("/b", 1), createOf("/b/n-", zkwire.FlagSequential, open),
		createOf("/e", zkwire.FlagEphemeral, open), containerOf("/c"), ttlOf("/t", 7), deleteOf("/a", 0)))
	zxid := d.Zxid()
	fresh := zkwire.Stat{Czxid: zxid, Mzxid: zxid, Pzxid: zxid, Ctime: 5000, Mtime: 5000}
	set := fresh
	set.Version, set.DataLength = 1, 3
	require.Equal(t, []zkwire.Result{
		{Op: zkwire.OpCreate, Path: "/b"}, {Op: zkwire.OpSetData, Stat: set}, {Op: zkwire.OpCheck},
		{Op: zkwire.OpCreate, Path: "/b/n-0000000000"}, {Op: zkwire.OpCreate, Path: "/e"},
		{Op: zkwire.OpCreate2, Path: "/c", Stat: fresh}, {Op: zkwire.OpCreate2, Path: "/t", Stat: fresh},
		{Op: zkwire.OpDelete}}, r.Reply.Results)
	require.Equal(t, []string{"/b", "/b", "/b/n-0000000000", "/e", "/c", "/t", "/a"}, pathsOf(r.Changes))
	require.Equal(t, []string{"/e"}, d.OwnedBy(d.session))
	require.Equal(t, container, d.nodes["/c"].kind)
	require.Equal(t, fleeting, d.nodes["/t"].kind)
}

func TestEmptyMulti(t *testing.T) {
	d := newDesk(Options{})
	before := d.Zxid()
	require.Equal(t, zkwire.Reply{Zxid: before + 1}, d.do(multiOf()).Reply)
}

// In a multi the flags alone say which create it is.
func TestCreatesInMulti(t *testing.T) {
	create := func(op zkwire.Op, flags int32) zkwire.Request {
		return zkwire.Request{Op: op, Path: "/x", ACL: open, Flags: flags, TTL: 5}
	}
	rows := []struct {
		q    zkwire.Request
		kind kind
		op   zkwire.Op
	}{
		{create(zkwire.OpCreate, zkwire.FlagContainer), container, zkwire.OpCreate2},
		{create(zkwire.OpCreateContainer, zkwire.FlagPersistent), persistent, zkwire.OpCreate},
		{create(zkwire.OpCreateContainer, zkwire.FlagEphemeral), ephemeral, zkwire.OpCreate},
		{create(zkwire.OpCreate2, zkwire.FlagPersistent), persistent, zkwire.OpCreate},
		{create(zkwire.OpCreateTTL, zkwire.FlagEphemeral), ephemeral, zkwire.OpCreate},
		{create(zkwire.OpCreateTTL, zkwire.FlagContainer), container, zkwire.OpCreate2},
		{create(zkwire.OpCreateTTL, zkwire.FlagTTL), fleeting, zkwire.OpCreate2},
	}
	for _, row := range rows {
		d := newDesk(Options{ExtendedTypes: true})
		r := d.must(multiOf(row.q))
		require.Equal(t, row.op, r.Reply.Results[0].Op)
		require.Equal(t, row.kind, d.nodes["/x"].kind)
	}
	for _, q := range []zkwire.Request{create(zkwire.OpCreate, zkwire.FlagTTL), create(zkwire.OpCreateContainer, zkwire.FlagPersistentSequentTTL)} {
		d := newDesk(Options{ExtendedTypes: true})
		before := d.bare()
		require.Equal(t, zkwire.MarshallingError, d.code(multiOf(createOf("/y", 0, open), q)))
		require.Equal(t, before, d.bare())
		r := d.do(multiOf(checkOf("/none", 0), q))
		require.Equal(t, zkwire.OK, r.Reply.Code, "after a culprit nobody looks")
		require.Equal(t, zkwire.NoNode, r.Reply.Results[0].Code)
	}
}

// Undoing goes backwards: what is deleted and made again in one multi comes back as it was.
func TestRollback(t *testing.T) {
	d := newDesk(Options{})
	d.create("/a", 0)
	d.create("/e", zkwire.FlagEphemeral)
	d.must(containerOf("/c"))
	d.must(setACLOf("/a", readOnly, -1))
	before, lists := d.bare(), len(d.access.lists)
	r := d.do(multiOf(deleteOf("/a", -1), createOf("/a", zkwire.FlagEphemeral, only(bob)), deleteOf("/e", -1), deleteOf("/c", -1),
		createOf("/e", 0, open), createOf("/e/x", 0, open), setOf("/e/x", "longer than it was", -1), deleteOf("/e/x", -1), checkOf("/none", 0)))
	require.Equal(t, zkwire.NoNode, r.Reply.Results[8].Code)
	require.Equal(t, before, d.bare())
	require.Len(t, d.access.lists, lists)
	require.Equal(t, []string{"/e"}, d.OwnedBy(d.session))
	require.Empty(t, d.steps)
	again, err := Decode(d.Encode(), Options{})
	require.NoError(t, err)
	require.Equal(t, again.DataSize(), d.DataSize())
}
