package zkscript

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"cleave/systems/zkwire"
)

// player is a run of a script.
type player struct {
	context     context.Context
	address     string
	connections map[string]*connection
	opened      []*connection
	names       *names
	out         strings.Builder
}

// Run plays a script against the server at the address (host:port) and gives the transcript. What the
// server does is never an error; an error says that the script is none, or that nobody listens.
func Run(ctx context.Context, address, script string) (string, error) {
	steps, err := parse(script)
	if err != nil {
		return "", err
	}
	p := &player{context: ctx, address: address, connections: map[string]*connection{}, names: newNames()}
	defer p.hangUp()
	for i := range steps {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		p.out.WriteString(steps[i].text + "\n")
		if len(steps[i].words) == 0 {
			continue
		}
		if err := p.play(&steps[i]); err != nil {
			return "", fmt.Errorf("%s: %w", steps[i].text, err)
		}
	}
	return p.names.finish(p.out.String()), nil
}

func (p *player) hangUp() {
	for _, c := range p.opened {
		_ = c.socket.Close()
	}
}

// say writes a line of the transcript below its step.
func (p *player) say(text string) { p.out.WriteString("  " + text + "\n") }

func (p *player) play(s *step) error {
	if s.connection == "" {
		return p.playForAll(s)
	}
	verb := s.words[0].value
	if verb == "connect" {
		return p.connect(s)
	}
	c := p.connections[s.connection]
	if c == nil && verb == "bytes" {
		var err error
		if c, err = p.dial(s.connection); err != nil {
			return err
		}
	}
	if c == nil {
		return errors.New("that connection is not open")
	}
	switch verb {
	case "drop":
		return c.socket.Close()
	case "expect-close":
		p.expectClose(c)
	case "expect-text":
		p.expectText(c.socket)
	case "receive":
		p.receive(c)
	case "bytes":
		bytes, err := hexadecimal(s.words[1:])
		if err != nil {
			return err
		}
		_, _ = c.socket.Write(bytes)
	default:
		return p.ask(c, s)
	}
	return nil
}

// playForAll plays a step that is of no connection.
func (p *player) playForAll(s *step) error {
	switch s.words[0].value {
	case "config", "by-hand", "slow": // for those who start the server
	case "sleep":
		duration, err := time.ParseDuration(s.words[len(s.words)-1].value)
		if err != nil {
			return err
		}
		p.sleep(duration)
	case "keep":
		duration, err := time.ParseDuration(s.words[len(s.words)-1].value)
		if err != nil {
			return err
		}
		for ; duration > 0; duration -= time.Second {
			for _, c := range p.opened {
				c.ping()
			}
			p.sleep(time.Second)
		}
	case "word":
		return p.word(s.words[1:])
	default:
		return errors.New("no such step")
	}
	return nil
}

func (p *player) sleep(duration time.Duration) {
	select {
	case <-p.context.Done():
	case <-time.After(duration):
	}
}

func (p *player) dial(name string) (*connection, error) {
	c, err := dial(p.context, p.address)
	if err != nil {
		return nil, err
	}
	p.connections[name] = c
	p.opened = append(p.opened, c)
	return c, nil
}

// ask sends a request and, unless told otherwise, waits for the answer.
func (p *player) ask(c *connection, s *step) error {
	words, wait, cut, xid := s.words, true, 0, ""
	for len(words) > 0 && (words[0].value == "send" || words[0].key == "cut" || words[0].key == "xid") {
		switch {
		case words[0].key == "xid":
			xid = words[0].value
		case words[0].key == "cut":
			var err error
			if cut, err = strconv.Atoi(words[0].value); err != nil {
				return err
			}
		default:
			wait = false
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return errors.New("nothing to send")
	}
	payload, err := p.payload(c, words, s.block, xid)
	if err != nil {
		return err
	}
	payload = payload[:max(0, len(payload)-cut)]
	if number, op, err := zkwire.DecodeHeader(payload); err == nil {
		c.pending = append(c.pending, pending{xid: number, op: op, keep: s.keep})
	}
	c.send(payload)
	if wait {
		p.receive(c)
	}
	return nil
}

// payload gives the bytes of a request.
func (p *player) payload(c *connection, words []word, block [][]word, xid string) ([]byte, error) {
	switch words[0].value {
	case "raw":
		return hexadecimal(words[1:])
	case "op":
		number, err := int32Of(words[len(words)-1].value)
		c.xid++
		header := binary.BigEndian.AppendUint32(nil, uint32(c.xid))
		return binary.BigEndian.AppendUint32(header, uint32(number)), err
	}
	q, err := p.names.request(words, block)
	if err != nil {
		return nil, err
	}
	q.Xid = specialXids[q.Op]
	if q.Xid == 0 {
		c.xid++
		q.Xid = c.xid
	}
	if xid != "" {
		if q.Xid, err = int32Of(xid); err != nil {
			return nil, err
		}
	}
	return q.Append(nil), nil
}

// receive shows events until an answer comes, and the answer.
func (p *player) receive(c *connection) {
	for {
		payload, err := c.receive()
		if err != nil {
			p.end(err)
			return
		}
		if !p.show(c, payload) {
			return
		}
	}
}

// show writes down what came, and tells whether the answer that one waits for is still to come.
func (p *player) show(c *connection, payload []byte) (more bool) {
	xid, zxid, _, err := zkwire.DecodeReplyHeader(payload)
	if err == nil && xid == zkwire.XidNotification {
		p.say(p.names.event(payload))
		return true
	}
	asked, early, found := c.answered(xid)
	if asked.silent {
		return true
	}
	text := p.names.reply(payload, asked)
	switch {
	case err != nil:
		text = fmt.Sprintf("no answer: %x", payload)
	case !found:
		text = fmt.Sprintf("an answer to nothing that was asked, xid %d: %s", xid, text)
	case early:
		text = fmt.Sprintf("out of turn, xid %d: %s", xid, text)
	}
	if asked.keep != "" {
		p.names.kept[asked.keep] = zxid
	}
	p.say(text)
	return false
}

// expectClose shows all that comes until the server hangs up.
func (p *player) expectClose(c *connection) {
	for {
		payload, err := c.receive()
		if err != nil {
			p.end(err)
			return
		}
		p.show(c, payload)
	}
}

func (p *player) end(err error) {
	if errors.Is(err, errSilence) {
		p.say("silence")
		return
	}
	p.say("closed")
}

// word sends a four-letter word on a connection of its own and shows the text; with "shape" after it
// only what is before a colon in each line, and the mode.
func (p *player) word(words []word) error {
	c, err := dial(p.context, p.address)
	if err != nil {
		return err
	}
	defer c.socket.Close()
	_, _ = io.WriteString(c.socket, words[0].value)
	if len(words) == 1 {
		p.expectText(c.socket)
		return nil
	}
	_ = c.socket.SetReadDeadline(time.Now().Add(patience))
	answer, _ := io.ReadAll(c.socket) // what came before an error is an answer too
	for line := range strings.Lines(string(answer)) {
		key, _, _ := strings.Cut(line, ":")
		if key == "Mode" {
			key = strings.TrimSpace(line)
		}
		p.say(key)
	}
	return nil
}

// expectText shows all bytes that come until the server hangs up.
func (p *player) expectText(socket net.Conn) {
	_ = socket.SetReadDeadline(time.Now().Add(patience))
	answer, err := io.ReadAll(socket)
	p.say(fmt.Sprintf("%q", answer))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		p.say("silence")
	}
}
