package isolation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
)

// TestOperationsRoundTrip wants the same judgement of a history as arrays and as operations.
func TestOperationsRoundTrip(t *testing.T) {
	for _, level := range []isolationLevel{atOnce, oldSnapshot, dirty} {
		for _, kind := range []Kind{ListAppend, Register} {
			e := &executor{random: rng.New(3), level: level, kind: kind}
			dense := e.history(workload{transactions: 200, processes: 5, steps: 3, keys: 3, perKey: 8})
			made, err := FromOperations(asOperations(dense))
			require.NoError(t, err)
			one, other := Check(dense, Options{}), Check(made, Options{})
			require.Equal(t, one.RuledOut, other.RuledOut)
			require.Equal(t, one.Strongest, other.Strongest)
			require.Len(t, other.Found, len(one.Found))
			for i := range one.Found {
				require.Equal(t, one.Found[i].Anomaly, other.Found[i].Anomaly)
				require.Equal(t, one.Found[i].Count, other.Found[i].Count)
				require.Equal(t, one.Found[i].Transactions, other.Found[i].Transactions)
			}
		}
	}
}

// TestKeysThatLookAlike wants keys that print alike to stay apart.
func TestKeysThatLookAlike(t *testing.T) {
	list, text := history.List, history.Text
	keys := []history.Value{list(text("a b")), list(text("a"), text("b")), text("1"), history.Integer(1)}
	var steps []history.Value
	for _, key := range keys {
		steps = append(steps, list(text("w"), key, history.Integer(1)))
	}
	made, err := FromOperations([]history.Operation{{Function: history.Txn, Argument: list(steps...), Result: list(steps...), Outcome: history.Ok}})
	require.NoError(t, err)
	require.Equal(t, len(keys), made.Keys)
}

// TestBadOperations wants one line that names the operation.
func TestBadOperations(t *testing.T) {
	list, text, number := history.List, history.Text, history.Integer
	good := list(list(text("append"), text("x"), number(1)))
	for name, test := range map[string]struct {
		argument, result history.Value
		error            string
	}{
		"no list": {text("x"), history.Nothing, "operation 7 of process 3: x is not a list of steps [function key value]"},
		"no step": {list(text("x")), history.Nothing, "operation 7 of process 3: x is not a step [function key value]"},
		"unknown function": {list(list(text("cas"), text("x"), number(1))), history.Nothing,
			"operation 7 of process 3: the function of [cas x 1] is neither r nor w nor append"},
		"nothing written": {list(list(text("append"), text("x"), history.Nothing)), history.Nothing,
			"operation 7 of process 3: [append x nil] writes nothing"},
		"another length": {good, list(), "operation 7 of process 3: 1 steps were asked for, and 0 answered"},
		"no list read": {good, list(list(text("r"), text("x"), number(1))),
			"operation 7 of process 3: [r x 1] reads no list"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := FromOperations([]history.Operation{
				{ID: 1, Function: history.Txn, Argument: good, Result: good, Outcome: history.Ok},
				{ID: 7, Process: 3, Function: history.Txn, Argument: test.argument, Result: test.result, Outcome: history.Ok},
			})
			require.EqualError(t, err, test.error)
		})
	}
}

// TestBadTransactions wants an error of a Builder that is used against its contract.
func TestBadTransactions(t *testing.T) {
	b := NewBuilder(ListAppend)
	b.Write(0, 1)
	_, err := b.Done()
	require.EqualError(t, err, "a step before the first transaction")
	b = NewBuilder(ListAppend)
	b.Begin(0, 5, 4, Committed)
	_, err = b.Done()
	require.EqualError(t, err, "transaction 0 of process 0 returns at 4, before its call at 5")
	b = NewBuilder(ListAppend)
	b.Begin(0, 0, 1, Committed)
	b.Write(0, 0)
	_, err = b.Done()
	require.EqualError(t, err, "transaction 0 writes the value 0: values are numbered from 1")
	_, err = ParseModel("eventual")
	require.ErrorContains(t, err, `no consistency model of transactions is called "eventual"; there are strict-serializable, `)
}

// TestEmptyHistory wants no panic, and no anomaly.
func TestEmptyHistory(t *testing.T) {
	for _, kind := range []Kind{ListAppend, Register} {
		empty, err := NewBuilder(kind).Done()
		require.NoError(t, err)
		r := Check(empty, Options{})
		require.Equal(t, Valid, r.Verdict)
		require.Equal(t, []Model{StrictSerializable}, r.Strongest)
	}
}

// TestMemoryBound wants what is decided without a graph, and no more.
func TestMemoryBound(t *testing.T) {
	made, err := FromOperations(operationsOf(t, []string{"p1 0-10 append x 1 fail", "p2 0-10 r x [1]"}))
	require.NoError(t, err)
	r := Check(made, Options{Memory: 1000, Consistency: ReadCommitted})
	require.Equal(t, Invalid, r.Verdict)
	require.Equal(t, []Model{StrongReadUncommitted, StrongSessionReadUncommitted, ReadUncommitted}, r.Open)
	r = Check(made, Options{Memory: 100, Consistency: ReadUncommitted})
	require.Equal(t, Undecided, r.Verdict)
	require.Equal(t, "whether read-uncommitted holds was not looked into: cycles take about 0 MB, and 0 are allowed; nothing is known to hold", r.Reason)
	require.Equal(t, Valid, Check(made, Options{Memory: 1_000_000, Consistency: ReadUncommitted}).Verdict)
}
