package wasi

import (
	"time"

	"github.com/tetratelabs/wazero/sys"
)

// The clocks of WASI. Those of processor time show the monotonic one: a processor is given to the program
// all the time.
const (
	realtimeClock  = 0
	monotonicClock = 1
	clocks         = 4
)

// booted is what the monotonic clock shows when the environment's shows nothing: Go takes a clock at zero
// for one that is broken.
const booted = time.Second

// clock reads a clock.
func (i *Instance) clock(id uint64) time.Duration {
	switch {
	case id == realtimeClock:
		return max(0, i.env.Now())
	case id < clocks:
		return i.env.Elapsed() + booted
	}
	panic(errInvalid)
}

func (i *Instance) clockTimeGet(a []uint64) errno {
	i.put64(a[2], uint64(i.clock(a[0])))
	return success
}

func (i *Instance) clockResGet(a []uint64) errno {
	i.clock(a[0])
	i.put64(a[1], 1)
	return success
}

// randomGet draws from the environment's stream.
func (i *Instance) randomGet(a []uint64) errno {
	to := i.bytes(a[0], a[1])
	random := i.env.Random()
	for ; len(to) >= 8; to = to[8:] {
		order.PutUint64(to, random.Uint64())
	}
	if len(to) > 0 {
		var last [8]byte
		order.PutUint64(last[:], random.Uint64())
		copy(to, last[:])
	}
	return success
}

func (i *Instance) procExit(a []uint64) errno { panic(sys.NewExitError(uint32(a[0]))) }

func (i *Instance) argsGet(a []uint64) errno      { return i.strings(i.options.Arguments, a) }
func (i *Instance) argsSizesGet(a []uint64) errno { return i.sizes(i.options.Arguments, a) }
func (i *Instance) environGet(a []uint64) errno   { return i.strings(i.options.Environment, a) }
func (i *Instance) environSizesGet(a []uint64) errno {
	return i.sizes(i.options.Environment, a)
}

// strings writes texts that end in a zero byte each, and where each begins.
func (i *Instance) strings(texts []string, a []uint64) errno {
	pointers, at := i.bytes(a[0], uint64(4*len(texts))), a[1]
	for n, text := range texts {
		to := i.bytes(at, uint64(len(text)+1))
		to[copy(to, text)] = 0
		order.PutUint32(pointers[4*n:], uint32(at))
		at += uint64(len(to))
	}
	return success
}

// sizes writes how many texts there are, and how many bytes strings would write.
func (i *Instance) sizes(texts []string, a []uint64) errno {
	total := 0
	for _, text := range texts {
		total += len(text) + 1
	}
	i.put32(a[0], uint32(len(texts)))
	i.put32(a[1], uint32(total))
	return success
}
