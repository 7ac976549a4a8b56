package checker

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// measured is a measure of a result, and whether it is there.
func measured(result Result, name, side string, f history.Function) (float64, bool) {
	for _, m := range result.Measures {
		if m.Name == name && m.Side == side && m.Phase == "" && m.Function == f {
			return m.Value, true
		}
	}
	return 0, false
}

func requireMeasure(t *testing.T, want float64, result Result, name, side string, f history.Function) {
	t.Helper()
	value, found := measured(result, name, side, f)
	require.True(t, found, "%s: %v", name, result)
	require.InDelta(t, want, value, 0.001, name)
}

// c dies and is listed for 140 ms more, b takes leave and is gone at once, d dies and is listed to the end.
func TestDepartures(t *testing.T) {
	h := readScript([]string{
		"c1  |-register b-|  |-register d-|                |-deregister b-|",
		"c3  |-register c-|                 |-die c-|  |-die d-|",
		"c4                                                       |-lookup web = [b c d]-|",
		"c2                                                                                |-lookup web = [d]-|",
	})
	result := Departures{Service: "web"}.Check(h, Budget{})
	require.Equal(t, Valid, result.Verdict, result.Reason)
	requireMeasure(t, 2, result, "died", "", history.Lookup)
	requireMeasure(t, 1, result, "cancelled", "", history.Lookup)
	requireMeasure(t, 140, result, "listed after death min", "", history.Lookup)
	requireMeasure(t, 280, result, "listed after death max", "", history.Lookup)
	requireMeasure(t, 0, result, "listed after cancel max", "", history.Lookup)
	requireMeasure(t, 1, result, "dead kept", "", history.Lookup)
	require.Equal(t, Unknown, Departures{}.Check(readScript([]string{"c1 |-register a-|"}), Budget{}).Verdict)
}

// a registers on the majority side and is found there; b on the minority side and is not, which is overdue for one
// who looks 200 ms later only.
func TestNewcomers(t *testing.T) {
	lines := []string{
		"nodes n1 n2 n3",
		"fault  ^start isolate apart=n1,c1,c3                                                            ^end isolate dropped=5",
		"c1@n1     |-register b-|",
		"c2@n2     |-register a-|",
		"c3@n1                     |-lookup web = []-|   |-lookup web = []-|",
		"c4@n2                     |-lookup web = []-|   |-lookup web = [a]-|",
	}
	result := Newcomers{Service: "web", Notice: 2e8}.Check(readScript(lines), Budget{})
	require.Equal(t, Valid, result.Verdict, result.Reason)
	requireMeasure(t, 1, result, "newcomers found here", "majority", "")
	requireMeasure(t, 440, result, "newcomer found after max", "majority", "")
	requireMeasure(t, 0, result, "newcomers found across", "majority", "")
	requireMeasure(t, 0, result, "newcomers found here", "minority", "")
	patient := Newcomers{Service: "web", Notice: 1e9}.Check(readScript(lines), Budget{})
	_, found := measured(patient, "newcomers found here", "minority", "")
	require.False(t, found, "news may take a second")
	require.Equal(t, Unknown, Newcomers{}.Check(readScript(lines[2:]), Budget{}).Verdict)
}

// The minority's server answers one read after the cut, and no write.
func TestLastAnswer(t *testing.T) {
	lines := []string{
		"nodes n1 n2 n3",
		"fault  ^start isolate apart=n1,c1                                                                ^end isolate dropped=5",
		"c1@n1     |-read x = 1-|   |-write x 2-?                                                |-read x (timeout)-!",
		"c2@n2                         |-read x = 1-|",
	}
	result := LastAnswer{}.Check(readScript(lines), Budget{})
	require.Equal(t, Valid, result.Verdict, result.Reason)
	requireMeasure(t, 160, result, "last answer after cut", "minority", history.Read)
	requireMeasure(t, 0, result, "last answer after cut", "minority", history.Write)
	requireMeasure(t, 360, result, "last answer after cut", "majority", "")
	require.Equal(t, Unknown, LastAnswer{}.Check(readScript(lines[2:]), Budget{}).Verdict)
}

// c1 is told of the write of zxid 7, and not of that of 8, which came before it watched again.
func TestUntold(t *testing.T) {
	lines := []string{
		"c1   |-watch w/x data = [5 1] v5-|                                                               |-watch w/x data = [8 3] v8-|",
		"c2                                |-write w/x 2 v7-|         |-write w/x 3 v8-|",
		"note                                         ^c1 event changed /w/x",
	}
	result := Untold{}.Check(readScript(lines), Budget{})
	require.Equal(t, Valid, result.Verdict, result.Reason)
	requireMeasure(t, 1, result, "changes told", "", "")
	requireMeasure(t, 1, result, "changes untold", "", "")
	require.Equal(t, Unknown, Untold{}.Check(readScript(lines[:1]), Budget{}).Verdict)
}
