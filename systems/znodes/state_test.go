package znodes

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

func TestFreshTree(t *testing.T) {
	d := &desk{State: New(Options{Config: []byte("server.1=a")})}
	require.Zero(t, d.Zxid())
	require.Equal(t, 5, d.Nodes())
	require.Zero(t, d.Ephemerals())
	require.EqualValues(t, len("/"+"/zookeeper"+"/zookeeper/quota"+"/zookeeper/config"+"server.1=a"), d.DataSize())
	require.Equal(t, zkwire.Stat{Cversion: -1, NumChildren: 1}, d.stat("/"))
	require.Equal(t, zkwire.Stat{Cversion: -2, NumChildren: 2}, d.stat("/zookeeper"))
	require.Equal(t, zkwire.Stat{}, d.stat("/zookeeper/quota"))
	require.Equal(t, zkwire.Stat{Version: -1, Aversion: -1, DataLength: 10}, d.stat("/zookeeper/config"))
	require.Equal(t, readOnly, d.ACL("/zookeeper/config"))
	require.Equal(t, open, d.ACL("/"))
	require.Nil(t, d.ACL("/none"))
	root := d.Read(&zkwire.Request{Op: zkwire.OpGetData, Path: "/"}, nil, 0)
	require.Equal(t, []byte{}, root.Data, "empty, not null")
}

func TestZxidsRiseWithEveryEntry(t *testing.T) {
	s := New(Options{})
	opened := s.Apply(2, &Command{Kind: CommandOpen, Timeout: time.Second})
	require.EqualValues(t, 2<<32|1, opened.Reply.Zxid)
	require.EqualValues(t, 2<<32|1, opened.Session.ID)
	s.Advance(2)
	require.EqualValues(t, 2<<32|2, s.Zxid())
	s.Advance(5)
	require.EqualValues(t, 5<<32|1, s.Zxid())
	require.EqualValues(t, 5, s.Term())
	s.zxid = 7<<32 - 1 // a very long term
	s.Advance(5)
	s.Advance(6)
	require.EqualValues(t, 7<<32+1, s.Zxid(), "numbers never go back")
	s.Advance(9)
	require.EqualValues(t, 9<<32|1, s.Zxid())
}

func TestSessions(t *testing.T) {
	d := newDesk(Options{})
	second := d.open()
	require.Equal(t, []int64{d.session, second}, []int64{d.Sessions()[0].ID, d.Sessions()[1].ID})
	attach := Command{Kind: CommandAttach, Session: d.session, Password: []byte("pw"), Timeout: 3 * time.Second}
	moved := d.apply(attach)
	require.Equal(t, zkwire.OK, moved.Reply.Code)
	require.Equal(t, Session{ID: d.session, Timeout: 3 * time.Second, Password: []byte("pw"), Attachment: 2}, moved.Session)
	attach.Password = []byte("wrong")
	require.Equal(t, zkwire.SessionExpired, d.apply(attach).Reply.Code)
	require.Equal(t, zkwire.SessionExpired, d.apply(Command{Kind: CommandAttach, Session: 99, Password: []byte("pw")}).Reply.Code)
	now, found := d.Session(d.session)
	require.True(t, found)
	require.Equal(t, moved.Session, now, "a wrong password changes nothing")
	_, found = d.Session(99)
	require.False(t, found)
}

// A write that was sent before its session moved or ended, and comes later, must not happen.
func TestWritesNeedTheirSession(t *testing.T) {
	d := newDesk(Options{})
	q := createOf("/a", 0, open)
	late := Command{Kind: CommandWrite, Session: d.session, Attachment: 1, Request: q.Append(nil)}
	d.apply(Command{Kind: CommandAttach, Session: d.session, Password: []byte("pw")})
	require.Equal(t, zkwire.SessionMoved, d.apply(late).Reply.Code)
	require.Equal(t, zkwire.SessionMoved, d.apply(Command{Kind: CommandClose, Session: d.session, Attachment: 1}).Reply.Code)
	late.Attachment = 2
	require.Equal(t, zkwire.OK, d.apply(late).Reply.Code)
	require.Equal(t, zkwire.OK, d.apply(Command{Kind: CommandClose, Session: d.session, Attachment: 2}).Reply.Code)
	require.Equal(t, zkwire.SessionExpired, d.apply(late).Reply.Code)
	require.Equal(t, zkwire.SessionExpired, d.apply(Command{Kind: CommandClose, Session: d.session, Attachment: 2}).Reply.Code)
}

// Expiry takes all ephemeral nodes of a session, and nobody else's, in one transaction.
func TestExpiryIsOneTransaction(t *testing.T) {
	d := newDesk(Options{})
	d.create("/p", 0)
	first := d.session
	d.create("/p/c", zkwire.FlagEphemeral)
	d.create("/p/a", zkwire.FlagEphemeral)
	d.must(createOf("/b", zkwire.FlagEphemeral, only(alice)))
	d.session = d.open()
	d.create("/p/d", zkwire.FlagEphemeral)
	require.Equal(t, 4, d.Ephemerals())
	require.Equal(t, []string{"/b", "/p/a", "/p/c"}, d.OwnedBy(first))

	gone := d.apply(Command{Kind: CommandExpire, Expired: []int64{first, 99}})
	require.Equal(t, []Change{
		{Type: zkwire.EventDeleted, Path: "/b", ACL: only(alice), ParentACL: open},
		{Type: zkwire.EventDeleted, Path: "/p/a", ACL: open, ParentACL: open},
		{Type: zkwire.EventDeleted, Path: "/p/c", ACL: open, ParentACL: open}}, gone.Changes)
	require.Equal(t, gone.Reply.Zxid, d.stat("/p").Pzxid)
	require.True(t, d.there("/p/d"))
	require.Equal(t, 1, d.Ephemerals())
	_, found := d.Session(first)
	require.False(t, found)
	again := d.apply(Command{Kind: CommandExpire, Expired: []int64{first}})
	require.Equal(t, zkwire.OK, again.Reply.Code, "expiring twice does nothing")
	require.Empty(t, again.Changes)
}

