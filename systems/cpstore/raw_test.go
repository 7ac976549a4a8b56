package cpstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
	"cleave/world"
)

// raw is a client process that sends what a test tells it and keeps all that comes back, in order.
type raw struct {
	bench *bench
	name  string
	env   world.Environment
	lines []*line
}

// line is one connection of a raw client.
type line struct {
	raw        *raw
	connection world.Connection
	open       bool
	closed     bool
	xid        int32
	asked      map[int32]zkwire.Op
	inbox      []message
	response   *zkwire.ConnectResponse
	text       string // of a four-letter word
}

// message is a reply or an event.
type message struct {
	reply zkwire.Reply
	event *zkwire.Event
}

func (r *raw) Start(env world.Environment)                      { r.env = env }
func (r *raw) Accepted(world.Connection)                        {}
func (r *raw) Datagram(string, []byte)                          {}
func (r *raw) Invoke(history.Request, func(history.Completion)) {}
func (r *raw) Opened(c world.Connection)                        { r.line(c).open = true }
func (r *raw) Closed(c world.Connection, _ world.CloseReason)   { r.line(c).closed = true }

func (r *raw) line(c world.Connection) *line {
	for _, l := range r.lines {
		if l.connection.ID() == c.ID() {
			return l
		}
	}
	panic("a connection that nobody dialled")
}

func (r *raw) Received(c world.Connection, payload []byte) {
	l := r.line(c)
	switch {
	case l.asked == nil:
		l.text += string(payload)
	case l.response == nil:
		response, err := zkwire.DecodeConnectResponse(payload)
		require.NoError(r.bench.t, err)
		l.response = &response
	default:
		xid, _, _, err := zkwire.DecodeReplyHeader(payload)
		require.NoError(r.bench.t, err)
		if xid == zkwire.XidNotification {
			event, err := zkwire.DecodeEvent(payload)
			require.NoError(r.bench.t, err)
			l.inbox = append(l.inbox, message{event: &event})
			return
		}
		reply, err := zkwire.DecodeReply(payload, l.asked[xid])
		require.NoError(r.bench.t, err)
		l.inbox = append(l.inbox, message{reply: reply})
	}
}

// rawBench is a cluster with one raw client, r1, beside n1.
func rawBench(t *testing.T, size int, options Options) (*bench, *raw) {
	b := newBench(t, 11, size, options, "")
	r := &raw{bench: b, name: "r1"}
	b.world.AddClient("r1", "n1", r)
	b.pass(6 * time.Second)
	return b, r
}

// dial opens a connection to a node.
func (r *raw) dial(node string) *line {
	l := &line{raw: r}
	r.bench.world.At(r.bench.world.Now(), func() { l.connection = r.env.Dial(node); r.lines = append(r.lines, l) })
	r.bench.pass(100 * time.Millisecond)
	require.True(r.bench.t, l.open, "the node takes the connection")
	return l
}

// session opens a connection and a session on it.
func (r *raw) session(node string) *line {
	l := r.dial(node)
	l.hello(zkwire.ConnectRequest{Timeout: 4000, Password: make([]byte, 16), HasReadOnly: true})
	require.NotNil(r.bench.t, l.response)
	require.NotZero(r.bench.t, l.response.SessionID)
	return l
}

func (l *line) hello(q zkwire.ConnectRequest) {
	l.asked = map[int32]zkwire.Op{zkwire.XidPing: zkwire.OpPing}
	l.post(q.Append(nil))
	l.raw.bench.pass(300 * time.Millisecond)
}

// resume offers a session on a new connection.
func (r *raw) resume(node string, of *line, password []byte, seen int64) *line {
	l := r.dial(node)
	l.hello(zkwire.ConnectRequest{Timeout: 4000, SessionID: of.response.SessionID, Password: password, LastZxidSeen: seen, HasReadOnly: true})
	return l
}

func (l *line) post(payload []byte) {
	l.raw.bench.world.At(l.raw.bench.world.Now(), func() { l.connection.Send(payload) })
}

// send posts requests without waiting.
func (l *line) send(requests ...zkwire.Request) {
	for _, q := range requests {
		if q.Xid == 0 {
			l.xid++
			q.Xid = l.xid
		}
		l.asked[q.Xid] = q.Op
		l.post(q.Append(nil))
	}
}

// take gives all that has come since the last call.
func (l *line) take() []message {
	l.raw.bench.pass(400 * time.Millisecond)
	got := l.inbox
	l.inbox = nil
	return got
}

