package host

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

// What is written of a roll is read as it was, and who writes none by hand need not speak of the renewed.
func TestRoll(t *testing.T) {
	for text, want := range map[string]world.Roll{
		`{"out":[],"renewed":[]}`:              {},
		`{"out":["n3"],"renewed":[]}`:          {Out: []string{"n3"}},
		`{"out":["n3"],"renewed":["n2","n2"]}`: {Out: []string{"n3"}, Renewed: []string{"n2", "n2"}},
		`{"out":["n\"4"],"renewed":["n\"4"]}`:  {Out: []string{"n\"4"}, Renewed: []string{"n\"4"}},
	} {
		require.Equal(t, text, string(EncodeRoll(want)))
		got, err := DecodeRoll([]byte(text))
		require.NoError(t, err)
		require.True(t, want.Equal(got), "%+v", got)
	}
	got, err := DecodeRoll([]byte(" {\"out\": [\"n1\"]}\n"))
	require.NoError(t, err)
	require.True(t, world.Roll{Out: []string{"n1"}}.Equal(got))
	for text, want := range map[string]string{
		``:                            "the line: an object is wanted",
		`["n1"]`:                      "the line: an object is wanted",
		`{}`:                          `out: a list of nodes is wanted, such as ["n3"], and not ""`,
		`{"out":[],"renewed":"n1"}`:   `renewed: a list of nodes is wanted, such as ["n3"], and not "\"n1\""`,
		`{"out":[],"in":["n1"]}`:      "in: this field is not known",
		`{"out":[]}{"out":[]}`:        "more than one value in a line",
		`{"members":{"out":["n3"]}}`:  "members: this field is not known",
		`{"out":[],"renewed":["n1"]`:  "this is no JSON: EOF",
		`{"out":[],"renewed":["n1"]]`: "this is no JSON",
	} {
		_, err := DecodeRoll([]byte(text))
		require.ErrorContains(t, err, want)
	}
}
