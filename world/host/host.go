package host

import (
	"context"
	"fmt"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"cleave/internal/rng"
	"cleave/world"
)

// host is one process in its place. It implements world.Environment.
type host struct {
	options Options
	process world.Process
	batcher Batcher // the process, if it is one
	started time.Time
	cluster uint64
	random  *rng.Stream
	log     *log
	disk    *disk  // nil if there is none
	clock   clock  // the wall clock
	admin   *admin // nil if there is none
	abrupt  bool   // it stops at once, whatever is under way
	queue   queue
	lastID  atomic.Uint64
	sockets sockets

	// What the loop alone touches.
	timers      timers
	connections map[uint64]*connection // that the process knows
	unflushed   []*connection          // with something to go out
	spares      spares
	exchangers  map[uint64]*exchanger // connections to peers over HTTP

	listeners []net.Listener // the peers' first, if there is one
	addresses Addresses
	web       web
	accepting sync.WaitGroup
	group     sync.WaitGroup // readers, writers and diallers
}

// Run runs a process until the context ends, then stops in good order: no more connections are
// taken, what was sent goes out, what was appended becomes durable. It gives an error if the process
// cannot start, if its disk cannot be closed in order, or if the process panics, which ends it at
// once; then nothing more is written or sent.
func Run(ctx context.Context, options Options) error {
	h, err := newHost(options)
	if err != nil {
		return err
	}
	return h.run(ctx)
}

func newHost(options Options) (*host, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	h := &host{options: options, process: options.Process, started: time.Now(), queue: newQueue(),
		cluster: clusterHash(options.Peers, options.Cluster), random: rng.New(options.Seed),
		sockets:     sockets{all: map[*connection]struct{}{}, count: map[string]int{}},
		connections: map[uint64]*connection{}, exchangers: map[uint64]*exchanger{}, web: web{over: make(chan struct{})}}
	h.clock.machine = options.Clock
	h.batcher, _ = options.Process.(Batcher)
	return h, nil
}

// run is Run once the options are good.
func (h *host) run(ctx context.Context) (err error) {
	h.log = newLog(h.options.Name, h.options.Log)
	defer h.log.close()
	if h.options.DataDir != "" {
		if h.disk, err = h.openDisk(); err != nil {
			return err
		}
	}
	if err = h.listen(); err == nil {
		defer h.admin.close()
		h.takeCalls()
		lasting, release := h.drained(ctx)
		err = h.contained(lasting)
		close(h.web.over)
		release()
	}
	h.stop(err == nil && !h.abrupt)
	if closed := h.closeDisk(err == nil); err == nil {
		err = closed
	}
	return err
}

// contained runs the loop and turns a panic, the process's or the host's own, into an error.
func (h *host) contained(ctx context.Context) (err error) {
	defer func() {
		cause := recover()
		if damage, is := cause.(world.Damage); is {
			err = fmt.Errorf("%s cannot go on from its disk: %s", h.options.Name, damage)
		} else if cause != nil {
			h.Logf("panic: %v\n%s", cause, debug.Stack())
			err = fmt.Errorf("%s panicked: %v", h.options.Name, cause)
		}
		if cause != nil {
			h.tell("panic", fmt.Sprint(cause))
		}
	}()
	h.loop(ctx)
	return nil
}

// stop ends listeners and connections: in good order, or at once.
func (h *host) stop(orderly bool) {
	h.closeListeners()
	if orderly {
		h.Logf("stops, as it was asked to")
		for _, c := range h.connections {
			c.Close()
		}
		for _, e := range h.exchangers {
			e.Close()
		}
		h.wait(h.options.StopLimit)
	}
	for _, e := range h.exchangers {
		e.cancel()
	}
	for _, c := range h.connections {
		if c.cancel != nil {
			c.cancel()
		}
	}
	h.sockets.abort()
	h.wait(time.Second)
	h.accepting.Wait()
}

// wait waits until all connections are over, but not for longer than a time.
func (h *host) wait(limit time.Duration) {
	over := make(chan struct{})
	go func() {
		h.accepting.Wait()
		h.group.Wait()
		close(over)
	}()
	select {
	case <-over:
	case <-time.After(limit):
	}
}
