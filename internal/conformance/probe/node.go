package probe

import (
	"fmt"
	"strconv"
	"strings"

	"cleave/history"
	"cleave/world"
)

// node answers clients and pings peers. It implements world.Process and world.Leader.
type node struct {
	cluster world.Cluster
	name    string
	born    int // how often it had become another member before it started
	env     world.Environment
	store   store
	term    uint64 // that it leads in, 0 for none
	heard   map[string]int64
	peers   map[string]*peer
}

// asked is where an answer goes.
type asked struct {
	connection world.Connection
	id         uint64
}

func newNode(name string, cluster world.Cluster) *node {
	return &node{cluster: cluster, name: name, born: cluster.Roll.Renewals(name), heard: map[string]int64{}, peers: map[string]*peer{}}
}

// Start reads the disk, and makes it known there that another life has begun.
func (n *node) Start(env world.Environment) {
	n.env = env
	n.store.open(env.Disk())
	n.store.sync(n.halt)
	env.Note("start", fmt.Sprintf("life %d", n.store.life))
}

// halt is called when a sync is done: after a failure nobody knows what the disk holds.
func (n *node) halt(err error) {
	if err != nil {
		n.env.Note("halt", err.Error())
	}
}

// Enlist keeps what it is told.
func (n *node) Enlist(roll world.Roll) { n.cluster.Roll = roll }

// Leading tells whether it was told to lead, and in which term.
func (n *node) Leading() (term uint64, leading bool) { return n.term, n.term > 0 }

func (n *node) Accepted(world.Connection) {}

func (n *node) Datagram(string, []byte) {}

// Received hears clients and peers alike.
func (n *node) Received(connection world.Connection, data []byte) {
	m, good := decode(data)
	if !good {
		connection.Close()
		return
	}
	switch m.verb {
	case ping:
		n.heard[connection.Peer()]++
		connection.Send(message{pong, m.id, m.text}.encode())
	case pong:
		n.back(connection, m)
	default:
		n.serve(asked{connection, m.id}, history.Function(m.verb), m.text)
	}
}

func (n *node) serve(asked asked, function history.Function, text string) {
	switch function {
	case history.Read:
		asked.answer(n.store.value)
	case history.Write:
		n.store.write(text)
		n.store.sync(func(err error) {
			if err != nil {
				asked.refuse(err.Error())
			} else {
				asked.answer("")
			}
			n.halt(err)
		})
	case history.Register:
		n.store.write(text)
		asked.answer("")
	case history.Own:
		n.term, _ = strconv.ParseUint(text, 10, 64)
		n.env.Note("lead", "term "+text)
		asked.answer("")
	case history.Owners:
		asked.answer(strings.Join(n.cluster.Roll.Out, " "))
	case history.Stat:
		asked.answer(n.sight())
	case history.Lookup:
		n.ping(asked, text)
	default:
		asked.refuse("it is not known here: " + string(function))
	}
}

func (a asked) answer(text string)   { a.connection.Send(message{yes, a.id, text}.encode()) }
func (a asked) refuse(reason string) { a.connection.Send(message{no, a.id, reason}.encode()) }

// sight is what SightOf reads.
func (n *node) sight() string {
	words := []string{strconv.FormatInt(int64(n.env.Now()), 10), strconv.Itoa(n.store.life), strconv.Itoa(n.born)}
	for _, name := range n.cluster.Nodes {
		words = append(words, name, strconv.FormatInt(n.heard[name], 10), strconv.Itoa(n.cluster.Roll.Renewals(name)))
	}
	return strings.Join(words, " ")
}
