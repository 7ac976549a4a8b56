package probe

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"

	"github.com/stretchr/testify/require"
)

// liar is a peer whose pongs are not what was sent.
type liar struct {
	*node
	answer func(connection world.Connection, m message)
}

func (l liar) Received(connection world.Connection, data []byte) {
	if m, _ := decode(data); m.verb == ping {
		l.answer(connection, message{pong, m.id, m.text})
	}
}

// asks has n1 ping a liar three times, and gives what its client hears.
func asks(t *testing.T, answer func(world.Connection, message)) history.Completion {
	t.Helper()
	w, cluster := sim.New(sim.DefaultOptions(1)), world.Cluster{Nodes: []string{"n1", "n2"}}
	w.AddNode("n1", func() world.Process { return newNode("n1", cluster) })
	w.AddNode("n2", func() world.Process { return liar{newNode("n2", cluster), answer} })
	w.AddClient("c1", "n1", newClient("n1"))
	var heard []history.Completion
	w.At(1, func() {
		w.Invoke("c1", Ping("n1", Pings{Peer: "n2", Count: 3, Size: 10}), func(c history.Completion) { heard = append(heard, c) })
	})
	require.NoError(t, w.Run(history.Time(10*time.Second)))
	require.Len(t, heard, 1)
	return heard[0]
}

func TestWrongPongsAreNoticed(t *testing.T) {
	send := func(c world.Connection, m message) { c.Send(m.encode()) }
	require.Equal(t, history.Ok, asks(t, send).Outcome)
	for wanted, answer := range map[string]func(world.Connection, message){
		TimedOut: func(c world.Connection, m message) {
			if m.id != 3 {
				send(c, m)
			}
		},
		Wrong + ": number 1 of 3 came as number 2": func(c world.Connection, m message) { send(c, m); send(c, m) },
		Wrong + ": number 2 of 3 came as number 1": func(c world.Connection, m message) {
			if m.id > 1 {
				send(c, m)
			}
		},
		Wrong + ": number 2 came damaged": func(c world.Connection, m message) {
			if m.id == 2 {
				m.text = m.text[:9] + "!"
			}
			send(c, m)
		},
	} {
		require.Equal(t, wanted, asks(t, answer).Error)
	}
}

// Of a file that was torn, the values before the tear count.
func TestTornFileIsReadToTheTear(t *testing.T) {
	whole := records("a", "b\nc", "")
	for size := range len(whole) + 1 {
		if size%97 != 0 && size%recordSize != 0 {
			continue
		}
		var s store
		s.read(whole[:size])
		require.Equal(t, []string{"", "a", "b\nc", ""}[size/recordSize], s.value, size)
	}
	whole[recordSize+100]++
	var s store
	s.read(whole)
	require.Equal(t, "a", s.value, "what comes after damage is not trusted")
}

func records(values ...string) []byte {
	var all bytes.Buffer
	for _, value := range values {
		all.Write(record(value))
	}
	return all.Bytes()
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("ping 7 abc"))
	f.Add([]byte("yes x "))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, good := decode(data); good {
			again, good := decode(m.encode())
			require.True(t, good)
			require.Equal(t, m, again)
			_, _ = pingsOf(m.text)
			_, _ = SightOf(history.Completion{Value: result(history.Stat, m.text)})
		}
	})
}

func TestCompletionsOfOtherRequestsAreErrors(t *testing.T) {
	for _, value := range []history.Value{history.Nothing, history.Text("x"), history.Integer(1), history.List(history.Integer(1))} {
		completion := history.Completion{Outcome: history.Ok, Value: value}
		_, err := SightOf(completion)
		require.Error(t, err, fmt.Sprint(value))
		_, err = EchoOf(completion)
		require.Error(t, err, fmt.Sprint(value))
	}
}
