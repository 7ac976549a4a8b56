package sim

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// enlisted is a process that notes who is to be a member.
type enlisted struct {
	world.Process
	env  world.Environment
	roll world.Roll
}

func (e *enlisted) Start(env world.Environment) { e.env = env; e.Enlist(e.roll) }
func (e *enlisted) Enlist(roll world.Roll) {
	e.env.Note("roll", fmt.Sprintf("out %v renewed %v, %d files", roll.Out, roll.Renewed, len(e.env.Disk().Files())))
	if len(e.env.Disk().Files()) == 0 {
		e.env.Disk().Replace("file", []byte("x"), func(error) {})
	}
}

// Nodes are told when somebody leaves first and comes back last, paused ones when they go on, killed ones as they
// boot; who is renewed has an empty disk.
func TestRolls(t *testing.T) {
	w := New(DefaultOptions(1))
	var notes []string
	w.OnNote(func(note history.Note) {
		notes = append(notes, fmt.Sprint(w.Now().Duration(), " ", note.Node, " ", note.Detail))
	})
	system := world.System{Node: func(_ string, cluster world.Cluster) world.Process { return &enlisted{roll: cluster.Roll} },
		Client: func(string, string, world.Cluster) world.Client { return nil }}
	require.NoError(t, w.Populate(system, world.Cluster{Nodes: []string{"a", "b"}}, nil))
	for i, action := range []func(){
		func() { w.Expel("b") }, func() { w.Expel("b") }, func() { w.Pause("a") }, func() { w.Admit("b") }, func() { w.Admit("b") },
		func() { w.Resume("a") }, func() { w.Kill("a") }, func() { w.Renew("a") }, func() { w.Expel("b") }, func() { w.Restart("a") },
	} {
		w.At(milliseconds(10*(i+1)), action)
	}
	require.NoError(t, w.Run(history.Time(time.Second)))
	require.Equal(t, []string{
		"0s a out [] renewed [], 0 files", "0s b out [] renewed [], 0 files",
		"10ms a out [b] renewed [], 1 files", "10ms b out [b] renewed [], 1 files",
		"50ms b out [] renewed [], 1 files",
		"60ms a out [] renewed [], 1 files",
		"80ms b out [] renewed [a], 1 files",
		"90ms b out [b] renewed [a], 1 files",
		"100ms a out [b] renewed [a], 0 files",
	}, notes)
	require.Panics(t, func() { w.Admit("a") })
}
