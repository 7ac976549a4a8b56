package apregistry

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/eurekawire"
)

// deltas has a server give one list whole, and then a delta.
func deltas(list []instance, delta response) func(*request) *response {
	whole := agreeable(list...)
	return func(r *request) *response {
		if r.action == actionGetDelta {
			return &delta
		}
		return whole(r)
	}
}

func TestDeltasAreFollowed(t *testing.T) {
	before := []instance{is("a", up, unchanged), is("b", up, unchanged), is("c", up, unchanged)}
	l := newLab(t, 1, nil)
	l.servers[0].answer = deltas(before, response{code: codeOK, version: 1, hash: "DOWN_1_UP_2_", instances: []instance{
		is("b", down, modified), is("c", up, deleted), is("d", up, added), is("e", up, deleted), is("a", up, added)}})
	l.run(time.Second)
	require.Equal(t, []string{"a UP", "b UP", "c UP"}, l.ids())
	first := l.client.Listing()
	l.run(30 * time.Second)
	require.Equal(t, []string{"a UP", "b DOWN", "d UP"}, l.ids())
	l.run(5 * time.Minute)
	require.Equal(t, []string{"a UP", "b DOWN", "d UP"}, l.ids(), "what came twice changes nothing")
	require.Equal(t, 1, l.servers[0].count(actionGetAll))
	require.Equal(t, 11, l.servers[0].count(actionGetDelta))
	require.Equal(t, 3, first.Len(), "a listing never changes")
	require.Equal(t, eurekawire.Up, first.All()[1].Status)
}

func TestOtherCountsThanTheServersFetchTheWholeList(t *testing.T) {
	list := []instance{is("a", up, unchanged)}
	l := newLab(t, 1, nil)
	l.servers[0].answer = func(r *request) *response {
		if r.action == actionGetDelta {
			return &response{code: codeOK, version: 1, hash: hashOf(list)} // all is missing from the delta
		}
		return agreeable(list...)(r)
	}
	l.run(time.Second)
	list = append(list, is("b", down, unchanged))
	l.run(30 * time.Second)
	require.Equal(t, []string{"a UP", "b DOWN"}, l.ids())
	require.Equal(t, 2, l.servers[0].count(actionGetAll))
	l.run(5 * time.Minute)
	require.Equal(t, 2, l.servers[0].count(actionGetAll), "the counts are equal again")
}

// An arrival and a departure that were both missed leave the counts as they were: the cache is wrong from
// then on, and nothing tells. This is Eureka's.
func TestASwapThatWasMissedIsNeverNoticed(t *testing.T) {
	list := []instance{is("a", up, unchanged), is("b", up, unchanged)}
	l := newLab(t, 1, nil)
	l.servers[0].answer = func(r *request) *response { return agreeable(list...)(r) }
	l.run(time.Second)
	list = []instance{is("b", up, unchanged), is("c", up, unchanged)}
	l.run(time.Hour)
	require.Equal(t, []string{"a UP", "b UP"}, l.ids())
	require.Equal(t, 1, l.servers[0].count(actionGetAll))
	list = []instance{is("b", up, unchanged), is("c", down, unchanged)}
	l.run(time.Minute)
	require.Equal(t, []string{"b UP", "c DOWN"}, l.ids(), "another status shows")
}

func TestAServerWithoutDeltasIsAskedForTheWholeList(t *testing.T) {
	for _, code := range []int{codeForbidden, codeNotFound} {
		l := newLab(t, 2, nil)
		l.servers[0].answer = func(r *request) *response {
			if r.action == actionGetDelta {
				return &response{code: code}
			}
			return agreeable(is("a", up, unchanged))(r)
		}
		l.run(95 * time.Second)
		require.Equal(t, 4, l.servers[0].count(actionGetAll), code)
		require.Equal(t, 3, l.servers[0].count(actionGetDelta), code)
		require.Zero(t, l.servers[1].count(actionGetAll, actionGetDelta), "it has not failed")
	}
}

func TestWholeFetchesOnly(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.WholeFetches = true })
	l.servers[0].answer = agreeable(is("a", up, unchanged))
	l.run(95 * time.Second)
	require.Equal(t, 4, l.servers[0].count(actionGetAll))
	require.Zero(t, l.servers[0].count(actionGetDelta))
}

