package foreign_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/history/foreign"
)

// told is each operation of a history in a line, and its error as the last one.
func told(text string, options foreign.Options) []string {
	var lines []string
	for operation, err := range foreign.Operations(strings.NewReader(text), options) {
		if err != nil {
			return append(lines, "error: "+err.Error())
		}
		from, end := operation.Invoked, "?"
		if operation.Completed != history.Forever {
			end = fmt.Sprint(int64(operation.Completed))
		}
		if from%foreign.Place == 0 { // a place, and no time
			from, end = from/foreign.Place, strings.TrimSuffix(end, "000000")
		}
		lines = append(lines, fmt.Sprintf("%s %s %q %s -> %s %s [%d %s]", operation.Client, operation.Function, operation.Key,
			operation.Argument, operation.Outcome, operation.Result, from, end))
	}
	return lines
}

func TestPlainLines(t *testing.T) {
	require.Equal(t, []string{
		`p0 write "" 7 -> ok nil [0 2]`,
		`p1 read "x y" nil -> fail nil [1 4]`,
		`p3 cas "" [1 "a"] -> info nil [3 ?]`,
	}, quotedTexts(told(`{"type":"invoke","process":0,"f":"put","value":7}
{"type":"invoke","process":1,"f":"read","key":"x y"}

{"type":"ok","process":0,"f":"write","value":7}
{"process":3,"f":"cas","value":[1,"a"],"type":"invoke"}
{"type":"fail","process":1,"f":"read","value":null,"error":"gone"}
{"type":"info","process":"nemesis","f":"start"}`, foreign.Options{}), "[1 a]", `[1 "a"]`))
}

// quotedTexts puts a difference right that Value.String does not show.
func quotedTexts(lines []string, from, to string) []string {
	for i := range lines {
		lines[i] = strings.Replace(lines[i], from, to, 1)
	}
	return lines
}

func TestJepsen(t *testing.T) {
	want := []string{
		`p0 write "" 3 -> ok nil [100 300]`,
		`p1 read "" nil -> ok 3 [200 400]`,
		`p2 cas "" [3 4] -> info nil [500 ?]`,
		`p4 txn "" [[append 1 2] [r 1 nil]] -> ok [[append 1 2] [r 1 [2 3]]] [700 800]`,
	}
	body := `{:index 0, :time 100, :type :invoke, :process 0, :f :write, :value 3}
{:type :invoke :time 200 :process 1 :f :read :value nil} ; a comment
{:process :nemesis, :type :info, :f :start, :value {:n1 #{:n2 :n3}}, :time 250}
#jepsen.history.Op{:type :ok, :time 300, :process 0, :f :write, :value 3}
{:type :ok, :time 400, :process 1, :f :read, :value 3, :clock-offsets {"n1" -0.25}}
#_{:ignored true}
{:type :invoke, :time 500, :process 2, :f :cas, :value [3 4]}
{:type :info, :time 600, :process 2, :f :cas, :value [3 4], :error [:timeout "n1 \"slow\""]}
{:type :invoke, :time 700, :process 4, :f :txn, :value [[:append 1 2] [:r 1 nil]]}
{:type :ok, :time 800, :process 4, :f :txn, :value [[:append 1 2] [:r 1 [2 3]]]}
`
	require.Equal(t, want, told(body, foreign.Options{}))
	require.Equal(t, want, told("["+body+"]", foreign.Options{}))
	require.Equal(t, want, told("  (\n"+body+")", foreign.Options{}))
}

// Keywords, characters and strings differ; the functions of a transaction's steps are none of them. What is no client's
// operation, and fields that are not needed, may hold any number. A failed or unknown write may be told with a reason.
func TestEDNValues(t *testing.T) {
	require.Equal(t, []string{
		`p0 write ":k" [:a a \a + -5 true] -> ok nil [0 2]`,
		`p0 txn "" [[r :x nil] [w x :append]] -> ok [[r :x [:r 1]] [w x :append]] [3 4]`,
		`p1 write "" 1 -> fail :late [5 6]`,
		`p1 write "" 1 -> info :timed-out [7 ?]`,
	}, told(`{:process 0, :type :invoke, :f :write, :key :k, :value [:a "a" \a + -5 true]}
{:process :nemesis, :type :info, :f :start, :value {:delay 1.5}}
{:process 3, :type :invoke, :f :read, :latency 0.25}
{:process 0, :type :ok, :f :write, :key :k, :value [:a "a" \a + -5 true]}
{:process 0, :type :invoke, :f :txn, :value [[:r :x nil] [:w "x" :append]]}
{:process 0, :type :ok, :f :txn, :value [[:r :x [:r 1]] [:w "x" :append]]}
{:process 1, :type :invoke, :f :write, :value 1}
{:process 1, :type :fail, :f :write, :value :late}
{:process 1, :type :invoke, :f :write, :value 1}
{:process 1, :type :info, :f :write, :value :timed-out}`, foreign.Options{})[:4])
	require.Equal(t, []string{`p0 txn ":k" [[append 1 :a]] -> info nil [0 ?]`},
		told(`{:process 0, :type :invoke, :f :txn, :value [:k [[:append 1 :a]]]}`, foreign.Options{Keyed: true}))
}

