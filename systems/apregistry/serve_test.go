package apregistry

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/eurekawire"
)

// full is a registration as Eureka's clients send it.
func full(id string) *eurekawire.Instance {
	return &eurekawire.Instance{App: "WEB", InstanceID: id, HostName: id, IPAddr: "10.0.0.1", Status: eurekawire.Up, VIP: "web,www", SecureVIP: "safe",
		DataCenter: eurekawire.DataCenter{Name: "MyOwn"}, Metadata: []eurekawire.Pair{{Key: "zone", Value: "1"}}, LastDirty: 1000}
}

// over asks a node as something between it and REST does: in messages.
func (n *node) over(t *testing.T, r Request) Response {
	number, inner, err := decodeRequest(r.Append(7, nil))
	require.NoError(t, err)
	answer := n.handle(&inner)
	back, outer, err := DecodeResponse(encodeResponse(number, &answer))
	require.NoError(t, err)
	require.EqualValues(t, 7, back)
	return outer
}

func TestEverythingOfAnInstanceComesBack(t *testing.T) {
	c := newCluster(t, 1, 1, 0, DefaultOptions(), "")
	c.run(100 * time.Second)
	n := c.nodes["n1"]
	require.Equal(t, codeRegistered, n.over(t, Request{Action: ActionRegister, Instance: full("a")}).Code)
	c.run(10 * time.Second)
	require.Equal(t, codeOK, n.over(t, Request{Action: ActionRenew, App: "WEB", ID: "a"}).Code)
	got := n.over(t, Request{Action: ActionGetInstance, App: "WEB", ID: "a"}).Instances[0]
	want := *full("a")
	want.Overridden, want.Action = eurekawire.Unknown, "ADDED"
	registered := got.Lease.Registration
	require.InDelta(t, c.nodes["n1"].env.Now().Milliseconds()-10_000, registered, 1)
	want.LastUpdated = registered
	want.Lease = eurekawire.Lease{Registration: registered, LastRenewal: registered + 100_000, ServiceUp: registered}
	require.Equal(t, want, got, "a renewal is shown 90 s in the future, as Eureka shows it")
	require.Equal(t, []eurekawire.Instance{got}, n.over(t, Request{Action: ActionGetByID, ID: "a"}).Instances)
	require.Equal(t, codeNotFound, n.over(t, Request{Action: ActionGetByID, ID: "b"}).Code)
}

func TestLeaseOfAnInstancesOwn(t *testing.T) {
	r := newRegistry(theirs, "")
	short := fromWire(full("a"))
	short.more.Lease.Duration = 10
	r.register(short, false, 0)
	r.register(fromWire(full("b")), false, 0)
	require.Equal(t, 10*second, r.index[key{"WEB", "a"}].duration)
	require.Equal(t, 90*second, r.index[key{"WEB", "b"}].duration)
	require.True(t, r.leases[0].expired(10*second+1, 0))
}

func TestStampOfARegistrationWithoutOne(t *testing.T) {
	n := alone(t)
	bare := full("a")
	bare.LastDirty = 0
	n.over(t, Request{Action: ActionRegister, Instance: bare})
	now := int64(n.env.Now()) / millisecond
	require.Equal(t, now, n.over(t, Request{Action: ActionGetInstance, App: "WEB", ID: "a"}).Instances[0].LastDirty)
	n.registry.index[key{"WEB", "a"}].instance.dirty = (now + 500) * millisecond
	bare.HostName = "other"
	n.over(t, Request{Action: ActionRegister, Instance: bare})
	got := n.over(t, Request{Action: ActionGetInstance, App: "WEB", ID: "a"}).Instances[0]
	require.Equal(t, now+500, got.LastDirty)
	require.Equal(t, "other", got.HostName, "what has no stamp is the latest news")
}

