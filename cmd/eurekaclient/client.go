package eurekaclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
	"cleave/world/host"
)

// What methods of a Client give.
var (
	// ErrClosed says that the client has ended.
	ErrClosed = errors.New("eurekaclient: the client is closed")
	// ErrUnknown says that the instance is none of the client's own.
	ErrUnknown = errors.New("eurekaclient: no such instance of this client")
	// ErrNoServer says that no server has done what was asked; it is not known that none will.
	ErrNoServer = errors.New("eurekaclient: no server has answered")
)

// Client is a client of Eureka. All methods may be called from any goroutine, and those that take no
// context do not wait for the network.
type Client struct {
	machine *apregistry.Client
	calls   chan func()
	listing atomic.Pointer[listed]
	first   chan struct{} // closed when there is a list
	end     context.CancelFunc
	ended   chan struct{} // closed when the state machine runs no more
	err     error         // why, once ended
}

// listed is the list, and when it was that old.
type listed struct {
	listing apregistry.Listing
	asked   time.Time
}

// Start starts a client. It does not wait for a server, and errs only if the options are wrong or the
// cache's folder cannot be used.
func Start(options Options) (*Client, error) {
	machine, bases, err := options.machine()
	if err != nil {
		return nil, err
	}
	c := &Client{calls: make(chan func()), first: make(chan struct{}), ended: make(chan struct{})}
	machine.Listed = func(l apregistry.Listing) {
		c.publish(l)
		if options.Listed != nil {
			options.Listed(l)
		}
	}
	c.machine = apregistry.NewClient(machine)
	place := options.place(c.machine, bases, c.calls)
	ready := make(chan struct{})
	place.Ready = func(host.Addresses) { close(ready) }
	ctx, end := context.WithCancel(context.Background())
	c.end = end
	go func() {
		c.err = host.Run(ctx, place)
		close(c.ended)
	}()
	select {
	case <-ready:
		return c, nil
	case <-c.ended:
		end()
		return nil, c.err
	}
}

// publish makes a list the one that every goroutine reads.
func (c *Client) publish(l apregistry.Listing) {
	known := c.listing.Swap(&listed{l, time.Unix(0, int64(l.Asked()))}) != nil
	if !known {
		close(c.first)
	}
}

// do has something done where the state machine runs, and waits for it.
func (c *Client) do(action func()) error {
	done := make(chan struct{})
	select {
	case c.calls <- func() { action(); close(done) }:
	case <-c.ended:
		return ErrClosed
	}
	select {
	case <-done:
		return nil
	case <-c.ended:
		return ErrClosed
	}
}

// Register makes an instance the client's own: a server is told at once, and until it is deregistered it
// is kept registered. What Eureka requires and the instance does not say is filled in; its app and its host
// name it must say.
func (c *Client) Register(instance eurekawire.Instance) error {
	whole, err := completed(instance)
	if err != nil {
		return err
	}
	return c.do(func() {
		c.machine.Register(whole)
		c.machine.SetStatus(whole.App, whole.ID(), whole.Status)
	})
}

// Update changes what is told of an instance of the client's own, but for its status. Servers learn of it
// within 30 s. It gives ErrUnknown if there is no such instance.
func (c *Client) Update(instance eurekawire.Instance) error {
	whole, err := completed(instance)
	if err != nil {
		return err
	}
	return c.known(func() bool { return c.machine.Update(whole) })
}

// SetStatus changes the status of an instance of the client's own, and tells a server at once, but no more
// than twice in 30 s. It gives ErrUnknown if there is no such instance.
func (c *Client) SetStatus(app, id string, status eurekawire.Status) error {
	return c.known(func() bool { return c.machine.SetStatus(strings.ToUpper(app), id, status) })
}

func (c *Client) known(action func() bool) error {
	known := false
	if err := c.do(func() { known = action() }); err != nil {
		return err
	}
	if !known {
		return ErrUnknown
	}
	return nil
}

// Registered tells whether a server has taken an instance of the client's own as it is now.
func (c *Client) Registered(app, id string) bool {
	registered := false
	err := c.do(func() { registered = c.machine.Registered(strings.ToUpper(app), id) })
	return err == nil && registered
}

// Deregister ends an instance: a server is told that it is down, then to take it out. It gives ErrNoServer
// if none has; heartbeats have ended even so.
func (c *Client) Deregister(ctx context.Context, app, id string) error {
	gone := make(chan bool, 1)
	if err := c.do(func() { c.machine.Deregister(strings.ToUpper(app), id, func(ok bool) { gone <- ok }) }); err != nil {
		return err
	}
	select {
	case ok := <-gone:
		if !ok {
			return ErrNoServer
		}
		return nil
	case <-c.ended:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Wait waits for the first list, from a server or the file.
func (c *Client) Wait(ctx context.Context) error {
	select {
	case <-c.first:
		return nil
	case <-c.ended:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Up gives the instances of an app that are up, as the cache has them. It asks nobody, and goes on
// answering when no server can be reached and when the client is closed.
func (c *Client) Up(app string) []eurekawire.Instance {
	var list []eurekawire.Instance
	for _, instance := range c.Listing().App(strings.ToUpper(app)) {
		if instance.Status == eurekawire.Up {
			list = append(list, instance)
		}
	}
	return list
}

// Listing is all that the cache has. It is not Known before the first list.
func (c *Client) Listing() apregistry.Listing {
	if now := c.listing.Load(); now != nil {
		return now.listing
	}
	return apregistry.Listing{}
}

// Age is how old the cache's list is; false if there is none.
func (c *Client) Age() (time.Duration, bool) {
	now := c.listing.Load()
	if now == nil {
		return 0, false
	}
	return max(time.Since(now.asked), 0), true
}

// Close ends the client: its instances are said to be down and taken out, then its goroutines end. It waits
// for that, but no longer than the context lasts, and then ends without. Closing again does nothing.
func (c *Client) Close(ctx context.Context) error {
	done := make(chan struct{})
	var late error
	if c.do(func() { c.machine.Shutdown(func() { close(done) }) }) == nil {
		select {
		case <-done:
		case <-c.ended:
		case <-ctx.Done():
			late = fmt.Errorf("eurekaclient: instances may still be registered: %w", ctx.Err())
		}
	}
	c.end()
	<-c.ended
	if c.err != nil {
		return c.err
	}
	return late
}