// ask sends one request and gives its reply, which must be all that comes.
func (l *line) ask(q zkwire.Request) zkwire.Reply {
	l.send(q)
	got := l.take()
	require.Len(l.raw.bench.t, got, 1)
	require.Nil(l.raw.bench.t, got[0].event)
	return got[0].reply
}

func (l *line) ok(q zkwire.Request) zkwire.Reply {
	reply := l.ask(q)
	require.Equal(l.raw.bench.t, zkwire.OK, reply.Code)
	return reply
}

var open = []zkwire.ACL{{Perms: zkwire.PermAll, Identity: zkwire.Identity{Scheme: "world", ID: "anyone"}}}

func create(path, data string) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpCreate, Path: path, Data: []byte(data), ACL: open}
}

// Pipelined requests are answered in order, reads behind the writes before them.
func TestPipelineIsAnsweredInOrder(t *testing.T) {
	_, r := rawBench(t, 3, Options{})
	l := r.session("n1")
	l.send(create("/a", "1"), zkwire.Request{Op: zkwire.OpGetData, Path: "/a"},
		zkwire.Request{Op: zkwire.OpSetData, Path: "/a", Data: []byte("2"), Version: 0},
		zkwire.Request{Op: zkwire.OpGetData, Path: "/a"}, zkwire.Request{Op: zkwire.OpSync, Path: "/a"},
		zkwire.Request{Op: zkwire.OpDelete, Path: "/a", Version: 7}, zkwire.Request{Op: zkwire.OpQuorumSync, Path: "/a"})
	got := l.take()
	require.Len(t, got, 7)
	for i, m := range got {
		require.EqualValues(t, i+1, m.reply.Xid)
	}
	require.Equal(t, "1", string(got[1].reply.Data))
	require.Equal(t, "2", string(got[3].reply.Data))
	require.Equal(t, "/a", got[4].reply.Path)
	require.Equal(t, zkwire.BadVersion, got[5].reply.Code)
	require.Greater(t, got[5].reply.Zxid, got[2].reply.Zxid, "a refused write takes a number too")
}

// The event of a change comes before the reply that shows it, to the writer itself too.
func TestEventBeforeReply(t *testing.T) {
	_, r := rawBench(t, 3, Options{})
	l := r.session("n1")
	require.Equal(t, zkwire.NoNode, l.ask(zkwire.Request{Op: zkwire.OpExists, Path: "/a", Watch: true}).Code)
	l.send(create("/a", "1"))
	got := l.take()
	require.Len(t, got, 2)
	require.Equal(t, &zkwire.Event{Type: zkwire.EventCreated, Path: "/a"}, got[0].event)
	require.Equal(t, zkwire.OK, got[1].reply.Code)
	l.send(zkwire.Request{Op: zkwire.OpSetData, Path: "/a", Version: -1})
	require.Len(t, l.take(), 1, "the watch was for once")
}

// A watch hears of the changes that other clients make through other nodes.
func TestEventsOfOthers(t *testing.T) {
	_, r := rawBench(t, 3, Options{})
	l, other := r.session("n1"), r.session("n2")
	other.ok(create("/a", "1"))
	l.ok(zkwire.Request{Op: zkwire.OpSync, Path: "/a"})
	l.ok(zkwire.Request{Op: zkwire.OpGetData, Path: "/a", Watch: true})
	l.ok(zkwire.Request{Op: zkwire.OpGetChildren2, Path: "/a", Watch: true})
	l.ok(zkwire.Request{Op: zkwire.OpAddWatch, Path: "/a", Mode: 1})
	other.ok(create("/a/b", ""))
	require.Equal(t, []message{{event: &zkwire.Event{Type: zkwire.EventCreated, Path: "/a/b"}},
		{event: &zkwire.Event{Type: zkwire.EventChildren, Path: "/a"}}}, l.take())
	other.ok(zkwire.Request{Op: zkwire.OpSetData, Path: "/a", Version: -1})
	require.Equal(t, []message{{event: &zkwire.Event{Type: zkwire.EventDataChanged, Path: "/a"}}}, l.take(), "one event for two watches of one client")
}

