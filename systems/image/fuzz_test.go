package image

import (
	"encoding/json"
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

var rewrite = flag.Bool("rewrite-schema", false, "write docs/image.schema.json anew")

// FuzzParse reads anything as a file. One that is read makes containers, and is the same when it was kept and read again.
func FuzzParse(f *testing.F) {
	for _, text := range []string{small(plainHTTP), small("{maelstrom: {}}"), small("{program: {run: [./it, '{{.Client}}']}}"),
		small(plainHTTP, "port: 80", `port: 80, command: ["{{range .Nodes}}{{.Comma}}{{.Name}}{{end}}"]`), "{}", "a: &b [*b]", "name: [}"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		if file.Renders(1) == nil {
			file.Deployment("", nil).Node("n1", SamplePlaces(1))
		}
		kept, err := json.Marshal(file)
		require.NoError(t, err)
		again, err := Parse(kept)
		require.NoError(t, err, "%s", kept)
		require.Equal(t, file.Name, again.Name)
	})
}

// FuzzAnswers judges anything as an answer over HTTP: it is ok with a value only if there is one.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{`{"header":{"revision":"3"},"kvs":[{"value":"NQ=="}]}`, `{"header":{"revision":"3"}}`, `{"kvs":[null]}`, "", `[`,
		`"\ud800"`, `{"kvs":{"0":{"value":5}}}`} {
		f.Add(200, []byte(body), "/kvs/0/value")
	}
	c, err := Call{Path: "/", Value: &Extract{At: "/kvs/0/value", Base64: true}, Version: &Extract{At: "/header/revision"},
		Answers: []Answer{{When: Condition{Status: "200", At: "/kvs/0/value"}, Is: "ok"},
			{When: Condition{Status: "200", Missing: "/kvs"}, Is: "nothing"}}}.compile("it")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, status int, body []byte, pointer string) {
		if status < 100 || status > 599 {
			return
		}
		r := newResponse(status, body)
		if checkPointer(pointer) == nil {
			r.at(pointer)
		}
		completion, contact := c.judge(place{name: "n1"}, r)
		require.NotEqual(t, unsent, contact)
		if completion.Outcome == history.Ok && completion.Value.IsNothing() {
			_, found := r.at("/kvs")
			require.False(t, found, "a value that is there was not read")
		}
		require.GreaterOrEqual(t, completion.Version, int64(0))
	})
}

// FuzzPrograms reads anything as what a program says: it is about the operation, or about none.
func FuzzPrograms(f *testing.F) {
	for _, line := range []string{`{"id":7,"type":"ok","value":5}`, `{"id":6,"type":"ok"}`, `{"id":7,"type":"maybe"}`,
		`{"id":7,"type":"fail","error":"no connection"}`,
		`{"id":7} {}`, "", `{"id":7,"typ":"ok"}`, `{"id":7,"type":"ok","version":-1}`} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		completion, _, mine := read(line, 7, place{name: "n1"})
		if !mine {
			return
		}
		require.Contains(t, []history.Outcome{history.Ok, history.Fail, history.Info}, completion.Outcome)
	})
}

// FuzzMaelstrom reads anything as the reply of a node.
func FuzzMaelstrom(f *testing.F) {
	for _, line := range []string{`{"type":"read_ok","value":5}`, `{"type":"read_ok","value":null}`, `{"type":"read_ok"}`,
		`{"type":"error","code":20}`, `{"type":"error","code":13}`} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var answer body
		if json.Unmarshal(line, &answer) != nil {
			return
		}
		for _, asked := range []string{"read", "write", "cas"} {
			completion, contact := meant(place{name: "n1"}, asked, answer)
			require.NotEqual(t, unsent, contact)
			if completion.Outcome == history.Fail {
				require.NotContains(t, []int{0, 13}, answer.Code, "those say nothing for certain")
			}
		}
	})
}
