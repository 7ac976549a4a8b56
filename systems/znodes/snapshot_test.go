package znodes

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

// sampleState has sessions, several ACLs, every kind of node, null and empty data.
func sampleState() *State {
	d := newDesk(Options{ExtendedTypes: true, Config: []byte("server.1=a")})
	d.open()
	d.ids = []zkwire.Identity{alice, bob}
	d.apply(Command{Kind: CommandAttach, Session: d.session, Password: []byte("pw")})
	null := createOf("/null", 0, only(alice))
	null.Data = nil
	empty := createOf("/empty", 0, only(bob))
	empty.Data = []byte{}
	d.must(multiOf(null, empty, createOf("/b", 0, only(alice)), createOf("/b/z", zkwire.FlagEphemeral, open),
		createOf("/b/n-", zkwire.FlagEphemeralSequential, readOnly), containerOf("/c"), ttlOf("/t", 1<<40-1), setOf("/empty", "", 0)))
	return d.State
}

// same tells whether a state and what Decode made of it are equal in all that counts.
func same(t *testing.T, s, got *State) {
	require.Equal(t, s.Encode(), got.Encode())
	require.Equal(t, s.Zxid(), got.Zxid())
	require.Equal(t, s.Term(), got.Term())
	require.Equal(t, len(s.Sessions()), len(got.Sessions()))
	for i := range s.Sessions() {
		require.Equal(t, s.Sessions()[i], got.Sessions()[i])
		require.Equal(t, s.OwnedBy(s.Sessions()[i].ID), got.OwnedBy(s.Sessions()[i].ID))
	}
	require.Equal(t, s.Nodes(), got.Nodes())
	require.Equal(t, s.DataSize(), got.DataSize())
	require.Equal(t, s.Ephemerals(), got.Ephemerals())
	require.Equal(t, s.expendable.list(), got.expendable.list())
	require.Len(t, got.access.lists, len(s.access.lists))
	for path, node := range s.nodes {
		twin := got.nodes[path]
		require.Equal(t, node.data, twin.data, path)
		require.Equal(t, node.stat(), twin.stat(), path)
		require.Equal(t, node.access.entries, twin.access.entries, path)
		require.Equal(t, node.access.uses, twin.access.uses, path)
		require.Equal(t, node.children.list(), twin.children.list(), path)
	}
}

func TestSnapshotRoundTrip(t *testing.T) {
	s := sampleState()
	encoded := s.Encode()
	got, err := Decode(encoded, s.options)
	require.NoError(t, err)
	same(t, s, got)
	for size := range encoded {
		_, err = Decode(encoded[:size], s.options)
		require.Error(t, err, "cut to %d bytes", size)
	}
	_, err = Decode(append(encoded, 0), s.options)
	require.Error(t, err, "a byte too many")
}

// A decoded state keeps nothing of the bytes it was read from.
func TestSnapshotIsCopied(t *testing.T) {
	s := sampleState()
	encoded := s.Encode()
	got, err := Decode(encoded, s.options)
	require.NoError(t, err)
	clear(encoded)
	same(t, s, got)
}

// The order in which nodes came about is not in the bytes, only what is there now.
func TestEqualStatesGiveEqualBytes(t *testing.T) {
	one, two := newDesk(Options{}), newDesk(Options{})
	one.must(multiOf(createOf("/a", 0, only(alice)), createOf("/b", 0, only(bob)), createOf("/c", 0, open), deleteOf("/c", -1)))
	two.must(multiOf(createOf("/c", 0, open), createOf("/b", 0, only(bob)), deleteOf("/c", -1), createOf("/a", 0, only(alice))))
	require.Equal(t, one.Encode(), two.Encode())
}

