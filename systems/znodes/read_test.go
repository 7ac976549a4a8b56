package znodes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

func (d *desk) read(op zkwire.Op, path string) zkwire.Reply {
	return d.Read(&zkwire.Request{Op: op, Path: path}, d.ids, d.session)
}

func TestReads(t *testing.T) {
	d := newDesk(Options{})
	d.create("/n", 0)
	d.create("/n/b", 0)
	d.create("/n/a", 0)
	d.create("/n/a/x", 0)
	stat := d.stat("/n")
	require.Equal(t, zkwire.Reply{Data: []byte("/n"), Stat: stat}, d.read(zkwire.OpGetData, "/n"))
	require.Equal(t, zkwire.Reply{Names: []string{"a", "b"}}, d.read(zkwire.OpGetChildren, "/n"))
	require.Equal(t, zkwire.Reply{Names: []string{"a", "b"}, Stat: stat}, d.read(zkwire.OpGetChildren2, "/n"))
	require.Equal(t, zkwire.Reply{Names: []string{}}, d.read(zkwire.OpGetChildren, "/n/b"))
	require.Equal(t, zkwire.Reply{Number: 3}, d.read(zkwire.OpGetAllChildrenNumber, "/n"))
	require.Equal(t, zkwire.Reply{Number: 7}, d.read(zkwire.OpGetAllChildrenNumber, "/"))
	require.Equal(t, zkwire.Reply{Number: 8}, d.read(zkwire.OpGetAllChildrenNumber, ""))
	require.Equal(t, zkwire.Reply{ACL: open, Stat: stat}, d.read(zkwire.OpGetACL, "/n"))
	require.Equal(t, d.stat("/"), d.stat(""), "the empty path is the root's other name")
	for _, op := range []zkwire.Op{zkwire.OpExists, zkwire.OpGetData, zkwire.OpGetChildren, zkwire.OpGetChildren2,
		zkwire.OpGetAllChildrenNumber, zkwire.OpGetACL} {
		for _, path := range []string{"/none", "/n/", "n", "//"} {
			require.Equal(t, zkwire.Reply{Code: zkwire.NoNode}, d.read(op, path), "%d %s", op, path)
		}
	}
	require.Equal(t, zkwire.BadArguments, d.read(zkwire.OpExists, "/\x00").Code)
	require.Equal(t, zkwire.NoNode, d.read(zkwire.OpGetData, "/\x00").Code)
	require.Equal(t, zkwire.Unimplemented, d.read(zkwire.OpSync, "/").Code)
}

func TestNullAndEmptyData(t *testing.T) {
	d := newDesk(Options{})
	q := createOf("/null", 0, open)
	q.Data = nil
	d.must(q)
	q.Path, q.Data = "/empty", []byte{}
	d.must(q)
	require.Nil(t, d.read(zkwire.OpGetData, "/null").Data)
	require.Equal(t, []byte{}, d.read(zkwire.OpGetData, "/empty").Data)
}

func TestReadPermissions(t *testing.T) {
	d := newDesk(Options{})
	d.must(createOf("/none", 0, only(alice)))
	d.must(createOf("/admin", 0, []zkwire.ACL{{Perms: zkwire.PermAdmin, Identity: anyone}, {Perms: zkwire.PermAll, Identity: alice}}))
	shared := []zkwire.ACL{{Perms: zkwire.PermRead, Identity: anyone}, {Perms: zkwire.PermAll, Identity: alice}}
	d.must(createOf("/read", 0, shared))
	for _, op := range []zkwire.Op{zkwire.OpGetData, zkwire.OpGetChildren, zkwire.OpGetChildren2, zkwire.OpGetAllChildrenNumber} {
		require.Equal(t, zkwire.NoAuth, d.read(op, "/none").Code, op)
		require.Equal(t, zkwire.NoAuth, d.read(op, "/admin").Code, op)
		require.Equal(t, zkwire.OK, d.read(op, "/read").Code, op)
	}
	require.Equal(t, zkwire.OK, d.read(zkwire.OpExists, "/none").Code)
	require.Equal(t, zkwire.NoAuth, d.read(zkwire.OpGetACL, "/none").Code)
	require.Equal(t, d.ACL("/admin"), d.read(zkwire.OpGetACL, "/admin").ACL, "who administers sees the hash")
	require.Equal(t, []zkwire.ACL{shared[0], entry(zkwire.PermAll, "digest", "alice:x")}, d.read(zkwire.OpGetACL, "/read").ACL)
	require.Equal(t, shared, d.ACL("/read"), "the node's own is as it was")
	d.ids = []zkwire.Identity{alice}
	require.Equal(t, shared, d.read(zkwire.OpGetACL, "/read").ACL)
	require.Equal(t, zkwire.OK, d.read(zkwire.OpGetData, "/none").Code)
}

func TestGetEphemerals(t *testing.T) {
	d := newDesk(Options{})
	d.create("/a", 0)
	for _, path := range []string{"/a/y", "/ab", "/a/x"} {
		d.create(path, zkwire.FlagEphemeral)
	}
	all := []string{"/a/x", "/a/y", "/ab"}
	for prefix, names := range map[string][]string{"": all, "/": all, " /\t": all, "/a": all, "/a/": {"/a/x", "/a/y"}, "/c": {}} {
		require.Equal(t, zkwire.Reply{Names: names}, d.read(zkwire.OpGetEphemerals, prefix), prefix)
	}
	d.session = d.open()
	require.Equal(t, zkwire.Reply{Names: []string{}}, d.read(zkwire.OpGetEphemerals, "/"))
}

func TestMultiRead(t *testing.T) {
	d := newDesk(Options{})
	d.create("/a", 0)
	d.create("/a/b", 0)
	d.must(createOf("/c", 0, only(alice)))
	reads := func(operations ...zkwire.Request) zkwire.Reply {
		return d.Read(&zkwire.Request{Op: zkwire.OpMultiRead, Operations: operations}, nil, 0)
	}
	get := zkwire.Request{Op: zkwire.OpGetData, Path: "/a"}
	none := zkwire.Request{Op: zkwire.OpGetData, Path: "/none"}
	shut := zkwire.Request{Op: zkwire.OpGetChildren, Path: "/c"}
	list := zkwire.Request{Op: zkwire.OpGetChildren, Path: "/a"}
	require.Equal(t, []zkwire.Result{
		{Op: zkwire.OpGetData, Data: []byte("/a"), Stat: d.stat("/a")},
		{Op: zkwire.OpError, Code: zkwire.NoNode},
		{Op: zkwire.OpError, Code: zkwire.NoAuth},
		{Op: zkwire.OpGetChildren, Names: []string{"b"}}}, reads(get, none, shut, list).Results)
	require.Equal(t, zkwire.Reply{}, reads())
	require.Equal(t, zkwire.MarshallingError, reads(get, deleteOf("/a", -1)).Code)
}
