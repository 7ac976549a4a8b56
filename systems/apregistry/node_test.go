package apregistry

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// alone is one node in a world, to be asked directly.
func alone(t *testing.T) *node { return newCluster(t, 1, 1, 0, scaled, "").nodes["n1"] }

func TestHeartbeatComparesStamps(t *testing.T) {
	n := alone(t)
	held := web("a", 10)
	n.handle(&request{action: actionRegister, key: held.key, instance: held})
	beat := func(dirty int64, stamped, replicated bool) response {
		return n.change(&request{action: actionRenew, key: held.key, dirty: dirty, stamped: stamped, replicated: replicated})
	}
	require.Equal(t, response{code: codeOK}, beat(0, false, false), "no stamp")
	require.Equal(t, response{code: codeOK}, beat(10, true, true))
	require.Equal(t, response{code: codeNotFound}, beat(11, true, false), "the client has news")
	require.Equal(t, response{code: codeNotFound}, beat(11, true, true), "the peer has news")
	require.Equal(t, response{code: codeOK}, beat(9, true, false), "a client's old news is let be")
	require.Equal(t, response{code: codeConflict, instances: []instance{held}}, beat(9, true, true), "a peer is told better")
	require.EqualValues(t, 6, n.registry.preservation.current, "all of them count as heartbeats")
}

func TestCodesOfANode(t *testing.T) {
	n := alone(t)
	a := web("a", 1)
	require.Equal(t, codeNotFound, n.handle(&request{action: actionCancel, key: a.key}).code)
	require.Equal(t, codeNotFound, n.handle(&request{action: actionRenew, key: a.key}).code)
	require.Equal(t, codeNotFound, n.handle(&request{action: actionSetStatus, key: a.key, status: down}).code)
	require.Equal(t, codeNotFound, n.handle(&request{action: actionGetInstance, key: a.key}).code)
	require.Equal(t, codeNotFound, n.handle(&request{action: actionGetApp, key: key{app: "web"}}).code)
	require.Equal(t, codeBadRequest, n.handle(&request{action: actionRegister}).code)
	require.Equal(t, codeRegistered, n.handle(&request{action: actionRegister, key: a.key, instance: a}).code)
	require.Equal(t, codeOK, n.handle(&request{action: actionSetStatus, key: a.key, status: down}).code)
	require.Equal(t, down, n.handle(&request{action: actionGetInstance, key: a.key}).instances[0].status)
	require.Equal(t, codeNotFound, n.handle(&request{action: actionGetApp, key: key{app: "web"}}).code, "the list lags")
	require.Equal(t, codeOK, n.handle(&request{action: actionCancel, key: a.key}).code)
}

func TestSyncingNodeServesNothing(t *testing.T) {
	n := alone(t)
	n.boot.syncing = true
	for _, r := range sampleRequests() {
		if r.action == actionFigures {
			continue // of itself it always tells
		}
		require.Equal(t, codeUnavailable, n.handle(&r).code)
	}
}

func TestListsAreRefusedForAWhileAfterAnEmptyBoot(t *testing.T) {
	empty, full := boot{empty: true, since: 10 * second}, boot{since: 10 * second}
	require.False(t, empty.listable(310*second, 300*second))
	require.True(t, empty.listable(310*second+1, 300*second))
	require.True(t, full.listable(10*second, 300*second))
}

// A clock that is set back after the boot has lists refused for no longer.
func TestTheWaitForListsHeedsNoClockThatIsSet(t *testing.T) {
	options := scaled
	options.SyncOnFirstBoot = true
	c := newCluster(t, 1, 1, 1, options, "")
	c.run(options.boot() - options.WaitWhenSyncEmpty)
	require.Equal(t, "unavailable", c.do("c1", history.Lookup, "web", history.Nothing).Error)
	c.Skew("n1", -time.Hour)
	c.run(options.WaitWhenSyncEmpty)
	c.ok("c1", history.Lookup, "web", history.Nothing)
}

func TestFirstBootMaySyncToo(t *testing.T) {
	options := scaled
	options.SyncOnFirstBoot = true
	c := newCluster(t, 1, 3, 3, options, "")
	c.run(3 * time.Second)
	require.Equal(t, "unavailable", c.do("c1", history.Write, "x", history.Integer(1)).Error)
	c.run(3 * time.Second)
	c.ok("c1", history.Write, "x", history.Integer(1))
	require.Equal(t, "unavailable", c.do("c1", history.Lookup, "web", history.Nothing).Error)
	c.run(scaled.WaitWhenSyncEmpty)
	c.ok("c1", history.Lookup, "web", history.Nothing)
}

// vandal sends bytes that are no message.
type vandal struct {
	message    string
	connection world.Connection
	closed     world.CloseReason
}

func (v *vandal) Start(env world.Environment)                      { v.connection = env.Dial("n1") }
func (v *vandal) Accepted(world.Connection)                        {}
func (v *vandal) Opened(connection world.Connection)               { connection.Send([]byte(v.message)) }
func (v *vandal) Received(world.Connection, []byte)                {}
func (v *vandal) Closed(_ world.Connection, why world.CloseReason) { v.closed = why }
func (v *vandal) Datagram(string, []byte)                          {}
func (v *vandal) Invoke(history.Request, func(history.Completion)) {}

func TestBadBytesCostTheirOwnConnection(t *testing.T) {
	c := newCluster(t, 1, 1, 1, scaled, "")
	c.ok("c1", history.Write, "x", history.Integer(1))
	before := c.nodes["n1"]
	bad, good := &vandal{message: "nonsense"}, &vandal{message: "Q\x01\x07\x00"}
	c.AddClient("bad", "n1", bad)
	c.AddClient("good", "n1", good)
	c.run(100 * time.Millisecond)
	require.Equal(t, world.Ended, bad.closed)
	require.Empty(t, good.closed)
	require.Same(t, before, c.nodes["n1"])
	c.ok("c1", history.Read, "x", history.Nothing)
}

// babbler is a node that answers every request with nonsense.
type babbler struct{ vandal }

func (b *babbler) Start(world.Environment) {}
func (b *babbler) Received(connection world.Connection, _ []byte) {
	connection.Send([]byte("nonsense"))
}

func TestNonsenseForAnAnswer(t *testing.T) {
	w := sim.New(sim.DefaultOptions(1))
	w.AddNode("n1", func() world.Process { return &babbler{} })
	w.AddClient("c1", "n1", newClient("c1", "n1", world.Cluster{Nodes: []string{"n1"}}, scaled))
	require.NoError(t, w.Run(history.Time(time.Second)))
	var got history.Completion
	w.Invoke("c1", history.Request{Function: history.Write, Key: "x", Value: history.Integer(1)}, func(completion history.Completion) { got = completion })
	require.NoError(t, w.Run(history.Time(2*time.Second)))
	require.Equal(t, unclear("connection lost"), got)
}
