package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"

	"cleave/systems/zkwire"
)

// client is one connection with a session and one request under way at a time.
type client struct {
	connection net.Conn
	reader     *bufio.Reader
	xid        int32
	out, in    []byte
}

func dial(address string) (*client, error) {
	connection, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nil, err
	}
	c := &client{connection: connection, reader: bufio.NewReader(connection)}
	hello := zkwire.ConnectRequest{Timeout: 30_000, Password: make([]byte, 16), HasReadOnly: true}
	answer, err := c.exchange(hello.Append(make([]byte, 4)))
	if err != nil {
		return nil, err
	}
	response, err := zkwire.DecodeConnectResponse(answer)
	if err != nil || response.SessionID == 0 {
		return nil, fmt.Errorf("no session: %+v, %v", response, err)
	}
	return c, nil
}

// exchange sends a frame, whose first four bytes are left for the length, and gives the next one.
func (c *client) exchange(frame []byte) ([]byte, error) {
	binary.BigEndian.PutUint32(frame, uint32(len(frame)-4))
	if err := c.connection.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return nil, err
	}
	if _, err := c.connection.Write(frame); err != nil {
		return nil, err
	}
	var header [4]byte
	if _, err := io.ReadFull(c.reader, header[:]); err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint32(header[:]))
	if cap(c.in) < size {
		c.in = make([]byte, size)
	}
	c.in = c.in[:size]
	_, err := io.ReadFull(c.reader, c.in)
	return c.in, err
}

// ask sends a request and checks the code of its answer.
func (c *client) ask(q zkwire.Request) (zkwire.Code, error) {
	c.xid++
	q.Xid = c.xid
	c.out = q.Append(append(c.out[:0], 0, 0, 0, 0))
	answer, err := c.exchange(c.out)
	if err != nil {
		return 0, err
	}
	xid, _, code, err := zkwire.DecodeReplyHeader(answer)
	if err == nil && xid != c.xid {
		err = fmt.Errorf("an answer to request %d instead of %d", xid, c.xid)
	}
	return code, err
}

// close ends the session.
func (c *client) close() {
	_, _ = c.ask(zkwire.Request{Op: zkwire.OpCloseSession}) // the connection ends in any case
	_ = c.connection.Close()
}
