package zookeeper

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// Every function does what it says, with the zxid of its reply.
func TestFunctions(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	t.Run("register", func(t *testing.T) { registers(t, s) })
	t.Run("instances", func(t *testing.T) { instances(t, s) })
	t.Run("watches", func(t *testing.T) { arming(t, s) })
	t.Run("sessions", func(t *testing.T) { sessions(t, s) })
	t.Run("multi", func(t *testing.T) { pairs(t, s) })
	t.Run("refused", func(t *testing.T) { refused(t, s) })
}

var nothing = history.Nothing

func registers(t *testing.T, s *stage) {
	a := s.actor("c1", "n1", Options{})
	first := a.ok(history.Read, "x", nothing)
	require.Equal(t, nothing, first.Value)
	require.Equal(t, "n1", first.Node)
	require.Positive(t, first.Version)

	wrote := a.ok(history.Write, "x", number(1))
	require.Greater(t, wrote.Version, first.Version)
	for _, function := range []history.Function{history.Read, history.SyncRead} {
		read := a.ok(function, "x", nothing)
		require.Equal(t, number(1), read.Value)
		require.Equal(t, wrote.Version, read.Version, function)
	}
	read := a.ok(history.QuorumRead, "x", nothing)
	require.Equal(t, number(1), read.Value)
	require.Greater(t, read.Version, wrote.Version, "it writes")
	require.Equal(t, history.List(number(wrote.Version), number(1)), a.ok(history.Stat, "x", nothing).Value)

	swap := func(from, to history.Value) history.Value { return history.List(from, to) }
	require.Equal(t, "value differs", a.do(history.CAS, "x", swap(number(7), number(2))).Error)
	require.Equal(t, "value differs", a.do(history.CAS, "x", swap(nothing, number(2))).Error)
	require.Equal(t, "value differs", a.do(history.CAS, "y", swap(number(7), number(2))).Error)
	swapped := a.ok(history.CAS, "x", swap(number(1), number(2)))
	require.Greater(t, swapped.Version, read.Version)
	a.ok(history.CAS, "y", swap(nothing, number(3)))
	require.Equal(t, number(3), a.ok(history.Read, "y", nothing).Value)

	a.ok(history.Remove, "y", nothing)
	a.ok(history.Remove, "y", nothing)
	require.Equal(t, history.List(number(0), nothing), a.ok(history.Stat, "y", nothing).Value)
	a.ok(history.Write, "deep/down/z", number(4))
	require.Equal(t, number(0), a.ok(history.CreateSequential, "s/q", nothing).Value)
	require.Equal(t, number(1), a.ok(history.CreateSequential, "s/q", nothing).Value)
	require.Equal(t, "n1", a.ok(history.Home, "", nothing).Node)
}

func instances(t *testing.T, s *stage) {
	a, b := s.actor("c1", "n1", Options{}), s.actor("c2", "n1", Options{})
	require.Equal(t, "[]", b.ok(history.Lookup, "web", nothing).Value.String())
	a.ok(history.Register, "web/c1#1", nothing)
	a.ok(history.Register, "web/c1#1", nothing)
	require.Equal(t, history.Texts([]string{"web/c1#1"}), b.ok(history.Lookup, "web", nothing).Value)
	require.Equal(t, "nodeExists", b.do(history.Register, "web/c1#1", nothing).Error, "it is a stranger's")
	a.ok(history.Deregister, "web/c1#1", nothing)
	require.Equal(t, "[]", b.ok(history.Lookup, "web", nothing).Value.String())

	a.ok(history.Register, "web/c1#2", nothing)
	session, _ := a.ok(history.Die, "web/c1#2", nothing).Value.AsText()
	require.True(t, strings.HasPrefix(session, "0x"))
	a.ok(history.Lookup, "web", nothing)
	require.Equal(t, 2, a.notes.count("connected n1 session 0x"), "it has another session")
	require.Equal(t, 1, a.notes.count("disconnected n1"))
	require.Equal(t, history.Texts([]string{"web/c1#2"}), b.ok(history.Lookup, "web", nothing).Value, "it is left to expire")
	require.Eventually(t, func() bool {
		return b.ok(history.Lookup, "web", nothing).Value.Equal(history.List())
	}, 6*time.Second, 100*time.Millisecond)
}

