package host

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// files is world.Disk with the list of files.
type files interface{ Files() []string }

// onDisk starts an actor with folders for data and log.
func onDisk(t *testing.T) (a *actor, r *running, data, logs string) {
	a, data, logs = newActor(), t.TempDir(), t.TempDir()
	r = start(t, a, func(o *Options) { o.DataDir, o.LogDir = data, logs })
	return a, r, data, logs
}

func content(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func TestDisk(t *testing.T) {
	a, r, data, logs := onDisk(t)
	a.do(t, func() {
		d := a.env.Disk()
		require.Nil(t, d.Read("snapshot"))
		buffer := []byte("one ")
		d.Append("wal.1", buffer)
		copy(buffer, "????") // it is the caller's again
		require.Equal(t, "one ", string(d.Read("wal.1")), "reading sees what is not synced")
		d.Append("wal.1", []byte("two "))
		d.Sync("wal.1", func(err error) { a.tell("synced %v", err) })
		d.Append("wal.1", []byte("three "))
		d.Sync("wal.1", func(err error) { a.tell("synced again %v", err) })
		replacement := []byte("whole")
		d.Replace("snapshot", replacement, func(err error) { a.tell("replaced %v", err) })
		copy(replacement, "?????")
		d.Append("snapshot", []byte(" and more"))
		require.Empty(t, a.heard, "never before the method has returned")
		require.Equal(t, "whole and more", string(d.Read("snapshot")))
		require.Equal(t, []string{"snapshot", "wal.1"}, d.(files).Files())
	})
	a.hears(t, "synced <nil>", "synced again <nil>", "replaced <nil>")
	require.Equal(t, "one two three ", content(t, filepath.Join(logs, "wal.1")))
	require.Equal(t, "whole and more", content(t, filepath.Join(data, "snapshot")))
	a.do(t, func() {
		d := a.env.Disk()
		d.Append("wal.2", []byte("x"))
		d.Remove("wal.1")
		d.Remove("wal.2")
		d.Remove("nothing")
		require.Nil(t, d.Read("wal.1"))
		d.Append("wal.1", []byte("new"))
		d.Sync("wal.1", func(error) { a.tell("synced") })
		require.Equal(t, "new", string(d.Read("wal.1")))
	})
	a.hears(t, "synced")
	require.NoError(t, r.stop())

	b := newActor()
	start(t, b, func(o *Options) { o.DataDir, o.LogDir = data, logs })
	b.do(t, func() {
		require.Equal(t, []string{"snapshot", "wal.1"}, b.env.Disk().(files).Files())
		require.Equal(t, "new", string(b.env.Disk().Read("wal.1")))
	})
}

// A crash between the writing of a replacement and its renaming leaves the old content, and no trace.
func TestWhatACrashLeftIsCleared(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "snapshot"), []byte("old"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "snapshot"+temporary), []byte("ne"), 0o644))
	a := newActor()
	start(t, a, func(o *Options) { o.DataDir = folder })
	a.do(t, func() {
		require.Equal(t, []string{"snapshot"}, a.env.Disk().(files).Files())
		require.Equal(t, "old", string(a.env.Disk().Read("snapshot")))
	})
	require.NoFileExists(t, filepath.Join(folder, "snapshot"+temporary))
}

// Every sync gets its done, in order, and after it the file holds what was appended before it.
func TestManySyncs(t *testing.T) {
	a, _, _, logs := onDisk(t)
	path := filepath.Join(logs, "wal")
	var want bytes.Buffer
	for i := range 300 {
		text := fmt.Sprintf("%d,", i)
		want.WriteString(text)
		size := want.Len()
		a.do(t, func() {
			a.env.Disk().Append("wal", []byte(text))
			a.env.Disk().Sync("wal", func(err error) {
				info, _ := os.Stat(path)
				a.tell("%d %v %t", i, err, info.Size() >= int64(size))
			})
		})
	}
	for i := range 300 {
		a.hears(t, fmt.Sprintf("%d <nil> true", i))
	}
	require.Equal(t, want.String(), content(t, path))
}

// A disk that has failed stays failed, whatever works again.
func TestAFailedDiskStaysFailed(t *testing.T) {
	a, r, _, logs := onDisk(t)
	require.NoError(t, os.RemoveAll(logs))
	a.do(t, func() {
		a.env.Disk().Append("wal", []byte("x"))
		a.env.Disk().Sync("wal", func(err error) { a.tell("%t", errors.Is(err, os.ErrNotExist)) })
	})
	a.hears(t, "true")
	require.NoError(t, os.MkdirAll(logs, 0o755))
	a.do(t, func() {
		d := a.env.Disk()
		d.Sync("wal", func(err error) { a.tell("%t", err != nil) })
		d.Replace("snapshot", nil, func(err error) { a.tell("%t", err != nil) })
	})
	a.hears(t, "true", "true")
	require.ErrorContains(t, r.stop(), "the disk failed: "+filepath.Join(logs, "wal"))
	require.Contains(t, r.log.String(), "the disk failed")
}

func TestAFullDiskIsCalledFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full here")
	}
	a, r, _, logs := onDisk(t)
	require.NoError(t, os.Symlink("/dev/full", filepath.Join(logs, "wal")))
	a.do(t, func() {
		a.env.Disk().Append("wal", []byte("x"))
		a.env.Disk().Sync("wal", func(err error) {
			a.tell("%t %v", errors.Is(err, syscall.ENOSPC), err)
		})
	})
	a.hears(t, "true the disk is full: "+filepath.Join(logs, "wal")+": no space left on device")
	require.Error(t, r.stop())
}

func TestFileNames(t *testing.T) {
	a, _, _, _ := onDisk(t)
	for _, bad := range []string{"", ".", "..", "a/b", `a\b`, ".hidden", lockName, identityName, "x" + temporary} {
		a.do(t, func() { require.Panics(t, func() { a.env.Disk().Append(bad, []byte("x")) }, bad) })
	}
}
