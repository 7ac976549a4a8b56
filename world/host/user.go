package host

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"cleave/history"
	"cleave/world"
)

// user is a client's state machine over real sockets. It implements world.User.
type user struct {
	host   *host
	client world.Client
	cancel context.CancelFunc
	ended  chan struct{} // closed when nothing of it runs any more
	err    error         // what ended it, valid once ended is closed

	mutex     sync.Mutex
	underWay  map[*invocation]struct{} // one, or none
	over      bool                     // it takes no more
	lastWords string                   // what requests are told that it cannot carry out
}

// invocation is a request that is not completed yet.
type invocation struct {
	request history.Request
	done    func(history.Completion)
}

// errClosed ends a user that is closed.
var errClosed = errors.New("it was closed")

// NewUser runs a client on real sockets: Options.Process must be a world.Client. With Bare it speaks to
// its nodes as ZooKeeper's clients do, with HTTP as HTTP.Exchange does. Requests are handed to the
// goroutine of the process, and done is called there: it must not wait for the user. A user that is closed,
// or whose process panics, ends at once; what was under way, and what is asked later, then completes with
// an error that says so. The error is of the options. Close gives what ended the user before.
func NewUser(options Options) (world.User, error) {
	client, is := options.Process.(world.Client)
	if !is {
		return nil, fmt.Errorf("%w: a user's process must be a client", ErrOptions)
	}
	h, err := newHost(options)
	if err != nil {
		return nil, err
	}
	h.abrupt = true
	ctx, cancel := context.WithCancel(context.Background())
	u := &user{host: h, client: client, cancel: cancel, ended: make(chan struct{}), underWay: map[*invocation]struct{}{}}
	go u.run(ctx)
	return u, nil
}

// run is the process's goroutine, from beginning to end.
func (u *user) run(ctx context.Context) {
	defer close(u.ended)
	u.err = u.host.run(ctx)
	why := u.err
	if why == nil {
		why = errClosed
	}
	u.mutex.Lock()
	u.over, u.lastWords = true, "the client has ended: "+why.Error()
	left := u.underWay
	u.underWay = nil
	u.mutex.Unlock()
	for i := range left {
		outcome := history.Fail
		if i.request.Function.Mutates() {
			outcome = history.Info // it may have been sent
		}
		i.done(history.Completion{Outcome: outcome, Error: u.lastWords})
	}
}

// Invoke hands a request to the process.
func (u *user) Invoke(request history.Request, done func(history.Completion)) {
	i := &invocation{request, done}
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.over {
		go done(history.Completion{Outcome: history.Fail, Error: u.lastWords})
		return
	}
	u.underWay[i] = struct{}{}
	u.host.queue.post(event{kind: actionEvent, action: func() {
		u.client.Invoke(request, func(completion history.Completion) { u.complete(i, completion) })
	}})
}

// complete ends a request, on the process's goroutine.
func (u *user) complete(i *invocation, completion history.Completion) {
	u.mutex.Lock()
	_, open := u.underWay[i]
	delete(u.underWay, i)
	u.mutex.Unlock()
	if !open {
		panic("host: a client completed a request twice")
	}
	i.done(completion)
}

// Close ends the user. What it has not sent is lost, and its connections are reset.
func (u *user) Close() error {
	u.cancel()
	<-u.ended
	return u.err
}
