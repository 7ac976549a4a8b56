package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
)

// stale is a witness of a stale read, of a write whose outcome nobody learnt.
func stale(value string) *checker.Witness {
	text := history.Text(value)
	return &checker.Witness{
		Operations: []history.Operation{
			{ID: 0, Client: "c1", Function: history.Write, Argument: history.Integer(1), Invoked: 1e9, Completed: 2e9, Outcome: history.Ok},
			{ID: 1, Client: "c2", Function: history.Write, Argument: text, Invoked: 3e9, Completed: history.Forever, Outcome: history.Info},
			{ID: 2, Client: "c3", Function: history.Read, Result: text, Invoked: 4e9, Completed: 5e9, Outcome: history.Ok},
			{ID: 3, Client: "c1", Function: history.Read, Result: history.Integer(1), Invoked: 6e9, Completed: 7e9, Outcome: history.Ok},
		},
		Explanation: []string{"c1 wrote 1", "c2 asked to write " + value, "c3 read " + value, "c1 read 1, but c3 had read " + value},
		Order: []checker.Relation{{Before: 1, After: 2, Reason: "it wrote " + value}, {Before: 2, After: 3, Reason: "it had ended"},
			{Before: 3, After: 1, Reason: "it saw 1"}},
	}
}

func TestBars(t *testing.T) {
	require.Equal(t, []string{
		"c1 write 1                  |-----|",
		"c2 write x                              |-----------------------------···",
		"c3 read → x                                     |-----|",
		"c1 read → 1                                                 |-----|  <-",
	}, Bars(stale("x")))
	require.Equal(t, []string{"c2's write x comes before c3's read → x: it wrote x", "c3's read → x comes before c1's read → 1: it had ended",
		"c1's read → 1 comes before c2's write x: it saw 1"}, WitnessOrder(stale("x")))
	for _, line := range Bars(stale(strings.Repeat("long ", 1000))) {
		require.LessOrEqual(t, len([]rune(line)), 100)
	}
}

// The picture is well-formed XML without anything that runs, whatever the values are, and the same every time.
func TestWitnessPicture(t *testing.T) {
	for _, value := range []string{
		"x", `</svg><script>alert(1)</script>`, "a\x00b\x1b[31m", "\u202egnp.exe", `"quoted" & 'single'`, strings.Repeat("x", 1<<20),
	} {
		var one, other bytes.Buffer
		require.NoError(t, WitnessPicture(&one, stale(value), "file "+value))
		require.NoError(t, WitnessPicture(&other, stale(value), "file "+value))
		require.Equal(t, one.Bytes(), other.Bytes())
		require.Less(t, one.Len(), 32<<10)
		require.NotContains(t, one.String(), "<script")
		require.NotContains(t, one.String(), "\u202e")
		decoder := xml.NewDecoder(&one)
		elements := map[string]int{}
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			if start, is := token.(xml.StartElement); is {
				elements[start.Name.Local]++
			}
		}
		require.Equal(t, 1, elements["svg"])
		require.Zero(t, elements["script"])
		require.Greater(t, elements["rect"], 4)
	}
}