func TestLog(t *testing.T) {
	require.Equal(t, []string{
		`p0 read "" nil -> ok 3 [0 1]`,
		`p4 cas "" [0 3] -> fail nil [2 3]`,
		`p1 read "" nil -> info :timed-out [4 ?]`,
		`p2 write "" 4 -> info nil [5 ?]`,
	}, told("INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\t3\n"+
		"INFO  jepsen.util - :nemesis\t:info\t:start\tnil\nINFO  jepsen.util - 4\t:invoke\t:cas\t[0 3]\n"+
		"INFO  jepsen.util - 4\t:fail\t:cas\t[0 3]\nINFO  jepsen.util - 1\t:invoke\t:read\tnil\n"+
		"INFO  jepsen.util - 2\t:invoke\t:write\t4\nINFO  jepsen.util - 1\t:info\t:read\t:timed-out\n", foreign.Options{}))
}

// Logs of today, and history.txt, are read as well; so is EDN that Clojure alone has, and a mark of the byte order.
func TestOtherNotations(t *testing.T) {
	want := []string{`p0 write "" 7 -> ok nil [0 1]`}
	for _, text := range []string{
		"2023-01-01 10:00:00,123{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0\t:invoke\t:write\t7\n" +
			"2023-01-01 10:00:00,124{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0\t:ok\t:write\t7\n",
		"0\t:invoke\t:write\t7\n0\t:ok\t:write\t7\n",
		"{:process 0, :type :invoke, :f :write, :value 7, :error #\"a.*\"}{:process 0, :type :ok, :f :write, :value 7, :x ##NaN, :y ##-Inf}",
		"\ufeff{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\":7}\n{\"process\":0,\"type\":\"ok\",\"f\":\"write\",\"value\":7}\n",
	} {
		require.Equal(t, want, told(text, foreign.Options{}), text)
	}
}

// A fenced write is told the token that it was made with.
func TestFencedWrite(t *testing.T) {
	require.Equal(t, []string{`p0 write "" 7 -> ok [33 7] [0 1]`}, told(`{"type":"invoke","process":0,"f":"write","value":7}
{"type":"ok","process":0,"f":"write","value":[33,7]}
`, foreign.Options{}))
}

func TestKeyed(t *testing.T) {
	require.Equal(t, []string{`p0 write "a" 3 -> ok nil [0 1]`}, told(`{:type :invoke, :process 0, :f :write, :value ["a" 3]}
{:type :ok, :process 0, :f :write, :value ["a" 3]}`, foreign.Options{Keyed: true}))
	require.Equal(t, []string{`error: line 1: the value 3 is no pair of key and value`},
		told(`{"type":"invoke","process":0,"f":"write","value":3}`, foreign.Options{Keyed: true}))
}

