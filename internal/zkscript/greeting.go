package zkscript

import (
	"fmt"
	"slices"
	"strconv"

	"cleave/systems/zkwire"
)

// connect opens a connection and shakes hands. Without words it asks for a new session of 4 s, as the
// Java client does.
func (p *player) connect(s *step) error {
	q := zkwire.ConnectRequest{Timeout: 4000, Password: make([]byte, 16), HasReadOnly: true}
	cut := 0
	for _, w := range s.words[1:] {
		if err := p.greeting(&q, &cut, w); err != nil {
			return err
		}
	}
	c, err := p.dial(s.connection)
	if err != nil {
		return err
	}
	payload := q.Append(nil)
	c.send(payload[:max(0, len(payload)-cut)])
	answer, err := c.receive()
	if err != nil {
		p.end(err)
		return nil
	}
	r, err := zkwire.DecodeConnectResponse(answer)
	if err != nil {
		p.say(fmt.Sprintf("no connect response: %x", answer))
		return nil
	}
	c.session, c.password = r.SessionID, slices.Clone(r.Password)
	session, password := "0", fmt.Sprintf("%x", r.Password)
	if r.SessionID != 0 {
		session, password = p.names.open(r.SessionID, r.Password)
	}
	text := fmt.Sprintf("connected version=%d timeout=%d session=%s password=%s", r.ProtocolVersion, r.Timeout, session, password)
	if r.HasReadOnly {
		text += fmt.Sprintf(" readOnly=%t", r.ReadOnly)
	}
	p.say(text)
	return nil
}

// greeting puts one word after connect into the request.
func (p *player) greeting(q *zkwire.ConnectRequest, cut *int, w word) (err error) {
	other := p.connections[w.value]
	switch w.key {
	case "timeout":
		q.Timeout, err = int32Of(w.value)
	case "version":
		q.ProtocolVersion, err = int32Of(w.value)
	case "seen":
		q.LastZxidSeen, err = p.names.number(w.value)
	case "readOnly":
		q.HasReadOnly, q.ReadOnly = w.value != "absent", w.value == "true"
	case "cut":
		*cut, err = strconv.Atoi(w.value)
	case "session":
		if other != nil {
			q.SessionID = other.session
			return nil
		}
		q.SessionID, err = strconv.ParseInt(w.value, 0, 64)
	case "password":
		if other != nil {
			q.Password = other.password
			return nil
		}
		q.Password, err = hexadecimal([]word{w})
		if w.value == "null" {
			q.Password, err = nil, nil
		}
	default:
		return fmt.Errorf("no such key: %s", w.key)
	}
	return err
}
