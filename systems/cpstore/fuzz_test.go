package cpstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
	"cleave/world"
	"cleave/world/sim"
)

// sender is a client process that sends the same messages on one connection and takes what comes.
type sender struct {
	env      world.Environment
	messages [][]byte
	ended    bool
}

func (s *sender) Start(env world.Environment)                      { s.env = env; env.Dial("n1") }
func (s *sender) Accepted(world.Connection)                        {}
func (s *sender) Datagram(string, []byte)                          {}
func (s *sender) Invoke(history.Request, func(history.Completion)) {}
func (s *sender) Received(world.Connection, []byte)                {}
func (s *sender) Closed(world.Connection, world.CloseReason)       { s.ended = true }
func (s *sender) Opened(c world.Connection) {
	for i, message := range s.messages {
		s.env.After(time.Duration(i)*10*time.Millisecond, func() { c.Send(message) })
	}
}

// messagesIn cuts bytes into messages: a length byte, then so many bytes.
func messagesIn(data []byte) (messages [][]byte) {
	for len(data) > 0 && len(messages) < 32 {
		size := min(int(data[0]), len(data)-1)
		messages = append(messages, data[1:1+size:1+size])
		data = data[1+size:]
	}
	return messages
}

func seedOf(messages ...[]byte) (data []byte) {
	for _, message := range messages {
		data = append(append(data, byte(len(message))), message...)
	}
	return data
}

// FuzzNode sends a node whatever bytes in place of a greeting, and after a good one: it costs the
// connection at most. The node goes on serving others, and what it has logged can be read again.
func FuzzNode(f *testing.F) {
	hello := (&zkwire.ConnectRequest{Timeout: 4000, Password: make([]byte, 16), HasReadOnly: true}).Append(nil)
	f.Add(true, seedOf([]byte("srvr")))
	f.Add(true, seedOf(hello[:20]))
	for _, q := range []zkwire.Request{create("/a", "1"), {Op: zkwire.OpGetData, Path: "/", Watch: true}, {Op: zkwire.OpCloseSession},
		{Op: zkwire.OpSetData, Path: "/a", Version: 3}, {Op: zkwire.OpAddWatch, Path: "/", Mode: 1}, {Op: zkwire.OpSync, Path: "/"},
		{Op: zkwire.OpMulti, Operations: []zkwire.Request{create("/m", "1"), {Op: zkwire.OpCheck, Path: "/m", Version: 4}}},
		{Op: zkwire.OpSetWatches, Watches: &zkwire.Watches{Data: []string{"/a"}}}, {Op: zkwire.OpAuth, Identity: zkwire.Identity{Scheme: "digest", ID: "a:b"}},
		{Op: zkwire.OpSetACL, Path: "/a", ACL: open}, {Op: zkwire.OpMultiRead, Operations: []zkwire.Request{{Op: zkwire.OpGetData, Path: "/"}}}} {
		f.Add(false, seedOf(q.Append(nil), q.Append(nil)))
	}
	f.Fuzz(func(t *testing.T, bare bool, data []byte) {
		messages := messagesIn(data)
		if !bare {
			messages = append([][]byte{hello}, messages...)
		}
		cluster := world.Cluster{Nodes: []string{"n1"}}
		system := System(Options{Words: []string{"*"}, ExtendedTypes: true, SnapshotEvery: 4})
		w := sim.New(sim.DefaultOptions(1))
		w.OnNote(func(note history.Note) { require.NotEqual(t, "panic", note.Kind, note.Detail) })
		w.AddNode("n1", func() world.Process { return system.Node("n1", cluster) })
		w.AddClient("f1", "n1", &sender{messages: messages})
		client := system.Client("c1", "n1", cluster)
		w.AddClient("c1", "n1", client)
		require.NoError(t, w.Run(history.Time(2*time.Second)))
		write(t, w, 1)
		w.Kill("n1")
		w.Restart("n1")
		require.NoError(t, w.Run(w.Now()+history.Time(time.Second)))
		write(t, w, 2)
	})
}

// write is the ordinary client at work.
func write(t *testing.T, w *sim.World, value int64) {
	var got history.Completion
	w.Invoke("c1", history.Request{Function: history.Write, Key: "x", Value: history.Integer(value)}, func(c history.Completion) { got = c })
	require.NoError(t, w.Run(w.Now()+history.Time(2*time.Second)))
	require.Equal(t, history.Ok, got.Outcome, got.Error)
}
