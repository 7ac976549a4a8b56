package zkscript

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"time"

	"cleave/systems/zkwire"
)

// patience is how long an answer may take before it is written down as silence.
const patience = 4 * time.Second

// connection is a socket and what was asked on it.
type connection struct {
	socket   net.Conn
	session  int64
	password []byte
	xid      int32
	pending  []pending
}

// pending is a request whose answer has not come.
type pending struct {
	xid    int32
	op     zkwire.Op
	keep   string
	silent bool // a ping that only keeps the session
}

var errSilence = errors.New("silence")

func dial(ctx context.Context, address string) (*connection, error) {
	dialer := net.Dialer{Timeout: patience}
	socket, err := dialer.DialContext(ctx, "tcp", address)
	return &connection{socket: socket}, err
}

// send writes a frame. An error is not of interest: the next read tells.
func (c *connection) send(payload []byte) {
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	_, _ = c.socket.Write(append(frame, payload...))
}

// ping keeps the session; nobody waits for the answer.
func (c *connection) ping() {
	q := zkwire.Request{Xid: zkwire.XidPing, Op: zkwire.OpPing}
	c.pending = append(c.pending, pending{xid: q.Xid, op: q.Op, silent: true})
	c.send(q.Append(nil))
}

// receive reads a frame: errSilence if none comes, io.EOF if the server hung up.
func (c *connection) receive() ([]byte, error) {
	_ = c.socket.SetReadDeadline(time.Now().Add(patience))
	var length [4]byte
	if _, err := io.ReadFull(c.socket, length[:]); err != nil {
		return nil, plain(err)
	}
	payload := make([]byte, min(binary.BigEndian.Uint32(length[:]), 1<<22))
	_, err := io.ReadFull(c.socket, payload)
	return payload, plain(err)
}

// plain tells silence from the ways in which a connection ends, which are all one.
func plain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSilence
	}
	return io.EOF
}

// answered takes the request with the xid off the pending ones; early is true if others were before it.
func (c *connection) answered(xid int32) (p pending, early, found bool) {
	for i, p := range c.pending {
		if p.xid == xid {
			c.pending = append(c.pending[:i:i], c.pending[i+1:]...)
			return p, i > 0, true
		}
	}
	return pending{}, false, false
}
