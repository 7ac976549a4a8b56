package node

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bench is a node whose streams a test holds.
type bench struct {
	*testing.T
	*Node
	say   io.WriteCloser
	lines *bufio.Scanner
	ended chan error
}

func newBench(t *testing.T, setUp func(n *Node)) *bench {
	in, say := io.Pipe()
	hear, out := io.Pipe()
	b := &bench{T: t, Node: New(), say: say, lines: bufio.NewScanner(hear), ended: make(chan error, 1)}
	b.in, b.out, b.last = in, bufio.NewWriter(out), 100
	setUp(b.Node)
	go func() {
		b.ended <- b.Node.Run()
		out.Close()
	}()
	b.tell(`{"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1","n2"]}}`)
	b.hears(`{"src":"n1","dest":"c0","body":{"in_reply_to":1,"type":"init_ok"}}`)
	return b
}

func (b *bench) tell(line string) {
	_, err := io.WriteString(b.say, line+"\n")
	require.NoError(b, err)
}

func (b *bench) hears(line string) {
	b.Helper()
	require.True(b, b.lines.Scan())
	require.Equal(b, line, b.lines.Text())
}

func (b *bench) over() {
	b.say.Close()
	require.NoError(b, <-b.ended)
}

func TestCalls(t *testing.T) {
	b := newBench(t, func(n *Node) {
		n.Handle("twice", func(call *Call) {
			var asked struct{ Number int }
			if call.Read(&asked) {
				call.Reply("twice_ok", Fields{"number": 2 * asked.Number})
			}
		})
		n.Handle("names", func(call *Call) { call.Reply("names_ok", Fields{"id": n.ID(), "all": n.Nodes(), "others": n.Others()}) })
	})
	b.tell(`{"src":"c1","dest":"n1","body":{"type":"twice","msg_id":1,"number":21}}`)
	b.hears(`{"src":"n1","dest":"c1","body":{"in_reply_to":1,"number":42,"type":"twice_ok"}}`)
	b.tell(`{"src":"c1","dest":"n1","body":{"type":"twice","msg_id":1,"number":21}}`) // once more, of the network's making
	b.tell(`{"src":"c1","dest":"n1","body":{"type":"twice","number":21}}`)            // wants no answer
	b.tell(`{"src":"c1","dest":"n1","body":{"type":"twice","msg_id":2,"number":"a"}}`)
	b.hears(`{"src":"n1","dest":"c1","body":{"code":12,"in_reply_to":2,` +
		`"text":"json: cannot unmarshal string into Go struct field .Number of type int","type":"error"}}`)
	b.tell(`{"src":"c1","dest":"n1","body":{"type":"thrice","msg_id":3}}`)
	b.hears(`{"src":"n1","dest":"c1","body":{"code":10,"in_reply_to":3,"text":"this node knows no \"thrice\"","type":"error"}}`)
	b.tell(`{"src":"c2","dest":"n1","body":{"type":"names","msg_id":1}}`)
	b.hears(`{"src":"n1","dest":"c2","body":{"all":["n1","n2"],"id":"n1","in_reply_to":1,"others":["n2"],"type":"names_ok"}}`)
	b.over()
}

// Answers go to who asked, once; one that somebody else gives, or that comes too late, is dropped.
func TestAsk(t *testing.T) {
	var told []string
	b := newBench(t, func(n *Node) {
		n.Patience = 20 * time.Millisecond
		n.Handle("ask", func(call *Call) {
			n.KV("lin-kv").Read("x", func(value json.RawMessage, failed *Error) {
				told = append(told, string(value))
				if failed != nil {
					call.Refuse(failed.Code, failed.Error())
					return
				}
				call.Reply("ask_ok", Fields{"value": value})
			})
		})
	})
	b.tell(`{"src":"c1","dest":"n1","body":{"type":"ask","msg_id":1}}`)
	b.hears(`{"src":"n1","dest":"lin-kv","body":{"key":"x","msg_id":101,"type":"read"}}`)
	b.tell(`{"src":"n2","dest":"n1","body":{"type":"read_ok","in_reply_to":101,"value":6}}`)
	b.tell(`{"src":"lin-kv","dest":"n1","body":{"type":"read_ok","in_reply_to":101,"value":7}}`)
	b.hears(`{"src":"n1","dest":"c1","body":{"in_reply_to":1,"type":"ask_ok","value":7}}`)
	b.tell(`{"src":"lin-kv","dest":"n1","body":{"type":"read_ok","in_reply_to":101,"value":8}}`)
	b.tell(`{"src":"c1","dest":"n1","body":{"type":"ask","msg_id":2}}`)
	b.hears(`{"src":"n1","dest":"lin-kv","body":{"key":"x","msg_id":102,"type":"read"}}`)
	b.hears(`{"src":"n1","dest":"c1","body":{"code":0,"in_reply_to":2,"text":"error 0: lin-kv has not answered","type":"error"}}`)
	b.tell(`{"src":"lin-kv","dest":"n1","body":{"type":"error","in_reply_to":102,"code":20,"text":"none"}}`)
	b.over()
	require.Equal(t, []string{"7", ""}, told)
}

func TestBrokenLinesEndTheNode(t *testing.T) {
	for _, line := range []string{`{"src":`, `[]`, `{"src":"c1","dest":"n1","body":7}`} {
		n := New()
		n.in, n.out = strings.NewReader(line+"\n"), bufio.NewWriter(io.Discard)
		require.Error(t, n.Run(), line)
	}
}

// Of the calls of one sender the last are remembered, and no more.
func TestAgain(t *testing.T) {
	n := New()
	for id := range int64(5 * window) {
		require.False(t, n.again("c1", id))
		require.True(t, n.again("c1", id))
		require.False(t, n.again("c2", 1<<20+id))
	}
	require.Less(t, len(n.heard["c1"].recent), 2*window+1)
}

// What was added is there after a crash. Of a record that is not whole nothing is, and what is added then follows what was.
func TestJournalAfterACrash(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	journal, records, err := reopen(name)
	require.NoError(t, err)
	require.Empty(t, records)
	require.NoError(t, journal.Add(7))
	before, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, journal.Add("abc"))
	after, err := os.ReadFile(name)
	require.NoError(t, err)
	for length := len(before); length < len(after)-1; length++ {
		require.NoError(t, os.WriteFile(name, after[:length], 0o600))
		journal, records, err = reopen(name)
		require.NoError(t, err)
		require.Equal(t, []string{"7"}, records)
		require.NoError(t, journal.Add("d"))
		_, records, err = reopen(name)
		require.NoError(t, err)
		require.Equal(t, []string{"7", `"d"`}, records)
	}
}

// A bit that has turned around is found, wherever it is, and the journal left as it is.
func TestDamagedJournal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	journal, _, err := reopen(name)
	require.NoError(t, err)
	for _, record := range []int{3, 12, 5} {
		require.NoError(t, journal.Add(record))
	}
	sound, err := os.ReadFile(name)
	require.NoError(t, err)
	for bit := range 8 * len(sound) {
		damaged := bytes.Clone(sound)
		damaged[bit/8] ^= 1 << (bit % 8)
		require.NoError(t, os.WriteFile(name, damaged, 0o600))
		_, _, err := reopen(name)
		require.ErrorContains(t, err, "damaged", "bit %d", bit)
		left, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, damaged, left)
	}
}

func reopen(name string) (journal *Journal, records []string, err error) {
	journal, err = OpenJournal(name, func(record json.RawMessage) { records = append(records, string(record)) })
	return journal, records, err
}
