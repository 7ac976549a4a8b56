package apregistry

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/octets"
	"cleave/internal/rng"
	"cleave/systems/eurekawire"
)

// With every server dead, a cache goes on answering, older and older. A client that starts then has
// nothing, unless it has a file.
func TestTheCacheOutlivesTheRegistry(t *testing.T) {
	for _, file := range []bool{false, true} {
		l := newLab(t, 2, func(o *ClientOptions) { o.CacheFile = file })
		for _, server := range l.servers {
			server.answer = agreeable(is("a", up, unchanged), is("b", down, unchanged))
		}
		l.run(time.Minute)
		l.Kill("n1")
		l.Kill("n2")
		l.run(time.Hour)
		require.Equal(t, []string{"a UP", "b DOWN"}, l.ids())
		age := l.client.Listing().Age(l.client.env.Elapsed())
		require.Greater(t, age, 59*time.Minute+30*time.Second)
		l.Kill("c1")
		l.run(time.Minute)
		l.Restart("c1")
		l.run(time.Minute)
		require.Equal(t, file, l.client.Listing().Known())
		if file {
			require.Equal(t, []string{"a UP", "b DOWN"}, l.ids())
			require.InDelta(t, (age + 2*time.Minute).Seconds(), l.client.Listing().Age(l.client.env.Elapsed()).Seconds(), 1)
			require.Equal(t, l.client.env.Now()-age-2*time.Minute, l.client.Listing().Asked())
		}
		l.Restart("n2")
		l.run(time.Minute)
		require.Equal(t, []string{"a UP", "b DOWN"}, l.ids())
		require.Less(t, l.client.Listing().Age(l.client.env.Elapsed()), 31*time.Second)
	}
}

// Every fetch that succeeds is in the file, those by deltas too.
func TestTheFileFollowsTheCache(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.CacheFile = true })
	l.servers[0].answer = deltas([]instance{is("a", up, unchanged)},
		response{code: codeOK, version: 1, hash: "UP_2_", instances: []instance{is("b", up, added)}})
	l.run(time.Second)
	for _, want := range []int{1, 2} {
		stamp, instances, err := decodeCache(l.client.env.Disk().Read(cacheFile))
		require.NoError(t, err)
		require.Len(t, instances, want)
		require.Equal(t, l.client.cache.stamp, stamp)
		l.run(31 * time.Second)
	}
}

func TestWithoutTheOptionThereIsNoFile(t *testing.T) {
	l := newLab(t, 1, nil)
	l.run(time.Minute)
	require.Empty(t, l.client.env.Disk().Files())
}

func TestADamagedFileIsNotRead(t *testing.T) {
	whole := encodeCache(7, []instance{is("a", up, unchanged)})
	for place := range whole {
		damaged := append([]byte{}, whole...)
		damaged[place] ^= 0x10
		_, _, err := decodeCache(damaged)
		require.Error(t, err, place)
		_, _, err = decodeCache(whole[:place])
		require.Error(t, err, place)
	}
	l := newLab(t, 1, func(o *ClientOptions) { o.CacheFile = true })
	l.run(time.Second)
	l.client.env.Disk().Replace(cacheFile, whole[:len(whole)-1], func(error) {})
	l.run(time.Second)
	l.Kill("n1")
	l.Kill("c1")
	l.Restart("c1")
	l.run(time.Second)
	require.False(t, l.client.Listing().Known())
}

// Writes of the file do not pile up when the disk is slow.
func TestOneWriteOfTheFileAtATime(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.CacheFile = true })
	l.run(time.Second)
	for i := range 5 {
		l.client.replace(cache{instances: []instance{is(fmt.Sprint(i), up, unchanged)}}, moment{})
		require.Equal(t, saving{busy: true, again: i > 0}, l.client.saving)
	}
	l.run(time.Second)
	require.False(t, l.client.saving.busy)
	_, instances, err := decodeCache(l.client.env.Disk().Read(cacheFile))
	require.NoError(t, err)
	require.Equal(t, "4", instances[0].id)
}

func FuzzCacheFile(f *testing.F) {
	f.Add(encodeCache(7, []instance{is("a", up, unchanged)}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		stamp, instances, err := decodeCache(data)
		if err == nil {
			again, same, err := decodeCache(encodeCache(stamp, instances))
			require.NoError(t, err)
			require.Equal(t, stamp, again)
			require.Equal(t, instances, same)
		}
	})
}

func TestListsArePutInOrder(t *testing.T) {
	list := listOf([]instance{is("b", up, unchanged), is("a", up, unchanged), is("b", down, unchanged)})
	require.Equal(t, []instance{is("a", up, unchanged), is("b", down, unchanged)}, list)
	require.Empty(t, listOf(nil))
}

// Whatever a delta says, applying it is the same as doing what it says one after the other.
func TestDeltasAreAppliedAsOneWouldByHand(t *testing.T) {
	stream := rng.New(7)
	draw := func(most int64) []instance {
		var list []instance
		for range stream.Below(most) {
			list = append(list, instance{key: key{"WEB", fmt.Sprint(stream.Below(12))}, change: change(1 + stream.Below(3)), value: stream.Below(100)})
		}
		return list
	}
	for range 2000 {
		list, delta := listOf(draw(12)), draw(12)
		byHand := map[key]instance{}
		for _, each := range list {
			byHand[each.key] = each
		}
		for _, next := range delta {
			delete(byHand, next.key)
			if next.change != deleted {
				byHand[next.key] = next
			}
		}
		got := applied(list, delta)
		require.Len(t, got, len(byHand))
		for i := range got {
			require.Equal(t, byHand[got[i].key], got[i])
			require.True(t, i == 0 || got[i-1].before(got[i].key))
		}
	}
}

