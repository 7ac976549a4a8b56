package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/models"
)

func TestEveryModelHasAName(t *testing.T) {
	names := models.Names()
	require.Subset(t, names, []string{"register", "cas-register", "map", "counter", "set", "fifo-queue", "priority-queue", "stack", "lock",
		"fenced-lock", "lease", "leader", "znode-tree", "registry"})
	for _, name := range names {
		model, known := models.Named(name)
		require.True(t, known)
		require.Equal(t, name, model.Name)
		require.NotEmpty(t, model.Summary)
		require.NotEmpty(t, model.Shapes)
		for _, shape := range model.Shapes {
			require.NotEmpty(t, shape.Effect, "%s of %s", shape.Function, name)
			require.NotEmpty(t, shape.Argument.String())
			require.NotEmpty(t, shape.Result.String())
		}
	}
	_, known := models.Named("abacus")
	require.False(t, known)
}

// A model says in one line what it does not understand.
func TestAccepts(t *testing.T) {
	pair := history.List(history.Integer(1), history.Integer(2))
	for _, c := range []struct {
		model     string
		operation history.Operation
		want      string
	}{
		{"fifo-queue", history.Operation{Function: history.Write}, "operation #7: a fifo-queue knows enqueue, dequeue, peek, but not write"},
		{"counter", history.Operation{Function: history.Add, Argument: pair}, "operation #7: the argument of add on a counter is a number, not [1 2]"},
		{"cas-register", history.Operation{Function: history.CAS, Argument: history.Integer(1)},
			"operation #7: the argument of cas on a cas-register is [expected new], not 1"},
		{"lock", history.Operation{Function: history.TryLock, Outcome: history.Ok}, "operation #7: the result of try-lock on a lock is 1 or 0, not nil"},
		{"lock", history.Operation{Function: history.TryLock, Outcome: history.Info}, ""},
		{"map", history.Operation{Function: history.Txn, Argument: history.List(pair)},
			"operation #7: the argument of txn on a map is a list of [r|w|append key value], not [[1 2]]"},
		{"znode-tree", history.Operation{Function: history.Txn, Argument: history.List(history.List(history.Text("txn"), history.Text("a"), history.Nothing))},
			"operation #7: the argument of txn on a znode-tree is a list of [function path argument], not [[txn a nil]]"},
		{"set", history.Operation{Function: history.Add, Argument: pair, Outcome: history.Ok}, ""},
	} {
		model, _ := models.Named(c.model)
		c.operation.ID = 7
		err := model.Accepts(c.operation)
		if c.want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, c.want)
		require.EqualError(t, model.AcceptsAll([]history.Operation{{Function: "dance", Outcome: history.Fail}, c.operation}), c.want)
	}
}

func TestDescribe(t *testing.T) {
	lock, _ := models.Named("lock")
	tree, _ := models.Named("znode-tree")
	set, _ := models.Named("set")
	one, seven := history.Integer(1), history.Integer(7)
	for _, c := range []struct {
		model     models.Model
		operation history.Operation
		want      string
	}{
		{lock, history.Operation{Client: "c1", Function: history.TryLock, Outcome: history.Ok, Result: one}, "c1: try-lock -> 1"},
		{lock, history.Operation{Client: "c1", Function: history.Acquire, Outcome: history.Info}, "c1: acquire -> ?"},
		{tree, history.Operation{Function: history.CreateSequential, Key: "a", Argument: seven, Outcome: history.Ok, Result: one},
			"create-sequential a 7 -> 1"},
		{set, history.Operation{Function: history.Add, Argument: seven, Outcome: history.Ok}, "add 7"},
	} {
		require.Equal(t, c.want, c.model.Describe(c.operation))
	}
}