// A deleted ephemeral node is no longer its session's: a persistent one of the same name survives.
func TestCloseTakesOnlyWhatIsOwned(t *testing.T) {
	d := newDesk(Options{})
	d.create("/e", zkwire.FlagEphemeral)
	first := d.session
	d.session = d.open()
	d.must(deleteOf("/e", -1))
	d.create("/e", 0)
	require.Equal(t, zkwire.OK, d.apply(Command{Kind: CommandClose, Session: first, Attachment: 1}).Reply.Code)
	require.True(t, d.there("/e"))
}

func TestStat(t *testing.T) {
	d := newDesk(Options{})
	z := func() int64 { return d.Zxid() }
	d.now = 10
	d.create("/a", 0)
	created := z()
	d.now = 20
	d.must(setOf("/a", "four", 0))
	set := z()
	d.create("/a/b", 0)
	d.create("/a/c", 0)
	d.must(setACLOf("/a", open, 0))
	d.must(setOf("/a/b", "", -1))
	d.must(deleteOf("/a/b", 1))
	want := zkwire.Stat{Czxid: created, Mzxid: set, Ctime: 10, Mtime: 20, Version: 1, Cversion: 3, Aversion: 1, DataLength: 4, NumChildren: 1, Pzxid: z()}
	require.Equal(t, want, d.stat("/a"))
	czxid, mzxid, pzxid, found := d.Find("/a")
	require.True(t, found)
	require.Equal(t, []int64{want.Czxid, want.Mzxid, want.Pzxid}, []int64{czxid, mzxid, pzxid})
}

// The number counts children ever created, of all kinds: gaps, but never the same twice.
func TestSequential(t *testing.T) {
	d := newDesk(Options{})
	d.create("/q", 0)
	d.create("/q/x", 0)
	first := d.create("/q/n-", zkwire.FlagSequential)
	require.Equal(t, "/q/n-0000000001", first)
	d.must(deleteOf(first, -1))
	require.Equal(t, "/q/0000000002", d.create("/q/", zkwire.FlagEphemeralSequential))
	names := d.Read(&zkwire.Request{Op: zkwire.OpGetChildren, Path: "/q"}, nil, 0).Names
	require.Equal(t, []string{"0000000002", "x"}, names)
	require.Equal(t, "/0000000001", d.create("/", zkwire.FlagSequential))
}

func TestChanges(t *testing.T) {
	d := newDesk(Options{})
	require.Equal(t, []Change{{zkwire.EventCreated, "/a", readOnly, open}}, d.must(createOf("/a", 0, readOnly)).Changes)
	d.must(createOf("/b", 0, open))
	require.Equal(t, []Change{{zkwire.EventDataChanged, "/b", open, open}}, d.must(setOf("/b", "x", -1)).Changes)
	require.Equal(t, []Change{{zkwire.EventDataChanged, "/", open, nil}}, d.must(setOf("/", "x", -1)).Changes)
	require.Empty(t, d.must(setACLOf("/b", readOnly, -1)).Changes)
	require.Equal(t, []Change{{zkwire.EventDeleted, "/b", readOnly, open}}, d.must(deleteOf("/b", -1)).Changes)
}

func TestRequestsThatAreNoWrites(t *testing.T) {
	d := newDesk(Options{})
	for _, op := range []zkwire.Op{zkwire.OpGetData, zkwire.OpPing, zkwire.OpCheck, zkwire.OpMultiRead, zkwire.OpDeleteContainer, zkwire.Op(77)} {
		require.Equal(t, zkwire.BadArguments, d.code(zkwire.Request{Op: op, Path: "/"}), op)
	}
	write := Command{Kind: CommandWrite, Session: d.session, Attachment: 1}
	q := createOf("/a", 0, open)
	whole := q.Append(nil)
	for size := range whole {
		write.Request = whole[:size]
		require.Equal(t, zkwire.MarshallingError, d.apply(write).Reply.Code, size)
	}
	require.False(t, d.there("/a"))
	require.Equal(t, zkwire.MarshallingError, d.code(multiOf(zkwire.Request{Op: zkwire.OpGetData, Path: "/"})))
}

func TestSuperuser(t *testing.T) {
	d := closed()
	d.ids = []zkwire.Identity{{Scheme: SchemeSuper}}
	d.must(setOf("/shut", "x", -1))
	require.Equal(t, zkwire.OK, d.code(setOf("/zookeeper/config", "x", -1)))
	skipping := newDesk(Options{SkipACL: true})
	require.Equal(t, zkwire.OK, skipping.code(setOf("/zookeeper/config", "x", -1)))
}
