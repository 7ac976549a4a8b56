package serve

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// mostStreams is how many pages may listen at a time.
const mostStreams = 32

// live tells a page of what is under way, as it goes on: an event "running" with that part of the page made anew, and an
// event "changed" when the list is not the same any more. Both only when there is something to tell.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	if s.streams.Add(1) > mostStreams {
		s.streams.Add(-1)
		refuse(w, http.StatusServiceUnavailable, "too many pages are listening")
		return
	}
	defer s.streams.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	stream := &stream{writer: w, control: http.NewResponseController(w)}
	ticker := time.NewTicker(s.every)
	defer ticker.Stop()
	var before string
	_, version := s.index.all()
	for stream.err == nil {
		all, now := s.index.all()
		if text := under(running(all)); text != before {
			stream.send("running", text)
			before = text
		}
		if now != version {
			stream.send("changed", fmt.Sprint(now))
			version = now
		}
		stream.rest()
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		case <-s.closing.Done():
			return
		}
	}
}

// under is the part of the page that says what is under way.
func under(entries []*entry) string {
	var text bytes.Buffer
	if err := pages.ExecuteTemplate(&text, "running", entries); err != nil {
		return "" // the list says the same, when it is loaded anew
	}
	return strings.TrimSpace(text.String())
}

// stream writes events until somebody does not take them any more.
type stream struct {
	writer  http.ResponseWriter
	control *http.ResponseController
	sent    time.Time
	err     error
}

const (
	patience  = 10 * time.Second // for a page that takes nothing
	heartbeat = 15 * time.Second // after which something is said anyway, to notice that nobody listens
)

func (s *stream) send(event, text string) {
	s.write("event: " + event + "\ndata: " + strings.ReplaceAll(text, "\n", "\ndata: ") + "\n\n")
}

// rest says something if nothing was said for long.
func (s *stream) rest() {
	if time.Since(s.sent) > heartbeat {
		s.write(": still here\n\n")
	}
}

func (s *stream) write(text string) {
	if s.err != nil {
		return
	}
	s.sent = time.Now()
	_ = s.control.SetWriteDeadline(s.sent.Add(patience)) // not every writer knows deadlines
	if _, s.err = s.writer.Write([]byte(text)); s.err == nil {
		s.err = s.control.Flush()
	}
}
