package sim

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// enquirer asks a service each second, by datagram.
type enquirer struct {
	*echo
	stopped *int
}

func (a enquirer) Start(env world.Environment) {
	a.echo.Start(env)
	for second := range 3 {
		env.After(time.Duration(second)*time.Second, func() { env.Send("oracle", []byte{byte('0' + second)}) })
	}
}

func (a enquirer) Stop() { *a.stopped++ }

// replier sends back what it is sent.
type replier struct{ *echo }

func (r replier) Datagram(from string, payload []byte) { r.env.Send(from, payload) }

func (enquirer) Invoke(history.Request, func(history.Completion)) {}

// served is a system of one node and a service.
func served(t *testing.T, options Options) (w *World, node *echo, stopped *int) {
	w, node, stopped = New(options), &echo{}, new(int)
	require.NoError(t, w.Populate(world.System{
		Name: "served", Quorum: func(int) int { return 1 },
		Node:     func(string, world.Cluster) world.Process { return enquirer{node, stopped} },
		Client:   func(string, string, world.Cluster) world.Client { return enquirer{&echo{}, new(int)} },
		Services: []world.Service{{Name: "oracle", New: func() world.Process { return replier{&echo{}} }}},
	}, world.Cluster{Nodes: []string{"n1"}}, []history.Placement{{Client: "c1", Host: "n1"}}))
	return w, node, stopped
}

// A service answers nodes, over the network; what becomes of a datagram can be followed, and seen for a while.
func TestServices(t *testing.T) {
	var heard []world.Passage
	options := steady()
	options.Passed = func(p world.Passage) { heard = append(heard, p) }
	w, node, _ := served(t, options)
	w.At(milliseconds(500), func() { w.Cut("n1", "oracle") })
	w.At(milliseconds(1500), func() { w.Mend("n1", "oracle") })
	require.NoError(t, w.Run(milliseconds(2500)))
	require.Equal(t, []string{"2.0ms datagram 0 from oracle", "2002.0ms datagram 2 from oracle"}, node.heard)
	lost := 0
	for _, p := range heard {
		if p.Lost {
			lost++
			require.Equal(t, world.Message{From: "n1", To: "oracle", FromNode: true, Payload: []byte("1")}, p.Message)
			require.Equal(t, [2]history.Time{milliseconds(1000), milliseconds(1000)}, [2]history.Time{p.Sent, p.Ended})
		} else if p.To == "n1" {
			require.Equal(t, milliseconds(1), p.Ended-p.Sent)
			require.False(t, p.FromNode)
		}
	}
	require.Equal(t, 1, lost)
	require.Len(t, w.Recent("n1", time.Second), 2, "the last to the oracle, and its answer")
	require.Empty(t, w.Recent("n1", 100*time.Millisecond))
}

// A process that wants to know is told once when it is dropped: by a crash, and at the end of the world.
func TestStoppers(t *testing.T) {
	w, _, stopped := served(t, steady())
	w.At(milliseconds(10), func() { w.Kill("n1") })
	w.At(milliseconds(20), func() { w.Restart("n1") })
	require.NoError(t, w.Run(milliseconds(15)))
	require.Equal(t, 1, *stopped)
	require.NoError(t, w.Run(milliseconds(30)))
	require.NoError(t, w.Close())
	require.Equal(t, 2, *stopped)
	require.NoError(t, w.Close())
	require.Equal(t, 2, *stopped)
}

// Datagrams overtake each other where they may, as their latencies have it.
func TestOvertaking(t *testing.T) {
	for overtaking, sorted := range map[bool]bool{false: true, true: false} {
		options := DefaultOptions(1)
		options.Overtaking = overtaking
		w, a, b := pair(options)
		w.At(0, func() {
			for n := range 9 {
				a.env.Send(b.env.Name(), []byte{byte('1' + n)})
			}
		})
		require.NoError(t, w.Run(milliseconds(100)))
		order := ""
		for _, line := range b.heard {
			if _, said, is := strings.Cut(line, "datagram "); is {
				order += said[:1]
			}
		}
		require.Len(t, order, 9)
		require.Equal(t, sorted, order == "123456789", order)
	}
}
