package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// asker is a client that sends a request's key to n1 and completes with the answer.
type asker struct {
	*actor
	link world.Connection
	done func(history.Completion)
}

func newAsker() *asker {
	a := &asker{actor: newActor()}
	a.onStart = func(a *actor) { a.env.Dial("n1") }
	return a
}

func (a *asker) Opened(c world.Connection) { a.link = c }

func (a *asker) Received(_ world.Connection, message []byte) {
	a.done(history.Completion{Outcome: history.Ok, Value: history.Text(string(message))})
}

func (a *asker) Invoke(r history.Request, done func(history.Completion)) {
	switch r.Key {
	case "panic":
		panic("asker: it was asked to")
	case "never":
		return
	case "twice":
		done(history.Completion{Outcome: history.Ok})
		done(history.Completion{Outcome: history.Ok})
		return
	case "note":
		a.env.Note("kind", fmt.Sprint(a.env.Now()))
		a.env.Logf("a line")
		done(history.Completion{Outcome: history.Ok})
		return
	}
	a.done = done
	if a.link == nil { // not open yet
		a.env.After(time.Millisecond, func() { a.Invoke(r, done) })
		return
	}
	a.link.Send([]byte(r.Key))
}

// completed waits for a completion, and makes sure that no second one comes.
func completed(t *testing.T, u world.User, function history.Function, key string) history.Completion {
	t.Helper()
	done := make(chan history.Completion, 2)
	u.Invoke(history.Request{Function: function, Key: key}, func(c history.Completion) { done <- c })
	return one(t, done)
}

func one(t *testing.T, done chan history.Completion) history.Completion {
	t.Helper()
	select {
	case c := <-done:
		time.Sleep(5 * time.Millisecond)
		require.Empty(t, done, "a second completion")
		return c
	case <-time.After(patience):
		require.FailNow(t, "no completion")
		return history.Completion{}
	}
}

// asks makes a user of a server.
func asks(t *testing.T, server string, change func(*Options)) world.User {
	t.Helper()
	options := Options{Name: "c1", Process: newAsker(), Bare: true, Peers: map[string]string{"n1": server}}
	if change != nil {
		change(&options)
	}
	u, err := NewUser(options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = u.Close() })
	return u
}

// A client's messages are frames from the first byte on, as ZooKeeper's are. It reaches its node by the dial
// it is given, has the clock that it is given, and what it notes and logs arrives.
func TestUser(t *testing.T) {
	r := start(t, echo(), nil)
	var log safeBuffer
	var dialled []string
	notes := make(chan string, 1)
	u := asks(t, "10.9.8.7:6", func(o *Options) {
		o.Log = &log
		o.Notes = func(kind, detail string) { notes <- kind + " " + detail }
		o.Clock = func() time.Duration { return 42 * time.Second }
		o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			dialled = append(dialled, network+" "+address) // read below, after the answer
			return new(net.Dialer).DialContext(ctx, network, r.addresses.Clients[0])
		}
	})
	require.Equal(t, history.Completion{Outcome: history.Ok, Value: history.Text("hello")}, completed(t, u, history.Read, "hello"))
	require.Equal(t, []string{"tcp 10.9.8.7:6"}, dialled)
	require.Equal(t, history.Ok, completed(t, u, history.Read, "note").Outcome)
	require.Equal(t, "kind 42s", <-notes)
	require.NoError(t, u.Close())
	require.Contains(t, log.String(), "a line")
}

