package zookeeper

import (
	"context"
	"time"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// attempt is one try to connect.
type attempt struct {
	number  int // among all that the client made
	context context.Context
	cancel  context.CancelFunc
	wait    time.Duration // before it
}

// goOn chooses the server for the next connection: the next one, after one that was lost. The mutex is
// held, here and wherever it is not said.
func (u *user) goOn() {
	u.dialled.wait = 0
	if u.tried && !u.excused {
		if !u.staysHome() {
			u.current = (u.current + 1) % len(u.servers)
		}
		u.dialled.wait = 50*time.Millisecond + time.Duration(u.stream.Below(int64(100*time.Millisecond)))
	}
	u.tried, u.excused = true, false
}

// staysHome tells whether its host is the only server it wants: when it was told to go there, and at
// the very start, while the nodes are still electing their first leader.
func (u *user) staysHome() bool {
	if u.operation != nil && u.operation.request.Function == history.Home {
		return true
	}
	return u.seen == 0 && time.Since(u.started) < u.options.Settle
}

// goHome returns to the host's server. It tells whether the client is there.
func (u *user) goHome() bool {
	if u.current == 0 && u.attached {
		return true
	}
	if u.current != 0 || u.tap == nil {
		u.current = 0
		u.hangUp()
	}
	return false
}

// attempt begins a try to connect to the address that goOn has chosen, unless the client has changed
// its mind. It takes the mutex.
func (u *user) attempt(s *session, address string) (made attempt, server int, err error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if s.over || address != u.servers[u.current].address {
		return attempt{}, 0, errClosed
	}
	u.dialled.number++
	u.dialled.context, u.dialled.cancel = context.WithCancel(s.quit)
	return u.dialled, u.current, nil
}

// holds takes a new connection, unless it comes too late. The server has so long left to open a session.
// It takes the mutex.
func (u *user) holds(t *tap, made attempt, left time.Duration) bool {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if t.session.over || made.context.Err() != nil {
		return false
	}
	u.tap = t
	t.limit = time.AfterFunc(left, func() { u.overdue(t) })
	return true
}

// overdue leaves a server that has not opened a session by now. It takes the mutex.
func (u *user) overdue(t *tap) {
	u.mutex.Lock()
	late := !t.greeted
	u.mutex.Unlock()
	if late {
		_ = t.Close()
	}
}

// greeted looks at the answer to the first message, and sets the session's watches again before the
// library knows that it is connected: what is asked after them cannot show a change whose event is
// still to come. The library would set watches from a goroutine of its own, before or after other
// requests; it has none, for this client arms them past it. It takes the mutex.
func (u *user) greeted(t *tap, payload []byte) {
	p, err := zkwire.DecodeConnectResponse(payload)
	u.mutex.Lock()
	t.greeted = true
	t.limit.Stop()
	good := err == nil && u.tap == t && p.SessionID != 0
	if good {
		u.id = p.SessionID
	}
	q, some := u.watches.request(u.seen)
	u.mutex.Unlock()
	if good && some {
		_ = t.send(framed(q.Append)) // it has ended the connection if that failed
	}
}

// attach is told by the library that it has a session. It takes the mutex.
func (u *user) attach(s *session) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if s.over || u.tap == nil {
		return
	}
	u.attached = true
	u.edge.Note("connected", u.servers[u.tap.server].name+" session "+zkclient.SessionText(u.id))
	u.nudge()
}

// expired is told by the library that its session is gone. The library opens the next one by itself,
// on another connection, but leaves this one open. It takes the mutex.
func (u *user) expired(s *session) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if s.over {
		return
	}
	if u.id != 0 {
		u.edge.Note("expired", zkclient.SessionText(u.id))
		u.retire()
	}
	u.hangUp() // the server answers, so it will take a new session
}

// notified takes an event, and tells of it at once. It takes the mutex.
func (u *user) notified(s *session, kind string, event zk.Event) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if s.over || !u.attached {
		return
	}
	u.watches.fired(event)
	u.edge.Note("event", kind+" "+event.Path)
}

// hangUp leaves the connection, or the try to get one.
func (u *user) hangUp() {
	u.excused = true
	if u.dialled.cancel != nil {
		u.dialled.cancel()
	}
	if t := u.tap; t != nil {
		u.detached(t)
		_ = t.end()
	}
}

// detach says that a connection has ended. It takes the mutex.
func (u *user) detach(t *tap) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.detached(t)
}

func (u *user) detached(t *tap) {
	if u.tap != t {
		return
	}
	u.tap = nil
	if u.attached {
		u.attached = false
		u.edge.Note("disconnected", u.servers[t.server].name)
	}
}

// retire gives the session up, and with it all that it holds.
func (u *user) retire() {
	if u.id == 0 {
		return
	}
	const remembered = 8
	if len(u.former) == remembered {
		u.former = append(u.former[:0], u.former[1:]...)
	}
	u.former = append(u.former, u.id)
	u.id, u.watches = 0, newWatches()
	u.unwanted = nil // they end with the session
	for _, i := range u.desired {
		i.held = false
	}
}

// abandon leaves a session, on purpose, for a new one: nothing is to be registered any more. The server
// stays the same: the host's may be out of reach, and there is no more time to search than before.
func (u *user) abandon() {
	u.desired = nil
	u.retire()
	u.hangUp()
	u.session.abandon()
	u.session = u.begin()
}
