package image

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// serve answers lines with those that an answer makes of them, none with "".
func serve(t *testing.T, answer func(line string) string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			lines := bufio.NewScanner(connection)
			for lines.Scan() {
				if out := answer(lines.Text()); out != "" {
					_, _ = io.WriteString(connection, out+"\n")
				} else {
					_ = connection.Close()
				}
			}
		}
	}()
	return listener.Addr().String()
}

// Maelstrom's messages for lin-kv, with its definite errors and those of unknown outcome.
func TestMaelstrom(t *testing.T) {
	var heard []string
	body := ""
	door := serve(t, func(line string) string {
		heard = append(heard, line)
		var asked message
		if json.Unmarshal([]byte(line), &asked) != nil || body == "" {
			return ""
		}
		return `{"src":"n1","dest":"c1","body":{"type":"read_ok","in_reply_to":0,"value":77}}` + "\n" + // of another operation
			fmt.Sprintf(`{"src":"n1","dest":"c1","body":{%s,"in_reply_to":%d}}`, body, asked.Body.ID)
	})
	u := newTown(door).client(t, parsed(t, small("{timeout: 300ms, connect: 200ms, maelstrom: {}}")))
	two := history.List(history.Integer(1), history.Integer(2))
	for _, c := range []struct {
		function history.Function
		value    history.Value
		body     string
		want     history.Completion
	}{
		{history.Read, history.Nothing, `"type":"read_ok","value":5`, history.Completion{Outcome: history.Ok, Value: history.Integer(5)}},
		{history.Read, history.Nothing, `"type":"read_ok","value":null`, history.Completion{Outcome: history.Ok}},
		{history.Read, history.Nothing, `"type":"read_ok"`, history.Completion{Outcome: history.Fail, Error: "bad answer"}},
		{history.Read, history.Nothing, `"type":"write_ok"`, history.Completion{Outcome: history.Fail, Error: "bad answer"}},
		{history.Read, history.Nothing, `"type":"error","code":20`, history.Completion{Outcome: history.Ok}},
		{history.Write, history.Integer(5), `"type":"write_ok"`, history.Completion{Outcome: history.Ok}},
		{history.Write, history.Integer(5), `"type":"error","code":13,"text":"crash"`, history.Completion{Outcome: history.Info, Error: "error crash"}},
		{history.Write, history.Integer(5), `"type":"error","code":11`, history.Completion{Outcome: history.Fail, Error: "temporarily unavailable"}},
		{history.CAS, two, `"type":"cas_ok"`, history.Completion{Outcome: history.Ok}},
		{history.CAS, two, `"type":"error","code":22`, history.Completion{Outcome: history.Fail, Error: "value differs"}},
		{history.CAS, two, `"type":"error","code":20`, history.Completion{Outcome: history.Fail, Error: "not found"}},
	} {
		body = c.body
		c.want.Node = "n1"
		require.Equal(t, c.want, asked(t, u, c.function, "x", c.value), c.body)
	}
	require.JSONEq(t, `{"src":"c1","dest":"n1","body":{"type":"cas","msg_id":11,"key":"x","from":1,"to":2}}`, heard[len(heard)-1])
	asked(t, u, history.CAS, "x", history.List(history.Nothing, history.Integer(2)))
	require.JSONEq(t,
		`{"src":"c1","dest":"n1","body":{"type":"cas","msg_id":12,"key":"x","from":null,"to":2,"create_if_not_exists":true}}`, heard[len(heard)-1])
	body = ""
	require.Equal(t, "connection lost", asked(t, u, history.Write, "x", history.Integer(1)).Error)
	require.Equal(t, "unsupported", asked(t, u, history.Watch, "x", history.Nothing).Error)
}

// seen is what a watcher was told.
type seen struct {
	mutex sync.Mutex
	all   []string
}

func (s *seen) hear(format string, values ...any) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.all = append(s.all, fmt.Sprintf(format, values...))
}

func (s *seen) told() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return strings.Join(s.all, ", ")
}

func (s *seen) Ready()                        { s.hear("ready") }
func (s *seen) Note(kind, detail string)      { s.hear("%s %s", kind, detail) }
func (s *seen) Leads(term uint64, leads bool) { s.hear("leads %v", leads) }

// A node is ready when its answer is as wanted, and leads when two answers in a row say so with one term.
func TestFollowingANode(t *testing.T) {
	var mutex sync.Mutex
	health, leader, term := "false", "1", 4
	set := func(h, l string, at int) {
		mutex.Lock()
		defer mutex.Unlock()
		health, leader, term = h, l, at
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		if r.URL.Path == "/health" {
			fmt.Fprintf(w, `{"health":%q}`, health)
			return
		}
		fmt.Fprintf(w, `{"header":{"member_id":"2","raft_term":"%d"},"leader":%q}`, term, leader)
	}))
	defer server.Close()
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		require.Equal(t, "127.0.0.1:2379", address)
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended, s := make(chan struct{}), &seen{}
	go func() { defer close(ended); etcd(t).Deployment("", nil).Monitor(ctx, "n1", dial, s) }()
	told := func(want string) {
		t.Helper()
		require.Eventually(t, func() bool { return s.told() == want }, 5*time.Second, 10*time.Millisecond, s.told())
	}
	time.Sleep(2 * lookEvery)
	told("follower ")
	set("true", "1", 4)
	told("follower , ready")
	set("true", "2", 5)
	told("follower , ready, leader term 5, leads true")
	set("true", "1", 6)
	told("follower , ready, leader term 5, leads true, leads false, follower ")
	cancel()
	<-ended
}

// Without a path a connection is enough, and without a leader nobody is asked.
func TestReadyByAConnection(t *testing.T) {
	door := serve(t, func(string) string { return "" })
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, door)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	s := &seen{}
	parsed(t, small("{maelstrom: {}}")).Deployment("", nil).Monitor(ctx, "n1", dial, s)
	require.Equal(t, "ready", s.told())
}

// ZooKeeper's client goes to the port that the file says.
func TestZooKeepersPort(t *testing.T) {
	dialled := make(chan string, 1)
	dial := toPort(func(_ context.Context, _, address string) (net.Conn, error) {
		dialled <- address
		return nil, io.EOF
	}, zookeeperPort, 9999)
	_, _ = dial(t.Context(), "tcp", "10.64.0.1:2181")
	require.Equal(t, "10.64.0.1:9999", <-dialled)
	_, _ = dial(t.Context(), "tcp", "10.64.0.1:2888")
	require.Equal(t, "10.64.0.1:2888", <-dialled)
}
