package cpstore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func at(zxid int64) moment { return moment{zxid: zxid, time: 1000 * zxid} }

func create(t *testing.T, tree *tree, path string, owner, zxid int64) {
	_, _, code := tree.create(path, []byte(path), owner, false, at(zxid))
	require.Equal(t, CodeOK, code, path)
}

// Each rule as a pair: what is taken, and the nearest that is refused.

func TestCreate(t *testing.T) {
	tree := newTree()
	create(t, tree, "/a", 0, 1)
	create(t, tree, "/a/b", 7, 2)
	for path, code := range map[string]Code{"/x/y": CodeNoNode, "/a": CodeNodeExists, "/": CodeNodeExists,
		"/a/b/c": CodeNoChildrenForEphemerals, "/a/": CodeBadArguments, "a": CodeBadArguments} {
		_, _, got := tree.create(path, nil, 0, false, at(3))
		require.Equal(t, code, got, path)
	}
}

func TestStat(t *testing.T) {
	tree := newTree()
	create(t, tree, "/a", 0, 1)
	_, code := tree.set("/a", []byte("four"), anyVersion, at(2))
	require.Equal(t, CodeOK, code)
	create(t, tree, "/a/b", 0, 3)
	create(t, tree, "/a/c", 0, 4)
	_, code = tree.remove("/a/b", anyVersion, at(5))
	require.Equal(t, CodeOK, code)
	_, stat, _ := tree.get("/a")
	require.Equal(t, Stat{CreatedZxid: 1, ModifiedZxid: 2, CreatedTime: 1000, ModifiedTime: 2000, Version: 1,
		ChildVersion: 3, DataLength: 4, ChildCount: 1, ChildrenZxid: 5}, stat)
}

func TestVersions(t *testing.T) {
	tree := newTree()
	create(t, tree, "/a", 0, 1)
	stat, code := tree.set("/a", nil, 0, at(2))
	require.Equal(t, CodeOK, code)
	require.EqualValues(t, 1, stat.Version)
	_, code = tree.set("/a", nil, 0, at(3))
	require.Equal(t, CodeBadVersion, code)
	_, code = tree.set("/b", nil, 0, at(3))
	require.Equal(t, CodeNoNode, code)
	_, code = tree.remove("/a", 0, at(4))
	require.Equal(t, CodeBadVersion, code)
	_, code = tree.remove("/a", 1, at(5))
	require.Equal(t, CodeOK, code)
	_, code = tree.remove("/a", 1, at(6))
	require.Equal(t, CodeNoNode, code)
}

func TestRemove(t *testing.T) {
	tree := newTree()
	create(t, tree, "/a", 0, 1)
	create(t, tree, "/a/b", 9, 2)
	_, code := tree.remove("/a", anyVersion, at(3))
	require.Equal(t, CodeNotEmpty, code)
	owner, code := tree.remove("/a/b", anyVersion, at(3))
	require.Equal(t, CodeOK, code)
	require.EqualValues(t, 9, owner)
	_, code = tree.remove("/a", anyVersion, at(4))
	require.Equal(t, CodeOK, code)
	_, code = tree.remove("/", anyVersion, at(5))
	require.Equal(t, CodeBadArguments, code)
}

// The number counts children ever created, of all kinds: gaps, but never the same twice.
func TestSequential(t *testing.T) {
	tree := newTree()
	create(t, tree, "/q", 0, 1)
	create(t, tree, "/q/x", 0, 2)
	first, _, code := tree.create("/q/n-", nil, 0, true, at(3))
	require.Equal(t, CodeOK, code)
	require.Equal(t, "/q/n-0000000001", first)
	_, _ = tree.remove(first, anyVersion, at(4))
	second, _, _ := tree.create("/q/", nil, 0, true, at(5))
	require.Equal(t, "/q/0000000002", second)
	names, _ := tree.list("/q")
	require.Equal(t, []string{"0000000002", "x"}, names)
}

func TestValidPath(t *testing.T) {
	for _, path := range []string{"/", "/a", "/a/b.c", "/services/web/c3#1", "/é"} {
		require.True(t, validPath(path, false), path)
	}
	for _, path := range []string{"", "a", "//", "/a/", "/a//b", "/.", "/a/..", "/a\x00", "/\x7f", "/\uf000", "/\xff"} {
		require.False(t, validPath(path, false), path)
	}
	require.True(t, validPath("/a/", true))
	require.True(t, validPath("/", true))
}
