package maelstrom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Message is what one line of a program's standard input or output holds.
type Message struct {
	Source      string          `json:"src"`
	Destination string          `json:"dest"`
	Body        json.RawMessage `json:"body"`
}

// ParseMessage reads a line, strictly: one JSON object of "src", "dest" and "body", and perhaps an "id", which says nothing. The body
// may be any JSON; see header.
func ParseMessage(line []byte) (Message, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return Message{}, errors.New("it is no JSON object: " + problem(err))
	}
	var m Message
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		var err error
		switch name {
		case "src":
			err = json.Unmarshal(fields[name], &m.Source)
		case "dest":
			err = json.Unmarshal(fields[name], &m.Destination)
		case "body":
			m.Body = fields[name]
		case "id":
		default:
			return m, fmt.Errorf("it has a field %.40q; a message has \"src\", \"dest\" and \"body\"", name)
		}
		if err != nil {
			return m, fmt.Errorf("its %q is no string", name)
		}
	}
	switch {
	case m.Source == "":
		return m, errors.New("it has no \"src\"")
	case m.Destination == "":
		return m, errors.New("it has no \"dest\"")
	case m.Body == nil:
		return m, errors.New("it has no \"body\"")
	}
	return m, nil
}

// problem is what encoding/json says, without its name.
func problem(err error) string {
	return string(bytes.TrimPrefix([]byte(err.Error()), []byte("json: ")))
}

// Line is the message as a line, without its newline.
func (m Message) Line() []byte {
	line, err := json.Marshal(m)
	if err != nil {
		panic("maelstrom: a message whose body is no JSON: " + err.Error())
	}
	return line
}

// messageOf is a message with a body that encoding/json makes an object of.
func messageOf(source, destination string, body any) Message {
	text, err := json.Marshal(body)
	if err != nil {
		panic("maelstrom: a body that is no JSON: " + err.Error())
	}
	return Message{Source: source, Destination: destination, Body: text}
}

// header is what bodies of calls and answers have in common.
type header struct {
	Type      string  `json:"type"`
	MsgID     *uint64 `json:"msg_id"`
	InReplyTo *uint64 `json:"in_reply_to"`
	Code      *int    `json:"code"` // of an error
	Text      string  `json:"text"` // of an error
}

// headerOf reads the header of a body.
func headerOf(body []byte) (h header, err error) {
	if err := json.Unmarshal(body, &h); err != nil {
		return h, errors.New(problem(err))
	}
	if h.Type == "" {
		return h, errors.New("it has no \"type\"")
	}
	return h, nil
}

// replies tells whether it answers a call.
func (h header) replies(id uint64) bool { return h.InReplyTo != nil && *h.InReplyTo == id }

// shown is a line or a body as messages for people quote it.
func shown(text []byte) string { return fmt.Sprintf("%.200q", text) }
