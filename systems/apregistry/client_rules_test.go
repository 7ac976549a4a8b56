package apregistry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/systems/eurekawire"
)

// ask asks the servers for an instance, and tells who answered, "" if nobody did.
func (l *lab) ask() string {
	by := "never ended"
	l.client.ask(&request{action: actionGetInstance, key: key{"WEB", "a"}}, func(r reply) { by = r.server })
	l.run(30 * time.Second)
	return by
}

// asked is how often each server was asked for an instance.
func (l *lab) asked() []int {
	var counts []int
	for _, server := range l.servers {
		counts = append(counts, server.count(actionGetInstance))
	}
	return counts
}

func TestFailedServersAreInQuarantine(t *testing.T) {
	busy := func(*request) *response { return &response{code: codeUnavailable} }
	l := newLab(t, 5, func(o *ClientOptions) { o.FetchInterval, o.HeartbeatInterval = time.Hour, time.Hour })
	l.run(time.Second)
	for _, server := range l.servers[:4] {
		server.answer = busy
	}
	require.Equal(t, "", l.ask(), "three attempts, and no more")
	require.Equal(t, []int{1, 1, 1, 0, 0}, l.asked())
	require.Equal(t, "n5", l.ask())
	require.Equal(t, []int{1, 1, 1, 1, 1}, l.asked(), "those that failed are not asked")
	l.servers[0].answer = agreeable()
	l.run(time.Second)
	require.Equal(t, "n1", l.ask(), "the quarantine of n1 has ended")
	require.Equal(t, []int{2, 1, 1, 1, 1}, l.asked())
}

// Servers that boot refuse lists and answer the rest. That is no reason to ask them for lists again before the one that has
// them, of five with three attempts.
func TestWhoRefusesListsIsAskedForThemLast(t *testing.T) {
	l := newLab(t, 5, func(o *ClientOptions) {
		o.FetchInterval, o.HeartbeatInterval, o.Quarantine = time.Hour, time.Hour, time.Hour
	})
	l.run(time.Second)
	up := agreeable()
	for _, server := range l.servers[:4] {
		server.answer = func(r *request) *response {
			if r.action == actionGetApp {
				return &response{code: codeForbidden}
			}
			return up(r)
		}
	}
	list := func() string {
		by := "never ended"
		l.client.ask(&request{action: actionGetApp, key: key{app: "WEB"}}, func(r reply) { by = r.server })
		l.run(time.Second)
		return by
	}
	require.Equal(t, "", list(), "three attempts, and no more")
	for range 3 {
		for _, s := range l.client.servers[:4] {
			s.trust(actionRenew) // as if it had taken a heartbeat
		}
		require.Equal(t, "n1", l.ask(), "all the rest is asked at home")
		require.Equal(t, "n5", list())
	}
	l.servers[0].answer = up
	l.client.servers[0].trust(actionGetAll)
	require.Equal(t, "n1", list(), "and lists are again, once it has given one")
}

// When every server is in quarantine, the one that failed longest ago is asked first.
func TestWhenAllAreInQuarantineTheLongestThereIsFirst(t *testing.T) {
	up := agreeable()
	busy := func(*request) *response { return &response{code: codeUnavailable} }
	l := newLab(t, 5, func(o *ClientOptions) {
		o.FetchInterval, o.HeartbeatInterval, o.Quarantine = time.Hour, time.Hour, time.Hour
	})
	l.run(time.Second)
	for _, server := range l.servers {
		server.answer = busy
	}
	require.Equal(t, "", l.ask())
	require.Equal(t, "", l.ask())
	require.Equal(t, []int{2, 1, 1, 1, 1}, l.asked())
	l.servers[2].answer = up
	require.Equal(t, "n3", l.ask())
	require.Equal(t, []int{2, 2, 2, 1, 1}, l.asked())
	require.Equal(t, "n3", l.ask(), "and out of it at once")
}

// A client to which all servers were lost, and which asks so rarely that no quarantine lasts, finds the one
// that is back all the same.
func TestRareRequestsComeToEveryServer(t *testing.T) {
	busy := func(*request) *response { return &response{code: codeUnavailable} }
	for back := range 5 {
		l := newLab(t, 5, func(o *ClientOptions) { o.FetchInterval, o.HeartbeatInterval = time.Hour, time.Hour })
		l.run(time.Second)
		for _, server := range l.servers {
			server.answer = busy
		}
		require.Equal(t, []string{"", ""}, []string{l.ask(), l.ask()})
		l.servers[back].answer = agreeable()
		l.run(2 * time.Minute)
		first := l.ask()
		l.run(2 * time.Minute)
		require.Contains(t, []string{first, l.ask()}, fmt.Sprintf("n%d", back+1))
	}
}