// Unreachable and emptied are not the same: the one leaves the cache as it is, the other empties it. The
// planted bug takes the one for the other; KeepNonEmpty the other for the one.
func TestAnEmptiedRegistryEmptiesTheCacheAndAnUnreachableOneDoesNot(t *testing.T) {
	for _, test := range []struct {
		bug                  string
		keep                 bool
		unreachable, emptied []string
	}{
		{"", false, []string{"a UP"}, []string{}},
		{bugEmptyWipesCache, false, []string{}, []string{}},
		{"", true, []string{"a UP"}, []string{"a UP"}},
	} {
		answer := agreeable(is("a", up, unchanged))
		l := newLab(t, 1, func(o *ClientOptions) { o.Bug, o.KeepNonEmpty = test.bug, test.keep })
		l.servers[0].answer = func(r *request) *response { return answer(r) }
		l.run(time.Second)
		l.Kill("n1")
		l.run(2 * time.Minute)
		require.Equal(t, test.unreachable, l.ids(), "%+v", test)
		require.True(t, l.client.Listing().Known())
		answer = agreeable()
		l.Restart("n1")
		l.run(2 * time.Minute)
		require.Equal(t, test.emptied, l.ids(), "%+v", test)
	}
}

// A fetch that does not end within its interval is given up, and the next waits twice as long as the last
// did, up to ten intervals: 60 s, 120, 240, 300, 300, besides the 30 s that each took. An answer brings the
// interval back.
func TestFetchesThatTakeTooLongBecomeRare(t *testing.T) {
	deaf := true
	l := newLab(t, 1, func(o *ClientOptions) { o.AttemptTimeout = 40 * time.Second })
	l.servers[0].answer = func(r *request) *response {
		if deaf {
			return nil
		}
		return agreeable()(r)
	}
	rounds := func() []time.Duration {
		var gaps []time.Duration
		at := l.servers[0].times(actionGetAll)[2:] // the first is that of the start, and the second ends with its connection
		for i := 1; i < len(at); i++ {
			gaps = append(gaps, (at[i]-at[i-1]).Round(time.Second)/time.Second)
		}
		return gaps
	}
	l.run(1280 * time.Second)
	require.Equal(t, []time.Duration{90, 150, 270, 330, 330}, rounds())
	deaf = false
	l.run(400 * time.Second)
	require.Equal(t, []time.Duration{330, 30, 30}, rounds()[5:8])
	deaf = true
	l.run(400 * time.Second)
	last := rounds()
	require.Equal(t, []time.Duration{30, 90, 150}, last[len(last)-3:], "it begins anew")
}

// A server that is down answers at once that it is, which is no reason to ask more rarely.
func TestFetchesThatFailInTimeDoNotBecomeRare(t *testing.T) {
	l := newLab(t, 1, nil)
	l.servers[0].answer = func(*request) *response { return nil }
	l.run(305 * time.Second)
	require.Equal(t, 11, l.servers[0].count(actionGetAll))
}

// An answer that comes after its fetch was given up is nobody's.
func TestALateListIsNotTaken(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.AttemptTimeout = 40 * time.Second })
	l.run(time.Second)
	list := []instance{is("a", up, unchanged)}
	late := 35 * time.Second
	l.servers[0].answer = nil
	l.servers[0].slowly = func(r *request) (*response, time.Duration) { return agreeable(list...)(r), late }
	l.run(3 * time.Minute)
	require.NotZero(t, l.servers[0].count(actionGetAll))
	require.Empty(t, l.ids())
	late = 25 * time.Second
	l.run(5 * time.Minute)
	require.Equal(t, []string{"a UP"}, l.ids())
}

// A cache that is empty is fetched whole, every time.
func TestAnEmptyCacheIsFetchedWhole(t *testing.T) {
	l := newLab(t, 1, nil)
	l.run(95 * time.Second)
	require.Equal(t, 4, l.servers[0].count(actionGetAll))
	require.Zero(t, l.servers[0].count(actionGetDelta))
}