// Every bad history gets one line that names the place, whatever came before.
func TestBadHistories(t *testing.T) {
	const good = `{"type":"invoke","process":0,"f":"write","value":7}` + "\n"
	for _, each := range []struct{ name, text, want string }{
		{"empty", "", "the history is empty"},
		{"binary", "\x7fELF\x00\x01", "line 1: neither JSON Lines, nor EDN"},
		{"binary later", good + "\x00\x01\x02\n", `line 2: column 1: wanted '{', not '\x00'`},
		{"cut short", good + `{"type":"ok","proc`, "line 2 is cut short"},
		{"cut short in a value", good + `{"type":"ok","process":0,"value":[1,`, "line 2 is cut short"},
		{"no object", good + "7\n", "line 2: column 1: wanted '{'"},
		{"two objects", good + "{} {}\n", "line 2"},
		{"unknown field", good + `{"type":"ok","process":0,"f":"write","vaule":7}` + "\n", `line 2: column 38: unknown field "vaule"`},
		{"twice", good + `{"type":"ok","type":"ok"}` + "\n", `line 2: column 14: "type" is there twice`},
		{"no type", `{"process":1,"f":"read"}` + "\n", `line 1: "type" is needed`},
		{"bad type", `{"type":"done","process":1,"f":"read"}` + "\n", `line 1: unknown type "done"`},
		{"no process", `{"type":"ok","f":"read"}` + "\n", `line 1: "process" is needed`},
		{"no function", `{"type":"ok","process":1}` + "\n", `line 1: "f" is needed`},
		{"fraction", `{"type":"ok","process":1.5,"f":"read"}` + "\n", `line 1: "process": column 24: a number with a fraction`},
		{"object as value", `{"type":"ok","process":1,"f":"read","value":{}}` + "\n", `line 1: "value": column 45: a value is null`},
		{"large number", `{"type":"ok","process":1,"f":"read","value":99999999999999999999}` + "\n", "is no integer of 64 bits"},
		{"deep", `{"type":"ok","process":1,"f":"read","value":` + strings.Repeat("[", 99) + "\n", "nested deeper than 32"},
		{"not invoked", `{"type":"ok","process":1,"f":"read"}` + "\n", "line 1: process 1 completes what it never invoked"},
		{"mixed processes", good + good, "line 2: process 0 invokes while its last operation is open"},
		{"retired", good + `{"type":"info","process":0,"f":"write"}` + "\n" + good, "line 3: process 0 was retired"},
		{"other function", good + `{"type":"ok","process":0,"f":"read"}` + "\n", "line 2: process 0 completes read, but had invoked write"},
		{"other value", good + `{"type":"ok","process":0,"f":"write","value":8}` + "\n",
			"line 2: process 0 completes the write of 8, but had invoked that of 7"},
		{"other value with a token", good + `{"type":"ok","process":0,"f":"write","value":[7,8]}` + "\n", "completes the write of [7 8]"},
		{"EDN other value", "{:process 0, :type :invoke, :f :write, :value :a}{:process 0, :type :ok, :f :write, :value \"a\"}",
			"line 1: process 0 completes the write of a, but had invoked that of :a"},
		{"EDN fraction", "{:process 0, :type :invoke, :f :write,\n:value [1 [2.50]]}", "line 2: :value: 2.50 is no integer of 64 bits"},
		{"EDN large number", "{:process 0, :type :invoke, :f :write, :value 99999999999999999999N}", ":value: 99999999999999999999N is no integer"},
		{"EDN not a number", "{:process 0, :type :invoke, :f :write, :value ##NaN}", ":value: #NaN is no integer"},
		{"log fraction", "INFO  jepsen.util - 0\t:invoke\t:write\t-1/2\n", "line 1: :value: -1/2 is no integer"},
		{"no time", `{"type":"invoke","process":0,"f":"read","time":5}` + "\n" + `{"type":"ok","process":0,"f":"read"}` + "\n", "line 2 has no time"},
		{"time back", `{"type":"invoke","process":0,"f":"read","time":5}` + "\n" +
			`{"type":"ok","process":0,"f":"read","time":4}` + "\n", "line 2: time goes back from 5 to 4"},
		{"EDN cut short", `{:type :invoke, :process 0, :f :re`, "line 1 is cut short"},
		{"EDN vector open", `[{:type :invoke, :process 0, :f :read}`, "line 1: the file ends before the vector does"},
		{"EDN brackets", `[{:type :invoke, :process 0, :f :read]]`, `line 1: ']' closes what '}' should`},
		{"EDN no map", "{:type :invoke, :process 0, :f :read}\n7", "line 2: wanted an operation"},
		{"EDN type", "{:type :done, :process 0, :f :read}", `line 1: :type is :invoke, :ok, :fail or :info, not "done"`},
		{"EDN twice", "{:type :ok, :type :ok}", "line 1: :type is there twice"},
		{"EDN odd", "{:type}", "line 1: a map with a key without a value"},
		{"a named process", `{"type":"ok","process":"w1","f":"read"}` + "\n", `line 1: "process": a process is a number`},
		{"EDN named process", "{:process :w1, :type :ok, :f :read}", ":process is a number, or :nemesis"},
		{"no UTF-8", `{"type":"ok","process":1,"f":"read","value":"` + "\xff\"}\n", "a string that is no UTF-8"},
		{"EDN no UTF-8", "{:process 1, :type :ok, :f :read, :value \"\xff\"}", "a string that is no UTF-8"},
		{"EDN passed over for ever", "{:process 1, :type :invoke, :f :read} " + strings.Repeat("#_", 100_000), "nested deeper than 32"},
		{"log value", "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2\n", "line 1: the value"},
		{"log cut", "INFO  jepsen.util - 0\t:invoke\t:cas", "line 1 is cut short"},
	} {
		lines := told(each.text, foreign.Options{})
		require.NotEmpty(t, lines, each.name)
		require.Contains(t, lines[len(lines)-1], each.want, each.name)
		require.True(t, strings.HasPrefix(lines[len(lines)-1], "error: "), each.name)
	}
}

