package native

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"sync"
	"time"

	"cleave/internal/ends"
)

// funnel is what is on its way between the world's thread and a goroutine that reads or writes a pipe.
type funnel struct {
	mutex   sync.Mutex
	changed *sync.Cond
	buffer  []byte // bytes that wait to be written
	size    int64  // of all that is on its way
	closed  bool
}

func (f *funnel) init() { f.changed = sync.NewCond(&f.mutex) }

func (f *funnel) close() {
	f.mutex.Lock()
	f.closed = true
	f.mutex.Unlock()
	f.changed.Broadcast()
}

// put adds bytes to be written, and says how many wait now.
func (f *funnel) put(data []byte) (waiting int64) {
	f.mutex.Lock()
	f.buffer = append(f.buffer, data...)
	f.size += int64(len(data))
	waiting = f.size
	f.mutex.Unlock()
	f.changed.Signal()
	return waiting
}

// next waits for bytes to be written, in exchange for those that were, and gives none when the funnel is closed.
func (f *funnel) next(written []byte) []byte {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.size -= int64(len(written))
	for len(f.buffer) == 0 && !f.closed {
		f.changed.Wait()
	}
	if f.closed {
		return nil
	}
	data := f.buffer
	f.buffer = written[:0]
	return data
}

// unheard is how much of a process's output may be on its way. A process that prints more waits, as at any pipe.
const unheard = 1 << 20

// take makes room for output, and gives false when the funnel is closed.
func (f *funnel) take(size int64) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for f.size >= unheard && !f.closed {
		f.changed.Wait()
	}
	f.size += size
	return !f.closed
}

// give says that output was heard.
func (f *funnel) give(size int64) {
	f.mutex.Lock()
	f.size -= size
	f.mutex.Unlock()
	f.changed.Signal()
}

// write writes to a process what it is sent, until it is gone.
func (i *Instance) write(pipe io.WriteCloser) {
	defer func() { _ = pipe.Close() }() // what was written is as far as it gets
	for data := i.input.next(nil); len(data) > 0; data = i.input.next(data) {
		if _, err := pipe.Write(data); err != nil {
			return // it does not read any more: what comes waits, for its end or for the limit
		}
	}
}

// leastLine is what a line counts for at least, in bytes: one costs something, however short.
const leastLine = 64

// read hears what a process prints, until it ends, or goes too far.
func (i *Instance) read(pipe io.ReadCloser) {
	defer func() { _ = pipe.Close() }() // only read
	limits := i.program.Limits
	lines := splitter{}
	window, spent := time.Now(), int64(0)
	for {
		whole, size, err := lines.read(pipe)
		if now := time.Now(); now.Sub(window) > time.Second {
			window, spent = now, 0
		}
		spent += size
		if !i.hear(whole, size, i.program.Output) {
			return
		}
		switch {
		case spent > limits.Rate:
			i.end(ends.Flooded(limits.Rate), true)
			return
		case len(lines.partial()) > limits.Line || tooLong(whole, limits.Line):
			i.end(ends.LongLine(int64(limits.Line)), true)
			return
		case err != nil:
			return // a line without an end is none
		}
	}
}

func tooLong(lines [][]byte, most int) bool {
	for _, line := range lines {
		if len(line) > most {
			return true
		}
	}
	return false
}

// readLog keeps what a process says on standard error, as far as there is room, and its last words.
func (i *Instance) readLog(pipe io.ReadCloser) (lastWords string) {
	defer func() { _ = pipe.Close() }() // only read
	lines, left := splitter{}, i.program.Limits.Log
	for {
		whole, size, err := lines.read(pipe)
		if rest := lines.partial(); len(rest) > i.program.Limits.Line || err != nil && len(rest) > 0 {
			whole, size = append(whole, rest), size+int64(len(rest))
			lines.forget()
		}
		lastWords = wordsOf(whole, lastWords)
		if left -= size; left < 0 {
			_ = i.hear([][]byte{fmt.Appendf(nil, "cleave: the log ends here: over %s in a life", ends.Amount(i.program.Limits.Log))}, 0, i.program.Log)
			_, _ = io.Copy(io.Discard, pipe) // it may go on
			return lastWords
		}
		if !i.hear(whole, size, i.program.Log) || err != nil {
			return lastWords
		}
	}
}

// wordsOf is the line of a log that says best why a process ended: the last that speaks of an error, else the last.
func wordsOf(lines [][]byte, best string) string {
	for _, line := range lines {
		line := bytes.TrimSpace(line[:min(len(line), longestWords)])
		if len(line) > 0 && (errorWords.Match(line) || !errorWords.MatchString(best)) {
			best = string(line)
		}
	}
	return best
}

const longestWords = 200

var errorWords = regexp.MustCompile(`(?i)^(fatal|panic|.*\berror|.*exception)\b.*:`)

// splitter cuts what it reads into lines, which stay what they are: what was read is not overwritten.
type splitter struct {
	buffer     []byte
	begin, end int // of what is no whole line yet
}

// Bytes of a buffer, and how many must be free for a read.
const (
	bufferSize = 64 << 10
	leastRoom  = 4 << 10
)

// read reads once, and gives the lines that are whole now, without their newlines, and the bytes that were read, a short line
// counting as leastLine.
func (s *splitter) read(from io.Reader) (lines [][]byte, size int64, err error) {
	if len(s.buffer)-s.end < leastRoom {
		fresh := make([]byte, max(bufferSize, 2*(s.end-s.begin)))
		s.begin, s.end = 0, copy(fresh, s.partial())
		s.buffer = fresh
	}
	count, err := from.Read(s.buffer[s.end:])
	size = int64(count)
	for next := s.end; ; {
		length := bytes.IndexByte(s.buffer[next:s.end+count], '\n')
		if length < 0 {
			break
		}
		next += length
		lines = append(lines, s.buffer[s.begin:next:next])
		size += int64(max(leastLine-(next-s.begin), 0))
		next++
		s.begin = next
	}
	s.end += count
	return lines, size, err
}

// partial is the beginning of a line.
func (s *splitter) partial() []byte { return s.buffer[s.begin:s.end:s.end] }

// forget drops the beginning of a line.
func (s *splitter) forget() { s.begin = s.end }
