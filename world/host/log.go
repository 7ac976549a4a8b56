package host

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// logBuffer is how many lines may wait for a writer that is slow.
const logBuffer = 4096

// log writes lines, each with the time and the process's name, on a goroutine of its own, so that a
// writer that blocks does not block the process. Any goroutine may use it.
type log struct {
	name     string
	lines    chan string
	lost     atomic.Int64  // lines that found no room
	quit     chan struct{} // closed to end run
	done     chan struct{} // closed when it has ended
	mutex    sync.Mutex
	nuisance map[string]*nuisance
}

// nuisance is what is complained about now and then.
type nuisance struct {
	last time.Time // of the last line
	more int       // times since
}

func newLog(name string, to io.Writer) *log {
	if to == nil {
		return nil
	}
	l := &log{name: name, lines: make(chan string, logBuffer), nuisance: map[string]*nuisance{}}
	l.quit, l.done = make(chan struct{}), make(chan struct{})
	go l.run(to)
	return l
}

func (l *log) write(text string) {
	line := time.Now().UTC().Format("2006-01-02T15:04:05.000Z ") + l.name + " " + strings.TrimRight(text, "\n") + "\n"
	select {
	case l.lines <- line:
	default:
		l.lost.Add(1)
	}
}

// run writes what comes, and at the end what is left.
func (l *log) run(to io.Writer) {
	defer close(l.done)
	for {
		select {
		case line := <-l.lines:
			l.put(to, line)
		case <-l.quit:
			for len(l.lines) > 0 {
				l.put(to, <-l.lines)
			}
			return
		}
	}
}

// put writes a line. A log that cannot be written is no reason to stop.
func (l *log) put(to io.Writer, line string) {
	if lost := l.lost.Swap(0); lost > 0 {
		fmt.Fprintf(to, "(%d lines left out here: the log was not written fast enough)\n", lost)
	}
	_, _ = io.WriteString(to, line)
}

// close waits for the last lines, but not for a writer that blocks.
func (l *log) close() {
	if l == nil {
		return
	}
	close(l.quit)
	select {
	case <-l.done:
	case <-time.After(time.Second):
	}
}

// complain writes a line about a trouble that may come again and again, once a minute at most.
func (l *log) complain(about, format string, arguments ...any) {
	if l == nil {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	t := l.nuisance[about]
	if t == nil {
		t = &nuisance{}
		l.nuisance[about] = t
	}
	now := time.Now()
	if now.Sub(t.last) < complainWait {
		t.more++
		return
	}
	t.last = now
	text := fmt.Sprintf(format, arguments...)
	if t.more > 0 {
		text += fmt.Sprintf(" (and %d times more since the last line of this)", t.more)
		t.more = 0
	}
	l.write(text)
}
