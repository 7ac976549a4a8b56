package sim

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

// onDisk hands a test the disk of a node that is up.
func onDisk(t *testing.T, use func(w *World, disk world.Disk)) {
	w := New(steady())
	var disk world.Disk
	w.AddNode("a", func() world.Process { return &echo{onStart: func(e *echo) { disk = e.env.Disk() }} })
	require.NoError(t, w.Run(milliseconds(1)))
	use(w, disk)
}

func never(error) { panic("it crashed") }

// Files are there from the first write on; those that were never durable are gone after a crash.
func TestDiskListsFiles(t *testing.T) {
	onDisk(t, func(w *World, disk world.Disk) {
		require.Empty(t, disk.Files())
		disk.Append("log.2", []byte("x"))
		disk.Sync("log.2", func(error) {})
		disk.Replace("snapshot.1", []byte("x"), func(error) {})
		disk.Append("log.10", []byte("x"))
		disk.Sync("log.10", func(error) {})
		disk.Append("gone", nil)
		require.Equal(t, []string{"gone", "log.10", "log.2", "snapshot.1"}, disk.Files())
		require.NoError(t, w.Run(milliseconds(20)))
		disk.Replace("snapshot.2", []byte("x"), never)
		disk.Remove("log.2")
		require.Equal(t, []string{"gone", "log.10", "snapshot.1", "snapshot.2"}, disk.Files())
		w.Kill("a")
		w.Restart("a")
		require.NoError(t, w.Run(milliseconds(40)))
		require.Equal(t, []string{"log.10", "snapshot.1"}, disk.Files())
	})
}

// What was appended may be reused; what Read gave stays as it was, whatever becomes of the file.
func TestDiskSharesNoMemoryThatChanges(t *testing.T) {
	onDisk(t, func(_ *World, disk world.Disk) {
		buffer := []byte("one")
		disk.Append("log", buffer)
		copy(buffer, "two")
		first := disk.Read("log")
		disk.Append("log", buffer)
		_ = append(first, "xyz"...)
		require.Equal(t, "one", string(first))
		require.Equal(t, "onetwo", string(disk.Read("log")))
		content := append(make([]byte, 0, 100), "new"...)
		disk.Replace("log", content, func(error) {})
		disk.Append("log", []byte("er"))
		require.Equal(t, "newer", string(disk.Read("log")))
		require.Equal(t, "new\x00\x00", string(content[:5]), "memory behind what was handed over is its giver's")
	})
}

// A file that is removed while a write is under way does not come back, also under the same name.
func TestDiskRemovesForGood(t *testing.T) {
	onDisk(t, func(w *World, disk world.Disk) {
		disk.Append("log", []byte("old"))
		disk.Sync("log", func(error) {})
		disk.Remove("log")
		require.Nil(t, disk.Read("log"))
		disk.Append("log", []byte("n"))
		require.NoError(t, w.Run(milliseconds(20)))
		w.Kill("a")
		w.Restart("a")
		require.NoError(t, w.Run(milliseconds(40)))
		require.NotContains(t, string(disk.Read("log")), "old")
	})
}