// Who may not read a znode does not hear of it.
func TestEventsNeedPermission(t *testing.T) {
	_, r := rawBench(t, 1, Options{})
	l, other := r.session("n1"), r.session("n1")
	l.ok(zkwire.Request{Op: zkwire.OpAddWatch, Path: "/", Mode: 1})
	secret := zkwire.Request{Op: zkwire.OpAuth, Xid: zkwire.XidAuth, Identity: zkwire.Identity{Scheme: "digest", ID: "user:secret"}}
	other.ok(secret)
	hidden := create("/hidden", "1")
	hidden.ACL = []zkwire.ACL{{Perms: zkwire.PermAll, Identity: zkwire.Identity{Scheme: "auth"}}}
	other.ok(hidden)
	other.ok(create("/seen", "1"))
	require.Equal(t, []message{{event: &zkwire.Event{Type: zkwire.EventCreated, Path: "/seen"}}}, l.take())
	require.Equal(t, zkwire.NoAuth, l.ask(zkwire.Request{Op: zkwire.OpGetData, Path: "/hidden"}).Code)
}

// A session moves to another server with its ephemerals; its former connection ends, and so it does
// for whoever knows its number but not its password.
func TestSessionMoves(t *testing.T) {
	_, r := rawBench(t, 3, Options{})
	l := r.session("n1")
	own := create("/mine", "1")
	own.Flags = zkwire.FlagEphemeral
	zxid := l.ok(own).Zxid
	thief := r.resume("n1", l, []byte("0123456789abcdef"), 0)
	require.Zero(t, thief.response.SessionID)
	require.Zero(t, thief.response.Timeout)
	require.True(t, thief.closed)
	require.True(t, l.closed, "as in ZooKeeper, the attempt ends the owner's connection")
	again := r.resume("n2", l, l.response.Password, zxid)
	require.Equal(t, l.response.SessionID, again.response.SessionID)
	require.Equal(t, l.response.SessionID, again.ok(zkwire.Request{Op: zkwire.OpExists, Path: "/mine"}).Stat.EphemeralOwner)
	third := r.resume("n3", l, l.response.Password, zxid)
	require.NotZero(t, third.response.SessionID)
	require.True(t, again.closed)
	early := r.resume("n1", l, l.response.Password, zxid+1<<40)
	require.Nil(t, early.response, "a client that has seen more than the server hears nothing")
	require.True(t, early.closed)
}

// A session ends in good order with all it owns, or when its time is up.
func TestSessionsEnd(t *testing.T) {
	b, r := rawBench(t, 3, Options{})
	l, other := r.session("n1"), r.session("n2")
	for _, path := range []string{"/e1", "/e2"} {
		own := create(path, "")
		own.Flags = zkwire.FlagEphemeral
		l.ok(own)
	}
	closing := l.ok(zkwire.Request{Op: zkwire.OpCloseSession})
	require.NotZero(t, closing.Zxid)
	require.True(t, l.closed)
	names := other.ok(zkwire.Request{Op: zkwire.OpGetChildren, Path: "/"}).Names
	require.Equal(t, []string{"zookeeper"}, names)
	require.Zero(t, r.resume("n1", l, l.response.Password, 0).response.SessionID)
	b.pass(8 * time.Second)
	require.True(t, other.closed, "nobody pinged")
	require.Zero(t, r.resume("n2", other, other.response.Password, 0).response.SessionID)
}

// setWatches tells at once what was missed, before its own reply, and arms the rest.
func TestWatchesAreSetAgain(t *testing.T) {
	_, r := rawBench(t, 1, Options{})
	l := r.session("n1")
	seen := l.ok(create("/a", "")).Zxid
	l.ok(create("/b", ""))
	l.send(zkwire.Request{Op: zkwire.OpSetWatches2, Xid: zkwire.XidSetWatches, Watches: &zkwire.Watches{RelativeZxid: seen,
		Data: []string{"/a", "/b", "/none"}, Exist: []string{"/b", "/later"}, Child: []string{"/", "/a"}, PersistRecursive: []string{"/p"}}})
	got := l.take()
	require.Len(t, got, 5)
	for i, want := range []zkwire.Event{{Type: zkwire.EventDataChanged, Path: "/b"}, {Type: zkwire.EventDeleted, Path: "/none"},
		{Type: zkwire.EventCreated, Path: "/b"}, {Type: zkwire.EventChildren, Path: "/"}} {
		require.Equal(t, &want, got[i].event)
	}
	require.Equal(t, zkwire.XidSetWatches, got[4].reply.Xid)
	l.send(create("/later", ""), zkwire.Request{Op: zkwire.OpSetData, Path: "/a", Version: -1}, create("/p", ""))
	got = l.take()
	require.Len(t, got, 6)
	require.Equal(t, zkwire.EventCreated, got[0].event.Type)
	require.Equal(t, zkwire.EventDataChanged, got[2].event.Type)
	require.Equal(t, "/p", got[4].event.Path)
}

