package cachedcp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// A cache hears of who comes and who leaves, before and after the service is there at all.
func TestCacheFollows(t *testing.T) {
	b := newBench(t, DefaultOptions(), "")
	require.Equal(t, errorNoList, b.ask("c4", history.CacheLookup, "web").Error, "nobody was asked yet")
	b.pass(100 * time.Millisecond)
	require.Empty(t, b.cached(), "there is no such service")
	for _, client := range []string{"c1", "c2", "c3"} {
		b.ok(client, history.Register, "web/"+client+"#1")
		b.pass(100 * time.Millisecond)
		require.Equal(t, b.ok("c4", history.Lookup, "web"), b.cached())
	}
	b.ok("c2", history.Deregister, "web/c2#1")
	b.pass(100 * time.Millisecond)
	require.Equal(t, []string{"web/c1#1", "web/c3#1"}, b.cached())
}

// On the smaller side the store answers nobody and takes no registration; the cache does answer, without those whom it
// cannot reach. After the heal all is as it should be.
func TestCacheAnswersWithoutQuorum(t *testing.T) {
	b := newBench(t, DefaultOptions(), "")
	b.registered()
	b.cutOff(b.Cut)
	b.pass(10 * time.Second)
	require.Equal(t, history.Fail, b.ask("c4", history.Lookup, "web").Outcome)
	require.Equal(t, history.Info, b.ask("c1", history.Register, "web/c1#2").Outcome, "nobody can register without a quorum")
	require.Equal(t, []string{"web/c1#1"}, b.cached(), "the others are there and out of reach")
	require.NotContains(t, b.ok("c2", history.Lookup, "web"), "web/c1#1", "its session has ended")
	b.cutOff(b.Mend)
	b.pass(System(DefaultOptions()).Notice)
	require.Equal(t, []string{"web/c1#1", "web/c1#2", "web/c2#1", "web/c3#1"}, b.cached())
}

// Without the check the cache lists whom the store listed last, for as long as the outage lasts.
func TestCacheWithoutCheckKeepsAll(t *testing.T) {
	options := DefaultOptions()
	options.Check = 0
	b := newBench(t, options, "")
	b.registered()
	b.cutOff(b.Cut)
	b.ok("c2", history.Die, "web/c2#1")
	b.pass(time.Minute)
	require.Equal(t, []string{"web/c1#1", "web/c2#1", "web/c3#1"}, b.cached())
}

// Who dies is left out before its session has ended, and who is all that is left stays.
func TestCheckLeavesOutTheDead(t *testing.T) {
	b := newBench(t, DefaultOptions(), "")
	b.registered()
	b.ok("c2", history.Die, "web/c2#1")
	b.pass(1500 * time.Millisecond)
	require.Contains(t, b.ok("c4", history.Lookup, "web"), "web/c2#1", "its session lasts")
	require.Equal(t, []string{"web/c1#1", "web/c3#1"}, b.cached())
	b.ok("c1", history.Die, "web/c1#1")
	b.ok("c3", history.Die, "web/c3#1")
	b.pass(20 * time.Second)
	require.Empty(t, b.ok("c4", history.Lookup, "web"))
	require.NotEmpty(t, b.cached(), "a list that would be empty is not believed")
}

// A list that lost more than half is believed when it has stood; an empty one never is; any other at once.
func TestShortListsAreDoubted(t *testing.T) {
	options := DefaultOptions()
	options.Check = 0
	b := newBench(t, options, "")
	b.registered()
	b.ok("c1", history.Deregister, "web/c1#1")
	b.pass(100 * time.Millisecond)
	require.Equal(t, []string{"web/c2#1", "web/c3#1"}, b.cached(), "two of three are enough")
	b.ok("c1", history.Register, "web/c1#2")
	b.ok("c1", history.Register, "web/c1#3")
	b.ok("c1", history.Register, "web/c1#4")
	b.pass(100 * time.Millisecond)
	require.Len(t, b.cached(), 5)
	b.ok("c1", history.Die, "web/c1#2") // and with it all that its session holds
	for range 100 {
		b.pass(100 * time.Millisecond)
		if len(b.ok("c4", history.Lookup, "web")) == 2 {
			break
		}
	}
	b.pass(100 * time.Millisecond)
	require.Len(t, b.cached(), 5, "two of five are too few")
	require.Contains(t, b.notes, history.Note{Node: "c4", Kind: "cache-keeps", Detail: "web: 5, the store lists 2"})
	b.pass(options.withDefaults().Confirm)
	require.Equal(t, []string{"web/c2#1", "web/c3#1"}, b.cached(), "but true")
	b.ok("c2", history.Deregister, "web/c2#1")
	b.ok("c3", history.Deregister, "web/c3#1")
	b.pass(time.Minute)
	require.Empty(t, b.ok("c4", history.Lookup, "web"))
	require.Equal(t, []string{"web/c3#1"}, b.cached())
}

// After an outage in which every session ended, the first who is back does not push out those who are to follow.
func TestFirstBackDoesNotPushOutTheOthers(t *testing.T) {
	options := DefaultOptions()
	options.Check = 0
	b := newBench(t, options, "")
	b.registered()
	for _, client := range []string{"c1", "c2", "c3"} {
		b.ok(client, history.Die, "web/"+client+"#1")
	}
	b.pass(30 * time.Second)
	require.Empty(t, b.ok("c4", history.Lookup, "web"))
	b.ok("c1", history.Register, "web/c1#1")
	b.pass(time.Second)
	require.Len(t, b.cached(), 3)
	b.ok("c2", history.Register, "web/c2#1")
	b.pass(time.Second)
	require.Equal(t, []string{"web/c1#1", "web/c2#1"}, b.cached(), "more than half are back")
}

// A process that begins again during an outage answers at once with its file, and not at all without; once there is a
// quorum again, both do.
func TestColdHosts(t *testing.T) {
	for how, answers := range map[string]bool{"": true, Bare: false} {
		b := newBench(t, DefaultOptions(), "")
		b.registered()
		b.cutOff(b.Cut)
		b.pass(10 * time.Second)
		reboot := history.Request{Function: history.Reboot}
		if how != "" {
			reboot.Value = history.Text(how)
		}
		require.Equal(t, history.Ok, b.request("c4", reboot).Outcome)
		b.pass(5 * time.Second)
		completion := b.ask("c4", history.CacheLookup, "web")
		if answers {
			require.Equal(t, []string{"web/c1#1"}, completion.Value.AsTexts())
		} else {
			require.Equal(t, errorNoList, completion.Error)
		}
		b.cutOff(b.Mend)
		b.pass(System(DefaultOptions()).Notice)
		require.Len(t, b.cached(), 3)
	}
}

// A file that is damaged is none.
func TestDamagedFile(t *testing.T) {
	data := encodeLists([]saved{{"web", 7, []string{"web/c1#1"}}})
	lists, good := decodeLists(data)
	require.True(t, good)
	require.Equal(t, []saved{{"web", 7, []string{"web/c1#1"}}}, lists)
	for at := range data {
		data[at] ^= 1
		_, good := decodeLists(data)
		require.False(t, good, "byte %d", at)
		data[at] ^= 1
	}
	_, good = decodeLists(data[:3])
	require.False(t, good)
}
