package maelstrom

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/workloads"
)

// Every function that a workload plans is put to nodes as Maelstrom puts it, and its answer is understood.
func TestCalls(t *testing.T) {
	one, list := history.Integer(1), history.List
	text := history.Text
	for _, c := range []struct {
		workload string
		request  history.Request
		asked    string
		answer   string
		value    history.Value
	}{
		{"echo", history.Request{Function: history.Echo, Value: text("hi")},
			`{"echo":"hi","msg_id":7,"type":"echo"}`, `{"type":"echo_ok","echo":"hi"}`, text("hi")},
		{"unique-ids", history.Request{Function: history.Generate},
			`{"msg_id":7,"type":"generate"}`, `{"type":"generate_ok","id":{"a": 1.5}}`, text(`{"a":1.5}`)},
		{"broadcast", history.Request{Function: history.Add, Value: one},
			`{"message":1,"msg_id":7,"type":"broadcast"}`, `{"type":"broadcast_ok"}`, history.Nothing},
		{"broadcast", history.Request{Function: history.Read},
			`{"msg_id":7,"type":"read"}`, `{"type":"read_ok","messages":[1,2]}`, list(one, history.Integer(2))},
		{"g-set", history.Request{Function: history.Add, Value: one},
			`{"element":1,"msg_id":7,"type":"add"}`, `{"type":"add_ok"}`, history.Nothing},
		{"g-set", history.Request{Function: history.Read},
			`{"msg_id":7,"type":"read"}`, `{"type":"read_ok","value":[]}`, list()},
		{"g-counter", history.Request{Function: history.Add, Value: one},
			`{"delta":1,"msg_id":7,"type":"add"}`, `{"type":"add_ok"}`, history.Nothing},
		{"pn-counter", history.Request{Function: history.Read},
			`{"msg_id":7,"type":"read"}`, `{"type":"read_ok","value":-1}`, history.Integer(-1)},
		{"lin-kv", history.Request{Function: history.Read, Key: "3"},
			`{"key":3,"msg_id":7,"type":"read"}`, `{"type":"read_ok","value":1}`, one},
		{"lin-kv", history.Request{Function: history.Write, Key: "x", Value: one},
			`{"key":"x","msg_id":7,"type":"write","value":1}`, `{"type":"write_ok"}`, history.Nothing},
		{"lin-kv", history.Request{Function: history.CAS, Key: "3", Value: list(history.Nothing, one)},
			`{"from":null,"key":3,"msg_id":7,"to":1,"type":"cas"}`, `{"type":"cas_ok"}`, history.Nothing},
		{"kafka", history.Request{Function: history.Send, Key: "k0", Value: one},
			`{"key":"k0","msg":1,"msg_id":7,"type":"send"}`, `{"type":"send_ok","offset":4}`, history.Integer(4)},
		{"kafka", history.Request{Function: history.Poll, Value: list(list(text("k0"), one))},
			`{"msg_id":7,"offsets":{"k0":1},"type":"poll"}`, `{"type":"poll_ok","msgs":{"k0":[[1,9],[2,8]]}}`,
			list(list(text("k0"), list(list(one, history.Integer(9)), list(history.Integer(2), history.Integer(8)))))},
		{"kafka", history.Request{Function: history.CommitOffsets, Value: list(list(text("k0"), one))},
			`{"msg_id":7,"offsets":{"k0":1},"type":"commit_offsets"}`, `{"type":"commit_offsets_ok"}`, history.Nothing},
		{"kafka", history.Request{Function: history.ListCommitted, Value: list(text("k0"))},
			`{"keys":["k0"],"msg_id":7,"type":"list_committed_offsets"}`,
			`{"type":"list_committed_offsets_ok","offsets":{"k0":1}}`, list(list(text("k0"), one))},
		{"txn-list-append", history.Request{Function: history.Txn, Value: list(list(text("r"), one, history.Nothing))},
			`{"msg_id":7,"txn":[["r",1,null]],"type":"txn"}`, `{"type":"txn_ok","txn":[["r",1,[1]]]}`, list(list(text("r"), one, list(one)))},
	} {
		d := dialectOf(c.workload)()
		asked, err := json.Marshal(d.ask(c.request, 7))
		require.NoError(t, err)
		require.Equal(t, c.asked, string(asked), c.workload)
		completion, err := d.answer(c.request, []byte(c.answer))
		require.NoError(t, err, c.answer)
		require.Equal(t, history.Ok, completion.Outcome)
		require.True(t, c.value.Equal(completion.Value), "%s: %s", c.answer, completion.Value)
	}
}

