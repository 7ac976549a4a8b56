package fabric

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"time"
)

// mostCaptured bounds what waits to be written to a capture, in bytes. Frames that do not fit are left
// out and counted.
const mostCaptured = 8 << 20

// The pcap format with nanoseconds (draft-ietf-opsawg-pcap, sections 4 and 5).
const (
	pcapMagic    = 0xa1b23c4d
	pcapEthernet = 1
)

// capture writes a pcap of delivered frames, stamped with when they were delivered. Whoever delivers only
// copies into memory; a goroutine of its own writes. What is lost, cut or thrown away is not in it: the
// counters tell. A damaged frame is in it as it arrived.
type capture struct {
	writer   io.Writer
	start    time.Time // with the wall clock as it was; the stamps never go back
	finished chan struct{}

	mutex     sync.Mutex
	changed   sync.Cond // there is something to write, or no more will come
	buffer    []byte
	closed    bool
	forgotten int64
	failure   error
}

func newCapture(writer io.Writer, start time.Time) *capture {
	c := &capture{writer: writer, start: start, finished: make(chan struct{})}
	c.changed.L = &c.mutex
	c.buffer = binary.LittleEndian.AppendUint32(c.buffer, pcapMagic)
	c.buffer = binary.LittleEndian.AppendUint16(c.buffer, 2) // version 2.4
	c.buffer = binary.LittleEndian.AppendUint16(c.buffer, 4)
	c.buffer = append(c.buffer, make([]byte, 8)...) // reserved
	c.buffer = binary.LittleEndian.AppendUint32(c.buffer, largestFrame)
	c.buffer = binary.LittleEndian.AppendUint32(c.buffer, pcapEthernet)
	go c.run()
	return c
}

// add takes a frame in.
func (c *capture) add(frame []byte) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.failure != nil || c.closed || len(c.buffer)+16+len(frame) > mostCaptured {
		c.forgotten++
		return
	}
	now := c.start.Add(time.Since(c.start)) // in the mutex, so that the stamps are in order
	c.buffer = binary.LittleEndian.AppendUint32(c.buffer, uint32(now.Unix()))
	c.buffer = binary.LittleEndian.AppendUint32(c.buffer, uint32(now.Nanosecond()))
	c.buffer = binary.LittleEndian.AppendUint32(c.buffer, uint32(len(frame)))
	c.buffer = binary.LittleEndian.AppendUint32(c.buffer, uint32(len(frame)))
	c.buffer = append(c.buffer, frame...)
	c.changed.Signal()
}

// leftOut is how many frames were delivered that the capture lacks.
func (c *capture) leftOut() int64 {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.forgotten
}

// run writes what was added until the capture is closed.
func (c *capture) run() {
	defer close(c.finished)
	var batch []byte
	for {
		batch = c.take(batch[:0])
		if len(batch) == 0 {
			return
		}
		if _, err := c.writer.Write(batch); err != nil {
			c.mutex.Lock()
			c.failure = fmt.Errorf("writing the capture of frames: %w", err)
			c.mutex.Unlock()
			return
		}
	}
}

// take waits for something to write and leaves an empty buffer for it. Nothing means the end.
func (c *capture) take(empty []byte) []byte {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for len(c.buffer) == 0 && !c.closed {
		c.changed.Wait()
	}
	batch := c.buffer
	c.buffer = empty
	return batch
}

// close writes what is left.
func (c *capture) close() error {
	c.mutex.Lock()
	c.closed = true
	c.changed.Signal()
	c.mutex.Unlock()
	<-c.finished
	return c.failure
}
