package host

import (
	"bytes"
	"context"
	"errors"
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

	"cleave/world"
)

// relay answers a request with what the process answers to its body.
func relay(ask Ask) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), 300*time.Millisecond)
		defer cancel()
		answer, err := ask(ctx, r.RemoteAddr, body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write(answer)
	})
}

// carry is the other side of relay.
func carry(ctx context.Context, client *http.Client, base string, message []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base, bytes.NewReader(message))
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	return answer, err
}

func overHTTP(change func(*HTTP)) func(*Options) {
	return func(o *Options) {
		o.ClientListen = nil
		o.HTTP = &HTTP{Listen: []string{"127.0.0.1:0"}, Handler: relay, Exchange: carry}
		if change != nil {
			change(o.HTTP)
		}
	}
}

func (r *running) url() string { return "http://" + r.addresses.HTTP[0] }

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	response, err := http.Post(url, "text/plain", strings.NewReader(body))
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

// upper answers in capitals, tells of the end of connections, and obeys three words.
func upper() *actor {
	a := newActor()
	a.on = func(c world.Connection, message []byte) {
		switch string(message) {
		case "close":
			c.Close()
		case "nothing":
		case "later":
			a.env.After(50*time.Millisecond, func() { c.Send([]byte("LATER")); c.Send([]byte("ignored")) })
		default:
			c.Send(bytes.ToUpper(message))
		}
	}
	return a
}

// What a request carries reaches the process as a message on a new connection, and what the process
// sends on it answers.
func TestAskOverHTTP(t *testing.T) {
	a := upper()
	r := start(t, a, overHTTP(nil))
	code, text := post(t, r.url(), "hello")
	require.Equal(t, "200 HELLO", fmt.Sprint(code, " ", text))
	a.hears(t, "accepted", "closed: ended")
	c := a.link(t)
	require.Contains(t, c.Peer(), "127.0.0.1:")

	_, text = post(t, r.url(), "later")
	require.Equal(t, "LATER", text)
	a.hears(t, "accepted", "closed: ended")

	code, text = post(t, r.url(), "close")
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.Equal(t, ErrNoAnswer.Error()+"\n", text)
	a.hears(t, "accepted")

	code, text = post(t, r.url(), "nothing")
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.Contains(t, text, "deadline")
	a.hears(t, "accepted", "closed: reset")
	require.NoError(t, r.stop())
}

func TestManyAskAtOnce(t *testing.T) {
	a := newActor()
	a.heard = make(chan string, 100_000)
	a.links = make(chan world.Connection, 100_000)
	a.on = func(c world.Connection, message []byte) { c.Send(message) }
	r := start(t, a, overHTTP(nil))
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			for j := range 50 {
				want := fmt.Sprint(i, " ", j)
				if _, text := post(t, r.url(), want); text != want {
					t.Errorf("%q answers %q", text, want)
				}
			}
		})
	}
	group.Wait()
	require.NoError(t, r.stop())
}

func TestLimitsOfHTTP(t *testing.T) {
	a := upper()
	r := start(t, a, func(o *Options) {
		overHTTP(func(h *HTTP) { h.MaxBody, h.MaxHeader, h.MaxConnections = 100, 4096, 4 })(o)
		o.Patience = 200 * time.Millisecond
	})
	code, _ := post(t, r.url(), strings.Repeat("x", 101))
	require.Equal(t, http.StatusRequestEntityTooLarge, code)
	request, err := http.NewRequest(http.MethodGet, r.url(), nil)
	require.NoError(t, err)
	request.Header.Set("X", strings.Repeat("x", 20_000))
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	_ = response.Body.Close()
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, response.StatusCode)
	http.DefaultClient.CloseIdleConnections()

	var slow []net.Conn
	for range 4 {
		socket, err := net.Dial("tcp", r.addresses.HTTP[0])
		require.NoError(t, err)
		defer func() { _ = socket.Close() }()
		put(t, socket, []byte("GET / HTTP/1.1\r\nHo"))
		slow = append(slow, socket)
	}
	for _, socket := range slow { // they never end their headers, and are given up
		require.NoError(t, socket.SetReadDeadline(time.Now().Add(patience)))
		end(t, socket)
	}
	code, text := post(t, r.url(), "hello")
	require.Equal(t, "200 HELLO", fmt.Sprint(code, " ", text))
	http.DefaultClient.CloseIdleConnections()
}

func TestConnectionsBeyondTheLimit(t *testing.T) {
	r := start(t, upper(), overHTTP(func(h *HTTP) { h.MaxConnections = 2 }))
	client := func() (*http.Client, func()) {
		transport := &http.Transport{}
		return &http.Client{Transport: transport}, transport.CloseIdleConnections
	}
	first, leave := client()
	second, _ := client()
	third, _ := client()
	for _, each := range []*http.Client{first, second} {
		answer, err := carry(t.Context(), each, r.url(), []byte("x"))
		require.NoError(t, err)
		require.Equal(t, "X", string(answer))
	}
	_, err := carry(t.Context(), third, r.url(), []byte("x"))
	require.Error(t, err)
	leave()
	require.Eventually(t, func() bool {
		_, err := carry(t.Context(), third, r.url(), []byte("x"))
		return err == nil
	}, patience, 10*time.Millisecond)
}

