package image

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"time"

	"cleave/history"
	"cleave/world"
)

// maelstromSpeaker sends Maelstrom's messages for lin-kv as lines over TCP, each operation on a connection of its
// own. A node is not sent init: it knows who it is by how its container was started.
//
//	{"src":"c1","dest":"n1","body":{"type":"cas","msg_id":7,"key":"x","from":3,"to":4}}
//	{"src":"n1","dest":"c1","body":{"type":"cas_ok","in_reply_to":7}}
type maelstromSpeaker struct {
	client  string
	dial    world.Dial
	connect time.Duration
	asked   uint64 // operations so far
}

// message is one of Maelstrom's (its doc/protocol.md and doc/workloads.md, lin-kv).
type message struct {
	Source      string `json:"src"`
	Destination string `json:"dest"`
	Body        body   `json:"body"`
}

// body is what a message says, in all its kinds.
type body struct {
	Type      string          `json:"type"`
	ID        uint64          `json:"msg_id,omitempty"`
	InReplyTo uint64          `json:"in_reply_to,omitempty"`
	Key       string          `json:"key,omitempty"`
	Value     json.RawMessage `json:"value,omitempty"`
	From      *history.Value  `json:"from,omitempty"`
	To        *history.Value  `json:"to,omitempty"`
	Create    bool            `json:"create_if_not_exists,omitempty"`
	Code      int             `json:"code,omitempty"`
	Text      string          `json:"text,omitempty"`
}

func (s *maelstromSpeaker) close() error { return nil }

func (s *maelstromSpeaker) ask(ctx context.Context, node place, request history.Request) (history.Completion, contact) {
	s.asked++
	asked, reason := bodyOf(request)
	if reason != "" {
		return said(node, history.Fail, reason)
	}
	asked.ID = s.asked
	line, err := json.Marshal(message{s.client, node.name, asked})
	if err != nil {
		return said(node, history.Fail, errorBadRequest)
	}
	connection, err := dialWithin(ctx, s.dial, s.connect, node.address)
	if err != nil {
		return refused(errorRefused)
	}
	defer func() { _ = connection.Close() }() // all is read that is waited for
	stop := context.AfterFunc(ctx, func() { _ = connection.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := connection.Write(append(line, '\n')); err != nil {
		return unknown(ctx)
	}
	answer, found := replyTo(asked.ID, connection)
	if !found {
		return unknown(ctx)
	}
	return meant(node, asked.Type, answer)
}

// bodyOf is what an operation asks, or why it cannot be asked.
func bodyOf(request history.Request) (asked body, reason string) {
	switch request.Function {
	case history.Read:
		return body{Type: "read", Key: request.Key}, ""
	case history.Write:
		value, err := json.Marshal(request.Value)
		if err != nil {
			return body{}, errorBadRequest
		}
		return body{Type: "write", Key: request.Key, Value: value}, ""
	case history.CAS:
		from, to, good := exchange(request.Value)
		if !good {
			return body{}, errorBadRequest
		}
		return body{Type: "cas", Key: request.Key, From: &from, To: &to, Create: from.IsNothing()}, ""
	}
	return body{}, errorUnsupported
}

// replyTo reads lines until one answers a message; none if the connection ends, or says what is no message.
func replyTo(id uint64, connection net.Conn) (body, bool) {
	scanner := bufio.NewScanner(io.LimitReader(connection, largestAnswer))
	scanner.Buffer(nil, longestLine)
	for scanner.Scan() {
		var answer message
		if json.Unmarshal(scanner.Bytes(), &answer) != nil {
			return body{}, false
		}
		if answer.Body.InReplyTo == id {
			return answer.Body, true
		}
	}
	return body{}, false
}

// errors of Maelstrom's that have a name here; all others but those of unknown outcome are definite too.
var maelstromErrors = map[int]string{10: errorUnsupported, 11: "temporarily unavailable", 12: errorBadRequest, 14: "abort",
	20: "not found", 21: "nodeExists", 22: "value differs", 30: "conflict"}

// meant is what a reply means: errors 0 (timeout) and 13 (crash) are of unknown outcome, all others definite.
func meant(node place, asked string, answer body) (history.Completion, contact) {
	switch {
	case answer.Type == asked+"_ok":
		completion, contact := said(node, history.Ok, "")
		if asked == "read" && json.Unmarshal(answer.Value, &completion.Value) != nil {
			return said(node, history.Info, errorBadAnswer)
		}
		return completion, contact
	case answer.Type != "error":
		return said(node, history.Info, errorBadAnswer)
	case asked == "read" && answer.Code == 20:
		return said(node, history.Ok, "")
	}
	name, known := maelstromErrors[answer.Code]
	switch {
	case known && answer.Code == 11:
		completion, _ := said(node, history.Fail, name)
		return completion, silent // another node may be able to
	case known:
		return said(node, history.Fail, name)
	}
	completion, _ := said(node, history.Info, "error "+answer.Text)
	return completion, silent
}
