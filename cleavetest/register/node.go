package register

import (
	"bytes"
	"encoding/json"
	"time"

	"cleave/world"
)

// copied is what a node has of a key. The version with the higher number is the newer one; if two nodes take the same
// number, chance decides.
type copied struct {
	Number, Chance int64
	Value          *int64
}

func (c copied) newer(than copied) bool {
	return c.Number > than.Number || c.Number == than.Number && c.Chance > than.Chance
}

// message is what nodes tell each other. One without a copy asks for it, one with a copy asks to keep it.
type message struct {
	Round  int64
	Answer bool
	Key    string
	Copy   *copied
}

// round is a question to all nodes, until a majority has answered.
type round struct {
	question message
	answers  map[string]bool
	newest   copied
	then     func(newest copied)
}

// node is a node. Clients come by connections, nodes by datagrams.
type node struct {
	world.Ignore
	name   string
	nodes  []string
	env    world.Environment
	copies map[string]copied
	rounds map[int64]*round
	last   int64 // the number of the last round
}

// New makes a node.
func New(name string, nodes []string) world.Process { return &node{name: name, nodes: nodes} }

// Start reads the disk.
func (n *node) Start(env world.Environment) {
	n.env, n.copies, n.rounds = env, map[string]copied{}, map[int64]*round{}
	for line := range bytes.Lines(env.Disk().Read("copies")) {
		var m message
		if json.Unmarshal(line, &m) == nil { // else a crash has torn it
			n.keep(m)
		}
	}
	n.last = int64(env.Random().Uint64() >> 16) // so that nobody answers a round of before a restart
}

// ask asks all nodes, again and again, until a majority has answered or two seconds are over.
func (n *node) ask(question message, then func(newest copied)) {
	n.last++
	question.Round = n.last
	r := &round{question: question, answers: map[string]bool{}, then: then}
	n.rounds[n.last] = r
	n.tell(r)
	n.env.After(2*time.Second, func() { delete(n.rounds, r.question.Round) })
}

// tell asks those who have not answered yet.
func (n *node) tell(r *round) {
	if n.rounds[r.question.Round] != r {
		return
	}
	for _, to := range n.nodes {
		if to == n.name {
			n.heard(to, r.question)
		} else if !r.answers[to] {
			n.env.Send(to, encoded(r.question))
		}
	}
	n.env.After(100*time.Millisecond, func() { n.tell(r) })
}

// Datagram hears another node.
func (n *node) Datagram(from string, text []byte) {
	var m message
	if err := json.Unmarshal(text, &m); err != nil {
		return
	}
	n.heard(from, m)
}

// heard answers a question, or takes an answer.
func (n *node) heard(from string, m message) {
	switch mine := n.copies[m.Key]; {
	case m.Answer:
		n.answered(from, m)
	case m.Copy == nil:
		n.answer(from, message{Round: m.Round, Key: m.Key, Copy: &mine})
	case m.Copy.newer(mine):
		n.env.Disk().Append("copies", append([]byte("\n"), encoded(m)...))
		n.env.Disk().Sync("copies", func(err error) {
			if err == nil {
				n.keep(m)
				n.answer(from, m)
			}
		})
	default:
		n.answer(from, message{Round: m.Round, Key: m.Key, Copy: &mine})
	}
}

// keep takes a copy that is on the disk, unless there is a newer one.
func (n *node) keep(m message) {
	if m.Copy.newer(n.copies[m.Key]) {
		n.copies[m.Key] = *m.Copy
	}
}

// answer answers: a copy that was asked for, or one that is kept now.
func (n *node) answer(to string, m message) {
	m.Answer = true
	if to == n.name {
		n.answered(to, m)
		return
	}
	n.env.Send(to, encoded(m))
}

// answered counts an answer, and goes on when a majority has answered.
func (n *node) answered(from string, m message) {
	r := n.rounds[m.Round]
	if r == nil || r.answers[from] {
		return
	}
	r.answers[from] = true
	if m.Copy.newer(r.newest) {
		r.newest = *m.Copy
	}
	if len(r.answers) > len(n.nodes)/2 {
		delete(n.rounds, m.Round)
		r.then(r.newest)
	}
}

// encoded is a value as JSON.
func encoded(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
