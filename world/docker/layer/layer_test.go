//go:build linux

package layer_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cleave/world/docker/layer"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// laid lays a layer over a folder, and counts the syncs that it says have failed.
func laid(t *testing.T) (over *layer.Layer, below, place string, failed chan struct{}) {
	if err := layer.Able(); err != nil {
		t.Skip(err)
	}
	below, place, failed = t.TempDir(), filepath.Join(t.TempDir(), "place"), make(chan struct{}, 10)
	over, err := layer.Put(below, place, func() { failed <- struct{}{} })
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, over.Close())
		require.NoDirExists(t, place)
	})
	return over, below, place, failed
}

func content(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// What is done to files above is done to those below, and what becomes of those below is seen above at once.
func TestFilesAreThoseBelow(t *testing.T) {
	_, below, place, _ := laid(t)
	require.NoError(t, os.Mkdir(filepath.Join(place, "folder"), 0o700))
	large := bytes.Repeat([]byte("0123456789"), 300_000)
	require.NoError(t, os.WriteFile(filepath.Join(place, "folder", "new"), large, 0o600))
	require.NoError(t, os.Rename(filepath.Join(place, "folder", "new"), filepath.Join(place, "file")))
	require.Equal(t, string(large), content(t, filepath.Join(below, "file")))
	require.NoError(t, os.Truncate(filepath.Join(place, "file"), 4))
	file, err := os.OpenFile(filepath.Join(place, "file"), os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = file.WriteString("-more")
	require.NoError(t, err)
	require.NoError(t, file.Sync())
	require.NoError(t, file.Close())
	require.Equal(t, "0123-more", content(t, filepath.Join(below, "file")))
	require.NoError(t, os.WriteFile(filepath.Join(below, "file"), []byte("other"), 0o600))
	require.Equal(t, "other", content(t, filepath.Join(place, "file")))
	require.NoError(t, os.Remove(filepath.Join(below, "file")))
	require.NoFileExists(t, filepath.Join(place, "file"))
	entries, err := os.ReadDir(place)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestSlowSyncs(t *testing.T) {
	over, _, place, _ := laid(t)
	file, err := os.Create(filepath.Join(place, "file"))
	require.NoError(t, err)
	const longer = 300 * time.Millisecond
	for _, each := range []struct {
		sync   func() error
		longer time.Duration
	}{
		{file.Sync, longer},
		{func() error { return unix.Fdatasync(int(file.Fd())) }, longer},
		{func() error { return syncFolder(place) }, longer},
		{func() error { _, err := file.WriteString("written"); return err }, 0},
	} {
		over.Slow(longer)
		began := time.Now()
		require.NoError(t, each.sync())
		require.GreaterOrEqual(t, time.Since(began), each.longer)
	}
	over.Slow(time.Hour)
	over.Slow(0)
	require.NoError(t, file.Sync())
	require.Equal(t, layer.Met{Syncs: 4, Slowed: 3}, over.Met())
	require.NoError(t, file.Close())
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }()
	return folder.Sync()
}

func TestFailingSyncs(t *testing.T) {
	over, below, place, failed := laid(t)
	file, err := os.Create(filepath.Join(place, "file"))
	require.NoError(t, err)
	for range 2 {
		over.Ail(true)
		_, err := file.WriteString("x")
		require.NoError(t, err, "only syncs fail")
		require.ErrorIs(t, file.Sync(), unix.EIO)
		require.ErrorIs(t, syncFolder(place), unix.EIO)
		require.Len(t, failed, 1, "it is told once")
		<-failed
		over.Ail(false)
		require.NoError(t, file.Sync())
		require.NoError(t, syncFolder(place))
		require.Empty(t, failed)
	}
	require.NoError(t, file.Close())
	require.Equal(t, layer.Met{Syncs: 8, Failed: 4}, over.Met())
	require.Equal(t, "xx", content(t, filepath.Join(below, "file")))
}

// The next sync never ends, and of what was written since, over zeros and behind the end, any part may stay; what was
// synced before stays.
func TestDoom(t *testing.T) {
	over, below, place, _ := laid(t)
	lengths := map[int]bool{}
	for draw := range uint64(40) {
		name := fmt.Sprint("file", draw)
		file, err := os.Create(filepath.Join(place, name))
		require.NoError(t, err)
		_, err = file.WriteString("old\x00\x00")
		require.NoError(t, err)
		require.NoError(t, file.Sync())
		left := make(chan string, 2)
		over.Doom(draw, func() {
			text, err := os.ReadFile(filepath.Join(below, name))
			left <- fmt.Sprint(string(text), err)
		})
		for i, piece := range []string{"abc", "de"} {
			_, err = file.WriteAt([]byte(piece), int64(3+3*i))
			require.NoError(t, err)
		}
		ended := make(chan error)
		go func() { ended <- file.Sync() }()
		text := <-left
		second := make(chan error)
		go func() { second <- syncFolder(place) }()
		select {
		case err := <-ended:
			require.Fail(t, "a sync has ended", "%v", err)
		case err := <-second:
			require.Fail(t, "another sync has ended", "%v", err)
		case <-time.After(5 * time.Millisecond):
		}
		over.Spare()
		require.ErrorIs(t, <-ended, unix.EIO)
		<-second // began before or after
		require.NoError(t, file.Sync())
		require.NoError(t, file.Close())
		kept := 0
		for kept < 5 && kept+3 < len(text) && text[kept+3] == "abcde"[kept] {
			kept++
		}
		lengths[kept] = true
		want := "old" + "abcde"[:kept]
		if kept < 2 {
			want += "\x00\x00"[kept:]
		}
		require.Equal(t, want+"<nil>", text)
		require.Empty(t, left)
	}
	require.Len(t, lengths, 6, "each part of it is left sometimes")
}

func TestDoomIsUndone(t *testing.T) {
	over, _, place, _ := laid(t)
	over.Doom(1, func() { panic("nothing is to end") })
	over.Spare()
	require.NoError(t, syncFolder(place))
}

// A disk fails for a while.
func Example() {
	if err := layer.Able(); err != nil {
		fmt.Println("input/output error\n<nil>") // nothing can be shown here
		return
	}
	below, _ := os.MkdirTemp("", "below-*")
	over, err := layer.Put(below, below+"-place", func() {})
	if err != nil {
		panic("example: " + err.Error())
	}
	file, _ := os.Create(filepath.Join(below+"-place", "file"))
	over.Ail(true)
	fmt.Println(file.Sync().(*os.PathError).Err)
	over.Ail(false)
	fmt.Println(file.Sync())
	_ = file.Close()
	_ = over.Close()
	_ = os.RemoveAll(below)
	// Output:
	// input/output error
	// <nil>
}
