package cpstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/octets"
	"cleave/systems/znodes"
	"cleave/world"
)

// still is a world in which no time passes.
type still struct{ world.Environment }

func (still) Elapsed() time.Duration { return 0 }

// outlookOf is that of the first of five nodes that hear each other by some links.
func outlookOf(links ...[2]int) *outlook {
	cluster := world.Cluster{Nodes: []string{"n1", "n2", "n3", "n4", "n5"}, Bug: "spare-chain"}
	o := newNode(Options{}.withDefaults(), "n1", cluster).outlook
	o.node.env = still{}
	for i := range o.others {
		o.others[i].said = rumour{Place: uint64(i), Boot: 1}
	}
	for _, l := range links {
		o.others[l[0]].said.Hears |= 1 << l[1]
		o.others[l[1]].said.Hears |= 1 << l[0]
	}
	return o
}

// Of the beliefs about who hears whom a graph has one true.
func TestShapesAreToldApart(t *testing.T) {
	beliefs := map[string]func(*outlook) bool{"one link": (*outlook).isOneLink, "chain": (*outlook).isChain, "star": (*outlook).isStar,
		"ring": (*outlook).isRing, "bridge": (*outlook).isBridge, "disorder": (*outlook).isDisorder}
	for shape, links := range map[string][][2]int{
		"one link": {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}},
		"chain":    {{2, 0}, {0, 4}, {4, 1}, {1, 3}},
		"star":     {{3, 0}, {3, 1}, {3, 2}, {3, 4}},
		"ring":     {{0, 2}, {2, 4}, {4, 1}, {1, 3}, {3, 0}},
		"bridge":   {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {2, 4}, {3, 4}},
		"disorder": {{0, 1}, {1, 2}, {2, 3}, {3, 1}, {3, 4}},
		"all":      {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}},
	} {
		o := outlookOf(links...)
		for name, believes := range beliefs {
			require.Equal(t, name == shape, believes(o), "%s, which is: %s", name, shape)
		}
		require.Equal(t, shape == "all", o.mesh(nil), shape)
		o.others[4].said.Hears ^= 1
		require.False(t, o.isOneLink() || o.isChain() || o.isStar() || o.isRing() || o.isBridge() || o.isDisorder(), "one way is no link")
	}
}

// What is lost, comes late or comes twice on a line is told apart.
func TestDatagramsAreCounted(t *testing.T) {
	o, p := outlookOf(), &acquaintance{}
	for _, beat := range []uint64{1, 2, 3, 6, 5, 5, 6, 7} {
		o.hear(p, &rumour{Boot: 9, Beat: beat}, 0, 0)
	}
	require.Equal(t, window{expected: 6, came: 5, late: 1}, o.window)
	require.Empty(t, o.absences)
	o.hear(p, &rumour{Boot: 10, Beat: 1}, 0, 0)
	require.True(t, o.absences[0].restarted())
}

// What a node says is understood, and what is cut short does no harm.
func TestRumoursAreUnderstood(t *testing.T) {
	said := rumour{Place: 1, Boot: 2, Member: 3, Beat: 4, Hears: 5, Alone: 6, Clients: 7, Guests: 1 << 63, Torn: true, Deserted: true, Again: true}
	word := said.append([]byte{noPart, 0, 0})
	r := octets.Reader{Data: word[3:]}
	require.Equal(t, said, readRumour(&r))
	require.True(t, r.End())
	for size := range word {
		o := outlookOf()
		o.take("n2", word[:size])
		require.Zero(t, o.others[1].direct, size)
	}
	o := outlookOf()
	o.take("n2", word)
	require.Equal(t, said, o.others[1].direct)
	require.Empty(t, typesOfFrame(word), "it is no frame")
}

// No node without one of these bugs has an outlook, or answers from copies.
func TestNobodySparesUnasked(t *testing.T) {
	for _, bug := range []string{"", BugSyncAgain, znodes.BugFiresTwice} {
		n := newNode(Options{}.withDefaults(), "n1", world.Cluster{Nodes: []string{"n1"}, Bug: bug})
		require.Nil(t, n.outlook)
		require.Zero(t, n.copyAge())
	}
}