func arming(t *testing.T, s *stage) {
	a, b := s.actor("c1", "n1", Options{}), s.actor("c2", "n1", Options{})
	require.Equal(t, "noNode", a.do(history.Watch, "w/0", text("data")).Error)
	require.Equal(t, "noNode", a.do(history.Watch, "w/0", text("children")).Error)
	require.Equal(t, history.List(number(0), nothing), a.ok(history.Watch, "w/0", text("exist")).Value)
	wrote := b.ok(history.Write, "w/0", number(1))
	require.Equal(t, history.List(number(wrote.Version), number(1)), a.ok(history.Watch, "w/0", text("data")).Value)
	made := b.ok(history.Write, "w/family/1", number(1))
	require.Equal(t, history.List(number(made.Version), number(1)), a.ok(history.Watch, "w/family", text("children")).Value)
	a.ok(history.Watch, "w/1", text("persistent"))
	a.ok(history.Watch, "w", text("recursive"))
	b.ok(history.Remove, "w/family/1", nothing)
	b.ok(history.Write, "w/0", number(2))
	b.ok(history.Write, "w/0", number(3))
	b.ok(history.Write, "w/1", number(3))
	a.ok(history.SyncRead, "w/0", nothing) // all events are there before its reply
	events := []string{}
	for _, line := range a.notes.all() {
		if event, is := strings.CutPrefix(line, "event "); is {
			events = append(events, event)
		}
	}
	// The data watch on w/0 and the recursive one of w are one watcher to a server: each change comes once.
	require.Equal(t, []string{"created /w/0", "deleted /w/family/1", "children /w/family", "changed /w/0", "changed /w/0", "created /w/1"}, events)
}

func sessions(t *testing.T, s *stage) {
	a, b := s.actor("c1", "n1", Options{}), s.actor("c2", "n1", Options{})
	require.Equal(t, "[]", a.ok(history.Owners, "e", nothing).Value.String())
	mine := a.ok(history.Own, "e/c1-1", nothing)
	yours := b.ok(history.Own, "e/c2-1", nothing)
	both := history.List(history.List(text("c1-1"), mine.Value), history.List(text("c2-1"), yours.Value))
	require.Equal(t, both, a.ok(history.Owners, "e", nothing).Value)
	closed := a.ok(history.Close, "e", nothing)
	require.Equal(t, mine.Value, closed.Value)
	require.Greater(t, closed.Version, yours.Version)
	left := a.ok(history.Owners, "e", nothing)
	require.Equal(t, history.List(history.List(text("c2-1"), yours.Value)), left.Value)
	require.GreaterOrEqual(t, left.Version, closed.Version)
	require.Equal(t, 2, a.notes.count("connected"))
	require.Zero(t, a.notes.count("expired"))
}

func pairs(t *testing.T, s *stage) {
	a := s.actor("c1", "n1", Options{})
	require.Equal(t, history.List(nothing, nothing), a.ok(history.Pair, "p", nothing).Value)
	require.Equal(t, "badVersion", a.do(history.MultiFail, "p", number(6)).Error)
	wrote := a.ok(history.MultiWrite, "p", number(7))
	read := a.ok(history.Pair, "p", nothing)
	require.Equal(t, history.List(number(7), number(7)), read.Value)
	require.Equal(t, wrote.Version, read.Version)
}

// refused is what a client says without a server.
func refused(t *testing.T, s *stage) {
	a := s.actor("c1", "n1", Options{})
	for _, c := range []struct {
		request history.Request
		reason  string
	}{
		{history.Request{Function: history.Write, Key: "x", Value: text("a")}, "not an integer"},
		{history.Request{Function: history.CAS, Key: "x", Value: number(1)}, "bad request"},
		{history.Request{Function: history.Watch, Key: "x", Value: text("smell")}, "bad request"},
		{history.Request{Function: history.Register, Key: "web"}, "bad request"},
		{history.Request{Function: history.CacheLookup, Key: "web"}, "unsupported"},
	} {
		got := a.do(c.request.Function, c.request.Key, c.request.Value)
		require.Equal(t, history.Completion{Outcome: history.Fail, Error: c.reason}, got)
	}
	a.ok(history.Write, "text/x", number(1))
	require.Equal(t, "not an integer", a.do(history.Read, "text", nothing).Error, "an empty znode is no register")
}
