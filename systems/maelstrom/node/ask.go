package node

import (
	"encoding/json"
	"time"
)

// Answer is what was answered to a call of this node.
type Answer struct {
	Type string
	body json.RawMessage
}

// Read reads the body into a struct, as encoding/json does, and tells whether it could.
func (a Answer) Read(into any) bool { return json.Unmarshal(a.body, into) == nil }

// waiting is a call of this node that nobody has answered yet.
type waiting struct {
	to      string
	done    func(Answer, *Error)
	expires *time.Timer
}

// Tell says something to somebody, who is not to answer.
func (n *Node) Tell(to, kind string, fields Fields) { n.print(to, bodyOf(kind, fields)) }

// Ask calls somebody, and then, once, done: with the answer, or with what went wrong, which is nil otherwise.
func (n *Node) Ask(to, kind string, fields Fields, done func(Answer, *Error)) {
	n.last++
	id := n.last
	expires := n.After(n.Patience, func() {
		if n.forget(id) {
			done(Answer{}, &Error{Timeout, to + " has not answered"})
		}
	})
	n.waiting[id] = waiting{to, done, expires}
	body := bodyOf(kind, fields)
	body["msg_id"] = id
	n.print(to, body)
}

// forget waits for an answer no more, and tells whether it did.
func (n *Node) forget(id int64) bool {
	_, waits := n.waiting[id]
	delete(n.waiting, id)
	return waits
}

func (n *Node) answered(message envelope, head header) {
	asked, waits := n.waiting[*head.ReplyTo]
	if !waits || asked.to != message.Source {
		return
	}
	asked.expires.Stop()
	n.forget(*head.ReplyTo)
	if head.Type == "error" {
		asked.done(Answer{}, &head.Error)
		return
	}
	asked.done(Answer{head.Type, message.Body}, nil)
}

// After calls an action after a time, as a handler. Stop the timer to have it not.
func (n *Node) After(wait time.Duration, action func()) *time.Timer {
	return time.AfterFunc(wait, func() { n.todo <- action })
}

// Every calls an action again and again, a time apart, as a handler.
func (n *Node) Every(wait time.Duration, action func()) {
	n.After(wait, func() {
		action()
		n.Every(wait, action)
	})
}