// A process dials a peer, and what it sends is a request there, whose answer it receives: in order, on
// one socket.
func TestExchangesWithAPeer(t *testing.T) {
	peers := map[string]string{}
	served := start(t, upper(), overHTTP(nil))
	peers["n2"] = served.url()
	a := newActor()
	r := start(t, a, overHTTP(func(h *HTTP) { h.Peers = peers }))
	c := dialled(t, a, "n2")
	a.hears(t, "opened n2")
	require.Equal(t, "n2", c.Peer())
	a.do(t, func() { c.Send([]byte("one")); c.Send([]byte("two")); c.Send([]byte("later")); c.Send([]byte("three")) })
	a.hears(t, "got ONE", "got TWO", "got LATER", "got THREE")
	a.do(t, func() { c.Send([]byte("close")) })
	a.hears(t, "closed: reset")
	a.do(t, func() { c.Send([]byte("too late")); c.Close() })

	d := dialled(t, a, "n2")
	a.hears(t, "opened n2")
	a.do(t, func() { d.Send([]byte("nothing")); d.Close() })
	require.NoError(t, served.stop())
	dialled(t, a, "n2")
	a.hears(t, "closed: refused")
	require.Panics(t, func() { a.env.Dial("n3") })
	require.NoError(t, r.stop())
}

// A peer that does not answer ends the connection in time, and Close does not wait for it.
func TestAPeerThatHangs(t *testing.T) {
	hold := make(chan struct{})
	gone := make(chan struct{}, 2)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
			gone <- struct{}{}
		case <-hold:
		}
	}))
	defer server.Close()
	defer close(hold)
	a := newActor()
	start(t, a, overHTTP(func(h *HTTP) {
		h.Peers, h.Timeout = map[string]string{"n2": server.URL}, 200*time.Millisecond
	}))
	c := dialled(t, a, "n2")
	a.hears(t, "opened n2")
	a.do(t, func() { c.Send([]byte("x")) })
	a.hears(t, "closed: timed out")
	d := dialled(t, a, "n2")
	a.hears(t, "opened n2")
	a.do(t, func() { d.Send([]byte("x")); d.Close() })
	<-gone
}

// At the end a request that is under way is answered, and no new one is taken.
func TestHTTPStopsInGoodOrder(t *testing.T) {
	a := upper()
	r := start(t, a, overHTTP(nil))
	answer := make(chan string, 1)
	go func() {
		_, text := post(t, r.url(), "later")
		answer <- text
	}()
	a.hears(t, "accepted")
	require.NoError(t, r.stop())
	require.Equal(t, "LATER", <-answer)
	_, err := http.Get(r.url())
	require.Error(t, err)
}

func TestAPanicEndsTheHTTPServer(t *testing.T) {
	a := newActor()
	a.on = func(world.Connection, []byte) { panic("actor: an invariant is broken") }
	r := start(t, a, overHTTP(nil))
	code, text := 0, ""
	response, err := http.Post(r.url(), "", strings.NewReader("x"))
	if err == nil { // or the server was closed first
		code = response.StatusCode
		all, _ := io.ReadAll(response.Body)
		text = string(all)
		_ = response.Body.Close()
		require.Equal(t, http.StatusServiceUnavailable, code, text)
	}
	require.EqualError(t, <-r.failed, "n1 panicked: actor: an invariant is broken")
}

func TestHTTPOptionsAreChecked(t *testing.T) {
	for name, bad := range map[string]*HTTP{
		"no handler":  {Listen: []string{"127.0.0.1:0"}},
		"no exchange": {Peers: map[string]string{"n2": "http://x"}},
		"no URL":      {Peers: map[string]string{"n2": "x:1"}, Exchange: carry},
		"no host":     {Peers: map[string]string{"n2": "http:///eureka"}, Exchange: carry},
		"bad name":    {Peers: map[string]string{"a:1": "http://x"}, Exchange: carry},
	} {
		require.ErrorIs(t, Run(context.Background(), Options{Name: "n1", Process: newActor(), HTTP: bad}), ErrOptions, name)
	}
	r := start(t, newActor(), overHTTP(nil))
	err := Run(context.Background(), Options{Name: "n1", Process: newActor(), HTTP: &HTTP{Listen: r.addresses.HTTP, Handler: relay}})
	var listen *ListenError
	require.ErrorAs(t, err, &listen)
	require.Equal(t, "cannot listen for HTTP on "+r.addresses.HTTP[0]+": bind: address already in use", err.Error())
}
