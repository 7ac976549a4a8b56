package cpstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// script applies commands in a term and keeps the results.
func script(s *state, term uint64, commands ...command) (results []result) {
	for i := range commands {
		results = append(results, s.apply(term, &commands[i]))
	}
	return results
}

func TestZxidsRiseWithEveryEntry(t *testing.T) {
	s := newState()
	open := command{kind: commandOpen, timeout: time.Second}
	first := s.apply(2, &open)
	require.EqualValues(t, 2<<32|1, first.zxid)
	refused := s.apply(2, &command{kind: commandSet, session: first.session, attachment: 1, path: "/none"})
	require.Equal(t, CodeNoNode, refused.code)
	require.EqualValues(t, 2<<32|2, refused.zxid, "a failed write takes a number too")
	s.advance(5)
	require.EqualValues(t, 5<<32|1, s.zxid())
}

func TestWritesNeedTheirSession(t *testing.T) {
	s := newState()
	one := s.apply(1, &command{kind: commandOpen}).session
	write := command{kind: commandCreate, session: one, attachment: 1, path: "/a"}
	require.Equal(t, CodeOK, s.apply(1, &write).code)
	write.session, write.path = one+1, "/b"
	require.Equal(t, CodeSessionExpired, s.apply(1, &write).code)
}

// A write that was sent before its session moved, and comes later, must not happen.
func TestOldAttachmentIsRefused(t *testing.T) {
	s := newState()
	one := s.apply(1, &command{kind: commandOpen}).session
	moved := s.apply(1, &command{kind: commandAttach, session: one})
	require.EqualValues(t, 2, moved.attachment)
	create := command{kind: commandCreate, session: one, attachment: 1, path: "/a"}
	require.Equal(t, CodeSessionMoved, s.apply(1, &create).code)
	create.attachment = 2
	require.Equal(t, CodeOK, s.apply(1, &create).code)
	require.Equal(t, CodeSessionExpired, s.apply(1, &command{kind: commandAttach, session: one + 5}).code)
}

// Expiry takes all ephemeral nodes of a session, and nobody else's, in one transaction.
func TestExpiryIsOneTransaction(t *testing.T) {
	s := newState()
	one := s.apply(1, &command{kind: commandOpen}).session
	two := s.apply(1, &command{kind: commandOpen}).session
	script(s, 1,
		command{kind: commandCreate, session: one, attachment: 1, path: "/p"},
		command{kind: commandCreate, session: one, attachment: 1, path: "/p/b", ephemeral: true},
		command{kind: commandCreate, session: one, attachment: 1, path: "/p/a", ephemeral: true},
		command{kind: commandCreate, session: two, attachment: 1, path: "/p/c", ephemeral: true})
	gone := s.apply(1, &command{kind: commandExpire, expired: []int64{one}})
	names, _ := s.tree.list("/p")
	require.Equal(t, []string{"c"}, names)
	_, stat, _ := s.tree.get("/p")
	require.Equal(t, gone.zxid, stat.ChildrenZxid)
	require.Nil(t, s.sessions.find(one))
	require.NotNil(t, s.sessions.find(two))
	again := s.apply(1, &command{kind: commandExpire, expired: []int64{one}})
	require.Equal(t, CodeOK, again.code, "expiring twice does nothing")
}

// A deleted ephemeral node is no longer its session's: a persistent one of the same name survives.
func TestCloseTakesOnlyWhatIsOwned(t *testing.T) {
	s := newState()
	one := s.apply(1, &command{kind: commandOpen}).session
	two := s.apply(1, &command{kind: commandOpen}).session
	results := script(s, 1,
		command{kind: commandCreate, session: one, attachment: 1, path: "/e", ephemeral: true},
		command{kind: commandDelete, session: two, attachment: 1, path: "/e", version: anyVersion},
		command{kind: commandCreate, session: two, attachment: 1, path: "/e"},
		command{kind: commandClose, session: one, attachment: 1})
	for _, r := range results {
		require.Equal(t, CodeOK, r.code)
	}
	_, stat, code := s.tree.get("/e")
	require.Equal(t, CodeOK, code)
	require.Zero(t, stat.EphemeralOwner)
}