// Random states come back whole, and go on as the originals would.
func TestRandomSnapshots(t *testing.T) {
	for seed := range uint64(10) {
		d, p := newDesk(Options{}), newPlayer(seed+100)
		twin := *d
		for step := range 400 {
			if step%40 == 0 {
				got, err := Decode(d.Encode(), Options{})
				require.NoError(t, err)
				same(t, d.State, got)
				twin.State = got
			}
			d.now, twin.now = d.now+1, d.now+1
			q := p.operation()
			if p.IntN(3) == 0 {
				q = multiOf(p.multi(d)...)
			}
			require.Equal(t, d.do(q), twin.do(q))
		}
		same(t, d.State, twin.State)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(sampleState().Encode())
	f.Add(New(Options{}).Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		once, err := Decode(data, Options{})
		if err != nil {
			return
		}
		twice, err := Decode(once.Encode(), Options{})
		require.NoError(t, err)
		require.Equal(t, once.Encode(), twice.Encode())
		// Whatever came, it can be worked with.
		create := createOf("/a/b", 0, open)
		once.Apply(1, &Command{Kind: CommandOpen})
		once.Apply(1, &Command{Kind: CommandWrite, Session: once.Sessions()[0].ID, Attachment: once.Sessions()[0].Attachment, Request: create.Append(nil)})
		for len(once.Sessions()) > 0 {
			once.Apply(1, &Command{Kind: CommandExpire, Expired: []int64{once.Sessions()[0].ID}})
		}
		for _, path := range once.Due(1 << 62) {
			once.Apply(1, &Command{Kind: CommandClean, Path: path, Time: 1 << 62})
		}
	})
}

// A number of elements that the bytes cannot have is refused before anything is made for them.
func TestFalseCounts(t *testing.T) {
	head := []byte{snapshotVersion, 0, 0}
	huge := binary.AppendUvarint(nil, 1<<40)
	for _, data := range [][]byte{append(head, huge...), append(append(head, 0), huge...), append(append(head, 0, 1, 1, '/', 0), huge...)} {
		_, err := Decode(append(data, make([]byte, 20)...), Options{})
		require.Error(t, err)
	}
	_, good := DecodeCommand(append([]byte{byte(CommandExpire), 0, 0, 0, 0}, huge...))
	require.False(t, good)
}

// Whole snapshots that say what cannot be.
func TestFalseSnapshots(t *testing.T) {
	for name, spoil := range map[string]func(*State){
		"sessions in no order":     func(s *State) { s.sessions[0].ID, s.sessions[1].ID = s.sessions[1].ID, s.sessions[0].ID },
		"a session twice":          func(s *State) { s.sessions[1].ID = s.sessions[0].ID },
		"an owner that is nobody":  func(s *State) { s.nodes["/b/z"].owner = 99 },
		"an owner that is none":    func(s *State) { s.nodes["/b/z"].owner = 0 },
		"a root with a time":       func(s *State) { s.nodes["/"].kind, s.nodes["/"].owner = fleeting, 5 },
		"a child of an ephemeral":  func(s *State) { s.nodes["/b"].kind, s.nodes["/b"].owner = ephemeral, s.sessions[0].ID },
		"no time to live":          func(s *State) { s.nodes["/t"].owner = 0 },
		"too long a time to live":  func(s *State) { s.nodes["/t"].owner = 1 << 40 },
		"a kind that there is not": func(s *State) { s.nodes["/t"].kind = fleeting + 1 },
		"a path that cannot be":    func(s *State) { s.attach("/..", &znode{fields: fields{access: s.access.open}}) },
		"a node without its parent": func(s *State) {
			s.nodes["/x/y"] = &znode{fields: s.nodes["/c"].fields}
			s.nodes["/c"].children.add("/x/y")
		},
		"a node twice": func(s *State) { s.nodes["/"].children.chunks[0] = append(s.nodes["/"].children.chunks[0], "/t") },
	} {
		s := sampleState()
		spoil(s)
		_, err := Decode(s.Encode(), s.options)
		require.ErrorIs(t, err, errSnapshot, name)
	}
	_, err := Decode(append([]byte{snapshotVersion + 1}, sampleState().Encode()[1:]...), Options{})
	require.ErrorIs(t, err, errSnapshot)
	_, err = Decode([]byte{snapshotVersion, 0, 0, 0, 0}, Options{})
	require.ErrorIs(t, err, errSnapshot, "no root")
}