// Everything that the workloads plan can be asked.
func TestEveryPlanCanBeAsked(t *testing.T) {
	for _, name := range Workloads() {
		workload, err := workloads.Find(name)
		require.NoError(t, err)
		shape := workloads.Shape{Seed: 1, Clients: []history.Placement{{Client: "c1", Host: "n1"}}, Quiet: 5e9, Settle: 2e9, End: 9e9, Every: 50e6}
		for _, planned := range workload.Plan(shape) {
			if planned.Function != history.Home {
				require.NotNil(t, dialectOf(name)().ask(planned.Request, 1), "%s: %+v", name, planned)
			}
		}
	}
	require.Len(t, Workloads(), 10)
	require.Nil(t, dialectOf("register"))
}

// What makes no sense as an answer is told.
func TestMalformedAnswers(t *testing.T) {
	for _, c := range []struct {
		workload string
		function history.Function
		answer   string
	}{
		{"echo", history.Echo, `{"type":"echo"}`},
		{"echo", history.Echo, `{"type":"echo_ok"}`},
		{"echo", history.Echo, `[]`},
		{"g-set", history.Read, `{"type":"read_ok","value":{"1":true}}`},
		{"g-counter", history.Read, `{"type":"read_ok","value":1.5}`},
		{"lin-kv", history.Read, `{"type":"read_ok"}`},
		{"kafka", history.Send, `{"type":"send_ok","offset":"4"}`},
		{"kafka", history.Poll, `{"type":"poll_ok"}`},
		{"kafka", history.Poll, `{"type":"poll_ok","msgs":{"k":[[1]]}}`},
		{"kafka", history.Poll, `{"type":"poll_ok","msgs":{"k":[["a",1]]}}`},
		{"kafka", history.ListCommitted, `{"type":"list_committed_offsets_ok","offsets":{"k":"a"}}`},
		{"txn-rw-register", history.Txn, `{"type":"txn_ok","txn":7}`},
	} {
		_, err := dialectOf(c.workload)().answer(history.Request{Function: c.function}, []byte(c.answer))
		require.Error(t, err, c.answer)
	}
}

// That there is no such key is an answer of lin-kv's read, and of nothing else.
func TestAbsentKeys(t *testing.T) {
	d := dialectOf("lin-kv")().(refusals)
	completion, takes := d.refused(history.Request{Function: history.Read}, codeNoKey)
	require.True(t, takes)
	require.Equal(t, history.Completion{Outcome: history.Ok}, completion)
	_, takes = d.refused(history.Request{Function: history.CAS}, codeNoKey)
	require.False(t, takes)
	_, takes = d.refused(history.Request{Function: history.Read}, codePrecondition)
	require.False(t, takes)
}

func FuzzAnswers(f *testing.F) {
	f.Add("kafka", "poll", []byte(`{"type":"poll_ok","msgs":{"k0":[[1,9],[2,8]]}}`))
	f.Add("txn-list-append", "txn", []byte(`{"type":"txn_ok","txn":[["r",1,[1]]]}`))
	f.Fuzz(func(t *testing.T, workload, function string, body []byte) {
		make := dialectOf(workload)
		if make == nil {
			return
		}
		if _, known := dialects[workload][history.Function(function)]; !known {
			return
		}
		completion, err := make().answer(history.Request{Function: history.Function(function)}, body)
		if err == nil {
			require.Equal(t, history.Ok, completion.Outcome)
		}
	})
}
