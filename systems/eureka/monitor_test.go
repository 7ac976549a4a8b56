package eureka

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// heard is a Watcher that remembers.
type heard struct {
	mutex sync.Mutex
	ready int
	notes []string
}

func (h *heard) Ready() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.ready++
}

func (h *heard) Note(kind, detail string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.notes = append(h.notes, kind+" "+detail)
}

func (h *heard) Leads(uint64, bool) {}

func (h *heard) said() (ready int, notes []string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.ready, append([]string(nil), h.notes...)
}

// server is a Netflix server that shows what it is told to.
type server struct {
	mutex sync.Mutex
	found figures
	code  int // of the list
	junk  bool
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case r.URL.Path == "/eureka/v2/apps":
		w.WriteHeader(s.code)
	case r.URL.Path != Netflix.dashboard():
		w.WriteHeader(http.StatusNotFound)
	case s.junk:
		_, _ = fmt.Fprint(w, "<html>It works!</html>")
	default:
		_, _ = fmt.Fprintf(w, "<hr>Lease expiration enabled: %t, Renews threshold: %d, Renews (last min):  %d</hr>\n%s",
			s.found.expiring, s.found.threshold, s.found.renews, instances)
	}
}

func (s *server) show(change func(*server)) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	change(s)
}

// followed follows a server until the test ends.
func followed(t *testing.T, s *server) *heard {
	t.Helper()
	web := httptest.NewServer(s)
	ctx, cancel := context.WithCancel(context.Background())
	h, ended := &heard{}, make(chan struct{})
	go func() {
		defer close(ended)
		System(Netflix, 30).Deployment.Monitor(ctx, "n1", dialTo(strings.TrimPrefix(web.URL, "http://")), h)
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			t.Error("the monitor did not end with its context")
		}
		web.Close()
	})
	return h
}

// dialTo reaches one address whatever is asked for, as long as that is the node's loopback.
func dialTo(address string) func(ctx context.Context, network, asked string) (net.Conn, error) {
	return func(ctx context.Context, network, asked string) (net.Conn, error) {
		if asked != "127.0.0.1:8761" {
			return nil, fmt.Errorf("asked for %s", asked)
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
}

func TestMonitor(t *testing.T) {
	s := &server{code: http.StatusForbidden}
	h := followed(t, s)
	notes := func(want ...string) {
		t.Helper()
		require.Eventually(t, func() bool { _, got := h.said(); return len(got) >= len(want) }, 5*time.Second, 10*time.Millisecond)
		_, got := h.said()
		require.Equal(t, want, got)
	}
	first := "self-preservation entered expected=0 threshold=0 renews=0"
	notes(first)
	ready, _ := h.said()
	require.Zero(t, ready, "it refuses its list")

	s.show(func(s *server) { s.code = http.StatusOK })
	require.Eventually(t, func() bool { ready, _ := h.said(); return ready == 1 }, 5*time.Second, 10*time.Millisecond)

	s.show(func(s *server) { s.found = figures{true, 20, 24} })
	second := "self-preservation left expected=12 threshold=20 renews=24"
	notes(first, second)

	s.show(func(s *server) { s.found = figures{false, 20, 24} })
	third := "self-preservation entered expected=12 threshold=20 renews=24" // it stays so: it is believed
	notes(first, second, third)

	s.show(func(s *server) { s.junk = true })
	require.Eventually(t, func() bool { _, got := h.said(); return len(got) == 4 }, 5*time.Second, 10*time.Millisecond)
	time.Sleep(2 * pollInterval)
	ready, got := h.said()
	require.Equal(t, 1, ready)
	require.Len(t, got, 4, "said once")
	require.Contains(t, got[3], "dashboard not a dashboard of Eureka")
}

// TestContradiction: a page written while the bucket turned notes nothing.
func TestContradiction(t *testing.T) {
	h := &heard{}
	w := watch{flavour: Netflix, watcher: h}
	w.saw(figures{false, 20, 24})
	w.saw(figures{true, 20, 24})
	w.saw(figures{false, 20, 24})
	w.saw(figures{true, 20, 24})
	_, notes := h.said()
	require.Empty(t, notes)
}

func TestOpened(t *testing.T) {
	require.True(t, Netflix.opened(figures{}))
	require.False(t, SpringCloud.opened(figures{}))
	require.True(t, SpringCloud.opened(figures{threshold: 1}))
}