func TestServersOfTheOwnZoneComeFirst(t *testing.T) {
	l := newLab(t, 4, func(o *ClientOptions) {
		for i, zone := range []string{"east", "west", "", "west"} {
			o.Servers[i].Zone = zone
		}
		o.Zone = "west"
	})
	l.run(time.Second)
	for _, want := range []string{"n2", "n4", "n1", "n3"} {
		require.Equal(t, want, l.ask())
		l.Kill(want)
		l.run(time.Second)
	}
}

func TestWithoutAZoneTheOrderIsThatOfTheOptions(t *testing.T) {
	l := newLab(t, 2, func(o *ClientOptions) { o.Servers[0].Zone = "east" })
	l.run(time.Second)
	require.Equal(t, "n1", l.ask())
}

// An instance that changes is told of 40 s after the start, and every 30 s from then on, if it has changed.
func TestChangesAreToldInRounds(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.HeartbeatInterval = time.Hour })
	l.run(time.Second)
	l.client.Register(own("a", eurekawire.Up))
	l.run(35 * time.Second)
	require.Zero(t, l.servers[0].count(actionRegister))
	require.False(t, l.client.Registered("WEB", "a"))
	l.run(60 * time.Second)
	require.Len(t, l.servers[0].times(actionRegister), 1)
	require.InDelta(t, 40, l.servers[0].times(actionRegister)[0].Seconds(), 0.1)
	require.True(t, l.client.Registered("WEB", "a"))
	changed := own("a", eurekawire.Up)
	changed.Metadata = []eurekawire.Pair{{Key: "k", Value: "v"}}
	require.True(t, l.client.Update(changed))
	require.False(t, l.client.Registered("WEB", "a"))
	l.run(60 * time.Second)
	require.Len(t, l.servers[0].times(actionRegister), 2)
	require.InDelta(t, 100, l.servers[0].times(actionRegister)[1].Seconds(), 0.1)
	told := l.servers[0].seen[len(l.servers[0].seen)-1]
	for _, s := range l.servers[0].seen {
		if s.request.action == actionRegister {
			told = s
		}
	}
	require.Equal(t, changed.Metadata, told.request.instance.more.Metadata)
	require.False(t, l.client.Update(own("b", eurekawire.Up)))
}

// A status is told at once, but of many in a short time the later ones wait: two may go at once, and
// then one each 15 s. The last is always told in the end.
func TestAStatusIsToldOnDemand(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.HeartbeatInterval = time.Hour; o.InfoDelay = 10 * time.Minute })
	l.run(time.Second)
	l.client.Register(own("a", eurekawire.Starting))
	for i, test := range []struct {
		status eurekawire.Status
		told   int
		wait   time.Duration
	}{
		{eurekawire.Up, 1, time.Second}, {eurekawire.Down, 2, time.Second}, {eurekawire.Up, 2, 13 * time.Second},
		{eurekawire.Down, 3, time.Second}, {eurekawire.OutOfService, 3, time.Second},
	} {
		require.True(t, l.client.SetStatus("WEB", "a", test.status))
		l.run(test.wait)
		require.Equal(t, test.told, l.servers[0].count(actionRegister), i)
	}
	l.run(10 * time.Minute)
	require.Equal(t, 4, l.servers[0].count(actionRegister))
	last := request{}
	for _, s := range l.servers[0].seen {
		if s.request.action == actionRegister {
			require.Greater(t, s.request.instance.dirty, last.instance.dirty)
			last = s.request
		}
	}
	require.Equal(t, outOfService, last.instance.status)
	require.False(t, l.client.SetStatus("WEB", "b", eurekawire.Up))
}

// A change during a registration is sent after it.
func TestAChangeDuringARegistrationIsSentToo(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.HeartbeatInterval = time.Hour; o.InfoDelay = time.Hour })
	l.run(time.Second)
	l.client.Register(own("a", eurekawire.Starting))
	l.client.SetStatus("WEB", "a", eurekawire.Up)
	l.client.SetStatus("WEB", "a", eurekawire.Down)
	l.run(time.Second)
	require.Equal(t, 2, l.servers[0].count(actionRegister))
	require.True(t, l.client.Registered("WEB", "a"))
}