func TestStatusOverRest(t *testing.T) {
	n := alone(t)
	n.over(t, Request{Action: ActionRegister, Instance: full("a")})
	state := func() [2]eurekawire.Status {
		got := n.over(t, Request{Action: ActionGetInstance, App: "WEB", ID: "a"}).Instances[0]
		return [2]eurekawire.Status{got.Status, got.Overridden}
	}
	ask := func(action Action, s eurekawire.Status) int {
		return n.over(t, Request{Action: action, App: "WEB", ID: "a", Status: s}).Code
	}
	require.Equal(t, codeOK, ask(ActionSetStatus, eurekawire.OutOfService))
	require.Equal(t, [2]eurekawire.Status{eurekawire.OutOfService, eurekawire.OutOfService}, state())
	n.over(t, Request{Action: ActionRegister, Instance: full("a")})
	require.Equal(t, [2]eurekawire.Status{eurekawire.OutOfService, eurekawire.OutOfService}, state(), "outlasts a registration")
	require.Equal(t, codeOK, ask(ActionDeleteStatus, eurekawire.Up))
	require.Equal(t, [2]eurekawire.Status{eurekawire.Up, eurekawire.Unknown}, state())
	require.Equal(t, codeOK, ask(ActionDeleteStatus, eurekawire.Down), "without an override nothing changes")
	require.Equal(t, [2]eurekawire.Status{eurekawire.Up, eurekawire.Unknown}, state())
	ask(ActionSetStatus, eurekawire.Down)
	require.Equal(t, codeOK, ask(ActionDeleteStatus, eurekawire.Unknown))
	require.Equal(t, [2]eurekawire.Status{eurekawire.Unknown, eurekawire.Unknown}, state())
	require.Equal(t, codeNotFound, ask(ActionRenew, ""), "and so the client registers again")
	n.over(t, Request{Action: ActionRegister, Instance: full("a")})
	require.Equal(t, codeOK, ask(ActionRenew, ""))
	require.Equal(t, codeNotFound, n.over(t, Request{Action: ActionDeleteStatus, App: "WEB", ID: "b"}).Code)
}

func TestMetadata(t *testing.T) {
	for profile, later := range map[Profile]int64{Netflix: 0, Plain: 1} {
		n := newCluster(t, 1, 1, 0, profiled(profile), "").nodes["n1"]
		n.over(t, Request{Action: ActionRegister, Instance: full("a")})
		update := Request{Action: ActionSetMetadata, App: "WEB", ID: "a", Metadata: []eurekawire.Pair{{Key: "b", Value: "x"}, {Key: "zone", Value: "2"}}}
		require.Equal(t, codeOK, n.over(t, update).Code)
		got := n.registry.index[key{"WEB", "a"}].instance
		require.Equal(t, []eurekawire.Pair{{Key: "b", Value: "x"}, {Key: "zone", Value: "2"}}, got.more.Metadata)
		require.Equal(t, 1000*int64(millisecond)+later, got.dirty)
		update.ID = "b"
		require.Equal(t, codeNotFound, n.over(t, update).Code)
	}
}

func TestBatchOverRest(t *testing.T) {
	n := alone(t)
	n.over(t, Request{Action: ActionRegister, Instance: full("a")})
	older := full("a")
	older.LastDirty = 1
	answer := n.over(t, Request{Action: ActionBatch, Tasks: []Request{
		{Action: ActionRegister, Instance: older},
		{Action: ActionRegister, Instance: &eurekawire.Instance{}},
		{Action: ActionRenew, App: "WEB", ID: "a", LastDirty: 1, Stamped: true},
		{Action: ActionRenew, App: "WEB", ID: "b", LastDirty: 1, Stamped: true},
		{Action: ActionSetStatus, App: "WEB", ID: "a", Status: eurekawire.Down},
		{Action: ActionDeleteStatus, App: "WEB", ID: "a", Status: eurekawire.Up},
		{Action: ActionCancel, App: "WEB", ID: "a"},
		{Action: ActionCancel, App: "WEB", ID: "a"},
	}})
	codes := []int{}
	for _, result := range answer.Results {
		codes = append(codes, result.Code)
	}
	require.Equal(t, []int{200, 200, 409, 404, 200, 200, 200, 404}, codes, "a registration is said to be done, whatever became of it")
	require.Equal(t, "a", answer.Results[2].Instances[0].ID())
	require.EqualValues(t, 1000, answer.Results[2].Instances[0].LastDirty)
}

