package history

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// everything has a line of each type with every field in use.
func everything() []Event {
	fault := &Fault{ID: 1, Kind: "isolate-leader", Stage: FaultStart, Nodes: []string{"n1"}, Groups: []string{"n1 c1", "n2 n3"},
		Detail: `n1 <stands> alone & says "oh"`, Links: 4, Dropped: 17, Disturbed: 6, Touched: 12, Quorum: "kept", Leader: "n1", LeaderSide: "minority",
		After: Connectivity{Cut: []Link{{"n1", "n2"}, {"n2", "n1"}}, Down: []string{"n3"}, Paused: []string{"n2"}, Full: []string{"n1"}, Hampered: 6}}
	return []Event{
		{Type: RunEvent, Run: &Run{System: "cpstore", Workload: "register", Seed: 1<<64 - 1, Nodes: []string{"n1", "n2", "n3"},
			Clients: []Placement{{"c1", "n1"}}, Quorum: 2}},
		{Type: PhaseEvent, Phase: Warmup},
		{Type: Invoke, Time: 5, Process: 3, Client: "c1", Function: CAS, Key: "kä\x00y", Value: List(Integer(-1), List(Text("a<b"), Nothing))},
		{Type: NoteEvent, Time: 5, Note: &Note{Node: "n1", Kind: "leader", Detail: "term 3"}},
		{Type: Fail, Time: 9, Process: 3, Client: "c1", Function: CAS, Key: "kä\x00y", Node: "n2", Version: 1 << 60, Error: "value differs"},
		{Type: FaultEvent, Time: 10, Fault: fault},
		{Type: Invoke, Time: 11, Process: 3, Client: "c1", Function: Lookup, Key: "web"},
		{Type: Ok, Time: 12, Process: 3, Client: "c1", Function: Lookup, Key: "web", Value: List(), Node: "n1"},
		{Type: Invoke, Time: 13, Process: 3, Client: "c1", Function: Write, Key: "x", Value: Text("")},
		{Type: Info, Time: 14, Process: 3, Client: "c1", Function: Write, Key: "x", Error: "timeout"},
	}
}

func encode(events []Event) []byte {
	var text []byte
	for i := range events {
		text = events[i].AppendJSON(text)
	}
	return text
}

func TestRoundTrip(t *testing.T) {
	var file bytes.Buffer
	recorder := NewRecorder(&file)
	for _, event := range everything() {
		recorder.Append(event)
	}
	recorded, err := recorder.History()
	require.NoError(t, err)
	require.Len(t, recorded.Events, len(everything()))

	read, err := Decode(bytes.NewReader(file.Bytes()))
	require.NoError(t, err)
	require.Equal(t, file.String(), string(encode(read.Events)), "the same events give the same bytes")
	require.Equal(t, recorded.Run, read.Run)
	require.Equal(t, len(recorded.Operations), len(read.Operations))
	for i := range read.Operations {
		require.Equal(t, recorded.Operations[i].String(), read.Operations[i].String())
	}
	require.Equal(t, recorded.Events[5].Fault, read.Events[5].Fault)
	require.False(t, read.Torn)
}

// However a killed harness tears the last line, all lines before it are read.
func TestTornLastLine(t *testing.T) {
	events := everything()
	for i := range events {
		events[i].Index = i
	}
	whole := encode(events)
	last := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for cut := last; cut < len(whole); cut++ {
		h, err := Decode(bytes.NewReader(whole[:cut]))
		require.NoError(t, err)
		require.Len(t, h.Events, len(events)-1)
		require.Equal(t, cut > last, h.Torn, "cut at %d of %d", cut, len(whole))
		require.Equal(t, Forever, h.Operations[2].GaveUp, "its end was torn off")
	}
}

