package cachedcp

import (
	"slices"
	"time"

	"cleave/history"
	"cleave/systems/cpstore"
	"cleave/systems/zkclient"
	"cleave/world"
)

// Bare is the argument of a reboot that takes the files away.
const Bare = "bare"

// user is a client of the store with a cache. It implements world.Client; what it does not do itself is the store's
// client's.
type user struct {
	world.Client // of this life
	options      Options
	host         string
	cluster      world.Cluster
	env          world.Environment
	life         *life
	cache        *cache
	hosted       []string // the instances that live here
}

func newUser(options Options, host string, cluster world.Cluster) *user {
	return &user{options: options, host: host, cluster: cluster}
}

// Start begins the first life, and the questions to the listed.
func (u *user) Start(env world.Environment) {
	u.env = env
	u.begin()
	if u.options.Check > 0 {
		env.After(time.Duration(env.Random().Below(int64(u.options.Check))), u.check)
	}
}

// begin is what a process does when it begins: it knows what is on its disk.
func (u *user) begin() {
	times := cpstore.ClientOptions(u.options.Store)
	if u.life != nil {
		times.Settle = 1 // the nodes elected their first leader long ago
	}
	u.life = &life{Environment: u.env}
	u.Client = zkclient.NewWith(times, u.host, u.cluster.Nodes, func(session zkclient.Session) zkclient.Application {
		u.cache = &cache{options: u.options, bug: u.cluster.Bug, session: session, health: &health{options: u.options, own: u.hosts}}
		return u.cache
	})
	u.cache.load(u.env)
	u.Client.Start(u.life)
}

func (u *user) check() {
	u.cache.health.ask(u.env, u.cache.listed())
	u.env.After(u.options.Check, u.check)
}

// Datagram answers whether an instance lives here, or takes such an answer.
func (u *user) Datagram(from string, payload []byte) {
	if len(payload) == 0 {
		return
	}
	id := string(payload[1:])
	switch payload[0] {
	case wordThere:
		answer := byte(wordEnded)
		if u.hosts(id) {
			answer = wordHere
		}
		u.env.Send(from, append([]byte{answer}, id...))
	case wordHere, wordEnded:
		u.cache.health.heard(id, payload[0] == wordHere)
	}
}

func (u *user) hosts(id string) bool { return slices.Contains(u.hosted, id) }

// Invoke starts a request. An instance lives from when it is to be registered until it dies or leaves, whatever the
// store knows.
func (u *user) Invoke(request history.Request, done func(history.Completion)) {
	switch request.Function {
	case history.Register:
		u.hosted = append(u.hosted, request.Key)
	case history.Deregister, history.Die:
		u.hosted = slices.DeleteFunc(u.hosted, func(id string) bool { return id == request.Key })
	case history.Reboot:
		u.reboot(request.Value)
		done(history.Completion{Outcome: history.Ok})
		return
	}
	u.Client.Invoke(request, done)
}

// reboot ends this life without a word, and begins the next.
func (u *user) reboot(how history.Value) {
	u.life.end()
	u.hosted = nil
	if word, _ := how.AsText(); word == Bare {
		u.env.Disk().Remove(listsFile)
	}
	u.begin()
}

// life is the environment of one life of the client's: when it is over, nothing that it began happens any more.
type life struct {
	world.Environment
	over       bool
	connection world.Connection // the last that was dialled
}

// After does nothing when the life is over by then.
func (l *life) After(wait time.Duration, action func()) world.Timer {
	return l.Environment.After(wait, func() {
		if !l.over {
			action()
		}
	})
}

// Dial remembers the connection. A store's client has one at a time.
func (l *life) Dial(to string) world.Connection {
	l.connection = l.Environment.Dial(to)
	return l.connection
}

func (l *life) end() {
	l.over = true
	if l.connection != nil {
		l.connection.Close()
	}
}