// endless is a line without an end.
type endless struct{ read int }

func (e *endless) Read(into []byte) (int, error) {
	e.read += len(into)
	return copy(into, bytes.Repeat([]byte("1"), len(into))), nil
}

// A line of a gigabyte is refused before it is in memory.
func TestEndlessLine(t *testing.T) {
	for _, beginning := range []string{`{"type":"ok","value":`, `{:type :ok, :value `} {
		source := &endless{}
		var last error
		for _, err := range foreign.Operations(io.MultiReader(strings.NewReader(beginning), source), foreign.Options{}) {
			last = err
		}
		require.ErrorContains(t, last, "line 1")
		require.ErrorContains(t, last, "than 16777216 bytes")
		require.Less(t, source.read, 40<<20)
	}
}

// However a file comes in, and wherever its blocks are cut, its operations are the same, in order, and errors name their
// lines: the first one in the file is told, whoever finds it.
func TestBlocks(t *testing.T) {
	line := func(kind string, process, value int) string {
		return fmt.Sprintf(`{"type":%q,"process":%d,"f":"write","value":%d}`+"\n", kind, process, value)
	}
	var text strings.Builder
	const pairs = 10_000
	for i := range pairs {
		text.WriteString(line("invoke", i, i) + strings.Repeat("\r\n", i%3) + line("ok", i, i))
	}
	lines := 2*pairs + pairs - 1
	bad := line("invoke", 0, 0) + line("ok", 1, 1) + "{"
	long := strings.Repeat(" ", 3<<19) + line("invoke", 0, 0) + line("ok", 0, 0)
	for _, reader := range []func(io.Reader) io.Reader{
		func(r io.Reader) io.Reader { return r }, iotest.HalfReader, iotest.DataErrReader,
		func(r io.Reader) io.Reader { return iotest.HalfReader(iotest.HalfReader(r)) },
	} {
		for _, end := range []struct {
			text string
			more int
			want string
		}{
			{"", 0, ""}, {long, 1, ""}, {long + bad, 1, fmt.Sprintf("line %d: process 1 completes what it never invoked", lines+4)},
			{line("invoke", 0, 0) + "{\n", 0, fmt.Sprintf("line %d: the line is cut short", lines+2)},
			{strings.TrimSuffix(long, "}\n"), 0, fmt.Sprintf("line %d is cut short", lines+2)},
		} {
			count, told := 0, ""
			for operation, err := range foreign.Operations(reader(strings.NewReader(text.String()+end.text)), foreign.Options{Untimed: true}) {
				if err != nil {
					told = err.Error()
				} else if count++; count <= pairs {
					require.Equal(t, history.Integer(int64(count-1)), operation.Argument)
				}
			}
			require.Equal(t, pairs+end.more, count)
			require.True(t, strings.HasPrefix(told, end.want) && (told == "") == (end.want == ""), told)
		}
	}
}

// Of a stream that goes on, what came is given before more is waited for; a reader that fails is told after what it gave.
func TestStream(t *testing.T) {
	input, output := io.Pipe()
	go func() {
		_, _ = io.WriteString(output, strings.Repeat(" ", 8<<10)+"\n")
		for i := range 3 {
			_, _ = fmt.Fprintf(output, `{"type":"invoke","process":%d,"f":"read"}`+"\n", i)
		}
	}()
	count := 0
	for _, err := range foreign.Events(input, foreign.Options{Format: foreign.Lines}) {
		if count++; err != nil {
			require.ErrorContains(t, err, "pulled")
		} else if count == 3 {
			go output.CloseWithError(errors.New("pulled"))
		}
	}
	require.Equal(t, 4, count)
}

// What is written is read again as it was.
func TestRoundTrip(t *testing.T) {
	text := `{:index 0, :time 5, :type :invoke, :process 0, :f :write, :key "a \"b\"", :value [1 nil "x\ny" [2 []]]}
{:index 1, :time 7, :type :info, :process 0, :f :write, :key "a \"b\"", :value nil, :error "out of\ttime"}
{:index 2, :time 9, :type :invoke, :process 1, :f :txn, :value [[:append 1 2] [:r 1 nil]]}
{:index 3, :time 9, :type :invoke, :process 2, :f :transfer, :value [[:from 1] ["to" ": :"]]}
`
	for _, format := range []foreign.Format{foreign.EDN, foreign.Lines} {
		var out bytes.Buffer
		require.NoError(t, foreign.Write(&out, format, foreign.Events(strings.NewReader(text), foreign.Options{})))
		require.Equal(t, told(text, foreign.Options{}), told(out.String(), foreign.Options{Format: format}))
		if format == foreign.EDN {
			require.Equal(t, text, out.String())
		}
	}
	require.Error(t, foreign.Write(io.Discard, foreign.Log, foreign.Events(strings.NewReader(text), foreign.Options{})))
}

