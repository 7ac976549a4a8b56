//go:build linux

package disk_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/world/docker/disk"
)

// written is a folder with files of these contents.
func written(t *testing.T, files map[string]string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = root.Close() })
	for path, content := range files {
		require.NoError(t, root.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, root.WriteFile(path, []byte(content), 0o640))
	}
	return root
}

// contents are all files of a folder.
func contents(t *testing.T, folder *os.Root) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, fs.WalkDir(folder.FS(), ".", func(path string, each fs.DirEntry, err error) error {
		if err != nil || each.IsDir() {
			return err
		}
		text, err := folder.ReadFile(path)
		found[path] = string(text)
		return err
	}))
	return found
}

// A copy is put back with all that it has, in the place of all that is there, as often as one likes.
func TestACopyComesBack(t *testing.T) {
	before := map[string]string{"a": "one", "logs/1": strings.Repeat("x", 200_000), "logs/empty": "", "room": "end" + strings.Repeat("\x00", 1<<20)}
	folder := written(t, before)
	require.NoError(t, folder.Mkdir("nothing in it", 0o700))
	copied, err := disk.Take(folder)
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, folder.WriteFile("a", []byte("two"), 0o600))
		require.NoError(t, folder.WriteFile("logs/2", []byte("later"), 0o600))
		require.NoError(t, copied.Put(folder))
		require.Equal(t, before, contents(t, folder))
	}
	info, err := folder.Stat("logs/1")
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o640), info.Mode())
	info, err = folder.Stat("nothing in it")
	require.NoError(t, err)
	require.Equal(t, fs.ModeDir|0o700, info.Mode())
	info, err = folder.Stat("room")
	require.NoError(t, err)
	require.Less(t, info.Sys().(*syscall.Stat_t).Blocks*512, int64(1<<20), "room that was taken in advance is not taken again")

	require.NoError(t, disk.Empty(folder))
	require.Empty(t, contents(t, folder))
}

// One bit is turned around, in the first half of what is in a file that is not spared, and mended unless the file is
// another.
func TestABitIsTurnedAround(t *testing.T) {
	before := map[string]string{"log": "0123456789" + strings.Repeat("\x00", 1000), "snapshot": "abcdefgh", "myid": "1", ".lock": "held", "new": ""}
	spare := func(path string) bool { return path == "myid" }
	hit := map[string]int{}
	for draw := range uint64(40) {
		folder := written(t, before)
		flip, err := disk.Turn(folder, draw, spare)
		require.NoError(t, err)
		for path, content := range contents(t, folder) {
			for at := range content {
				if different := content[at] ^ before[path][at]; different != 0 {
					hit[path]++
					require.Zero(t, different&(different-1), "one bit")
					require.Less(t, at, 5)
				}
			}
		}
		require.NoError(t, flip.Mend(folder))
		require.Equal(t, before, contents(t, folder), flip.String())
	}
	require.Equal(t, 40, hit["log"]+hit["snapshot"])
	require.Positive(t, hit["log"])
	require.Positive(t, hit["snapshot"])
}

// A bit that has gone with its file is not mended, and where there is nothing there is nothing to damage.
func TestABitThatHasGone(t *testing.T) {
	folder := written(t, map[string]string{"log": "0123456789"})
	flip, err := disk.Turn(folder, 1, func(string) bool { return false })
	require.NoError(t, err)
	require.NoError(t, folder.WriteFile("log", []byte("another"), 0o600))
	require.NoError(t, flip.Mend(folder))
	require.Equal(t, map[string]string{"log": "another"}, contents(t, folder))
	require.NoError(t, disk.Empty(folder))
	require.NoError(t, flip.Mend(folder))
	flip, err = disk.Turn(folder, 1, func(string) bool { return false })
	require.NoError(t, err)
	require.Empty(t, flip.String())
	require.NoError(t, flip.Mend(folder))
}
