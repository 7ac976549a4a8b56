package zookeeper

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatANodeSaysOfItself(t *testing.T) {
	serving := "Zookeeper version: 3.9.5, built on 2026-01-01 00:00 UTC\nLatency min/avg/max: 0/0.0/0\nZxid: 0x300000007\nMode: %s\nNode count: 5\n"
	for answer, want := range map[string]standing{
		fmt.Sprintf(serving, "leader"):                                {"leader", 3},
		fmt.Sprintf(serving, "follower"):                              {"follower", 3},
		fmt.Sprintf(serving, "read-only"):                             {"read-only", 3},
		"This ZooKeeper instance is not currently serving requests\n": {mode: "looking"},
		"": {},
		"srvr is not executed because it is not in the whitelist.\n": {},
	} {
		require.Equal(t, want, standingIn(answer))
	}
}

// hearer writes down what a watcher hears.
type hearer struct{ heard []string }

func (h *hearer) Ready()                   { h.heard = append(h.heard, "ready") }
func (h *hearer) Note(kind, detail string) { h.heard = append(h.heard, kind+" "+detail) }
func (h *hearer) Leads(term uint64, leading bool) {
	h.heard = append(h.heard, fmt.Sprintf("leads %d %t", term, leading))
}

func TestWhatIsToldOfANode(t *testing.T) {
	h := &hearer{}
	l := look{watcher: h}
	at := time.Now()
	hear := func(mode string, epoch uint64, want ...string) {
		t.Helper()
		h.heard = nil
		at = at.Add(lookEvery)
		l.heard(standing{mode, epoch}, at)
		require.Equal(t, want, h.heard)
	}
	hear("looking", 0)
	hear("looking", 0, "looking ")
	hear("leader", 1) // of the epoch before, an instant only
	hear("leader", 2)
	hear("leader", 2, "ready", "leader term 2", "leads 2 true")
	hear("leader", 2)
	hear("", 0) // no answer says nothing
	hear("looking", 0)
	hear("looking", 0, "leads 2 false", "looking ")
	hear("follower", 3)
	hear("follower", 3, "follower term 3")
	hear("read-only", 3)
	hear("read-only", 3, "read-only entered")
	hear("follower", 3)
	hear("follower", 3, "read-only left", "follower term 3")
}

// A node that finds no quorum is ready too: it would serve if it had one.
func TestANodeWithoutAQuorumIsReady(t *testing.T) {
	h := &hearer{}
	l := look{watcher: h}
	start := time.Now()
	for since := time.Duration(0); since < alone; since += lookEvery {
		l.heard(standing{mode: "looking"}, start.Add(since))
	}
	require.Equal(t, []string{"looking "}, h.heard)
	l.heard(standing{mode: "looking"}, start.Add(alone))
	require.Equal(t, []string{"looking ", "ready"}, h.heard)
}
