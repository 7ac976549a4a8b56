package image

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// gateway is what etcd's JSON gateway says, in small.
type gateway struct {
	mutex    sync.Mutex
	revision int
	values   map[string]string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	type pair struct {
		Key, Value string
	}
	var asked struct {
		pair
		Compare []struct{ Key, Target, Value, Version string }
		Success []struct{ RequestPut pair }
	}
	body, _ := io.ReadAll(r.Body)
	if json.Unmarshal(body, &asked) != nil {
		http.Error(w, `{"code":3}`, http.StatusBadRequest)
		return
	}
	answer := map[string]any{}
	switch r.URL.Path {
	case "/v3/kv/range":
		if value, found := g.values[asked.Key]; found {
			answer["kvs"] = []any{map[string]string{"key": asked.Key, "value": value}}
		}
	case "/v3/kv/put":
		g.revision++
		g.values[asked.Key] = asked.Value
	case "/v3/kv/txn":
		compared, put := asked.Compare[0], asked.Success[0].RequestPut
		value, found := g.values[compared.Key]
		if compared.Target == "VERSION" && !found || compared.Target == "VALUE" && found && value == compared.Value {
			g.revision++
			g.values[put.Key] = put.Value
			answer["succeeded"] = true
		}
	}
	answer["header"] = map[string]any{"revision": g.revision + 1}
	_ = json.NewEncoder(w).Encode(answer)
}

// The mapping of the documentation's etcd.
func TestTheMappingOfEtcd(t *testing.T) {
	g := &gateway{values: map[string]string{}}
	server := httptest.NewServer(g)
	defer server.Close()
	u := newTown(server.Listener.Addr().String()).client(t, etcd(t))
	ask := func(function history.Function, value history.Value) history.Completion {
		return asked(t, u, function, "x", value)
	}
	from := func(a, b history.Value) history.Value { return history.List(a, b) }
	five, six := history.Integer(5), history.Integer(6)
	ok := func(value history.Value, version int64) history.Completion {
		return history.Completion{Outcome: history.Ok, Value: value, Node: "n1", Version: version}
	}
	differs := history.Completion{Outcome: history.Fail, Node: "n1", Error: "value differs"}
	require.Equal(t, ok(history.Nothing, 1), ask(history.Read, history.Nothing), "never written")
	require.Equal(t, differs, ask(history.CAS, from(five, six)), "there is nothing yet")
	require.Equal(t, ok(history.Nothing, 2), ask(history.CAS, from(history.Nothing, five)))
	require.Equal(t, base64.StdEncoding.EncodeToString([]byte("5")), g.values[base64.StdEncoding.EncodeToString([]byte("x"))])
	require.Equal(t, ok(five, 2), ask(history.Read, history.Nothing))
	require.Equal(t, differs, ask(history.CAS, from(history.Nothing, six)), "there is something")
	require.Equal(t, differs, ask(history.CAS, from(six, five)))
	require.Equal(t, ok(history.Nothing, 3), ask(history.CAS, from(five, six)))
	require.Equal(t, ok(history.Nothing, 4), ask(history.Write, five))
	require.Equal(t, ok(five, 4), ask(history.Read, history.Nothing))
	require.Equal(t, "unsupported", ask(history.Watch, history.Nothing).Error)
	require.Equal(t, "bad request", ask(history.CAS, five).Error)
	require.Equal(t, history.Ok, ask(history.Home, history.Nothing).Outcome)
}

const mapped = `{nodes: any, timeout: 300ms, connect: 200ms, http: {
    headers: {X-Who: "{{.Client}}"},
    functions: {read: {path: "/{{url .Key}}", value: {matches: "v=(.*)"}, answers: [{when: {status: 404}, is: nothing}]},
                write: {method: PUT, path: "/{{url .Key}}", headers: {X-Node: "{{.Node}}"}, body: "{{json .Value}}"}},
    answers: [{when: {status: 409}, is: fail, error: conflict}, {when: {status: "2xx, 304"}, is: ok}]}}`

// What answers mean, whatever they are. Reads that are not understood fail; writes may have happened.
func TestWhatAnswersMean(t *testing.T) {
	status, body := 200, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Got", r.Header.Get("X-Who"))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	defer server.Close()
	u := newTown(server.Listener.Addr().String()).client(t, parsed(t, small(mapped)))
	for _, c := range []struct {
		function history.Function
		status   int
		body     string
		want     history.Completion
	}{
		{history.Read, 200, "v=7", history.Completion{Outcome: history.Ok, Value: history.Integer(7)}},
		{history.Read, 200, "v=seven", history.Completion{Outcome: history.Ok, Value: history.Text("seven")}},
		{history.Read, 200, "w=7", history.Completion{Outcome: history.Fail, Error: "bad answer"}},
		{history.Read, 404, "", history.Completion{Outcome: history.Ok}},
		{history.Read, 409, "", history.Completion{Outcome: history.Fail, Error: "conflict"}},
		{history.Read, 500, "", history.Completion{Outcome: history.Fail, Error: "status 500"}},
		{history.Write, 204, "", history.Completion{Outcome: history.Ok}},
		{history.Write, 304, "", history.Completion{Outcome: history.Ok}},
		{history.Write, 404, "", history.Completion{Outcome: history.Info, Error: "status 404"}},
		{history.Write, 409, "", history.Completion{Outcome: history.Fail, Error: "conflict"}},
		{history.Write, 302, "", history.Completion{Outcome: history.Info, Error: "status 302"}},
		{history.Write, 200, strings.Repeat("x", largestAnswer+1), history.Completion{Outcome: history.Info, Error: "connection lost"}},
	} {
		status, body = c.status, c.body
		if c.want.Error != "connection lost" {
			c.want.Node = "n1"
		}
		require.Equal(t, c.want, asked(t, u, c.function, "a b", history.Integer(1)), "%s %d %.20q", c.function, c.status, c.body)
	}
}