// Our own files are read alike by both readers.
func TestOurOwn(t *testing.T) {
	recorder := history.NewRecorder(nil)
	recorder.Append(history.Event{Type: history.RunEvent, Run: &history.Run{System: "s"}})
	recorder.Append(history.Event{Time: 3, Type: history.Invoke, Process: 1, Client: "c1",
		Function: history.Write, Key: "k<&é", Value: history.Text("\"\\\x01")})
	recorder.Append(history.Event{Time: 4, Type: history.PhaseEvent, Phase: history.Quiet})
	recorder.Append(history.Event{Time: 5, Type: history.NoteEvent, Note: &history.Note{Node: "n1", Kind: "leader", Detail: "term {3}"}})
	recorder.Append(history.Event{Time: 6, Type: history.Ok, Process: 1, Client: "c1", Function: history.Write, Key: "k<&é", Node: "n2", Version: 9})
	h, err := recorder.History()
	require.NoError(t, err)
	var file bytes.Buffer
	for i := range h.Events {
		file.Write(h.Events[i].AppendJSON(nil))
	}
	var read []history.Operation
	for operation, err := range foreign.Operations(bytes.NewReader(file.Bytes()), foreign.Options{}) {
		require.NoError(t, err)
		read = append(read, operation)
	}
	require.Len(t, read, 1)
	want, got := h.Operations[0], read[0]
	want.ID, got.ID = 0, 0 // lines that are no operation's are not counted
	require.Equal(t, want, got)
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]foreign.Format{
		"\n {\"type\":": foreign.Lines, "{:type": foreign.EDN, "[ {:type": foreign.EDN, "; hello\n{ :a": foreign.EDN,
		"#jepsen.history.Op{:a": foreign.EDN, "INFO x - 1\t:invoke\t:read\tnil": foreign.Log, "INFO x - 1  :invoke  :read nil": foreign.Log,
	} {
		format, err := foreign.Detect([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, format, text)
	}
}

func FuzzOperations(f *testing.F) {
	f.Add([]byte(`{"type":"invoke","process":0,"f":"write","value":[1,"é\u0001",null]}`))
	f.Add([]byte(`[{:type :invoke, :process 0, :f :write, :value #{1 2N "a" \b 1.5} } #_ x]`))
	f.Add([]byte("INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var events []history.Event
		var failed error
		for event, err := range foreign.Events(bytes.NewReader(data), foreign.Options{}) {
			if failed = err; err == nil {
				events = append(events, event)
			}
		}
		if failed != nil {
			require.NotContains(t, failed.Error(), "\n")
			return
		}
		var out bytes.Buffer
		require.NoError(t, foreign.Write(&out, foreign.Lines, func(yield func(history.Event, error) bool) {
			for _, event := range events {
				if !yield(event, nil) {
					return
				}
			}
		}))
		again := 0
		for event, err := range foreign.Events(&out, foreign.Options{Format: foreign.Lines}) {
			require.NoError(t, err)
			require.True(t, event.Value.Equal(events[again].Value) || strings.ContainsRune(event.Value.String(), '\ufffd'))
			again++
		}
		require.Equal(t, len(events), again)
	})
}

var benchmarked = flag.Int("operations", 100_000, "operations of BenchmarkLines")

func BenchmarkOperations(b *testing.B) {
	var file bytes.Buffer
	for i := range *benchmarked {
		process := i % 40
		e := history.Event{Index: 2 * i, Time: history.Time(2 * i), Type: history.Invoke, Process: process, Client: fmt.Sprint("c", process),
			Function: history.Write, Key: "r", Value: history.Integer(int64(i))}
		file.Write(e.AppendJSON(nil))
		e.Index, e.Time, e.Type, e.Node = 2*i+1, e.Time+1, history.Ok, "n1"
		file.Write(e.AppendJSON(nil))
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		count := 0
		for _, err := range foreign.Operations(bytes.NewReader(file.Bytes()), foreign.Options{}) {
			if err != nil {
				b.Fatal(err)
			}
			count++
		}
		if count != *benchmarked {
			b.Fatal(errors.New("operations are missing"))
		}
	}
	b.ReportMetric(float64(*benchmarked)*float64(b.N)/b.Elapsed().Seconds(), "operations/s")
}
