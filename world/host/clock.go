package host

import (
	"sync/atomic"
	"time"
)

// clock is a wall clock that may be off: by an offset, and by a drift that grows from when it was set.
// Any goroutine may use it.
type clock struct {
	machine func() time.Duration // the right time, since 1970
	fault   atomic.Pointer[clockFault]
}

// clockFault is how far a clock is off.
type clockFault struct {
	offset time.Duration
	drift  int64 // parts per million
	since  time.Time
}

// The furthest that a clock goes, so that times stay numbers.
const (
	mostOffset = 100 * 365 * 24 * time.Hour
	mostDrift  = 500_000 // half as fast again
)

// machineClock is this machine's clock.
func machineClock() time.Duration { return time.Duration(time.Now().UnixNano()) }

func (c *clock) now() time.Duration {
	now, fault := c.machine(), c.fault.Load()
	if fault == nil {
		return now
	}
	return now + fault.offset + drifted(time.Since(fault.since), fault.drift)
}

// set puts the clock off by an offset from the machine's, whatever it was off by before.
func (c *clock) set(offset time.Duration, drift int64) {
	c.fault.Store(&clockFault{offset: offset, drift: drift, since: time.Now()})
}

// drifted is what a drift has come to after a time. It is reckoned in two parts, for a year of
// nanoseconds and a million is more than a number holds.
func drifted(elapsed time.Duration, drift int64) time.Duration {
	const million = 1_000_000
	return elapsed/million*time.Duration(drift) + elapsed%million*time.Duration(drift)/million
}
