package fabric

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"sync/atomic"
)

// device is a TAP: what its namespace sends is read from it, a frame at a time, and what is written to
// it arrives there. Close removes it, and ends a Read with os.ErrClosed.
type device interface {
	io.ReadWriteCloser
	// meet tells the namespace under which address a neighbour has its Ethernet address.
	meet(neighbour netip.Addr) error
	// spilled is how many frames the system threw away because the device was full.
	spilled() (int64, error)
}

// endpoint is a device with its place in the network.
type endpoint struct {
	name, host string
	address    netip.Addr
	device     device
	routes     atomic.Pointer[map[[4]byte]*path] // to the others, by address; replaced whole
	done       chan struct{}                     // closed when the reader has ended
	failure    error                             // why it ended early; set before done is closed
}

// introduce tells two endpoints of each other.
func introduce(a, b *endpoint) error {
	if err := a.device.meet(b.address); err != nil {
		return fmt.Errorf("telling %s where %s is: %w", a.name, b.name, err)
	}
	if err := b.device.meet(a.address); err != nil {
		return fmt.Errorf("telling %s where %s is: %w", b.name, a.name, err)
	}
	return nil
}

// end removes the device and waits for its reader.
func (e *endpoint) end() error {
	err := e.device.Close()
	<-e.done
	return errors.Join(e.failure, err)
}

// read forwards what an endpoint sends until its device is closed.
func (s *Switch) read(from *endpoint) {
	defer close(from.done)
	own := from.address.As4()
	buffer := make([]byte, largestFrame+1) // a frame that fills it is too large
	for {
		size, err := from.device.Read(buffer)
		if err != nil {
			if !errors.Is(err, os.ErrClosed) {
				from.failure = fmt.Errorf("reading the device of %s: %w", from.name, err)
				s.fail(from.failure)
			}
			return
		}
		frame := buffer[:size]
		packet, ok := parse(frame)
		if !ok || packet.from != own {
			s.strays.Add(1)
			continue
		}
		path := (*from.routes.Load())[packet.to]
		if path == nil {
			s.strays.Add(1)
			continue
		}
		path.forward(frame, packet)
	}
}