// Whatever ends a user, what was under way and what is asked later completes once, and says why.
func TestTheEndOfAUser(t *testing.T) {
	r := start(t, echo(), nil)
	server := r.addresses.Clients[0]

	closed := asks(t, server, nil)
	done := make(chan history.Completion, 2)
	closed.Invoke(history.Request{Function: history.Write, Key: "never"}, func(c history.Completion) { done <- c })
	began := time.Now()
	require.NoError(t, closed.Close())
	require.Less(t, time.Since(began), time.Second)
	require.Equal(t, history.Completion{Outcome: history.Info, Error: "the client has ended: it was closed"}, one(t, done))
	require.Equal(t, history.Completion{Outcome: history.Fail, Error: "the client has ended: it was closed"}, completed(t, closed, history.Write, "x"))
	require.NoError(t, closed.Close(), "again")

	notes := make(chan string, 1)
	broken := asks(t, server, func(o *Options) { o.Notes = func(kind, detail string) { notes <- kind + ": " + detail } })
	words := "the client has ended: c1 panicked: asker: it was asked to"
	require.Equal(t, history.Completion{Outcome: history.Fail, Error: words}, completed(t, broken, history.Read, "panic"))
	require.Equal(t, "panic: asker: it was asked to", <-notes)
	require.Equal(t, history.Completion{Outcome: history.Fail, Error: words}, completed(t, broken, history.Write, "x"))
	require.EqualError(t, broken.Close(), "c1 panicked: asker: it was asked to")

	twice := asks(t, server, nil)
	require.Equal(t, history.Ok, completed(t, twice, history.Write, "twice").Outcome)
	require.ErrorContains(t, twice.Close(), "a client completed a request twice")

	// Its node is gone: that is the client's affair, but closing it does not wait.
	require.NoError(t, r.stop())
	alone := asks(t, server, nil)
	alone.Invoke(history.Request{Function: history.Read, Key: "x"}, func(c history.Completion) { done <- c })
	require.NoError(t, alone.Close())
	require.Equal(t, history.Fail, one(t, done).Outcome)
}

func TestAUserOfWrongOptions(t *testing.T) {
	_, err := NewUser(Options{Name: "c1", Process: newActor()})
	require.ErrorIs(t, err, ErrOptions)
	_, err = NewUser(Options{Process: newAsker()})
	require.ErrorIs(t, err, ErrOptions)
}

// A dial that hangs does not keep a user from its end.
func TestAUserClosesWhileItDials(t *testing.T) {
	hanging := make(chan struct{})
	u := asks(t, "10.0.0.1:1", func(o *Options) {
		o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			close(hanging)
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	<-hanging
	began := time.Now()
	require.NoError(t, u.Close())
	require.Less(t, time.Since(began), 500*time.Millisecond)
}

// A hundred clients at once, over sockets and over HTTP, and nothing of them stays.
func TestAHundredUsers(t *testing.T) {
	before := runtime.NumGoroutine()
	r := start(t, &server{}, func(o *Options) {
		o.HTTP = &HTTP{Listen: []string{"127.0.0.1:0"}, Handler: plainHandler}
	})
	var users []world.User
	for i := range 100 {
		users = append(users, asks(t, r.addresses.Clients[0], func(o *Options) {
			o.Name = fmt.Sprintf("c%d", i)
			if i%2 == 1 {
				o.Peers = nil
				o.HTTP = &HTTP{Peers: map[string]string{"n1": "http://" + r.addresses.HTTP[0]}, Exchange: plainExchange}
			}
		}))
	}
	var group sync.WaitGroup
	for _, u := range users {
		group.Go(func() {
			for round := range 20 {
				done := make(chan history.Completion, 1)
				u.Invoke(history.Request{Function: history.Read, Key: fmt.Sprint(round)}, func(c history.Completion) { done <- c })
				require.Equal(t, history.Text(fmt.Sprint(round)), (<-done).Value)
			}
		})
	}
	group.Wait()
	for _, u := range users {
		require.NoError(t, u.Close())
	}
	require.NoError(t, r.stop())
	http.DefaultClient.CloseIdleConnections()
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+3 }, patience, 10*time.Millisecond)
}

// plainHandler and plainExchange have a message be the body of a request.
func plainHandler(ask Ask) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		message, _ := io.ReadAll(r.Body)
		answer, err := ask(r.Context(), r.RemoteAddr, message)
		if err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write(answer)
	})
}

func plainExchange(ctx context.Context, client *http.Client, base string, message []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base, strings.NewReader(string(message)))
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New(answer.Status)
	}
	return io.ReadAll(answer.Body)
}
