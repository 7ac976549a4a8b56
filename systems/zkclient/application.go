package zkclient

import (
	"time"

	"cleave/history"
	"cleave/systems/zkwire"
	"cleave/world"
)

// Application is code that shares a client's connection and session, such as a recipe: it is handed the requests of
// the functions that it has, asks the store what it likes, and hears what becomes of the session. Nothing is called
// while another call lasts.
type Application interface {
	// Has tells whether the application carries a function out. All others are the client's.
	Has(function history.Function) bool
	// Invoke starts a request, as world.Client's does: it calls done once, within the time of a request.
	Invoke(request history.Request, done func(history.Completion))
	// Attached says that a server serves the session: a new one if fresh, the old one if not. Watches of an old one are
	// set again.
	Attached(fresh bool)
	// Suspended says that the connection is lost. What was asked on it has been answered with nil before.
	Suspended()
	// Expired says that the session is gone, and with it its ephemeral nodes and its watches.
	Expired()
	// Event hands over a watch's event, before the replies behind it.
	Event(event zkwire.Event)
}

// Mortal is an Application that remembers more than its session holds.
type Mortal interface {
	Application
	// Died says that the client is to be taken for one whose process has ended: it has forgotten everything, and its session,
	// which Expired has told of before, is left to expire.
	Died()
}

// Session is what an application has of the client whose session it shares.
type Session struct{ client *client }

// NewWith makes a client, as New does, that shares its session with an application.
func NewWith(options Options, host string, nodes []string, application func(Session) Application) world.Client {
	c := &client{options: options.withDefaults(), host: host, nodes: nodes}
	c.application = application(Session{c})
	return c
}

// Environment is the client's, once it has started.
func (s Session) Environment() world.Environment { return s.client.env }

// Options are the client's times, complete.
func (s Session) Options() Options { return s.client.options }

// Attached tells whether a server serves the session.
func (s Session) Attached() bool { return s.client.phase == attached }

// ID is the session's number, 0 if there is none.
func (s Session) ID() int64 { return s.client.session }

// Server is the node that serves the session, or is tried.
func (s Session) Server() string { return s.client.servers[s.client.current] }

// Seen is the highest zxid that this client was shown.
func (s Session) Seen() int64 { return s.client.seen }

// AliveUntil is when, on the client's monotonic clock, the store may end the session at the earliest: the session's
// time after the last word that a server has answered was sent. (The answer may have been long on its way: from its
// arrival on it would be too late.)
func (s Session) AliveUntil() time.Duration { return s.client.answeredAt + s.client.timeout }

// Ask sends a request; handle is called once with the reply, or with nil if the connection ends before it comes. It
// may be called while the session is attached.
func (s Session) Ask(q zkwire.Request, handle func(*zkwire.Reply)) {
	if !s.Attached() {
		panic("zkclient: an application asked while it was not attached")
	}
	s.client.ask(q, handle)
	s.client.asked[len(s.client.asked)-1].lossy = true
}
