package serve

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// Options say what is served, and to whom.
type Options struct {
	Store string // the folder of runs, comparisons and sweeps
	// Token is what a browser or program must show; "" lets everybody in who can connect, which is for loopback alone.
	Token string
	// Name is a host name under which it may be asked besides localhost and, where a token is needed, any address.
	Name string
}

// Server is the page over one store. It is made by Open, and is an http.Handler.
type Server struct {
	options Options
	root    *os.Root
	index   *index
	secret  string        // that forms must have
	session string        // that the cookie has of who has shown the token
	every   time.Duration // between two looks, for a page that listens
	streams atomic.Int32  // pages that do
	handler http.Handler
	closing context.Context
	close   context.CancelFunc
}

// Open reads a store, which takes some seconds for ten thousand runs. It errors if that is no folder.
func Open(options Options) (*Server, error) {
	root, err := os.OpenRoot(options.Store)
	if err != nil {
		return nil, fmt.Errorf("no store: %w", err)
	}
	const often = time.Second
	s := &Server{options: options, root: root, secret: rand.Text(), session: rand.Text(), every: often}
	s.index = newIndex(root, options.Store)
	s.closing, s.close = context.WithCancel(context.Background())
	s.handler = s.guard(s.routes())
	s.index.refresh()
	return s, nil
}

// End ends the streams of events, which last as long as a page is open.
func (s *Server) End() { s.close() }

// Close ends streams of events and gives the store back.
func (s *Server) Close() error {
	s.close()
	s.index.walking.Lock() // nobody looks any more
	defer s.index.walking.Unlock()
	return s.root.Close()
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("GET /folder/{path...}", s.folder)
	mux.HandleFunc("GET /compare", s.compare)
	mux.HandleFunc("GET /delete", s.askToDelete)
	mux.HandleFunc("POST /delete", s.remove)
	mux.HandleFunc("GET /live", s.live)
	mux.HandleFunc("GET /store/{path...}", s.content)
	mux.HandleFunc("GET /page/{file}", s.asset)
	return mux
}
