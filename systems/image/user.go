package image

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"cleave/history"
	"cleave/world"
)

// speaker puts one operation to one node, and says what became of it. One operation is under way at a time. What it
// began ends with the context.
type speaker interface {
	ask(ctx context.Context, node place, request history.Request) (history.Completion, contact)
	close() error
}

// place is a node as a client knows it.
type place struct{ name, address string }

// contact says how far a client got with a node.
type contact int

// The contacts.
const (
	unsent   contact = iota // no connection was made: nothing of the operation went out
	silent                  // something went out, and no answer came that says what became of it
	answered                // it was answered
)

// The errors of operations, besides those that a file or a program says.
const (
	errorRefused     = "no connection"   // nothing was sent: nobody took the connection
	errorLost        = "connection lost" // after something was sent
	errorTimeout     = "timeout"
	errorBadAnswer   = "bad answer"
	errorUnsupported = "unsupported"
	errorBadRequest  = "bad request"
	errorClosed      = "the client has ended"
)

// user is a client beside a node. It implements world.User.
type user struct {
	speaker speaker
	nodes   []place // its own first
	any     bool    // it asks others too
	timeout time.Duration
	ctx     context.Context
	end     context.CancelFunc
	group   sync.WaitGroup

	mutex   sync.Mutex
	closed  bool
	current int // whom it asks; the operation under way alone moves it
}

// newUser makes a client that lives beside a node.
func newUser(c Client, port int, name, host string, places world.Places, edge world.Edge, s speaker) *user {
	u := &user{speaker: s, any: c.Nodes == "any", timeout: time.Duration(c.Timeout)}
	for _, node := range places.Nodes {
		u.nodes = append(u.nodes, place{node, netip.AddrPortFrom(places.Addresses[node], uint16(port)).String()})
	}
	home := slices.IndexFunc(u.nodes, func(p place) bool { return p.name == host })
	u.nodes = append(slices.Clone(u.nodes[home:]), u.nodes[:home]...) // so that not all go to the same one next
	u.ctx, u.end = context.WithCancel(context.Background())
	return u
}

// Invoke starts a request.
func (u *user) Invoke(request history.Request, done func(history.Completion)) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.closed {
		go done(history.Completion{Outcome: history.Fail, Error: errorClosed})
		return
	}
	u.group.Go(func() { done(u.perform(request)) })
}

// perform carries an operation out, at one node, or at the next ones too if nothing was sent.
func (u *user) perform(request history.Request) history.Completion {
	if request.Function == history.Home {
		u.current = 0
		return history.Completion{Outcome: history.Ok}
	}
	ctx, cancel := context.WithTimeout(u.ctx, u.timeout)
	defer cancel()
	for try := 1; ; try++ {
		completion, contact := u.speaker.ask(ctx, u.nodes[u.current], request)
		if contact != answered && u.any {
			u.current = (u.current + 1) % len(u.nodes)
		}
		if contact == unsent && u.any && try < len(u.nodes) && ctx.Err() == nil {
			continue
		}
		return settled(request, completion)
	}
}

// settled lets what cannot change anything fail where it is unknown what became of it.
func settled(request history.Request, c history.Completion) history.Completion {
	if c.Outcome == history.Info && !request.Function.Mutates() {
		c.Outcome = history.Fail
	}
	if c.Outcome != history.Ok {
		c.Value, c.Version = history.Nothing, 0
	}
	return c
}

// Close ends the client at once: what is under way ends with its connection.
func (u *user) Close() error {
	u.mutex.Lock()
	u.closed = true
	u.mutex.Unlock()
	u.end()
	u.group.Wait()
	return u.speaker.close()
}

// refused is the end of an operation of which nothing was sent.
func refused(reason string) (history.Completion, contact) {
	return history.Completion{Outcome: history.Fail, Error: reason}, unsent
}

// unknown is the end of one of which something was, and nobody knows what became of it.
func unknown(ctx context.Context) (history.Completion, contact) {
	reason := errorLost
	if ctx.Err() != nil {
		reason = errorTimeout
	}
	return history.Completion{Outcome: history.Info, Error: reason}, silent
}

// said is the end of one that was answered by a node.
func said(node place, outcome history.Outcome, reason string) (history.Completion, contact) {
	return history.Completion{Outcome: outcome, Error: reason, Node: node.name}, answered
}

// exchange reads the argument of a cas: what is expected, which may be nothing, and what is to be.
func exchange(argument history.Value) (from, to history.Value, good bool) {
	both, isList := argument.AsList()
	if !isList || len(both) != 2 || both[1].IsNothing() {
		return history.Nothing, history.Nothing, false
	}
	return both[0], both[1], true
}
