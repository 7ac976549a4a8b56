package evidence_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker/evidence"
	"cleave/history"
)

// Values that look alike have identities of their own; equal values, made in whatever way, have the same.
func TestIdentify(t *testing.T) {
	one, text := history.Integer(1), history.Text
	values := []history.Value{history.Nothing, history.Integer(0), one, text(""), text("1"), text("nil"), text("null"), text("[]"), text(`["a"]`),
		history.List(), history.List(history.Nothing), history.List(one), history.List(text("1")), history.List(text("a b")),
		history.List(text("a"), text("b")), history.List(history.List(text("a")), text("b")), text("\xff"), text("\xfe")}
	for i, a := range values {
		for k, b := range values {
			require.Equal(t, i == k, a.Equal(b))
			require.Equal(t, i == k, evidence.Identify(a) == evidence.Identify(b), "%s and %s", a, b)
		}
	}
	require.Equal(t, evidence.Identify(history.List(text("a"), text("b"))), evidence.Identify(history.Texts([]string{"a", "b"})))
}

// Where the history has one object, it is not named.
func TestTellWithoutKeys(t *testing.T) {
	o := history.Operation{Client: "c1", Function: history.Write, Argument: history.Integer(7), Completed: 1e9, Outcome: history.Ok}
	require.Equal(t, "c1 wrote 7 at 0.000-1.000 s, acknowledged", evidence.Tell(o))
	require.Equal(t, evidence.TellAlone(o), evidence.Tell(o))
	o.Function, o.Argument, o.Result = history.Read, history.Nothing, history.Integer(7)
	require.Equal(t, "c1 read 7 at 0.000-1.000 s", evidence.Tell(o))
	o.Key = "x"
	require.Equal(t, "c1 read 7 from x at 0.000-1.000 s", evidence.Tell(o))
	require.Equal(t, "c1 read 7 at 0.000-1.000 s", evidence.TellAlone(o))
}
