package checker

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

func TestSessionsInTexts(t *testing.T) {
	for text, want := range map[string]string{
		"n2 session 0x1f": "0x1f", "0x001F": "0x1f", "0x0": "0x0", "0xffffffffffffffff": "0xffffffffffffffff",
		"": "", "n2": "", "0x": "", "0x1g": "", "1f": "", "0x1ffffffffffffffff": "", "session 0x1f ": "",
	} {
		require.Equal(t, want, sessionIn(text), text)
	}
	require.Equal(t, "0x1f", sessionOf(history.Text("0x1f")))
	require.Equal(t, "", sessionOf(history.Integer(31)))
}

// A client's steps are numbered by session and connection, whatever ends them.
func TestTrails(t *testing.T) {
	h := readScript([]string{
		"note ^c1 connected n1 session 0x1             ^c1 disconnected n1  ^c1 connected n2 session 0x1" +
			"                        ^c1 connected n2 session 0x2             ^c1 expired 0x2   ^n1 leader term 1",
		"c1                                   |-read a-|" + strings.Repeat(" ", 50) + "|-close a = 0x1-|" + strings.Repeat(" ", 34) + "|-die a-|  |-close a-!",
	})
	trails := trailsOf(h)
	require.Len(t, trails, 1, "a node has none")
	var said []string
	for _, s := range trails[0].steps {
		what := ""
		switch s.kind {
		case noted:
			what = s.note.Kind
		case asked:
			what = "ask " + string(s.operation.Function)
		case ended:
			what = "end " + string(s.operation.Function)
		}
		said = append(said, fmt.Sprintf("%s %d/%d %s", what, s.session, s.connection, s.id))
	}
	require.Equal(t, []string{
		"connected 0/1 0x1", "ask read 0/1 0x1", "disconnected 0/2 0x1", "end read 0/2 0x1", "connected 0/3 0x1", // one session all along
		"ask close 0/3 0x1", "end close 0/3 0x1", "connected 1/5 0x2",
		"ask die 1/5 0x2", "end die 1/5 0x2",
		"ask close 2/6 ", "expired 3/7 ", "end close 3/7 ", // a close that failed ends nothing
	}, said)
}
