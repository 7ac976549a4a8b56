package znodes

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestValidPath(t *testing.T) {
	for _, path := range []string{"/", "/a", "/a/b.c", "/services/web/c3#1", "/é", "/...", "/a/.b", "/a/b..", "/\u00a0", "/\ud7ff", "/\uf900", "/\uffef"} {
		require.True(t, validPath(path), path)
	}
	for _, path := range []string{"", "a", "a/b", "//", "/a/", "//a", "/a//b", "/.", "/..", "/a/..", "/./a", "/a/../b", "/a\x00", "/\x1f", "/\x7f", "/\u009f",
		"/\ue000", "/\uf000", "/\uf8ff", "/\ufff0", "/\uffff", "/\xff", "/a\xc3", "/\U00010000", "/😀"} {
		require.False(t, validPath(path), "%q", path)
	}
}

func TestAbove(t *testing.T) {
	for path, parent := range map[string]string{"/": "", "/a": "", "/a/b": "/a", "//": "/", "/a/": "/a", "a/b": "a"} {
		got, good := above(path)
		require.True(t, good, path)
		require.Equal(t, parent, got, path)
	}
	for _, path := range []string{"", "a", "/a\x00"} {
		_, good := above(path)
		require.False(t, good, path)
	}
	require.Equal(t, "/", parentOf("/a"))
	require.Equal(t, "/a", parentOf("/a/b"))
	require.Equal(t, "b", nameOf("/a/b"))
}

func TestSequenced(t *testing.T) {
	require.Equal(t, "/n-0000000042", sequenced("/n-", 42))
	require.Equal(t, "/n--2147483648", sequenced("/n-", -1<<31))
}

// The set against a sorted slice, at sizes of several chunks, growing, shrinking and at random.
func TestPathsAgainstASlice(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var set paths
	var plain []string
	for step := range 60_000 {
		path := "/" + strconv.Itoa(random.IntN(8000))
		if step < 3000 {
			path = "/" + strconv.Itoa(10_000_000+step) // growing
		}
		at, found := slices.BinarySearch(plain, path)
		if shrinking := step/10_000%2 == 1; random.IntN(10) < 3 || shrinking && random.IntN(10) < 8 {
			require.Equal(t, found, set.remove(path))
			if found {
				plain = slices.Delete(plain, at, at+1)
			}
		} else {
			set.add(path)
			if !found {
				plain = slices.Insert(plain, at, path)
			}
		}
		require.Equal(t, len(plain), set.count)
		if step%500 == 0 {
			require.Equal(t, plain, set.list())
		}
		for _, chunk := range set.chunks {
			require.NotEmpty(t, chunk)
			require.LessOrEqual(t, len(chunk), chunkLimit)
		}
	}
	for _, path := range set.list() {
		require.True(t, set.remove(path))
	}
	require.Empty(t, set.chunks)
	require.Zero(t, set.count)
}
