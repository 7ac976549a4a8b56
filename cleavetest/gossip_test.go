package cleavetest_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/cleavetest"
	"cleave/history"
	"cleave/world"
)

// gossip is a node that has a set of numbers, and tells all others what it has, every so often; or, if it is forgetful, what
// it was told last, once.
type gossip struct {
	world.Ignore
	env       world.Environment
	nodes     []string
	numbers   map[int64]bool
	forgetful bool
}

func (g *gossip) Start(env world.Environment) {
	g.env, g.numbers = env, map[int64]bool{}
	if !g.forgetful {
		g.chat()
	}
}

func (g *gossip) chat() {
	g.tell(slices.Sorted(maps.Keys(g.numbers)))
	g.env.After(200*time.Millisecond, g.chat)
}

func (g *gossip) tell(numbers []int64) {
	text, _ := json.Marshal(numbers) // numbers always marshal
	for _, node := range g.nodes {
		if node != g.env.Name() {
			g.env.Send(node, text)
		}
	}
}

func (g *gossip) Datagram(_ string, text []byte) { g.add(text) }

func (g *gossip) add(text []byte) []int64 {
	var numbers []int64
	_ = json.Unmarshal(text, &numbers) // nobody sends anything else
	for _, number := range numbers {
		g.numbers[number] = true
	}
	return numbers
}

// Received adds what a client says, and tells it all.
func (g *gossip) Received(client world.Connection, text []byte) {
	if numbers := g.add(text); g.forgetful && len(numbers) > 0 {
		g.tell(numbers)
	}
	all, _ := json.Marshal(slices.Sorted(maps.Keys(g.numbers)))
	client.Send(all)
}

func gossiping(forgetful bool) cleavetest.System {
	return cleavetest.System{
		Name: "gossip", AnyNode: true, Diskless: true,
		Node: func(_ string, nodes []string) world.Process { return &gossip{nodes: nodes, forgetful: forgetful} },
		Client: cleavetest.Caller{
			Ask: func(r history.Request) []byte {
				numbers := []int64{}
				if number, is := r.Value.AsInteger(); is {
					numbers = append(numbers, number)
				}
				text, _ := json.Marshal(numbers)
				return text
			},
			Answer: func(r history.Request, text []byte) cleavetest.Answer {
				var numbers []int64
				if json.Unmarshal(text, &numbers) != nil || r.Function != history.Read {
					return cleavetest.Ok(history.Nothing)
				}
				var all []history.Value
				for _, number := range numbers {
					all = append(all, history.Integer(number))
				}
				return cleavetest.Ok(history.List(all...))
			},
		}.Client,
	}
}

func TestAWorkloadBesidesRegisters(t *testing.T) {
	plan := cleavetest.Plan{Workload: "broadcast", Faults: "halves-leader-minority", Shrink: -1}
	h := listen(t)
	require.NoError(t, prepare(t, gossiping(false), plan).Seed(h, 1, true))
	require.Empty(t, h.errors)
	h = listen(t)
	require.NoError(t, prepare(t, gossiping(true), plan).Seed(h, 1, false))
	require.Contains(t, h.only(), "in the end every node has all that is known")
}
