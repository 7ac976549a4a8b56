package zookeeper

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/go-zookeeper/zk"
)

// session is one handle of go-zookeeper. It outlives its sessions' expiries, for the library opens the
// next one itself, but not what a client gives up on purpose: then a new handle takes its place. To the
// library it is the HostProvider, the Logger, the dialer and who hears of events.
type session struct {
	user   *user
	handle *zk.Conn
	over   bool // the client has left it; guarded by the user's mutex
	quit   context.Context
	leave  context.CancelFunc
}

// most is the largest message that the library takes: a server's own limit. What it sends is small.
const most, mostSent = 1 << 20, 1 << 16

// begin makes a handle, which connects by itself. The user's mutex is held.
func (u *user) begin() *session {
	s := &session{user: u}
	s.quit, s.leave = context.WithCancel(context.Background())
	var addresses []string
	for _, server := range u.servers {
		addresses = append(addresses, server.address)
	}
	handle, _, err := zk.Connect(addresses, u.options.SessionTimeout, zk.WithDialer(s.dial), zk.WithHostProvider(s), zk.WithLogger(s),
		zk.WithLogInfo(false), zk.WithEventCallback(s.event), zk.WithMaxBufferSize(most), zk.WithMaxConnBufferSize(mostSent))
	if err != nil {
		panic("zookeeper: go-zookeeper takes no servers: " + err.Error()) // New has seen that there are some
	}
	s.handle = handle
	return s
}

// abandon leaves the handle without a word to the server: what the session holds is left to expire.
// The library's own goroutines end soon after. The user's mutex is held.
func (s *session) abandon() {
	s.over = true
	s.leave()
	go s.handle.Close() // it waits a second at most for an answer to what no connection takes any more
}

// Init takes the servers, which this client knows in an order of its own.
func (s *session) Init([]string) error { return nil }

// Len is the number of servers.
func (s *session) Len() int { return len(s.user.servers) }

// Connected is told of success, which the dialer sees for itself.
func (s *session) Connected() {}

// Next is the server to try now. That all have been tried is only said when the client leaves: the
// library then waits until it is closed, and it would wait a second if it were said at another time.
func (s *session) Next() (address string, allTried bool) {
	u := s.user
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if s.over {
		return u.servers[0].address, true
	}
	u.goOn()
	return u.servers[u.current].address, false
}

// Printf writes what goes wrong at the library to the client's log.
func (s *session) Printf(format string, parts ...any) {
	fmt.Fprintf(s.user.edge.Log, "%s %s\n", time.Now().UTC().Format("15:04:05.000"), fmt.Sprintf(format, parts...))
}

// dial connects, after a short wait if the last connection was lost. A server that has not opened a
// session in time is left: the library would wait for it for ten times its silence.
func (s *session) dial(network, address string, _ time.Duration) (net.Conn, error) {
	u := s.user
	attempt, server, err := u.attempt(s, address)
	if err != nil {
		return nil, err
	}
	defer attempt.cancel()
	select {
	case <-time.After(attempt.wait):
	case <-attempt.context.Done():
		return nil, errClosed
	}
	limited, cancel := context.WithTimeout(attempt.context, u.options.ConnectLimit)
	defer cancel()
	connection, err := u.edge.Dial(limited, network, address)
	if err != nil {
		return nil, err
	}
	t := newTap(s, connection, server, attempt.number)
	until, _ := limited.Deadline()
	if !u.holds(t, attempt, time.Until(until)) {
		_ = t.end()
		return nil, errClosed
	}
	return t, nil
}

// event hears what the library tells: of the session, and of watches. It is called on the goroutine
// that reads, in the order of what the server sent.
func (s *session) event(event zk.Event) {
	kind, ofWatch := eventNames[event.Type]
	switch {
	case ofWatch:
		s.user.notified(s, kind, event)
	case event.Type != zk.EventSession:
	case event.State == zk.StateHasSession:
		s.user.attach(s)
	case event.State == zk.StateExpired:
		s.user.expired(s)
	}
}
