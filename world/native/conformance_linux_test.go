package native

import (
	"encoding/json"
	"testing"

	"cleave/history"
	"cleave/internal/conformance"
	"cleave/world"
	"cleave/world/sim"

	"github.com/stretchr/testify/require"
)

// What every world must do, processes do in real time, but for what cannot be done to one.
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs in real time: not with -short")
	}
	conformance.RunWithout(t, func(t *testing.T, _ conformance.Need) world.World {
		w, err := New(Options{Options: sim.DefaultOptions(1)})
		require.NoError(t, err)
		return probed{w, actor(t, "probe")}
	}, "a full disk takes no more, and recovers", "clocks are moved and put right", "a member is replaced, and all know")
}

// probed is a world whose probes are processes.
type probed struct {
	*World
	program Program
}

// Populate has every probe run in a process.
func (p probed) Populate(system world.System, cluster world.Cluster, clients []history.Placement) error {
	system.Node = func(_ string, cluster world.Cluster) world.Process {
		return &bridge{cluster: cluster, program: p.program}
	}
	return p.World.Populate(system, cluster, clients)
}

// wire is a line between a probe in a process and the bridge to it.
type wire struct {
	Verb    string
	ID      uint64         `json:",omitempty"` // of a connection, or a term
	Peer    string         `json:",omitempty"`
	Text    string         `json:",omitempty"`
	Cluster *world.Cluster `json:",omitempty"`
}

// bridge is a node whose process runs a probe, which has connections, so that it is told what becomes of them.
type bridge struct {
	cluster     world.Cluster
	program     Program
	env         world.Environment
	instance    *Instance
	connections map[uint64]world.Connection // by the probe's number
	numbers     map[uint64]uint64           // of those, by their own
	term        uint64
}

// accepted is above all numbers of connections that a probe has dialled.
const accepted = 1 << 32

func (b *bridge) Start(env world.Environment) {
	b.env, b.connections, b.numbers = env, map[uint64]world.Connection{}, map[uint64]uint64{}
	b.program.Output = b.hear
	b.program.Log = func(line []byte) { env.Note("log", string(line)) }
	b.program.Ended = func(reason string, _ bool) {
		env.Note("exit", reason)
		env.Note("halt", "")
	}
	b.instance = NewInstance(b.program)
	b.instance.Start(env)
	b.tell(wire{Verb: "begin", Peer: env.Name(), Cluster: &b.cluster})
}

func (b *bridge) Stop() { b.instance.Stop() }

func (b *bridge) Leading() (term uint64, leading bool) { return b.term, b.term > 0 }

func (b *bridge) tell(line wire) {
	text, _ := json.Marshal(line) // it always can be
	b.instance.Input(text)
}

// hear does what the probe wants.
func (b *bridge) hear(text []byte) {
	var line wire
	if err := json.Unmarshal(text, &line); err != nil {
		b.env.Note("panic", err.Error())
		return
	}
	connection := b.connections[line.ID]
	switch {
	case line.Verb == "dial":
		b.know(line.ID, b.env.Dial(line.Peer))
	case line.Verb == "note":
		b.env.Note(line.Peer, line.Text)
	case line.Verb == "lead":
		b.term = line.ID
	case line.Verb == "send" && connection != nil:
		connection.Send([]byte(line.Text))
	case line.Verb == "close" && connection != nil:
		connection.Close()
	}
}

func (b *bridge) know(number uint64, connection world.Connection) {
	b.connections[number], b.numbers[connection.ID()] = connection, number
}

func (b *bridge) Accepted(connection world.Connection) {
	b.know(accepted+connection.ID(), connection)
	b.tell(wire{Verb: "accepted", ID: accepted + connection.ID(), Peer: connection.Peer()})
}

func (b *bridge) Opened(connection world.Connection) {
	b.tell(wire{Verb: "opened", ID: b.numbers[connection.ID()]})
}

func (b *bridge) Received(connection world.Connection, message []byte) {
	b.tell(wire{Verb: "received", ID: b.numbers[connection.ID()], Text: string(message)})
}

func (b *bridge) Closed(connection world.Connection, reason world.CloseReason) {
	b.tell(wire{Verb: "closed", ID: b.numbers[connection.ID()], Text: string(reason)})
}

func (b *bridge) Datagram(string, []byte) {}

func (b *bridge) Enlist(roll world.Roll) {
	b.tell(wire{Verb: "enlist", Cluster: &world.Cluster{Roll: roll}})
}
