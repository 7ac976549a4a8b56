package apregistry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/eurekawire"
)

func TestResponseCacheLags(t *testing.T) {
	r := newRegistry(theirs, "")
	cache := newResponseCache(r, 0)
	app := func(name string) []instance { return cache.read(actionGetApp, name, 0).instances }
	all := func() *cachedList { return cache.read(actionGetAll, "", 0) }
	require.Empty(t, app("web"))
	require.Empty(t, all().instances)
	r.register(web("a", 1), false, 0)
	require.Empty(t, app("web"), "also that there was nothing is remembered")
	before := all().version
	cache.refresh(0)
	require.Len(t, app("web"), 1)
	require.Len(t, all().instances, 1)
	require.Equal(t, "UP_1_", all().hash)
	require.Greater(t, all().version, before)
	r.register(instance{key: key{"api", "z"}, status: up}, false, 0)
	require.Len(t, app("api"), 1, "read for the first time, it is fresh")
	require.Len(t, all().instances, 1)
}

func TestListIsMadeAnewOnlyIfItChanged(t *testing.T) {
	r := newRegistry(theirs, "")
	cache := newResponseCache(r, 100)
	r.register(web("a", 1), false, 0)
	version := cache.read(actionGetApp, "web", 0).version
	require.EqualValues(t, 101, version)
	r.register(instance{key: key{"api", "z"}, status: up}, false, 0)
	r.renew(key{"web", "a"}, false, 0)
	cache.refresh(second)
	require.Equal(t, version, cache.read(actionGetApp, "web", 0).version, "another app changed")
	r.cancel(key{"web", "a"}, 0)
	cache.refresh(second)
	gone := *cache.read(actionGetApp, "web", 0)
	require.Empty(t, gone.instances)
	cache.refresh(3*time.Minute + second)
	require.Greater(t, cache.read(actionGetApp, "web", 0).version, gone.version, "three minutes are the longest")
}

func TestListsOfNothingAreBounded(t *testing.T) {
	r := newRegistry(theirs, "")
	cache := newResponseCache(r, 0)
	for number := range 3 * mostLists {
		cache.read(actionGetApp, fmt.Sprint(number), 0)
		cache.read(actionGetVIP, fmt.Sprint(number), 0)
	}
	require.LessOrEqual(t, len(cache.lists), mostLists)
	cache.refresh(0)
	require.Empty(t, cache.lists)
	require.Empty(t, cache.names)
}

func TestDeltaTellsTheLastChangeOfEach(t *testing.T) {
	r := newRegistry(theirs, "")
	cache := newResponseCache(r, 0)
	for _, id := range []string{"a", "b", "c"} {
		r.register(web(id, 1), false, 0)
	}
	r.setStatus(key{"web", "a"}, down, 0, false, second)
	r.cancel(key{"web", "b"}, 2*second)
	shown := func() (list []string) {
		for _, i := range cache.read(actionGetDelta, "", 0).instances {
			list = append(list, i.id+" "+changeName(i.change)+" "+string(statusName(i.status)))
		}
		return list
	}
	require.Equal(t, []string{"c ADDED UP", "a MODIFIED DOWN", "b DELETED UP"}, shown())
	delta := cache.read(actionGetDelta, "", 0)
	require.Equal(t, "DOWN_1_UP_1_", delta.hash, "that of the whole registry")
	require.EqualValues(t, 1, delta.delta)
	r.recent.purge(2 * second)
	cache.refresh(second)
	require.Len(t, shown(), 3, "a purge is no change")
	cache.refresh(theirs.ReadWriteExpiry)
	require.Equal(t, []string{"b DELETED UP"}, shown())
	require.EqualValues(t, 2, cache.read(actionGetDelta, "", 0).delta)
}

func TestDeltaStaysSmall(t *testing.T) {
	r := newRegistry(theirs, "")
	for number := range 50_000 {
		r.register(web(fmt.Sprint(number%10), int64(number)), false, 0)
	}
	require.Less(t, len(r.recent.entries), 10_000)
	require.Len(t, r.recent.delta(nil), 10)
	require.EqualValues(t, 49_999, r.recent.delta(nil)[9].dirty)
}

