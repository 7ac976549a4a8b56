package maelstrom

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
	"cleave/world"
)

// client asks one node at a time, the one beside it first. When that does not answer, or says that it cannot serve now, its next
// request goes to the next node.
type client struct {
	name    string
	nodes   []string // the one beside it first
	at      int      // the one it asks
	timeout time.Duration
	dialect dialect
	env     world.Environment
	calls   uint64 // so far: the last is the msg_id of the call under way
	open    *call
}

// call is a request under way.
type call struct {
	request history.Request
	node    string
	timer   world.Timer
	done    func(history.Completion)
}

func newClient(name, host string, nodes []string, timeout time.Duration, d dialect) *client {
	home := slices.Index(nodes, host)
	return &client{name: name, nodes: append(slices.Clone(nodes[home:]), nodes[:home]...), timeout: timeout, dialect: d}
}

// Start begins it.
func (c *client) Start(env world.Environment) { c.env = env }

// Invoke puts a request to a node.
func (c *client) Invoke(request history.Request, done func(history.Completion)) {
	if request.Function == history.Home {
		c.at = 0
		done(history.Completion{Outcome: history.Ok})
		return
	}
	body := c.dialect.ask(request, c.calls+1)
	if body == nil {
		done(history.Completion{Outcome: history.Ok, Value: request.Value})
		return
	}
	c.calls++
	c.open = &call{request: request, node: c.nodes[c.at], done: done, timer: c.env.After(c.timeout, c.expire)}
	c.env.Send(c.open.node, messageOf(c.name, c.open.node, body).Line())
}

// expire gives up waiting: the node may have done what it was asked, or may do it yet.
func (c *client) expire() {
	c.moveOn()
	c.complete(history.Completion{Outcome: history.Info, Error: "timeout"})
}

func (c *client) moveOn() { c.at = (c.at + 1) % len(c.nodes) }

func (c *client) complete(completion history.Completion) {
	done := c.open.done
	c.open.timer.Stop()
	c.open = nil
	done(completion)
}

// Datagram takes an answer. What answers an earlier call came too late.
func (c *client) Datagram(_ string, payload []byte) {
	message, err := ParseMessage(payload)
	if err != nil || c.open == nil {
		return // a line that is no message never leaves a node
	}
	h, err := headerOf(message.Body)
	switch {
	case err != nil:
		c.env.Note(breachNote, fmt.Sprintf("%s sent a body that is neither a call nor an answer, %s: %v", message.Source, shown(message.Body), err))
	case !h.replies(c.calls):
	case h.Type == "error":
		c.refused(message, h)
	default:
		c.answered(message)
	}
}

// answered completes a call that was not refused.
func (c *client) answered(message Message) {
	completion, err := c.dialect.answer(c.open.request, message.Body)
	if err != nil {
		c.malformed(message, err)
		return
	}
	completion.Node = message.Source
	c.complete(completion)
}

// refused completes a call that was answered by an error.
func (c *client) refused(message Message, h header) {
	if h.Code == nil {
		c.malformed(message, fmt.Errorf("an error has a \"code\""))
		return
	}
	if own, is := c.dialect.(refusals); is {
		if completion, takes := own.refused(c.open.request, *h.Code); takes {
			completion.Node = message.Source
			c.complete(completion)
			return
		}
	}
	if *h.Code == codeUnavailable || *h.Code == codeNodeNotFound {
		c.moveOn()
	}
	failed := failureOf(*h.Code)
	c.complete(history.Completion{Outcome: failed.outcome(), Node: message.Source, Error: failed.name})
}

// malformed completes a call whose answer makes no sense: what became of it nobody knows.
func (c *client) malformed(message Message, why error) {
	c.env.Note(breachNote, fmt.Sprintf("%s answered %s with %s: %v", message.Source, c.open.request.Function, shown(message.Body), why))
	c.complete(history.Completion{Outcome: history.Info, Node: message.Source, Error: "malformed answer"})
}

// The rest of world.Process: nobody connects.

// Accepted does nothing.
func (*client) Accepted(world.Connection) {}

// Opened does nothing.
func (*client) Opened(world.Connection) {}

// Received does nothing.
func (*client) Received(world.Connection, []byte) {}

// Closed does nothing.
func (*client) Closed(world.Connection, world.CloseReason) {}
