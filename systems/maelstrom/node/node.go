package node

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

// Fields are those of a message's body, but for its type and numbers.
type Fields map[string]any

// Node is this node. Make it with New, tell it what to do, and let it Run.
type Node struct {
	// Patience is how long Ask waits for an answer; New makes it a second.
	Patience time.Duration

	id       string
	nodes    []string
	ready    []func()
	handlers map[string]func(*Call)
	waiting  map[int64]waiting // for answers, by the number of the call
	last     int64             // number of a call of this node
	heard    map[string]*heard // by sender
	in       io.Reader
	out      *bufio.Writer
	todo     chan func() // what time has come for
}

// New makes a node on standard input and output.
func New() *Node {
	return &Node{
		Patience: time.Second, handlers: map[string]func(*Call){}, waiting: map[int64]waiting{}, heard: map[string]*heard{},
		last: rand.Int64N(1 << 40), // not to take answers to calls of an earlier life for answers to its own
		in:   os.Stdin, out: bufio.NewWriter(os.Stdout), todo: make(chan func()),
	}
}

// ID is the node's name, such as "n1". It has none before Run has heard of it; see Ready.
func (n *Node) ID() string { return n.id }

// Nodes are the names of all nodes, this one too.
func (n *Node) Nodes() []string { return n.nodes }

// Others are the names of all nodes but this one.
func (n *Node) Others() []string {
	return slices.DeleteFunc(slices.Clone(n.nodes), func(name string) bool { return name == n.id })
}

// Ready calls an action when the node knows its name and the others', before it takes any call.
func (n *Node) Ready(action func()) { n.ready = append(n.ready, action) }

// Handle has calls of a type, and messages that want no answer, go to a handler. A call of a type that has none is answered
// by NotSupported.
func (n *Node) Handle(kind string, handler func(*Call)) { n.handlers[kind] = handler }

// Run takes messages until there are no more. It errs if one is none of the protocol's.
func (n *Node) Run() error {
	lines, ended := make(chan []byte, 128), make(chan error, 1)
	go read(n.in, lines, ended)
	for {
		select {
		case line, more := <-lines:
			if !more {
				return <-ended
			}
			if err := n.take(line); err != nil {
				return err
			}
		case action := <-n.todo:
			action()
		}
		if err := n.out.Flush(); err != nil {
			return err
		}
	}
}

// read hands lines over, one after the other.
func read(from io.Reader, lines chan<- []byte, ended chan<- error) {
	defer close(lines)
	reader := bufio.NewReaderSize(from, 1<<16)
	for {
		line, err := reader.ReadBytes('\n')
		if err == io.EOF {
			ended <- nil
			return
		}
		if err != nil {
			ended <- err
			return
		}
		lines <- line
	}
}

// envelope is a message as a line has it.
type envelope struct {
	Source      string          `json:"src"`
	Destination string          `json:"dest"`
	Body        json.RawMessage `json:"body"`
}

// header is what every body may have.
type header struct {
	Type    string `json:"type"`
	ID      *int64 `json:"msg_id"`
	ReplyTo *int64 `json:"in_reply_to"`
	Error
}

func (n *Node) take(line []byte) error {
	var message envelope
	var head header
	if err := json.Unmarshal(line, &message); err != nil {
		return fmt.Errorf("%.200q is no message: %w", line, err)
	}
	if err := json.Unmarshal(message.Body, &head); err != nil {
		return fmt.Errorf("%.200q has no body that is one: %w", line, err)
	}
	if head.ReplyTo != nil {
		n.answered(message, head)
		return nil
	}
	call := &Call{node: n, From: message.Source, Type: head.Type, id: head.ID, body: message.Body}
	if head.ID != nil && n.again(message.Source, *head.ID) {
		return nil
	}
	if handler := n.handlers[head.Type]; head.Type == "init" {
		return n.begin(call)
	} else if handler != nil {
		handler(call)
	} else {
		call.Refuse(NotSupported, fmt.Sprintf("this node knows no %q", head.Type))
	}
	return nil
}

// begin takes the names.
func (n *Node) begin(call *Call) error {
	var names struct {
		ID    string   `json:"node_id"`
		Nodes []string `json:"node_ids"`
	}
	if err := json.Unmarshal(call.body, &names); err != nil {
		return fmt.Errorf("an init that is none: %w", err)
	}
	n.id, n.nodes = names.ID, names.Nodes
	for _, action := range n.ready {
		action()
	}
	call.Reply("init_ok", nil)
	return nil
}

// heard are the numbers of the last calls of a sender.
type heard struct {
	highest int64
	recent  map[int64]bool
}

// window is how far below the highest a call's number may be.
const window = 512

// again tells whether a call has been heard before.
func (n *Node) again(source string, id int64) bool {
	h := n.heard[source]
	if h == nil {
		h = &heard{highest: id, recent: map[int64]bool{}}
		n.heard[source] = h
	}
	if h.recent[id] {
		return true
	}
	if h.highest = max(h.highest, id); len(h.recent) >= 2*window {
		// order does not matter: each is looked at for itself
		for old := range h.recent {
			if old <= h.highest-window {
				delete(h.recent, old)
			}
		}
	}
	h.recent[id] = true
	return false
}

// print says something to somebody.
func (n *Node) print(to string, body Fields) {
	line, err := json.Marshal(struct {
		Source      string `json:"src"`
		Destination string `json:"dest"`
		Body        Fields `json:"body"`
	}{n.id, to, body})
	if err != nil {
		panic("node: a body that is no JSON: " + err.Error())
	}
	n.out.Write(append(line, '\n')) // an error stays until the writer is flushed
}

// bodyOf is a body of a type, with fields; the fields are not changed.
func bodyOf(kind string, fields Fields) Fields {
	body := make(Fields, len(fields)+3)
	maps.Copy(body, fields)
	body["type"] = kind
	return body
}