// What ZooKeeper does not know, or only inside a multi, is refused, and the connection ends.
func TestUnknownOperations(t *testing.T) {
	_, r := rawBench(t, 1, Options{})
	for _, op := range []zkwire.Op{zkwire.OpCheck, 999} {
		l := r.session("n1")
		q := zkwire.Request{Op: zkwire.OpCheck, Xid: 5, Path: "/"}
		payload := q.Append(nil)
		payload[6], payload[7] = byte(op>>8), byte(op)
		l.asked[5] = zkwire.OpCheck
		l.post(payload)
		got := l.take()
		require.Len(t, got, 1)
		require.Equal(t, zkwire.Reply{Xid: 5, Zxid: -1, Code: zkwire.Unimplemented}, got[0].reply)
		require.True(t, l.closed)
	}
	l := r.session("n1")
	require.Equal(t, zkwire.OK, l.ask(create("/after", "")).Code, "the node lives")
	l.post([]byte{0, 0, 0, 9, 0, 0, 0, 4, 0})
	l.asked[9] = zkwire.OpGetData
	got := l.take()
	require.Equal(t, zkwire.MarshallingError, got[0].reply.Code)
	require.False(t, l.closed)
}

// A node without a quorum serves those who only want to read, if it may, and nobody else.
func TestReadOnlyMode(t *testing.T) {
	b, r := rawBench(t, 3, Options{ReadOnlyMode: true, Words: []string{"*"}})
	l := r.session("n1")
	l.ok(create("/a", "1"))
	require.Equal(t, "rw", r.ask4("n1", "isro"))
	b.world.Kill("n2")
	b.world.Kill("n3")
	b.pass(8 * time.Second)
	require.True(t, l.closed)
	require.Equal(t, "ro", r.ask4("n1", "isro"))
	refused := r.dial("n1")
	refused.hello(zkwire.ConnectRequest{Timeout: 4000, Password: make([]byte, 16), HasReadOnly: true})
	require.True(t, refused.closed)
	require.Nil(t, refused.response)
	reader := r.dial("n1")
	reader.hello(zkwire.ConnectRequest{Timeout: 4000, Password: make([]byte, 16), HasReadOnly: true, ReadOnly: true})
	require.True(t, reader.response.ReadOnly)
	require.Equal(t, "1", string(reader.ok(zkwire.Request{Op: zkwire.OpGetData, Path: "/a"}).Data))
	require.Equal(t, zkwire.NotReadOnly, reader.ask(create("/b", "")).Code)
	require.Equal(t, zkwire.NotReadOnly, reader.ask(zkwire.Request{Op: zkwire.OpSync, Path: "/"}).Code)
	b.world.Restart("n2")
	b.pass(6 * time.Second)
	require.True(t, reader.closed, "it can have more now")
	require.Equal(t, "rw", r.ask4("n1", "isro"))
	r.session("n1").ok(create("/b", ""))
}

// ask4 sends a four-letter word.
func (r *raw) ask4(node, word string) string {
	l := r.dial(node)
	l.post([]byte(word))
	r.bench.pass(200 * time.Millisecond)
	require.True(r.bench.t, l.closed)
	return l.text
}

