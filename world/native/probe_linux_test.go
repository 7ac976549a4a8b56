package native

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"time"

	"cleave/internal/conformance/probe"
	"cleave/internal/rng"
	"cleave/world"
)

// outpost is the environment of a probe in a process of its own: the other end of a bridge. Its clock and its disk are the
// machine's.
type outpost struct {
	world.Environment // for Send and Random, which a probe does not use
	process           world.Process
	name              string
	out               *bufio.Writer
	todo              chan func()
	connections       map[uint64]*outward
	dialled           uint64
	term              uint64
}

// probeNode is a program that is a probe.
func probeNode() {
	o := &outpost{out: bufio.NewWriter(os.Stdout), todo: make(chan func(), 1000), connections: map[uint64]*outward{}}
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var line wire
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				panic(err)
			}
			o.todo <- func() { o.hear(line) }
		}
		close(o.todo)
	}()
	for do := range o.todo {
		do()
		if o.process == nil {
			continue
		}
		if term, _ := o.process.(world.Leader).Leading(); term != o.term {
			o.term = term
			o.tell(wire{Verb: "lead", ID: term})
		}
		if len(o.todo) == 0 {
			_ = o.out.Flush()
		}
	}
}

func (o *outpost) tell(line wire) {
	text, _ := json.Marshal(line) // it always can be
	_, _ = o.out.Write(append(text, '\n'))
}

func (o *outpost) hear(line wire) {
	c := o.connections[line.ID]
	switch line.Verb {
	case "begin":
		o.name = line.Peer
		o.process = probe.System().Node(line.Peer, *line.Cluster)
		o.process.Start(o)
	case "enlist":
		o.process.(world.Enlisted).Enlist(line.Cluster.Roll)
	case "accepted":
		o.process.Accepted(o.connection(line.ID, line.Peer))
	case "opened":
		o.process.Opened(c)
	case "received":
		o.process.Received(c, []byte(line.Text))
	case "closed":
		o.process.Closed(c, world.CloseReason(line.Text))
	}
}

func (o *outpost) Name() string                         { return o.name }
func (o *outpost) Now() time.Duration                   { return time.Duration(time.Now().UnixNano()) }
func (o *outpost) Elapsed() time.Duration               { return o.Now() }
func (o *outpost) Random() *rng.Stream                  { return rng.New(1) }
func (o *outpost) Disk() world.Disk                     { return files{o} }
func (o *outpost) Note(kind, detail string)             { o.tell(wire{Verb: "note", Peer: kind, Text: detail}) }
func (o *outpost) Logf(format string, arguments ...any) {}
func (o *outpost) connection(id uint64, peer string) *outward {
	o.connections[id] = &outward{o, id, peer}
	return o.connections[id]
}

func (o *outpost) Dial(to string) world.Connection {
	o.dialled++
	o.tell(wire{Verb: "dial", ID: o.dialled, Peer: to})
	return o.connection(o.dialled, to)
}

// alarm is a timer.
type alarm struct{ stopped bool }

func (a *alarm) Stop() { a.stopped = true }

func (o *outpost) After(wait time.Duration, action func()) world.Timer {
	a := &alarm{}
	time.AfterFunc(wait, func() {
		o.todo <- func() {
			if !a.stopped {
				action()
			}
		}
	})
	return a
}

// outward is a connection of an outpost.
type outward struct {
	outpost *outpost
	id      uint64
	peer    string
}

func (c *outward) ID() uint64   { return c.id }
func (c *outward) Peer() string { return c.peer }
func (c *outward) Send(message []byte) {
	c.outpost.tell(wire{Verb: "send", ID: c.id, Text: string(message)})
}
func (c *outward) Close() { c.outpost.tell(wire{Verb: "close", ID: c.id}) }

// files are the disk of an outpost: those of its folder.
type files struct{ outpost *outpost }

func (files) Files() (names []string) {
	all, _ := os.ReadDir(".")
	for _, each := range all {
		names = append(names, each.Name())
	}
	slices.Sort(names)
	return names
}

func (files) Read(file string) []byte {
	text, _ := os.ReadFile(file)
	return text
}

func (files) Append(file string, data []byte) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		panic(err)
	}
}

func (f files) Sync(_ string, done func(error)) { f.outpost.todo <- func() { done(nil) } }

func (f files) Replace(file string, data []byte, done func(error)) {
	err := os.WriteFile(file, data, 0o644)
	f.outpost.todo <- func() { done(err) }
}

func (files) Remove(file string) { _ = os.Remove(file) }
