package wasi

import (
	"math"
	"time"
)

// The layout of poll_oneoff's subscriptions and events.
const (
	subscriptionSize = 48
	eventSize        = 32
	maxSubscriptions = 4096

	clockEvent = 0
	readEvent  = 1
	writeEvent = 2
)

// subscription is one of the things that poll_oneoff waits for.
type subscription []byte

func (s subscription) kind() byte         { return s[8] }
func (s subscription) descriptor() uint32 { return order.Uint32(s[16:]) }
func (s subscription) clock() uint32      { return order.Uint32(s[16:]) }
func (s subscription) absolute() bool     { return s[40]&1 != 0 }
func (s subscription) timeout() time.Duration {
	return time.Duration(min(order.Uint64(s[24:]), math.MaxInt64/4))
}

// pollOneoff waits until one of the subscriptions has an event, and gives the events of all that have.
func (i *Instance) pollOneoff(a []uint64) errno {
	if a[2] == 0 || a[2] > maxSubscriptions {
		return errInvalid
	}
	in, out := i.bytes(a[0], a[2]*subscriptionSize), i.bytes(a[1], a[2]*eventSize)
	count := i.bytes(a[3], 4)
	begun, wall := i.env.Elapsed(), i.clock(realtimeClock)
	next := wait{}
	for {
		events := 0
		for at := 0; at < len(in); at += subscriptionSize {
			happened, event := i.poll(in[at:at+subscriptionSize], begun, wall, &next)
			if happened {
				event.write(out[events*eventSize:], in[at:])
				events++
			}
		}
		if events > 0 {
			order.PutUint32(count, uint32(events))
			return success
		}
		i.suspend(next)
	}
}

// event is what became of a subscription.
type event struct {
	err   errno
	kind  byte
	bytes int // that can be read
}

func (e event) write(to, in []byte) {
	clear(to[:eventSize])
	copy(to[:8], in[:8]) // the subscriber's own mark
	order.PutUint16(to[8:], uint16(e.err))
	to[10] = e.kind
	order.PutUint64(to[16:], uint64(e.bytes))
}

// poll tells whether a subscription made when the clocks stood at begun and wall has an event now, and else
// adds what it waits for to next.
func (i *Instance) poll(s subscription, begun, wall time.Duration, next *wait) (happened bool, e event) {
	e.kind = s.kind()
	switch e.kind {
	case clockEvent:
		until, err := s.deadline(begun, wall)
		e.err = err
		if err != success || i.env.Elapsed() >= until {
			return true, e
		}
		if !next.timed || until < next.until {
			next.timed, next.until = true, until
		}
		return false, e
	case readEvent, writeEvent:
		d := i.find(uint64(s.descriptor()))
		switch {
		case d == nil:
			e.err = errBadFile
		case e.kind == readEvent && d.kind == standardInput:
			next.input = true
			e.bytes = i.stdin.waiting()
			return e.bytes > 0, e
		}
		return true, e
	}
	e.err = errInvalid
	return true, e
}

// deadline is when a clock subscription is due, on the environment's monotonic clock.
func (s subscription) deadline(begun, wall time.Duration) (time.Duration, errno) {
	switch {
	case s.clock() >= clocks:
		return 0, errInvalid
	case !s.absolute():
		return begun + s.timeout(), success
	case s.clock() == realtimeClock:
		return begun + s.timeout() - wall, success
	}
	return s.timeout() - booted, success
}
