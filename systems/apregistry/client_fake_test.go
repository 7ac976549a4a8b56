package apregistry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/eurekawire"
	"cleave/world"
	"cleave/world/sim"
)

// fake is a server that answers as a test says, or not at all.
type fake struct {
	env    world.Environment
	answer func(*request) *response // nil is no answer
	slowly func(*request) (*response, time.Duration)
	seen   []sighting
}

// sighting is a request that came.
type sighting struct {
	at      time.Duration
	request request
}

func (f *fake) Start(env world.Environment)                { f.env = env }
func (f *fake) Accepted(world.Connection)                  {}
func (f *fake) Opened(world.Connection)                    {}
func (f *fake) Closed(world.Connection, world.CloseReason) {}
func (f *fake) Datagram(string, []byte)                    {}
func (f *fake) Received(from world.Connection, bytes []byte) {
	number, r, err := decodeRequest(bytes)
	if err != nil {
		panic(err)
	}
	f.seen = append(f.seen, sighting{f.env.Elapsed(), r})
	if f.slowly != nil {
		answer, wait := f.slowly(&r)
		f.env.After(wait, func() { from.Send(encodeResponse(number, answer)) })
	} else if answer := f.answer(&r); answer != nil {
		from.Send(encodeResponse(number, answer))
	}
}

// count is how many requests of some kinds came.
func (f *fake) count(actions ...Action) int {
	number := 0
	for i := range f.seen {
		for _, wanted := range actions {
			if f.seen[i].request.action == wanted {
				number++
			}
		}
	}
	return number
}

// times are when requests of a kind came.
func (f *fake) times(wanted Action) []time.Duration {
	var times []time.Duration
	for i := range f.seen {
		if f.seen[i].request.action == wanted {
			times = append(times, f.seen[i].at)
		}
	}
	return times
}

// agreeable is what a server answers that has a list and takes everything.
func agreeable(list ...instance) func(*request) *response {
	return func(r *request) *response {
		switch r.action {
		case actionRegister:
			return &response{code: codeRegistered}
		case actionGetAll:
			return &response{code: codeOK, instances: list, version: 1, hash: hashOf(list)}
		case actionGetDelta:
			return &response{code: codeOK, version: 1, hash: hashOf(list)}
		}
		return &response{code: codeOK}
	}
}

// lab is a client and the fake servers n1, n2, ... that it asks.
type lab struct {
	*sim.World
	t       *testing.T
	client  *Client
	servers []*fake
}

// newLab starts a client of Eureka's times with options changed by a test. All begins at 0 s, the rounds
// of heartbeats and fetches at random moments.
func newLab(t *testing.T, servers int, change func(*ClientOptions)) *lab {
	l := &lab{World: sim.New(sim.DefaultOptions(1)), t: t}
	options := DefaultClientOptions()
	for number := 1; number <= servers; number++ {
		server := &fake{answer: agreeable()}
		l.servers = append(l.servers, server)
		name := fmt.Sprintf("n%d", number)
		options.Servers = append(options.Servers, Address{Name: name})
		l.AddNode(name, func() world.Process { return server })
	}
	if change != nil {
		change(&options)
	}
	l.AddNode("c1", func() world.Process {
		l.client = NewClient(options)
		return l.client
	})
	return l
}

// run lets time pass.
func (l *lab) run(more time.Duration) { require.NoError(l.t, l.Run(l.Now()+history.Time(more))) }

// ids is the cache, "id status" each.
func (l *lab) ids() []string {
	list := []string{}
	for i := range l.client.cache.instances {
		list = append(list, fmt.Sprintf("%s %s", l.client.cache.instances[i].id, statusName(l.client.cache.instances[i].status)))
	}
	return list
}

// is makes an instance of the app WEB.
func is(id string, s status, happened change) instance {
	return instance{key: key{"WEB", id}, status: s, change: happened, dirty: 1}
}

// own is an instance as a program registers it.
func own(id string, s eurekawire.Status) eurekawire.Instance {
	return eurekawire.Instance{InstanceID: id, HostName: id, App: "WEB", Status: s}
}
