package cleavetest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/cleavetest"
	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// scripted is a node that answers by a script: "@n2" sends elsewhere, "" says nothing, anything else is the answer.
type scripted struct {
	world.Ignore
	script string
	heard  *[]string
	env    world.Environment
}

func (s *scripted) Start(env world.Environment) { s.env = env }

func (s *scripted) Received(client world.Connection, text []byte) {
	*s.heard = append(*s.heard, s.env.Name()+" "+string(text))
	if s.script != "" {
		client.Send([]byte(s.script))
	}
}

// bySentence are clients of scripted nodes.
var bySentence = cleavetest.Caller{
	Ask: func(r history.Request) []byte {
		if r.Function == history.CAS {
			return nil
		}
		return fmt.Append(nil, r.Function)
	},
	Answer: func(_ history.Request, text []byte) cleavetest.Answer {
		if node, elsewhere := strings.CutPrefix(string(text), "@"); elsewhere {
			return cleavetest.Elsewhere(node)
		}
		return cleavetest.Ok(history.Text(string(text)))
	},
}

// asking has a client beside n1 ask one thing of nodes with scripts, after something was done to the world. It tells what
// nodes heard, and what the client says.
func asking(t *testing.T, function history.Function, before func(*sim.World), scripts ...string) ([]string, history.Completion) {
	w := sim.New(sim.DefaultOptions(1))
	nodes, heard := []string{"n1", "n2", "n3"}, []string{}
	for i, name := range nodes {
		w.AddNode(name, func() world.Process { return &scripted{script: scripts[i], heard: &heard} })
	}
	w.AddClient("c1", "n1", bySentence.Client("n1", nodes))
	require.NoError(t, w.Run(history.Time(time.Second)))
	before(w)
	var said []history.Completion
	w.Invoke("c1", history.Request{Function: function, Key: "x"}, func(c history.Completion) { said = append(said, c) })
	require.NoError(t, w.Run(history.Time(10*time.Second)))
	require.Len(t, said, 1, "a request completes exactly once")
	return heard, said[0]
}

func TestACallerFindsTheNodeThatServes(t *testing.T) {
	nothing := func(*sim.World) {}
	kill := func(w *sim.World) { w.Kill("n1") }
	cut := func(w *sim.World) { w.Cut("n1", "c1"); w.Cut("c1", "n1") }
	for _, c := range []struct {
		what     string
		function history.Function
		before   func(*sim.World)
		scripts  [3]string
		heard    []string
		outcome  history.Outcome
		node     string
	}{
		{"the node beside it answers", history.Read, nothing, [3]string{"7", "8", "9"}, []string{"n1 read"}, history.Ok, "n1"},
		{"a leader is named", history.Write, nothing, [3]string{"@n3", "8", "9"}, []string{"n1 write", "n3 write"}, history.Ok, "n3"},
		{"somebody else is", history.Write, nothing, [3]string{"@", "8", "9"}, []string{"n1 write", "n2 write"}, history.Ok, "n2"},
		{"nobody of that name", history.Write, nothing, [3]string{"@n9", "8", "9"}, []string{"n1 write", "n2 write"}, history.Ok, "n2"},
		{"a node is down: nothing was sent", history.Write, kill, [3]string{"7", "8", "9"}, []string{"n2 write"}, history.Ok, "n2"},
		{"a node cannot be reached: nothing was sent", history.Write, cut, [3]string{"7", "8", "9"}, []string{"n2 write"}, history.Ok, "n2"},
		{"a read without answer is asked again", history.Read, nothing, [3]string{"", "8", "9"}, []string{"n1 read", "n2 read"}, history.Ok, "n2"},
		{"a change without answer is not", history.Write, nothing, [3]string{"", "8", "9"}, []string{"n1 write"}, history.Info, ""},
		{"nobody answers a read", history.Read, nothing, [3]string{"", "", ""}, []string{"n1 read", "n2 read", "n3 read", "n1 read"}, history.Fail, ""},
		{"what cannot be asked", history.CAS, nothing, [3]string{"7", "8", "9"}, []string{}, history.Fail, ""},
		{"home", history.Home, nothing, [3]string{"7", "8", "9"}, []string{}, history.Ok, "n1"},
	} {
		t.Run(c.what, func(t *testing.T) {
			heard, said := asking(t, c.function, c.before, c.scripts[:]...)
			require.Equal(t, c.heard, heard)
			require.Equal(t, c.outcome, said.Outcome)
			require.Equal(t, c.node, said.Node)
		})
	}
}

func TestTwoNodesThatNameEachOther(t *testing.T) {
	heard, said := asking(t, history.Write, func(*sim.World) {}, "@n2", "@n1", "9")
	require.Equal(t, history.Fail, said.Outcome)
	require.Equal(t, "nobody serves it", said.Error)
	require.Less(t, len(heard), 100, "it takes a breath between two attempts")
}

// A Caller makes a client of two functions: what a node is asked, and what its answer means.
func ExampleCaller() {
	caller := cleavetest.Caller{
		Ask: func(r history.Request) []byte { return fmt.Appendf(nil, "%s %s", r.Function, r.Key) },
		Answer: func(_ history.Request, reply []byte) cleavetest.Answer {
			if string(reply) == "not the leader" {
				return cleavetest.Elsewhere("")
			}
			return cleavetest.Ok(history.Text(string(reply)))
		},
	}
	fmt.Println(string(caller.Ask(history.Request{Function: history.Read, Key: "x"})))
	// A System wants what makes one beside a node: caller.Client.
	// Output: read x
}
