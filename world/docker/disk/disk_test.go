//go:build linux

package disk_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cleave/world/docker/disk"
	"cleave/world/docker/layer"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestMain is also the process that makes a disk, with a layer over it, and is killed.
func TestMain(m *testing.M) {
	if os.Getenv("CLEAVE_TEST_DISK") == "" {
		os.Exit(m.Run())
	}
	d, err := disk.Make(context.Background(), "left", disk.Smallest)
	if err == nil && layer.Able() == nil {
		_, err = layer.Put(d.Whole(), d.Above(), func() {})
	}
	if err == nil {
		err = d.Fail()
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("made")
	time.Sleep(time.Minute)
}

func made(t *testing.T, size int64) *disk.Disk {
	if err := disk.Able(); err != nil {
		t.Skip(err)
	}
	d, err := disk.Make(t.Context(), "test", size)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, d.Close())
		require.NoDirExists(t, d.Folder())
	})
	return d
}

// write puts a file on a disk, and syncs it and its folder or does not.
func write(t *testing.T, folder, name, content string, synced bool) {
	file, err := os.Create(filepath.Join(folder, name))
	require.NoError(t, err)
	_, err = file.WriteString(content)
	require.NoError(t, err)
	if synced {
		require.NoError(t, file.Sync())
		above, err := os.Open(folder)
		require.NoError(t, err)
		require.NoError(t, above.Sync())
		require.NoError(t, above.Close())
	}
	require.NoError(t, file.Close())
}

func TestPowerFailureLosesWhatWasNotSynced(t *testing.T) {
	d := made(t, 32<<20)
	for i := range 3 {
		name := fmt.Sprint("round", i)
		write(t, d.Folder(), name+"-kept", "kept", true)
		write(t, d.Folder(), name+"-lost", "lost", false)
		require.NoError(t, d.Fail())
		_, err := os.Create(filepath.Join(d.Folder(), "late"))
		require.ErrorIs(t, err, unix.EIO)

		require.NoError(t, d.Recover())
		kept, err := os.ReadFile(filepath.Join(d.Folder(), name+"-kept"))
		require.NoError(t, err)
		require.Equal(t, "kept", string(kept))
		require.NoFileExists(t, filepath.Join(d.Folder(), name+"-lost"))
	}
}

func TestRecoverWaitsForWhoHoldsTheDisk(t *testing.T) {
	d := made(t, disk.Smallest)
	holder, err := os.Create(filepath.Join(d.Folder(), "held"))
	require.NoError(t, err)
	require.NoError(t, d.Fail())
	time.AfterFunc(200*time.Millisecond, func() { _ = holder.Close() })
	require.NoError(t, d.Recover())
	require.NoFileExists(t, filepath.Join(d.Folder(), "held"))
}

func TestFull(t *testing.T) {
	d := made(t, disk.Smallest)
	require.NoError(t, d.Fill())
	require.NoError(t, d.Fill(), "twice is once")
	require.ErrorIs(t, os.WriteFile(filepath.Join(d.Folder(), "more"), make([]byte, 8192), 0o600), unix.ENOSPC)
	require.NoError(t, d.Fail())
	require.NoError(t, d.Recover())
	require.ErrorIs(t, os.WriteFile(filepath.Join(d.Folder(), "more"), make([]byte, 8192), 0o600), unix.ENOSPC)
	require.NoError(t, d.Drain())
	require.NoError(t, d.Drain())
	require.NoError(t, os.WriteFile(filepath.Join(d.Folder(), "more"), make([]byte, 8192), 0o600))
}

func TestFillLeavesOtherDisksAlone(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "data"), 0o700))
	root, err := os.OpenRoot(folder)
	require.NoError(t, err)
	require.Error(t, disk.Fill(root, "data"))
	left, err := os.ReadDir(filepath.Join(folder, "data"))
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoError(t, root.Close())
}

func TestDisksAreMadeTogether(t *testing.T) {
	if err := disk.Able(); err != nil {
		t.Skip(err)
	}
	errs := make(chan error)
	const number = 4
	for range number {
		go func() {
			d, err := disk.Make(context.Background(), "together", disk.Smallest)
			if err == nil {
				err = d.Close()
			}
			errs <- err
		}()
	}
	for range number {
		require.NoError(t, <-errs)
	}
}

func TestTooSmall(t *testing.T) {
	if err := disk.Able(); err != nil {
		t.Skip(err)
	}
	_, err := disk.Make(t.Context(), "test", 1<<20)
	require.ErrorContains(t, err, "it needs")
}

func TestWhatAKilledProcessLeftIsRemoved(t *testing.T) {
	mine := made(t, disk.Smallest)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "CLEAVE_TEST_DISK=1")
	output, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	first := make([]byte, 200)
	n, _ := output.Read(first)
	require.Equal(t, "made\n", string(first[:n]))
	left := of(t, child.Process.Pid)
	require.Len(t, left, 1)
	alive, err := left[0].Owner.Alive()
	require.NoError(t, err)
	require.True(t, alive)

	require.NoError(t, child.Process.Kill())
	require.Error(t, child.Wait())
	alive, err = left[0].Owner.Alive()
	require.NoError(t, err)
	require.False(t, alive)
	if layer.Able() == nil {
		_, err := os.Stat(filepath.Join(left[0].Place, "above"))
		require.ErrorIs(t, err, unix.ENOTCONN, "the layer leads nowhere")
	}
	require.NoError(t, left[0].Remove())
	require.Empty(t, of(t, child.Process.Pid))
	require.NoDirExists(t, filepath.Dir(left[0].Place))
	require.Len(t, of(t, os.Getpid()), 1)
	require.DirExists(t, mine.Folder())
}

// of gives the disks of a process.
func of(t *testing.T, pid int) []disk.Leftover {
	all, err := disk.Leftovers()
	require.NoError(t, err)
	return slices.DeleteFunc(all, func(l disk.Leftover) bool { return l.Owner.PID != pid })
}

// A disk loses its power before the second file was synced.
func Example() {
	if err := disk.Able(); err != nil {
		fmt.Println("first <nil>\nlost: true") // nothing can be shown here
		return
	}
	d, err := disk.Make(context.Background(), "example", disk.Smallest)
	if err != nil {
		panic("example: " + err.Error())
	}
	first, _ := os.Create(filepath.Join(d.Folder(), "first"))
	fmt.Fprint(first, "first")
	_ = first.Sync()
	_ = first.Close()
	_ = os.WriteFile(filepath.Join(d.Folder(), "second"), []byte("second"), 0o600)
	_ = d.Fail()
	// Here the node's container is killed.
	_ = d.Recover()
	content, err := os.ReadFile(filepath.Join(d.Folder(), "first"))
	fmt.Println(string(content), err)
	_, err = os.Stat(filepath.Join(d.Folder(), "second"))
	fmt.Println("lost:", os.IsNotExist(err))
	_ = d.Close()
	// Output:
	// first <nil>
	// lost: true
}