func TestWords(t *testing.T) {
	b, r := rawBench(t, 3, Options{Words: []string{"*"}, Configuration: "clientPort=2181\n"})
	l := r.session("n1")
	own := create("/mine", "x")
	own.Flags = zkwire.FlagEphemeral
	l.ok(own)
	l.ok(zkwire.Request{Op: zkwire.OpGetData, Path: "/mine", Watch: true})
	require.Equal(t, "imok", r.ask4("n1", "ruok"))
	leader := b.world.Leader()
	require.Contains(t, r.ask4(leader, "srvr"), "Mode: leader\nNode count: 6\nProposal sizes last/min/max: ")
	require.Regexp(t, `Zookeeper version: [A-Za-z0-9.\-]+, built on \d\d/\d\d/\d{4} \d\d:\d\d [A-Z]+\nLatency min/avg/max: \d+/\d+.\d+/\d+\n`,
		r.ask4("n1", "srvr"))
	require.Contains(t, r.ask4("n1", "stat"), " /r1[1](queued=0,recved=3,sent=3)\n")
	require.Contains(t, r.ask4("n1", "cons"), ",sid=0x")
	require.Regexp(t, `zk_server_state\t(leader|follower)\n`, r.ask4("n1", "mntr"))
	require.Contains(t, r.ask4(leader, "mntr"), "zk_synced_followers\t2\n")
	require.Contains(t, r.ask4("n1", "mntr"), "zk_ephemerals_count\t1\n")
	require.Equal(t, "1 connections watching 1 paths\nTotal watches:1\n", r.ask4("n1", "wchs"))
	require.Contains(t, r.ask4("n1", "wchp"), "/mine\n\t0x")
	require.Contains(t, r.ask4("n1", "wchc"), "\n\t/mine\n")
	require.Contains(t, r.ask4("n1", "dump"), "\n\t/mine\n")
	require.Equal(t, "clientPort=2181\n", r.ask4("n1", "conf"))
	require.Contains(t, r.ask4("n1", "envi"), "zookeeper.version=")
	require.Contains(t, r.ask4("n1", "dirs"), "datadir_size: ")
	require.Equal(t, r.ask4("n1", "hash"), r.ask4("n2", "hash"), "the nodes agree")
	require.Contains(t, r.ask4("n1", "srst"), "reset")
	require.Contains(t, r.ask4("n1", "crst"), "reset")
	require.Empty(t, r.ask4("n1", "nope"))
	b.world.Kill("n2")
	b.world.Kill("n3")
	b.pass(6 * time.Second)
	require.Equal(t, notServing, r.ask4("n1", "srvr"))
	require.Equal(t, "imok", r.ask4("n1", "ruok"))
	require.Equal(t, "null", r.ask4("n1", "isro"))
}

func TestWordsNeedPermission(t *testing.T) {
	_, r := rawBench(t, 1, Options{})
	require.Equal(t, "ruok is not executed because it is not in the whitelist.\n", r.ask4("n1", "ruok"))
	require.Contains(t, r.ask4("n1", "srvr"), "Mode: standalone\nNode count: 5\n")
}

// Containers go when they have lost their children, other nodes when their time is over.
func TestCleaning(t *testing.T) {
	b, r := rawBench(t, 3, Options{ExtendedTypes: true, CleanEvery: time.Second, SessionTimeout: 20 * time.Second})
	l := r.session("n1")
	container := create("/c", "")
	container.Flags, container.Op = zkwire.FlagContainer, zkwire.OpCreateContainer
	l.ok(container)
	lives := create("/t", "")
	lives.Flags, lives.Op, lives.TTL = zkwire.FlagTTL, zkwire.OpCreateTTL, 1500
	l.ok(lives)
	l.ok(create("/c/child", ""))
	l.ok(zkwire.Request{Op: zkwire.OpDelete, Path: "/c/child", Version: -1})
	b.pass(2500 * time.Millisecond)
	require.Equal(t, zkwire.NoNode, l.ask(zkwire.Request{Op: zkwire.OpExists, Path: "/c"}).Code)
	require.Equal(t, zkwire.NoNode, l.ask(zkwire.Request{Op: zkwire.OpExists, Path: "/t"}).Code)
}

// A new session needs a quorum.
func TestNoSessionInAMinority(t *testing.T) {
	b, r := rawBench(t, 3, Options{})
	b.world.Kill("n2")
	b.world.Kill("n3")
	l := r.dial("n1")
	l.hello(zkwire.ConnectRequest{Timeout: 4000, Password: make([]byte, 16)})
	b.pass(5 * time.Second)
	require.Nil(t, l.response)
	require.True(t, l.closed)
}

// Timeouts are as the node's limits allow.
func TestTimeoutsAreNegotiated(t *testing.T) {
	_, r := rawBench(t, 1, Options{MinSessionTimeout: time.Second, MaxSessionTimeout: 10 * time.Second})
	for wanted, got := range map[int32]int32{1: 1000, -5: 1000, 3000: 3000, 99_000: 10_000} {
		l := r.dial("n1")
		l.hello(zkwire.ConnectRequest{Timeout: wanted, Password: make([]byte, 16)})
		require.Equal(t, got, l.response.Timeout)
		require.False(t, l.response.HasReadOnly, "it did not ask")
		require.Len(t, l.response.Password, 16)
	}
}