// The planted bug: the hash of what the client then has is that of the registry.
func TestDeltaSwapIsTheBugsDoing(t *testing.T) {
	for bug, blind := range map[string]bool{"": false, bugDeltaSwap: true} {
		r := newRegistry(theirs, bug)
		cache := newResponseCache(r, 0)
		r.register(web("a", 1), false, 0)
		r.register(web("b", 1), false, 0)
		client := r.all()
		cache.read(actionGetDelta, "", 0)
		r.register(web("c", 1), false, 0)
		r.cancel(key{"web", "a"}, 0)
		cache.refresh(0)
		for range 3 {
			delta := cache.read(actionGetDelta, "", 0)
			client = applied(client, delta.instances)
			require.Equal(t, delta.hash, hashOf(client), bug)
			r.register(web("b", 2), false, 0)
			cache.refresh(0)
		}
		require.Equal(t, blind, client[0].id == "a", bug)
	}
}

func TestListsOverRest(t *testing.T) {
	c := newCluster(t, 1, 1, 0, scaled, "")
	n := c.nodes["n1"]
	n.over(t, Request{Action: ActionRegister, Instance: full("a")})
	codes := func(r Request) (int, int) {
		answer := n.over(t, r)
		return answer.Code, len(answer.Instances)
	}
	for _, r := range []Request{{Action: ActionGetAll}, {Action: ActionGetDelta}, {Action: ActionGetApp, App: "WEB"},
		{Action: ActionGetVIP, App: "web"}, {Action: ActionGetVIP, App: "www"}, {Action: ActionGetSecureVIP, App: "safe"}} {
		answer := n.over(t, r)
		require.Equal(t, codeOK, answer.Code, r)
		require.Len(t, answer.Instances, 1, r)
		require.Equal(t, "UP_1_", answer.Hash)
		r.Have = answer.Version
		same := n.over(t, r)
		require.Equal(t, codeNotModified, same.Code)
		require.Empty(t, same.Instances)
		require.Equal(t, answer.Version, same.Version)
		r.Have--
		require.Equal(t, codeOK, n.over(t, r).Code)
	}
	for _, r := range []Request{{Action: ActionGetApp, App: "web"}, {Action: ActionGetVIP, App: "safe"},
		{Action: ActionGetSecureVIP, App: "web"}, {Action: ActionGetVIP, App: "web,www"}} {
		code, _ := codes(r)
		require.Equal(t, codeNotFound, code)
	}
	n.over(t, Request{Action: ActionCancel, App: "WEB", ID: "a"})
	c.run(scaled.ResponseCacheInterval)
	code, left := codes(Request{Action: ActionGetAll})
	require.Equal(t, []int{codeOK, 0}, []int{code, left}, "all of nothing is a list")
	delta := n.over(t, Request{Action: ActionGetDelta})
	require.Equal(t, "DELETED", delta.Instances[0].Action)
	require.Positive(t, delta.Instances[0].Lease.Eviction)
	require.Empty(t, delta.Hash)
	require.Equal(t, eurekawire.Up, delta.Instances[0].Status)
}

func TestDeltaMayBeRefused(t *testing.T) {
	options := scaled
	options.NoDelta = true
	n := newCluster(t, 1, 1, 0, options, "").nodes["n1"]
	require.Equal(t, codeForbidden, n.handle(&request{action: actionGetDelta}).code)
	require.Equal(t, codeOK, n.handle(&request{action: actionGetAll}).code)
}

// The copy for readers is refreshed at whole intervals of the wall clock.
func TestRefreshIsAligned(t *testing.T) {
	c := newCluster(t, 1, 1, 0, DefaultOptions(), "")
	n := c.nodes["n1"]
	n.handle(&request{action: actionGetAll})
	n.handle(&request{action: actionRegister, instance: web("a", 1)})
	left := 30*time.Second - n.env.Now()%(30*time.Second)
	c.run(left - time.Millisecond)
	require.Empty(t, n.handle(&request{action: actionGetAll}).instances)
	c.run(2 * time.Millisecond)
	require.Len(t, n.handle(&request{action: actionGetAll}).instances, 1)
}

// hashOf gives how many instances of each status there are, as Eureka writes it.
func hashOf(list []instance) string {
	counts := tallyOf(list)
	return counts.hash()
}
