package zookeeper

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"cleave/systems/zkwire"
)

// firstOwnXid is where the numbers of this package's own requests begin. go-zookeeper counts its own
// from 1 and would need years to come here.
const firstOwnXid int32 = 1 << 30

// longestMessage is the most that is taken from a server at once: more than it may send by default.
const longestMessage = 4 << 20

// What a tap says to go-zookeeper, which only logs it and gives the connection up.
var (
	errStale  = errors.New("it was asked on an earlier connection")
	errClosed = errors.New("the connection is closed")
)

// tap is a connection as go-zookeeper has it, with this package in between. It sees what the library
// hides: the zxid of each reply, and which request was really sent. It speaks itself where the library
// cannot, with numbers of its own, and keeps the answers to itself.
//
//	go-zookeeper ──Write──▶ tap ──▶ server        the first message gets the client's last zxid,
//	             ◀──Read───     ◀──               the last is held until the one before is dealt with
//
// go-zookeeper writes one whole message at a time, and reads on one goroutine.
type tap struct {
	net.Conn
	session *session
	server  int // which one it leads to
	number  int // of the connection among all that this client had

	writing sync.Mutex // one message at a time
	hailed  bool       // the first message has been sent
	greeted bool       // and been answered; guarded by the user's mutex
	limit   *time.Timer

	rest     []byte // read, and not yet taken by the library
	answered *turn  // what the last message answered, nil if nothing of the client's

	once  sync.Once
	ended chan struct{}
}

func newTap(s *session, connection net.Conn, server, number int) *tap {
	return &tap{Conn: connection, session: s, server: server, number: number, ended: make(chan struct{})}
}

// SetWriteDeadline does nothing: the tap gives each message the time that the library would.
func (t *tap) SetWriteDeadline(time.Time) error { return nil }

// Close ends the connection. It may be called more than once.
func (t *tap) Close() error {
	err := t.end()
	t.session.user.detach(t)
	return err
}

// end is Close for those who have told the client, or are it.
func (t *tap) end() (err error) {
	t.once.Do(func() {
		close(t.ended)
		err = t.Conn.Close()
	})
	return err
}

// Write takes one message of the library's. What was asked for on an earlier connection, and waited in
// the library's queue since, is not sent: the operation that it was part of has ended with that.
func (t *tap) Write(message []byte) (int, error) {
	if len(message) < 12 || int(binary.BigEndian.Uint32(message)) != len(message)-4 {
		return 0, fmt.Errorf("go-zookeeper wrote %d bytes that are no message", len(message))
	}
	if !t.hailed {
		return len(message), t.hail(message[4:])
	}
	xid := int32(binary.BigEndian.Uint32(message[4:]))
	if xid > 0 && !t.session.user.sends(t) {
		return 0, errStale
	}
	return len(message), t.send(message)
}

// hail sends the first message, with the highest zxid that this client has ever seen. The library
// forgets it when a session ends, and the next one might then see the state go back.
func (t *tap) hail(payload []byte) error {
	hello, err := zkwire.DecodeConnectRequest(payload)
	if err != nil {
		return err
	}
	hello.LastZxidSeen = t.session.user.highest()
	t.hailed = true
	return t.send(framed(hello.Append))
}

// framed is a message with its length before it.
func framed(encode func([]byte) []byte) []byte {
	message := encode(make([]byte, 4))
	binary.BigEndian.PutUint32(message, uint32(len(message)-4))
	return message
}

// send writes a message. If that fails, or takes too long, the connection is of no more use.
func (t *tap) send(message []byte) error {
	t.writing.Lock()
	defer t.writing.Unlock()
	_ = t.Conn.SetWriteDeadline(time.Now().Add(silence(t.session.user.options))) // Write says what is wrong
	_, err := t.Conn.Write(message)
	if err != nil {
		t.Close()
	}
	return err
}

// Read gives the library what is for it. Before it takes the next message it waits until the one before
// has been dealt with, so that an event is noted after the completion that came before it.
func (t *tap) Read(into []byte) (int, error) {
	for len(t.rest) == 0 {
		if !t.settled() {
			return 0, errClosed
		}
		message, err := t.receive()
		if err != nil {
			t.Close()
			return 0, err
		}
		t.rest = t.take(message)
	}
	count := copy(into, t.rest)
	t.rest = t.rest[count:]
	return count, nil
}

// settled waits for the client, and tells whether the connection is still there.
func (t *tap) settled() bool {
	if t.answered == nil {
		return true
	}
	select {
	case <-t.answered.settled:
		t.answered = nil
		return true
	case <-t.ended:
		return false
	}
}

// receive reads one message, its length included.
func (t *tap) receive() ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(t.Conn, head[:]); err != nil {
		return nil, err
	}
	length := int(int32(binary.BigEndian.Uint32(head[:])))
	if length < 16 || length > longestMessage {
		return nil, fmt.Errorf("the server sent a message of %d bytes", length)
	}
	message := make([]byte, 4+length)
	copy(message, head[:])
	_, err := io.ReadFull(t.Conn, message[4:])
	return message, err
}

// take looks at a message, and gives what of it the library is to see: all or nothing.
func (t *tap) take(message []byte) []byte {
	u := t.session.user
	payload := message[4:]
	if !t.greeted {
		u.greeted(t, payload)
		return message
	}
	xid, zxid, code, err := zkwire.DecodeReplyHeader(payload)
	switch {
	case err != nil || xid == zkwire.XidNotification || xid == zkwire.XidPing:
		return message
	case xid == zkwire.XidSetWatches:
		u.sees(zxid)
		if code != zkwire.OK {
			t.Close() // no watch is armed here, and nobody would know
		}
		return nil
	}
	t.answered = u.answered(t, xid, zxid, code, payload)
	if xid >= firstOwnXid {
		return nil
	}
	return message
}
