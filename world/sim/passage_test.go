package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// teller sends its peer, if it has one, a message each second.
type teller struct{ peer string }

func (p *teller) Start(env world.Environment) {
	if p.peer == "" {
		return
	}
	connection := env.Dial(p.peer)
	for second := range 3 {
		env.After(time.Duration(second+1)*time.Second, func() { connection.Send(fmt.Appendf(nil, "%d", second)) })
	}
}

func (*teller) Accepted(world.Connection)                  {}
func (*teller) Opened(world.Connection)                    {}
func (*teller) Received(world.Connection, []byte)          {}
func (*teller) Closed(world.Connection, world.CloseReason) {}
func (*teller) Datagram(string, []byte)                    {}

// Of every message it is told when it was sent and arrived; one that a cut held up was lost first, under the
// same number.
func TestPassages(t *testing.T) {
	var heard []world.Passage
	options := sim.DefaultOptions(1)
	options.Passed = func(p world.Passage) { heard = append(heard, p) }
	w := sim.New(options)
	w.AddNode("a", func() world.Process { return &teller{peer: "b"} })
	w.AddNode("b", func() world.Process { return &teller{} })
	w.At(history.Time(1500*time.Millisecond), func() { w.Cut("a", "b") })
	w.At(history.Time(2500*time.Millisecond), func() { w.Mend("a", "b") })
	require.NoError(t, w.Run(history.Time(5*time.Second)))

	arrived := map[string]world.Passage{}
	lost := map[uint64]bool{}
	for _, p := range heard {
		require.Equal(t, "a", p.From)
		require.Equal(t, "b", p.To)
		require.True(t, p.FromNode && p.ToNode)
		if p.Lost {
			lost[p.ID] = true
		} else {
			arrived[string(p.Payload)] = p
		}
	}
	require.Len(t, arrived, 3)
	require.Len(t, lost, 1)
	require.True(t, lost[arrived["1"].ID])
	require.Equal(t, 2*time.Second, arrived["1"].Sent.Duration())
	require.Greater(t, arrived["1"].Ended.Duration(), 2500*time.Millisecond)
	require.Less(t, arrived["0"].Ended.Duration(), 1001*time.Millisecond)
}

// Everything that is lost on a link is told, as often as the link counts it: messages on connections, what is sent again in
// vain, and attempts to connect.
func TestEveryLossIsTold(t *testing.T) {
	options, told := sim.DefaultOptions(1), int64(0)
	options.Lost = func(from, to string, at history.Time) {
		require.Equal(t, "a b", from+" "+to)
		require.GreaterOrEqual(t, at, history.Time(1500*time.Millisecond))
		told++
	}
	w := sim.New(options)
	w.AddNode("a", func() world.Process { return &teller{peer: "b"} })
	w.AddNode("b", func() world.Process { return &teller{} })
	w.At(history.Time(1500*time.Millisecond), func() { w.Cut("a", "b") })
	w.At(history.Time(1600*time.Millisecond), func() { w.Kill("a") })
	w.At(history.Time(1700*time.Millisecond), func() { w.Restart("a") })
	require.NoError(t, w.Run(history.Time(30*time.Second)))
	require.Equal(t, w.Dropped("a", "b"), told)
	require.Greater(t, told, int64(2))
}