func TestTooManyInstances(t *testing.T) {
	options := scaled
	options.MaxInstances = 2
	n := newCluster(t, 1, 1, 0, options, "").nodes["n1"]
	for number, want := range []int{codeRegistered, codeRegistered, codeUnavailable} {
		answer := n.over(t, Request{Action: ActionRegister, Instance: full(fmt.Sprint(number))})
		require.Equal(t, want, answer.Code)
	}
	require.Equal(t, codeRegistered, n.over(t, Request{Action: ActionRegister, Instance: full("1")}).Code, "again")
}

func TestFigures(t *testing.T) {
	c := newCluster(t, 1, 2, 0, DefaultOptions(), "")
	n := c.nodes["n1"]
	for number := range recents + 5 {
		n.over(t, Request{Action: ActionRegister, Instance: full(fmt.Sprint(number))})
	}
	n.over(t, Request{Action: ActionCancel, App: "WEB", ID: "3"})
	c.run(61 * time.Second)
	n.over(t, Request{Action: ActionRenew, App: "WEB", ID: "4"})
	f := n.over(t, Request{Action: ActionFigures}).Figures
	require.EqualValues(t, []int64{recents + 4, recents + 5, 1, 1}, []int64{f.Registered, f.Registrations, f.Renewals, f.Cancels})
	require.True(t, f.Preserving && f.SelfPreservation && f.Listable)
	require.Len(t, f.LastRegistered, recents)
	require.Equal(t, fmt.Sprint(recents+4), f.LastRegistered[0].ID)
	require.Equal(t, "5", f.LastRegistered[recents-1].ID)
	require.Equal(t, "3", f.LastCanceled[0].ID)
	require.Equal(t, []PeerFigures{{Name: "n2", Available: true, Queued: 1, Delivered: recents + 6}}, f.Peers)
	c.Kill("n2")
	c.run(2 * time.Second)
	f = n.over(t, Request{Action: ActionFigures}).Figures
	require.False(t, f.Peers[0].Available)
}

func TestFacadeGivesBackWhatItTook(t *testing.T) {
	one := Request{Action: ActionRenew, App: "WEB", ID: "a", LastDirty: 5, Stamped: true, Replicated: true, Status: eurekawire.Up, Overridden: eurekawire.Down}
	number, got, err := DecodeRequest(one.Append(3, nil))
	require.NoError(t, err)
	require.EqualValues(t, 3, number)
	require.Equal(t, one, got)
	sample := sampleWhole()
	whole := sample.toWire()
	back := fromWire(&whole)
	require.Equal(t, sample, back)
	require.Equal(t, whole, back.toWire())
	answer := Response{Code: 200, Instances: []eurekawire.Instance{whole}, Version: 4, Delta: 5, Hash: "UP_1_"}
	_, same, err := DecodeResponse(answer.Append(1, nil))
	require.NoError(t, err)
	require.Equal(t, answer, same)
	far := eurekawire.Instance{App: "A", InstanceID: "a", LastDirty: math.MaxInt64}
	require.Positive(t, (&Request{Action: ActionRegister, Instance: &far}).inner().instance.dirty, "no overflow")
	bare := instance{key: key{"web", "a"}, status: up, value: 9, dirty: 3 * millisecond}
	shown := bare.toWire()
	again := fromWire(&shown)
	require.EqualValues(t, 9, again.value)
	require.Equal(t, bare.key, again.key)
}
