package workloads

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// What a workload plans its clients can be asked, whatever the system.
func TestPlansAskWhatCanBeAsked(t *testing.T) {
	said := 0
	for _, workload := range All() {
		if workload.Asks() == nil {
			continue
		}
		said++
		for _, guarantee := range []Guarantee{Consistent, Available, Cached, Linearizable} {
			for _, alike := range []bool{false, true} {
				s := shape(guarantee)
				s.Alike = alike
				for _, planned := range workload.Plan(s) {
					require.Nil(t, workload.Misasked(planned.Request), "%s, %s: %v", workload.Name, guarantee, planned)
				}
			}
		}
	}
	require.GreaterOrEqual(t, said, 20)
}

// What clients cannot do is told with the field that is wrong.
func TestMisasked(t *testing.T) {
	for _, c := range []struct {
		workload    func() Workload
		function    history.Function
		key         string
		value       history.Value
		field, says string
	}{
		{Lock, "aquire", "lock-a", history.Nothing, "f", `the clients of lock cannot "aquire"; they can: acquire, release, die, children, write, home`},
		{Lock, history.Acquire, "", history.Nothing, "key", `the key of acquire is written NAME, not ""`},
		{Lock, history.Acquire, "a/b", history.Nothing, "key", "not \"a/b\""},
		{Lock, history.Acquire, "lock-a", history.Text("share"), "value", "the value of acquire is shared, or nothing, not share"},
		{Lock, history.Write, "lock-a", history.Integer(1), "key", `the key of write is written NAME-state, not "lock-a"`},
		{FencedLock, history.Write, "lock-a-state", history.Text("1"), "value", "is a number, not 1"},
		{Barriers, history.Enter, "b", history.Integer(0), "value", "a number from 1, not 0"},
		{Barriers, history.Leave, "b", history.Integer(3), "value", "is nothing, not 3"},
		{Dubbo, history.Register, "web", history.Nothing, "key", "GROUP/MEMBER"},
		{Scheduler, history.Children, "job", history.Nothing, "key", "NAME/PART"},
		{Register, history.CAS, "x", history.List(history.Integer(1)), "value", "[expected, new]"},
	} {
		wrong := c.workload().Misasked(history.Request{Function: c.function, Key: c.key, Value: c.value})
		require.NotNil(t, wrong, c.says)
		require.Equal(t, c.field, wrong.Field)
		require.ErrorContains(t, wrong, c.says)
	}
	require.Nil(t, Lock().Misasked(history.Request{Function: history.Acquire, Key: "lock-a", Value: history.Text("shared")}))
	require.Nil(t, Echo().Misasked(history.Request{Function: "anything"}), "nobody has said what they can do")
}
