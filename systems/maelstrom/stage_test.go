package maelstrom

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// script is a program for tests: what it does with each line that it is given.
type script func(p *player, line []byte)

// player is an instance of a script.
type player struct {
	Streams
	script script
	env    world.Environment
	name   string
}

func (s script) New(node string, streams Streams) Instance {
	return &player{Streams: streams, script: s, name: node}
}

func (p *player) Start(env world.Environment) { p.env = env }
func (p *player) Input(line []byte)           { p.script(p, line) }
func (p *player) Stop()                       {}

// print prints a line.
func (p *player) print(format string, arguments ...any) {
	p.Output(fmt.Appendf(nil, format, arguments...))
}

// reply answers a message with a body's fields.
func (p *player) reply(to []byte, format string, arguments ...any) {
	message, err := ParseMessage(to)
	if err != nil {
		panic(err)
	}
	h, err := headerOf(message.Body)
	if err != nil {
		panic(err)
	}
	p.print(`{"src":%q,"dest":%q,"body":{"in_reply_to":%d,%s}}`, p.name, message.Source, *h.MsgID, fmt.Sprintf(format, arguments...))
}

// polite is a script that answers greetings by itself.
func polite(then script) script {
	return func(p *player, line []byte) {
		message, _ := ParseMessage(line)
		if h, _ := headerOf(message.Body); message.Source == controller {
			p.reply(line, `"type":"%s_ok"`, h.Type)
			return
		}
		then(p, line)
	}
}

// stage is a world with a program and two clients, c1 beside n1 and c2 beside n2.
type stage struct {
	*sim.World
	t     *testing.T
	notes []history.Note
	said  []string
}

func newStage(t *testing.T, workload string, nodes int, program Program) *stage {
	options := sim.DefaultOptions(1)
	s := &stage{World: sim.New(options), t: t}
	s.OnNote(func(note history.Note) { s.notes = append(s.notes, note) })
	cluster := world.Cluster{Workload: workload}
	for n := range nodes {
		cluster.Nodes = append(cluster.Nodes, fmt.Sprintf("n%d", n+1))
	}
	system := Equip(world.System{Name: "staged"}, Options{Program: program, Workload: workload})
	require.NoError(t, s.Populate(system, cluster, []history.Placement{{Client: "c1", Host: "n1"}, {Client: "c2", Host: fmt.Sprintf("n%d", min(2, nodes))}}))
	return s
}

// ask has a client ask at a time, in seconds; what comes of it is written down.
func (s *stage) ask(at float64, client string, request history.Request) {
	s.At(history.Time(at*float64(time.Second)), func() {
		s.Invoke(client, request, func(c history.Completion) {
			s.said = append(s.said, fmt.Sprintf("%.1fs %s %s %s %s %s %s", s.Now().Seconds(), client, request.Function, c.Outcome, c.Value, c.Node, c.Error))
		})
	})
}

func (s *stage) run(seconds float64) *stage {
	require.NoError(s.t, s.Run(history.Time(seconds*float64(time.Second))))
	return s
}

var echoing = history.Request{Function: history.Echo, Value: history.Text("hello")}