// Of whom nobody takes a connection, nothing was asked; who takes it and says nothing may have done it.
func TestWhoDoesNotAnswer(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, silent.Close()) }()
	rude := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		connection, _, _ := w.(http.Hijacker).Hijack()
		_ = connection.Close()
	}))
	defer rude.Close()
	own := strings.Replace(mapped, "nodes: any", "nodes: own", 1)
	for name, c := range map[string]struct {
		door           string
		outcome        history.Outcome
		reason         string
		atLeast, below time.Duration
	}{
		"refused":     {"", history.Fail, "no connection", 0, 150 * time.Millisecond},
		"unreachable": {"hangs", history.Fail, "no connection", 200 * time.Millisecond, 290 * time.Millisecond},
		"silent":      {silent.Addr().String(), history.Info, "timeout", 300 * time.Millisecond, 5 * time.Second},
		"rude":        {rude.Listener.Addr().String(), history.Info, "connection lost", 0, 290 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			u := newTown(c.door).client(t, parsed(t, small(own)))
			began := time.Now()
			require.Equal(t, history.Completion{Outcome: c.outcome, Error: c.reason}, asked(t, u, history.Write, "x", history.Integer(1)))
			require.GreaterOrEqual(t, time.Since(began), c.atLeast)
			require.Equal(t, history.Fail, asked(t, u, history.Read, "x", history.Nothing).Outcome, "a read changes nothing")
		})
	}
}

// A client goes on to the next node if that is stated: at once if nothing was sent, else with its next operation. It
// stays there until it is told to go home.
func TestTheNextNode(t *testing.T) {
	var down atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = io.WriteString(w, "v=1")
	}))
	defer server.Close()
	door := server.Listener.Addr().String()
	town := newTown("", "", door)
	any := town.client(t, parsed(t, small(mapped)))
	read := func() history.Completion { return asked(t, any, history.Read, "x", history.Nothing) }
	require.Equal(t, "n3", read().Node, "two connections could not be made")
	town.doors[town.places.Addresses["n1"].String()] = door
	require.Equal(t, "n3", read().Node, "it stays")
	asked(t, any, history.Home, "", history.Nothing)
	require.Equal(t, "n1", read().Node)
	town.doors[town.places.Addresses["n2"].String()] = door
	down.Store(true)
	require.Equal(t, "n1", read().Node)
	require.Equal(t, "n2", read().Node, "the answer before was no answer")

	own := newTown("", door).client(t, parsed(t, small(strings.Replace(mapped, "nodes: any", "nodes: own", 1))))
	require.Equal(t, "no connection", asked(t, own, history.Read, "x", history.Nothing).Error)
}

// A client that ends does not wait for an answer.
func TestTheEndOfAClient(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, silent.Close()) }()
	u := newTown(silent.Addr().String()).client(t, parsed(t, small(strings.Replace(mapped, "timeout: 300ms", "timeout: 60s", 1))))
	done := make(chan history.Completion, 1)
	u.Invoke(history.Request{Function: history.Write, Key: "x", Value: history.Integer(1)}, func(c history.Completion) { done <- c })
	time.Sleep(20 * time.Millisecond)
	began := time.Now()
	require.NoError(t, u.Close())
	require.Less(t, time.Since(began), 2*time.Second)
	require.Equal(t, history.Info, (<-done).Outcome)
	require.Equal(t, errorClosed, asked(t, u, history.Write, "x", history.Integer(1)).Error)
}

// Pointers, conditions and extracts.
func TestAnswers(t *testing.T) {
	r := newResponse(201, []byte(`{"a/b":{"~":[1,{"c":"x7y"},null,true]},"d":"x7y","n":12345678901234567890}`))
	for pointer, want := range map[string]string{"/a~1b/~0/0": "1", "/a~1b/~0/1/c": "x7y", "/a~1b/~0/3": "true", "/n": "12345678901234567890",
		"/a~1b/~0/1": `{"c":"x7y"}`} {
		text, found := r.at(pointer)
		require.True(t, found, pointer)
		require.Equal(t, want, text)
	}
	for _, pointer := range []string{"/a~1b/~0/2", "/a~1b/~0/4", "/a~1b/~0/00", "/x", "/d/0"} {
		_, found := r.at(pointer)
		require.False(t, found, pointer)
	}
	for _, c := range []struct {
		when Condition
		want bool
	}{
		{Condition{}, true}, {Condition{Status: "201"}, true}, {Condition{Status: "200,2xx"}, true}, {Condition{Status: "200"}, false},
		{Condition{At: "/d", Same: "/a~1b/~0/1/c"}, true}, {Condition{At: "/d", Same: "/n"}, false}, {Condition{At: "/d", Same: "/x"}, false},
		{Condition{Missing: "/x"}, true}, {Condition{Missing: "/d"}, false}, {Condition{At: "/d", Equals: "x7y"}, true},
		{Condition{At: "/d", Equals: "x"}, false}, {Condition{Matches: `"d":`}, true}, {Condition{At: "/d", Matches: "^7"}, false},
	} {
		made, err := c.when.compile()
		require.NoError(t, err)
		require.Equal(t, c.want, made.holds(r), "%+v", c.when)
	}
	missing, err := Condition{Missing: "/x"}.compile()
	require.NoError(t, err)
	require.False(t, missing.holds(newResponse(200, []byte("no JSON"))), "of what is no JSON nothing can be said")
	taken, err := (&Extract{At: "/d", Matches: "x([0-9])y"}).compile()
	require.NoError(t, err)
	number, found := taken.number(r)
	require.True(t, found)
	require.EqualValues(t, 7, number)
}
