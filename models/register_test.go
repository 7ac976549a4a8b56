package models_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/models"
)

// A register in about ten lines: what was written is read, and nothing else.
func ExampleRegister() {
	register := models.Register()
	write := history.Operation{Function: history.Write, Argument: history.Integer(7), Outcome: history.Ok}
	possible, state := register.Step(register.Init(), write)
	fmt.Println(register.Describe(write), possible, state)
	for _, result := range []int64{7, 8} {
		read := history.Operation{Function: history.Read, Result: history.Integer(result), Outcome: history.Ok}
		possible, _ = register.Step(state, read)
		fmt.Println(register.Describe(read), possible)
	}
	// Output:
	// write 7 true 7
	// read -> 7 true
	// read -> 8 false
}

func TestRegisterSteps(t *testing.T) {
	one, two, three := history.Integer(1), history.Integer(2), history.Integer(3)
	read := func(outcome history.Outcome, result history.Value) history.Operation {
		return history.Operation{Function: history.Read, Outcome: outcome, Result: result}
	}
	write := func(outcome history.Outcome) history.Operation {
		return history.Operation{Function: history.Write, Outcome: outcome, Argument: two}
	}
	swap := func(outcome history.Outcome, expected, next history.Value) history.Operation {
		return history.Operation{Function: history.CAS, Outcome: outcome, Argument: history.List(expected, next)}
	}
	cases := []struct {
		state     history.Value
		operation history.Operation
		possible  bool
		next      history.Value
	}{
		{history.Nothing, read(history.Ok, history.Nothing), true, history.Nothing},
		{history.Nothing, read(history.Ok, one), false, history.Nothing},
		{one, read(history.Ok, one), true, one},
		{one, read(history.Ok, two), false, one},
		{one, read(history.Info, history.Nothing), true, one},
		{one, read(history.Fail, two), true, one},
		{one, write(history.Ok), true, two},
		{one, write(history.Info), true, two},
		{one, write(history.Fail), true, one},
		{one, swap(history.Ok, one, two), true, two},
		{one, swap(history.Ok, three, two), false, one},
		{one, swap(history.Info, one, two), true, two},
		{one, swap(history.Info, three, two), true, one},
		{one, swap(history.Fail, one, two), true, one},
	}
	register := models.Register()
	require.Equal(t, history.Nothing, register.Init().Value)
	for _, c := range cases {
		name := fmt.Sprintf("%s %s in %s", register.Describe(c.operation), c.operation.Outcome, c.state)
		possible, next := register.Step(models.Holding(c.state), c.operation)
		require.Equal(t, c.possible, possible, name)
		require.True(t, c.next.Equal(next.Value), "%s gives %s", name, next)
	}
}

func TestWhatAnOperationWritesAndObserves(t *testing.T) {
	pair := history.List(history.Integer(1), history.Integer(2))
	swap := history.Operation{Function: history.CAS, Argument: pair, Outcome: history.Ok}
	written, writes := models.Written(swap)
	require.True(t, writes)
	require.Equal(t, history.Integer(2), written)
	observed, observes := models.Observed(swap)
	require.True(t, observes)
	require.Equal(t, history.Integer(1), observed)

	swap.Outcome = history.Info
	_, observes = models.Observed(swap)
	require.False(t, observes, "a swap of unknown outcome may have found anything")
	expected, swaps := models.Expected(swap)
	require.True(t, swaps)
	require.Equal(t, history.Integer(1), expected)

	swap.Argument = history.List(history.Integer(1))
	_, swaps = models.Expected(swap)
	require.False(t, swaps, "an argument that is no pair")

	_, writes = models.Written(history.Operation{Function: history.Read})
	require.False(t, writes)
	_, observes = models.Observed(history.Operation{Function: history.Write, Outcome: history.Ok})
	require.False(t, observes)
}

// A pair is a register: nothing until it is written, whether its halves are there or not, and what is
// seen of two unequal halves is what nobody wrote.
func TestPairs(t *testing.T) {
	pair := func(one, other history.Value) history.Operation {
		return history.Operation{Function: history.Pair, Outcome: history.Ok, Result: history.List(one, other)}
	}
	for _, c := range []struct {
		read history.Operation
		want string
	}{
		{pair(history.Nothing, history.Nothing), "nil"},
		{pair(history.Integer(0), history.Nothing), "nil"},
		{pair(history.Integer(7), history.Integer(7)), "7"},
		{pair(history.Integer(7), history.Nothing), "[7 nil]"},
		{pair(history.Integer(7), history.Integer(8)), "[7 8]"},
	} {
		value, sees := models.Observed(c.read)
		require.True(t, sees)
		require.Equal(t, c.want, value.String())
	}
	written, writes := models.Written(history.Operation{Function: history.MultiWrite, Argument: history.Integer(7)})
	require.True(t, writes)
	require.Equal(t, "7", written.String())
	_, writes = models.Written(history.Operation{Function: history.MultiFail, Argument: history.Integer(8)})
	require.False(t, writes)
}