func TestBadLinesAreNamed(t *testing.T) {
	good := `{"index":0,"time":1,"type":"invoke","process":1,"client":"c1","f":"read","key":"x","value":null}` + "\n"
	cases := []struct{ line, want string }{
		{"{\n", "line 2: unexpected EOF"},
		{"nonsense\n", "line 2: invalid character"},
		{"\n", "line 2: EOF"},
		{`{"index":1,"time":2}{}`, ""}, // torn: no newline
		{`{"index":1}` + "\n", `line 2: "index" and "time" are needed`},
		{`{"index":1,"time":2,"type":"what"}` + "\n", `line 2: unknown type "what"`},
		{`{"index":1,"time":2,"type":"ok","process":1}` + "\n", `line 2: a line of type "ok" needs "f"`},
		{`{"index":1,"time":2,"type":"ok","f":"read"}` + "\n", `line 2: a line of type "ok" needs "process"`},
		{`{"index":1,"time":2,"type":"fault"}` + "\n", `line 2: a line of type "fault" needs "fault"`},
		{`{"index":1,"time":2,"type":"note"}` + "\n", `line 2: a line of type "note" needs "note"`},
		{`{"index":1,"time":2,"type":"phase"}` + "\n", `line 2: a line of type "phase" needs "phase"`},
		{`{"index":1,"time":2,"type":"run"}` + "\n", `line 2: a line of type "run" needs "run"`},
		{`{"index":1,"time":2,"type":"phase","phase":"quiet","colour":3}` + "\n", `line 2: json: unknown field "colour"`},
		{`{"index":1,"time":2,"type":"phase","phase":"quiet"} {}` + "\n", `line 2: more than one JSON object`},
		{`{"index":1,"time":2.5,"type":"phase","phase":"quiet"}` + "\n", `line 2: json: cannot unmarshal`},
		{`{"index":1,"time":2,"type":"ok","process":1,"f":"read","key":"x","value":1.5}` + "\n",
			`line 2: a value is null, an integer, a string or an array of values, not 1.5`},
		{`{"index":1,"time":2,"type":"ok","process":1,"f":"read","key":"x","value":{}}` + "\n", `line 2: a value is null`},
		{`{"index":1,"time":2,"type":"fault","fault":{"after":{"cut":["n1-n2"]}}}` + "\n", `line 2: a link is written "n1>n2", not "n1-n2"`},
	}
	for _, c := range cases {
		_, err := Decode(strings.NewReader(good + c.line))
		if c.want == "" {
			require.NoError(t, err, c.line)
			continue
		}
		require.ErrorContains(t, err, c.want, c.line)
	}
}

func TestLongLineIsAnError(t *testing.T) {
	_, err := Decode(strings.NewReader(`{"index":0,"time":1,"type":"phase","phase":"` + strings.Repeat("x", MaxLine)))
	require.ErrorContains(t, err, "line 1: longer than 16777216 bytes")
}

func TestLoadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	_, err := Load(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("?\n"), 0o600))
	_, err = Load(path)
	require.ErrorContains(t, err, path+": line 1: ")
}

// failing is a writer that fails from its second line on.
type failing struct{ lines int }

func (f *failing) Write(line []byte) (int, error) {
	if f.lines++; f.lines > 1 {
		return 0, errors.New("the disk is full")
	}
	return len(line), nil
}

func TestRecorderTellsOfAFailedWrite(t *testing.T) {
	output := &failing{}
	recorder := NewRecorder(output)
	for _, event := range everything() {
		recorder.Append(event)
	}
	_, err := recorder.History()
	require.EqualError(t, err, "writing the history: the disk is full")
	require.Equal(t, 2, output.lines, "nothing is written behind a hole")
}

// FuzzDecode: what can be read is written as it would be read again.
func FuzzDecode(f *testing.F) {
	events := everything()
	for i := range events {
		events[i].Index = i
	}
	f.Add(encode(events))
	f.Add([]byte(`{"index":0,"time":0,"type":"phase","phase":"quiet"}` + "\n{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := Decode(bytes.NewReader(text))
		if err != nil {
			return
		}
		once := encode(h.Events)
		again, err := Decode(bytes.NewReader(once))
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v\n%s", err, once)
		}
		if twice := encode(again.Events); !bytes.Equal(once, twice) {
			t.Fatalf("written twice:\n%s\n%s", once, twice)
		}
	})
}
