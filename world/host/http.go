package host

import (
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// HTTP has a process meet clients and peers over HTTP. What a request means, and what a message to a
// peer is over HTTP, is not the host's to know: Handler and Exchange translate. Between them and the
// process a message is the same as on any other connection.
//
//	request ──▶ Handler ──▶ Ask ──▶ queue ──▶ loop: Accepted, Received ──▶ Send ──▶ Handler ──▶ response
//	loop: Dial, Send ──▶ Exchange ──▶ a peer's server ──▶ answer ──▶ queue ──▶ loop: Received
type HTTP struct {
	// Listen is where requests are taken, such as "127.0.0.1:8761"; it may be nowhere.
	Listen []string
	// Handler makes what answers requests. It is called once, before the process starts; the handler is
	// called from many goroutines and reaches the process through ask alone.
	Handler func(ask Ask) http.Handler
	// MaxBody bounds the body of a request, in bytes, default 10 MiB. Reading more gives a handler an
	// *http.MaxBytesError.
	MaxBody int64
	// MaxHeader bounds a request's first line and headers, in bytes, default 64 KiB.
	MaxHeader int
	// MaxConnections bounds the connections, default 4096. One too many is closed at once. Besides,
	// Options.MaxClientConnections bounds those from one address.
	MaxConnections int
	// Timeout bounds the reading of a request, the writing of its response, and one exchange with a peer,
	// default 30 s. Headers must come within Options.Patience.
	Timeout time.Duration

	// Peers are the base URLs of the nodes by name, such as "http://10.0.0.2:8761/eureka". A name that is
	// here is dialled over HTTP.
	Peers map[string]string
	// Exchange carries one message to a peer and brings its answer, with the client it is given: on one
	// connection that client has one socket, which it keeps. Messages of one connection are carried one
	// after the other. An error ends the connection.
	Exchange func(ctx context.Context, client *http.Client, base string, message []byte) (answer []byte, err error)
}

// Ask puts a message before the process as if it came on a new connection, whose Peer is remote, and
// gives the first message that the process sends on it. It waits no longer than the context lasts. It
// gives ErrNoAnswer if the process closes the connection, ErrStopped if the host ends.
type Ask func(ctx context.Context, remote string, message []byte) (answer []byte, err error)

// What keeps an Ask from its answer, besides its context.
var (
	ErrNoAnswer = errors.New("host: the process gave no answer")
	ErrStopped  = errors.New("host: the process has stopped")
)

// What zero fields mean.
const (
	defaultMaxBody        = 10 << 20
	defaultMaxHeader      = 64 << 10
	defaultMaxConnections = 4096
	defaultTimeout        = 30 * time.Second
	keepAlive             = 2 * time.Minute // for the next request on a connection
)

func (o *HTTP) withDefaults() (*HTTP, error) {
	if o == nil {
		return nil, nil
	}
	c := *o
	if len(c.Listen) > 0 && c.Handler == nil || len(c.Peers) > 0 && c.Exchange == nil {
		return nil, fmt.Errorf("%w: HTTP needs a Handler where it listens and an Exchange where it has peers", ErrOptions)
	}
	for name, base := range c.Peers {
		if strings.Contains(name, ":") || name == "" {
			return nil, fmt.Errorf("%w: %q cannot be the name of a node", ErrOptions, name)
		}
		if _, err := hostOf(base); err != nil {
			return nil, fmt.Errorf("%w: the peer %s: %w", ErrOptions, name, err)
		}
	}
	orDefault(&c.MaxBody, defaultMaxBody)
	orDefault(&c.MaxHeader, defaultMaxHeader)
	orDefault(&c.MaxConnections, defaultMaxConnections)
	orDefault(&c.Timeout, defaultTimeout)
	return &c, nil
}

// hostOf is the "host:port" that a base URL leads to.
func hostOf(base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	port := u.Port()
	switch {
	case u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("%q is no URL such as http://10.0.0.2:8761/eureka", base)
	case port == "" && u.Scheme == "https":
		port = "443"
	case port == "":
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port), nil
}

// web is the host's server, if it has one.
type web struct {
	server    *http.Server
	listeners []net.Listener
	over      chan struct{} // closed when the loop has ended
}

// listenHTTP opens the listeners of the server.
func (h *host) listenHTTP() error {
	options := h.options.HTTP
	if options == nil || len(options.Listen) == 0 {
		return nil
	}
	for _, address := range options.Listen {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			h.closeListeners()
			return &ListenError{"HTTP", address, err}
		}
		h.web.listeners = append(h.web.listeners, &bounded{Listener: listener, host: h, room: make(chan struct{}, options.MaxConnections)})
		h.addresses.HTTP = append(h.addresses.HTTP, listener.Addr().String())
	}
	handler := options.Handler(h.ask)
	var trouble stdlog.Logger
	trouble.SetOutput(complaints{h.log})
	h.web.server = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, options.MaxBody)
			handler.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: h.options.Patience,
		ReadTimeout:       options.Timeout,
		WriteTimeout:      2 * options.Timeout, // it begins with the reading
		IdleTimeout:       keepAlive,
		MaxHeaderBytes:    options.MaxHeader,
		ErrorLog:          &trouble,
	}
	return nil
}

// complaints is the log for what the server has to say, which a hostile client can make much.
type complaints struct{ log *log }

// Write takes one line.
func (c complaints) Write(line []byte) (int, error) {
	c.log.complain("http", "%s", line)
	return len(line), nil
}

// acceptHTTP starts to take requests.
func (h *host) acceptHTTP() {
	for _, listener := range h.web.listeners {
		h.accepting.Go(func() { _ = h.web.server.Serve(listener) }) // its errors are of its end
	}
}

// drained gives a context for the loop, which ends after the given one, when the server has answered
// what was under way. The function that it gives too lets go of it.
func (h *host) drained(ctx context.Context) (context.Context, func()) {
	if h.web.server == nil {
		return ctx, func() {}
	}
	lasting, end := context.WithCancel(context.WithoutCancel(ctx))
	release := context.AfterFunc(ctx, func() {
		defer end()
		limited, cancel := context.WithTimeout(lasting, h.options.StopLimit)
		defer cancel()
		_ = h.web.server.Shutdown(limited) // what takes longer is cut off below
	})
	return lasting, func() {
		release()
		end()
		_ = h.web.server.Close()
	}
}

// bounded is a listener that lets in only so many at a time, and from one address so many.
type bounded struct {
	net.Listener
	host *host
	room chan struct{}
}

// Accept gives the next connection that there is room for.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		socket, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		address := socket.RemoteAddr().(*net.TCPAddr).IP.String()
		select {
		case b.room <- struct{}{}:
			if b.host.sockets.reserve(address, b.host.options.MaxClientConnections) {
				return &guest{Conn: socket, listener: b, address: address}, nil
			}
			<-b.room
			b.host.log.complain("crowd", "too many connections from %s, the limit is %d", address, b.host.options.MaxClientConnections)
		default:
			b.host.log.complain("full", "too many connections, the limit is %d", cap(b.room))
		}
		_ = socket.Close()
	}
}

// guest is a connection that makes room when it is closed.
type guest struct {
	net.Conn
	listener *bounded
	address  string
	once     sync.Once
}

// Close closes it.
func (g *guest) Close() error {
	g.once.Do(func() {
		g.listener.host.sockets.release(g.address)
		<-g.listener.room
	})
	return g.Conn.Close()
}
