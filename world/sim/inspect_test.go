package sim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

// A connection is at what was sent last each way, for a while, or at what is held up, however long.
func TestRecentMessages(t *testing.T) {
	w, a, _ := pair(steady())
	w.AddNode("c", func() world.Process { return &echo{} })
	w.At(milliseconds(10), func() { a.conn.Send([]byte("one")); a.conn.Send([]byte("two")) })
	at := func(now, ago int, node string) []world.Message {
		require.NoError(t, w.Run(milliseconds(now)))
		return w.Recent(node, time.Duration(ago)*time.Millisecond)
	}
	two := []world.Message{{From: "a", To: "b", FromNode: true, ToNode: true, Payload: []byte("two")}}
	require.Empty(t, at(9, 100, "a"))
	require.Equal(t, two, at(12, 5, "a"))
	require.Equal(t, two, at(12, 5, "b"))
	require.Empty(t, at(12, 5, "c"))
	require.Empty(t, at(16, 5, "a"))
	w.At(milliseconds(20), func() { w.Cut("a", "b"); a.conn.Send([]byte("three")); a.conn.Send([]byte("four")) })
	two[0].Payload = []byte("three")
	require.Equal(t, two, at(90, 5, "b"))
}
