package cleavetest

import (
	"cmp"
	"slices"
	"time"

	"cleave/history"
	"cleave/world"
)

// Caller makes clients of two functions. A client keeps a connection to the node beside it and asks one thing at a time, with
// one message; whatever the node sends back is the answer. A node that is down, cannot be reached or does not answer in time
// is left for the next one.
//
// A change that was sent and not answered ends with an unknown outcome, and is never sent again: somebody may be at it
// still. What only reads is asked of the next node.
type Caller struct {
	// Ask is the message that asks for something; nil if the system cannot do it.
	Ask func(history.Request) []byte
	// Answer says what a reply to a request means.
	Answer func(history.Request, []byte) Answer
	// Patience is how long a node may take, to be reached and to answer; default 500 ms. A request is given up after four
	// times that.
	Patience time.Duration
}

// Client makes a client beside a node; it is what System.Client wants.
func (c Caller) Client(host string, nodes []string) world.Client {
	if c.Ask == nil || c.Answer == nil || c.Patience < 0 {
		panic("cleavetest: Caller.Ask and Caller.Answer must be there, and Caller.Patience cannot be negative")
	}
	c.Patience = cmp.Or(c.Patience, 500*time.Millisecond)
	return &caller{Caller: c, host: host, nodes: nodes, node: host}
}

// caller is a client. It implements world.Client.
type caller struct {
	world.Ignore
	Caller
	env        world.Environment
	host       string
	nodes      []string
	node       string           // whom it asks
	connection world.Connection // with that node; nil if there is none
	open       bool
	question   *question // under way; nil if none is
}

// question is a request under way.
type question struct {
	history.Request
	done  func(history.Completion)
	until time.Duration // when it is given up
	sent  bool          // the node that is asked may be at it
	timer world.Timer
}

// Start takes the environment.
func (c *caller) Start(env world.Environment) { c.env = env }

// Invoke asks.
func (c *caller) Invoke(request history.Request, done func(history.Completion)) {
	if request.Function == history.Home {
		c.turnTo(c.host)
		done(history.Completion{Outcome: history.Ok, Node: c.host})
		return
	}
	c.question = &question{Request: request, done: done, until: c.env.Elapsed() + 4*c.Patience}
	c.attempt()
}

// turnTo has another node be asked from now on.
func (c *caller) turnTo(node string) {
	if c.connection != nil && (node != c.node || !c.open) {
		c.connection.Close()
		c.connection = nil
	}
	c.node = node
}

// leave gives a node up for the next one.
func (c *caller) leave() {
	if c.connection != nil {
		c.connection.Close()
		c.connection = nil
	}
	c.node = c.nodes[(slices.Index(c.nodes, c.node)+1)%len(c.nodes)]
}

// attempt asks the node, as soon as there is a connection.
func (c *caller) attempt() {
	q := c.question
	q.sent = false
	if c.connection == nil {
		c.connection, c.open = c.env.Dial(c.node), false
	}
	q.timer = c.env.After(c.Patience, func() { c.missed(string(world.TimedOut)) })
	if c.open {
		c.ask()
	}
}

func (c *caller) ask() {
	message := c.Ask(c.question.Request)
	if message == nil {
		c.finish(Unsupported().completion)
		return
	}
	c.question.sent = true
	c.connection.Send(message)
}

// Opened asks what waits.
func (c *caller) Opened(connection world.Connection) {
	if c.is(connection) {
		c.open = true
		if c.question != nil {
			c.ask()
		}
	}
}

// is tells whether a connection is the present one.
func (c *caller) is(connection world.Connection) bool {
	return c.connection != nil && c.connection.ID() == connection.ID()
}

// Received hears the answer.
func (c *caller) Received(connection world.Connection, message []byte) {
	if !c.is(connection) || c.question == nil || !c.question.sent {
		return
	}
	answer := c.Answer(c.question.Request, message)
	if !answer.elsewhere {
		answer.completion.Node = c.node
		c.finish(answer.completion)
		return
	}
	c.question.sent = false
	c.question.timer.Stop()
	if slices.Contains(c.nodes, answer.node) && answer.node != c.node {
		c.turnTo(answer.node)
	} else {
		c.leave()
	}
	c.again("nobody serves it")
}

// Closed hears that the node is gone.
func (c *caller) Closed(connection world.Connection, reason world.CloseReason) {
	if !c.is(connection) {
		return
	}
	c.connection = nil
	if c.question != nil {
		c.missed(string(reason))
	}
}

// missed is called when the node does not answer.
func (c *caller) missed(reason string) {
	c.question.timer.Stop()
	c.leave()
	if c.question.sent && c.question.Function.Mutates() {
		c.finish(history.Completion{Outcome: history.Info, Error: reason})
		return
	}
	c.again(reason)
}

// again makes another attempt, after a breath, while there is time.
func (c *caller) again(reason string) {
	if c.env.Elapsed() >= c.question.until {
		c.finish(history.Completion{Outcome: history.Fail, Error: reason})
		return
	}
	c.question.timer = c.env.After(c.Patience/20, c.attempt)
}

func (c *caller) finish(completion history.Completion) {
	q := c.question
	if completion.Outcome == "" {
		panic("cleavetest: Caller.Answer gave an empty Answer")
	}
	q.timer.Stop()
	c.question = nil
	q.done(completion)
}
