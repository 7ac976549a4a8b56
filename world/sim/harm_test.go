package sim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// writer appends and syncs a line every ten milliseconds, and notes what it finds and what goes wrong.
type writer struct {
	echo
	found  *[]string
	failed *[]string
	syncs  *int
}

func (k *writer) Start(env world.Environment) {
	k.echo.env = env
	content := string(env.Disk().Read("log"))
	*k.found = append(*k.found, content)
	for _, letter := range content {
		if letter != 'x' {
			panic(world.Damage("the log is damaged"))
		}
	}
	k.write()
}

func (k *writer) write() {
	k.env.Disk().Append("log", []byte("xxxxxxxxxx"))
	k.env.Disk().Sync("log", func(err error) {
		if err != nil {
			*k.failed = append(*k.failed, err.Error())
			k.env.Note("halt", err.Error())
			return
		}
		*k.syncs++
	})
	k.env.After(10*time.Millisecond, k.write)
}

// writing is a world with one writer, and the notes it made.
func writing() (w *World, found, failed *[]string, syncs *int, notes *[]string) {
	w = New(DefaultOptions(3))
	found, failed, syncs, notes = new([]string), new([]string), new(int), new([]string)
	w.OnNote(func(note history.Note) { *notes = append(*notes, note.Kind) })
	w.AddNode("a", func() world.Process { return &writer{found: found, failed: failed, syncs: syncs} })
	return w, found, failed, syncs, notes
}

func TestKillWritingTearsTheWriteAtAnyByte(t *testing.T) {
	ends := map[int]bool{}
	for draw := range uint64(200) {
		w, found, _, _, _ := writing()
		w.At(milliseconds(95), func() { w.KillWriting("a", draw) })
		w.At(milliseconds(200), func() { w.Restart("a") })
		require.NoError(t, w.Run(milliseconds(201)))
		require.Len(t, *found, 2)
		ends[len((*found)[1])] = true
	}
	for size := 100; size <= 110; size++ { // the tenth line is there, the eleventh is torn
		require.True(t, ends[size], "%d of %v", size, ends)
	}
	require.Len(t, ends, 11)
}

// Without a sync it only waits; and after the restart nothing is left of it.
func TestKillWritingIsUndone(t *testing.T) {
	w, found, _, syncs, _ := writing()
	w.At(milliseconds(95), func() { w.KillWriting("a", 1) })
	w.At(milliseconds(96), func() { w.Restart("a") })
	require.NoError(t, w.Run(milliseconds(1000)))
	require.Len(t, *found, 1)
	require.Greater(t, *syncs, 95)
}

func TestSlowSyncs(t *testing.T) {
	w, _, _, syncs, _ := writing()
	w.SlowSync("a", 200*time.Millisecond)
	w.SlowSync("a", -100*time.Millisecond)
	require.NoError(t, w.Run(milliseconds(100)))
	require.Zero(t, *syncs)
	w.SlowSync("a", -100*time.Millisecond)
	require.NoError(t, w.Run(milliseconds(1000)))
	require.Greater(t, *syncs, 90)
}

// A node whose sync failed ends, and starts again a second after the disk is well; what failed is not durable.
func TestFailingSyncs(t *testing.T) {
	w, found, failed, _, notes := writing()
	w.At(milliseconds(95), func() { w.FailSync("a") })
	w.At(milliseconds(500), func() { w.MendSync("a") })
	require.NoError(t, w.Run(milliseconds(1499)))
	require.Equal(t, []string{errSync.Error()}, *failed)
	require.Equal(t, []string{"sync-failed", "halt"}, *notes)
	require.Len(t, *found, 1)
	require.NoError(t, w.Run(milliseconds(1600)))
	require.Len(t, *found, 2)
	require.Less(t, len((*found)[1]), 111)
	require.Panics(t, func() { w.MendSync("a") })
}

// A bit is turned around, noticed as damage and not as a mistake, and mended.
func TestFlippedBits(t *testing.T) {
	for draw := range uint64(50) {
		w, found, _, _, notes := writing()
		w.At(milliseconds(95), func() { w.Kill("a"); w.FlipBit("a", draw) })
		w.At(milliseconds(200), func() { w.Restart("a") })
		w.At(milliseconds(500), func() { w.MendBit("a") })
		require.NoError(t, w.Run(milliseconds(2000)))
		require.Equal(t, []string{"damage"}, *notes)
		require.Len(t, *found, 3)
		require.NotEqual(t, (*found)[1], (*found)[2])
		require.Len(t, (*found)[2], len((*found)[1]))
		require.NotContains(t, (*found)[2], "y")
	}
}

// Damage that no fault did is a mistake of the node's own.
func TestDamageWithoutAFaultIsAPanic(t *testing.T) {
	w := New(DefaultOptions(1))
	var notes []string
	w.OnNote(func(note history.Note) { notes = append(notes, note.Kind) })
	w.AddNode("a", func() world.Process { panic(world.Damage("so it says")) })
	defer func() { require.NotNil(t, recover(), "making a process is the harness's own code") }()
	require.NoError(t, w.Run(milliseconds(10)))
}

// A process that panics as it starts does not keep the fault that started it from starting others.
func TestAPanicAtTheStartStopsNobodyElse(t *testing.T) {
	w, _, _, _, _ := writing()
	starts := 0
	w.AddNode("b", func() world.Process { starts++; return &echo{} })
	w.At(milliseconds(95), func() { w.Kill("a"); w.Kill("b"); w.FlipBit("a", 1) })
	w.At(milliseconds(200), func() { w.Restart("a"); w.Restart("b") })
	require.NoError(t, w.Run(milliseconds(300)))
	require.Equal(t, 2, starts)
}

func TestLostAndRestoredDisks(t *testing.T) {
	w, found, _, _, _ := writing()
	w.At(milliseconds(95), func() { w.KeepDisk("a") })
	w.At(milliseconds(500), func() { w.Kill("a"); w.LoseDisk("a"); w.Restart("a") })
	w.At(milliseconds(900), func() { w.Kill("a"); w.RestoreDisk("a"); w.Restart("a") })
	require.NoError(t, w.Run(milliseconds(901)))
	require.Len(t, *found, 3)
	require.Empty(t, (*found)[1])
	require.Len(t, (*found)[2], 100)
}

// A slow process does one thing after another, in order, and catches up at the end.
func TestSlowProcesses(t *testing.T) {
	w, a, b := pair(steady())
	w.At(milliseconds(5), func() { w.Slow("b", 20*time.Millisecond) })
	for i := range 5 {
		w.At(milliseconds(10+i), func() { a.conn.Send([]byte{'0' + byte(i)}) })
	}
	w.At(milliseconds(80), func() { w.Slow("b", -20*time.Millisecond) })
	w.At(milliseconds(100), func() { a.conn.Send([]byte("5")) })
	require.NoError(t, w.Run(milliseconds(1000)))
	require.Equal(t, []string{"1.0ms accepted", "31.0ms got 0", "51.0ms got 1", "71.0ms got 2", "80.0ms got 3", "80.0ms got 4", "101.0ms got 5"}, b.heard)
}
