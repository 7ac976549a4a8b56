package native

import (
	"bytes"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"

	"github.com/stretchr/testify/require"
)

// A test's own program is a guard, a node or a harness to be killed, if it is started as one.
func TestMain(m *testing.M) {
	if code, was := Guard(); was {
		os.Exit(code)
	}
	if act := acts[os.Getenv(actVariable)]; act != nil {
		act()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// actVariable says what a test's own program is to be instead.
const actVariable = "CLEAVE_TEST_ACT"

// actor is a Program that is this one in another role.
func actor(t testing.TB, act string) Program {
	self, err := os.Executable()
	require.NoError(t, err)
	return Program{Path: self, Environment: []string{actVariable + "=" + act, "GOMAXPROCS=1"}}
}

// speaker is a node: what it is sent it gives to its process as "<from> <text>", and "<to> <text>" of its process it sends.
type speaker struct {
	world.Process // for connections, of which there are none
	program       Program
	env           world.Environment
	instance      *Instance
	heard         func(node, line string) // every line of output, before it is sent; may be nil
	count         *int                    // of lines of output; may be nil
}

func (s *speaker) Start(env world.Environment) {
	s.env = env
	s.program.Output = func(line []byte) {
		if s.heard != nil {
			s.heard(env.Name(), string(line))
		}
		if s.count != nil {
			*s.count++
		}
		if to, text, is := bytes.Cut(line, []byte(" ")); is {
			env.Send(string(to), text)
		}
	}
	s.program.Log = func(line []byte) { env.Logf("%s", line) }
	s.program.Ended = func(reason string, limit bool) {
		if limit {
			reason += " (a limit)"
		}
		env.Note("exit", reason)
		env.Note("halt", "")
	}
	s.instance = NewInstance(s.program)
	s.instance.Start(env)
}

func (s *speaker) Stop() { s.instance.Stop() }

func (s *speaker) Datagram(from string, payload []byte) {
	s.instance.Input(append([]byte(from+" "), payload...))
}

// caller is a client: each request goes to the node that is its key, and is complete when a datagram comes back.
type caller struct {
	world.Process
	env  world.Environment
	done func(history.Completion)
}

func (c *caller) Start(env world.Environment) { c.env = env }

func (c *caller) Invoke(request history.Request, done func(history.Completion)) {
	c.done = done
	text, _ := request.Value.AsText()
	c.env.Send(request.Key, []byte(text))
}

func (c *caller) Datagram(from string, payload []byte) {
	if done := c.done; done != nil {
		c.done = nil
		done(history.Completion{Outcome: history.Ok, Value: history.Text(string(payload)), Node: from})
	}
}

// theatre is a world with what tests are written with.
type theatre struct {
	*World
	t       testing.TB
	notes   []history.Note      // of nodes
	late    []history.Note      // of the harness
	lines   map[string][]string // that nodes have printed
	cluster []string
	closed  bool
}

// Close ends it before its test does.
func (s *theatre) Close() error {
	s.closed = true
	return s.World.Close()
}

// pass lets time pass.
func (s *theatre) pass(wait time.Duration) {
	s.t.Helper()
	require.NoError(s.t, s.Run(s.Now()+history.Time(wait)))
}

// stage makes a world of nodes n1, n2, … that run one program, and a client c1 beside n1. What they log goes to log, if it is
// given.
func stage(t testing.TB, nodes int, program Program, log ...io.Writer) *theatre {
	options := sim.DefaultOptions(1)
	if len(log) > 0 {
		options.Log = func(string) io.Writer { return log[0] }
	}
	w, err := New(Options{Options: options})
	require.NoError(t, err)
	s := &theatre{World: w, t: t, lines: map[string][]string{}}
	t.Cleanup(func() {
		if !s.closed {
			require.NoError(t, w.Close())
		}
	})
	w.OnNote(func(note history.Note) {
		if note.Node == "world" {
			s.late = append(s.late, note)
		} else {
			s.notes = append(s.notes, note)
		}
	})
	system := world.System{
		Name: "speakers",
		Node: func(string, world.Cluster) world.Process {
			return &speaker{program: program, heard: func(node, line string) { s.lines[node] = append(s.lines[node], line) }}
		},
		Client: func(string, string, world.Cluster) world.Client { return &caller{} },
	}
	s.cluster = []string{"n1", "n2", "n3", "n4", "n5"}[:nodes]
	require.NoError(t, w.Populate(system, world.Cluster{Nodes: s.cluster}, []history.Placement{{Client: "c1", Host: "n1"}}))
	require.NoError(t, w.Run(1))
	return s
}

// done waits until all that was ordered for a node is done.
func (s *theatre) done(node string) {
	over := make(chan struct{})
	s.find(node).order(func() error {
		close(over)
		return nil
	})
	<-over
}

// patience is how long what must come is waited for: on a slow machine much is slow.
const patience = time.Minute

// eventually lets time pass until something is so.
func (s *theatre) eventually(what string, holds func() bool) {
	s.t.Helper()
	for end := time.Now().Add(patience); !holds(); {
		s.pass(2 * time.Millisecond)
		require.True(s.t, time.Now().Before(end), "this has not come in %s: %s; notes: %v", patience, what, s.notes)
	}
}

// ask has c1 say something to a node, and gives what comes back.
func (s *theatre) ask(node, text string) (answer string) {
	s.t.Helper()
	answered := s.begin(node, text)
	s.eventually(node+" answers "+text, func() bool {
		var is bool
		answer, is = answered()
		return is
	})
	return answer
}

// begin has c1 say something to a node. The function it gives tells what has come back, if something has.
func (s *theatre) begin(node, text string) (answered func() (string, bool)) {
	answer, is := "", false
	s.Invoke("c1", history.Request{Key: node, Value: history.Text(text)}, func(c history.Completion) {
		answer, is = c.Value.String(), true
	})
	return func() (string, bool) { return answer, is }
}

// reason waits until a node has ended by itself, and gives why.
func (s *theatre) reason(node string) (reason string) {
	s.t.Helper()
	s.eventually(node+" ends", func() bool {
		at := slices.IndexFunc(s.notes, func(note history.Note) bool { return note.Node == node && note.Kind == "exit" })
		if at >= 0 {
			reason = s.notes[at].Detail
		}
		return at >= 0
	})
	return reason
}
