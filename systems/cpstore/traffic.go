package cpstore

import (
	"fmt"
	"time"

	"cleave/systems/zkwire"
)

// traffic counts what went over a connection, or over all of them.
type traffic struct {
	received, sent     int64
	answers            int64 // requests answered
	least, most, total int64 // their latencies, milliseconds
	established        time.Duration
	lastOp             zkwire.Op
	lastXid            int32
	lastZxid           int64
	lastAnswer         time.Duration
	lastLatency        int64
	lastSize           int // of proposals, in bytes; 0 if there was none
	smallest, largest  int
}

// answered counts a reply.
func (t *traffic) answered(latency, zxid int64) {
	if t.answers == 0 || latency < t.least {
		t.least = latency
	}
	t.most = max(t.most, latency)
	t.total += latency
	t.answers++
	t.sent++
	t.lastLatency, t.lastZxid = latency, zxid
}

// proposed counts a proposal.
func (t *traffic) proposed(size int) {
	if t.smallest == 0 || size < t.smallest {
		t.smallest = size
	}
	t.lastSize, t.largest = size, max(t.largest, size)
}

// latencies is "min/avg/max", with the average to one tenth of a millisecond.
func (t *traffic) latencies() string {
	tenths := int64(0)
	if t.answers > 0 {
		tenths = t.total * 10 / t.answers
	}
	return fmt.Sprintf("%d/%d.%d/%d", t.least, tenths/10, tenths%10, t.most)
}

// sizes is "last/min/max" of the proposals, -1 each if there were none.
func (t *traffic) sizes() string {
	if t.smallest == 0 {
		return "-1/-1/-1"
	}
	return fmt.Sprintf("%d/%d/%d", t.lastSize, t.smallest, t.largest)
}