// However often deltas repeat themselves, skipping what is known comes to the same as applying all of it.
func TestWhatDeltasRepeatIsLeftOut(t *testing.T) {
	stream := rng.New(8)
	var entries []instance
	c := cache{instances: []instance{{key: key{"API", "0"}}, {key: key{"WEB", "3"}}}}
	byHand := slices.Clone(c.instances)
	for range 5000 {
		for range stream.Below(4) {
			app := []string{"API", "WEB"}[stream.Below(2)]
			entries = append(entries, instance{key: key{app, fmt.Sprint(stream.Below(5))}, change: change(1 + stream.Below(3)), value: stream.Below(2)})
		}
		entries = entries[stream.Below(int64(min(len(entries), 4)+1)):]
		if last := len(entries) - 1; last > 0 && stream.Chance(1, 4) { // another server, another order
			entries[0], entries[last] = entries[last], entries[0]
		}
		inbox := decoder{Reader: octets.Reader{Data: encodeResponse(1, &response{code: codeOK, instances: entries})}, cache: &c}
		var delta response
		_, err := inbox.responseMessage(&delta)
		require.NoError(t, err)
		require.LessOrEqual(t, len(delta.instances), len(entries))
		if stream.Chance(9, 10) { // otherwise it came too late, and nobody looks at it
			c.apply(delta.instances)
			byHand = merge(byHand, listOf(entries))
			require.Equal(t, byHand, c.instances)
		}
	}
}

func TestListing(t *testing.T) {
	heard := 0
	l := newLab(t, 1, func(o *ClientOptions) {
		o.Listed = func(now Listing) { heard += now.Len() }
	})
	other := instance{key: key{"API", "x"}, status: starting}
	l.servers[0].answer = agreeable(is("a", up, unchanged), other)
	l.run(time.Second)
	require.Equal(t, 2, heard)
	require.Len(t, l.client.Listing().All(), 2)
	app := l.client.Listing().App("WEB")
	require.Len(t, app, 1)
	require.Equal(t, "a", app[0].ID())
	require.Equal(t, eurekawire.Up, app[0].Status)
	require.Empty(t, l.client.Listing().App("NONE"))
}

func TestOperatorsOverrideAStatus(t *testing.T) {
	c := newCluster(t, 1, 2, 2, scaled, "")
	c.ok("c1", history.Register, "web/c1#1", history.Nothing)
	c.run(time.Second)
	require.Equal(t, "UP", c.ok("c2", history.Status, "web/c1#1", history.Nothing).Value.String())
	set := c.ok("c2", history.SetStatus, "web/c1#1", history.Text("OUT_OF_SERVICE"))
	require.Equal(t, "n2", set.Node)
	c.run(10 * time.Second)
	for _, client := range c.clients {
		require.Equal(t, "OUT_OF_SERVICE", c.ok(client, history.Status, "web/c1#1", history.Nothing).Value.String())
		require.Equal(t, "[]", c.ok(client, history.CacheLookup, "web", history.Nothing).Value.String())
	}
	c.ok("c1", history.ClearStatus, "web/c1#1", history.Nothing)
	c.run(10 * time.Second)
	for _, client := range c.clients {
		require.Equal(t, "UP", c.ok(client, history.Status, "web/c1#1", history.Nothing).Value.String(), "registered again")
	}
	require.True(t, c.ok("c1", history.Status, "web/none", history.Nothing).Value.IsNothing())
	require.Equal(t, failed("not a status"), c.do("c1", history.SetStatus, "web/c1#1", history.Text("ILL")))
	require.Equal(t, "no such instance", c.do("c1", history.SetStatus, "web/none", history.Text("DOWN")).Error)
	require.Equal(t, "no such instance", c.do("c1", history.ClearStatus, "web/none", history.Nothing).Error)
	c.Kill("n1")
	c.Kill("n2")
	c.run(10 * time.Millisecond)
	require.Equal(t, failed("no server"), c.do("c1", history.SetStatus, "web/c1#1", history.Text("DOWN")))
	require.Equal(t, failed("no server"), c.do("c1", history.Status, "web/c1#1", history.Nothing))
}

// A lookup in the cache tells when the list was asked for.
func TestACacheLookupTellsTheAge(t *testing.T) {
	c := newCluster(t, 1, 1, 1, scaled, "")
	asked := func() time.Duration {
		return time.Duration(c.ok("c1", history.CacheLookup, "web", history.Nothing).Version)
	}
	c.run(5 * time.Second)
	now := c.nodes["n1"].env.Now()
	require.InDelta(t, (now - 500*time.Millisecond).Seconds(), asked().Seconds(), 0.6)
	c.Kill("n1")
	c.run(time.Minute)
	require.InDelta(t, (now - 500*time.Millisecond).Seconds(), asked().Seconds(), 0.6)
}