// One that goes out with the next round is not lost either, and an update leaves the status as it is.
func TestAnUpdateDuringARegistrationIsSentToo(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.HeartbeatInterval = time.Hour })
	l.run(time.Second)
	l.client.Register(own("a", eurekawire.Starting))
	l.client.SetStatus("WEB", "a", eurekawire.Up)
	first := l.client.claims[0].instance
	require.True(t, l.client.Update(own("a", eurekawire.Down)))
	require.Greater(t, l.client.claims[0].instance.dirty, first.dirty)
	l.run(time.Second)
	require.Equal(t, 1, l.servers[0].count(actionRegister))
	require.False(t, l.client.Registered("WEB", "a"))
	l.run(time.Minute)
	require.Equal(t, 2, l.servers[0].count(actionRegister))
	require.True(t, l.client.Registered("WEB", "a"))
	require.Equal(t, up, l.client.claims[0].instance.status)
}

// A heartbeat that is answered 404 registers the instance again, with a new stamp, unless the stamp is that
// of a write.
func TestAHeartbeatForNobodyRegistersAgain(t *testing.T) {
	l := newLab(t, 1, nil)
	knows := false
	l.servers[0].answer = func(r *request) *response {
		if r.action == actionRenew && !knows {
			return &response{code: codeNotFound}
		}
		knows = knows || r.action == actionRegister
		return agreeable()(r)
	}
	l.run(time.Second)
	l.client.Register(own("a", eurekawire.Up))
	first := l.client.claims[0].instance.dirty
	l.run(30 * time.Second) // before the first round of changes
	require.Equal(t, 1, l.servers[0].count(actionRenew), "heartbeats also find out who is not registered")
	require.Equal(t, 1, l.servers[0].count(actionRegister))
	second := l.client.claims[0].instance.dirty
	require.Greater(t, second, first)
	l.run(5 * time.Minute)
	require.Equal(t, 1, l.servers[0].count(actionRegister))
	require.Equal(t, second, l.client.claims[0].instance.dirty)
	l.client.claims[0].fixed, knows = true, false
	l.run(30 * time.Second)
	require.Equal(t, 2, l.servers[0].count(actionRegister))
	require.Equal(t, second, l.client.claims[0].instance.dirty)
}

func TestShutdownSaysDownAndTakesOut(t *testing.T) {
	l := newLab(t, 2, nil)
	l.run(time.Second)
	ended := 0
	l.client.Register(own("a", eurekawire.Up))
	l.client.Register(own("b", eurekawire.Up))
	l.client.SetStatus("WEB", "a", eurekawire.Up)
	l.client.SetStatus("WEB", "b", eurekawire.Up)
	l.run(time.Second)
	before := len(l.servers[0].seen)
	l.client.Shutdown(func() { ended++ })
	require.Zero(t, ended)
	l.run(time.Second)
	require.Equal(t, 1, ended)
	var said []string
	for _, s := range l.servers[0].seen[before:] {
		said = append(said, fmt.Sprintf("%d %s %s", s.request.action, s.request.key.id, statusName(s.request.instance.status)))
	}
	require.Equal(t, []string{"1 a DOWN", "1 b DOWN", "3 a UNKNOWN", "3 b UNKNOWN"}, said)
	l.client.Register(own("c", eurekawire.Up))
	l.run(10 * time.Minute)
	require.Len(t, l.servers[0].seen, before+4, "nothing more is sent")
}

func TestShutdownEndsWithoutServersAndWithoutInstances(t *testing.T) {
	l := newLab(t, 2, nil)
	l.run(time.Second)
	l.client.Register(own("a", eurekawire.Up))
	l.Kill("n1")
	l.Kill("n2")
	ended := 0
	l.client.Shutdown(func() { ended++ })
	l.run(time.Minute)
	require.Equal(t, 1, ended)
	l.client.Shutdown(func() { ended++ })
	require.Equal(t, 2, ended)
}

func TestHaste(t *testing.T) {
	h := haste{}
	var allowed []bool
	for _, second := range []time.Duration{0, 1, 2, 14, 15, 16, 30, 31, 100, 101, 102} {
		allowed = append(allowed, h.allows(second*time.Second, 15*time.Second))
	}
	require.Equal(t, []bool{true, true, false, false, true, false, true, false, true, true, false}, allowed)
}

func TestStampsOfMilliseconds(t *testing.T) {
	l := newLab(t, 1, func(o *ClientOptions) { o.Milliseconds = true })
	l.run(time.Second + 300*time.Microsecond)
	last := l.client.stamp()
	require.Equal(t, int64(l.client.env.Now()/time.Millisecond*time.Millisecond), last)
	require.Equal(t, last+int64(time.Millisecond), l.client.stamp())
}
