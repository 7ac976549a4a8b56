package wasi

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero/sys"

	"cleave/internal/ends"
)

// input is standard input: bytes that the program has not read yet. It has no end.
type input struct {
	bytes []byte
	read  int
}

func (in *input) waiting() int { return len(in.bytes) - in.read }

func (in *input) add(line []byte) {
	if in.waiting() == 0 {
		in.bytes, in.read = in.bytes[:0], 0
	}
	in.bytes = append(append(in.bytes, line...), '\n')
}

// take moves bytes to the program.
func (in *input) take(to []byte) int {
	n := copy(to, in.bytes[in.read:])
	in.read += n
	return n
}

// stream is standard output or standard error.
type stream struct {
	log     bool
	partial []byte // of a line that is not whole yet
	lines   int64  // whole lines, and bytes, in the second of the clock, or on a log ever
	bytes   int64
	telling string // of what a log says, the line that tells most about its end
}

// printed is a line to hand over.
type printed struct {
	log  bool
	line []byte
}

// write takes what the program prints. What breaks a limit ends the program, or is dropped from a log.
func (s *stream) write(i *Instance, data []byte) {
	left := i.limits.Log - s.bytes
	s.bytes += int64(len(data))
	full := s.log && left < int64(len(data))
	if full {
		data = data[:max(0, left)]
	}
	for {
		at := bytes.IndexByte(data, '\n')
		if at < 0 {
			break
		}
		s.line(i, data[:at])
		data = data[at+1:]
	}
	s.partial = append(s.partial, data...)
	switch {
	case !s.log:
		s.guard(i)
	case full && left >= 0:
		s.flush(i)
		i.printed = append(i.printed, printed{true, fmt.Appendf(nil, "the log ends here: it has more than %d bytes", i.limits.Log)})
	case len(s.partial) >= i.limits.Line:
		s.line(i, nil)
	}
}

// line hands over a whole line of which the last bytes are given.
func (s *stream) line(i *Instance, rest []byte) {
	line := append(s.partial, rest...) // a new line each time: the receiver keeps it
	if len(s.partial) == 0 {
		line = bytes.Clone(rest)
	}
	s.partial = nil
	s.lines++
	if s.log {
		s.tell(string(line))
	} else if len(line) > i.limits.Line {
		i.flood(ends.LongLine(int64(i.limits.Line)))
	}
	i.printed = append(i.printed, printed{s.log, line})
}

// guard ends a program that prints too much.
func (s *stream) guard(i *Instance) {
	switch {
	case s.lines > i.limits.Lines:
		i.flood(fmt.Sprintf("printed more than %d lines in one second of its clock", i.limits.Lines))
	case s.bytes > i.limits.Output:
		i.flood(ends.Flooded(i.limits.Output))
	case len(s.partial) > i.limits.Line:
		i.flood(ends.LongLine(int64(i.limits.Line)))
	}
}

func (i *Instance) flood(reason string) {
	i.end = &End{Cause: Flooded, Reason: reason}
	panic(sys.NewExitError(0))
}

// tell remembers how a panic begins, in Go or in Rust; else the last line.
func (s *stream) tell(line string) {
	if !beginsPanic(s.telling) && strings.TrimSpace(line) != "" {
		s.telling = line[:min(len(line), 200)]
	}
}

func beginsPanic(line string) bool {
	return strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") ||
		strings.HasPrefix(line, "thread '") && strings.Contains(line, "panicked at")
}

// flush makes a line of what stands unfinished on a log.
func (s *stream) flush(i *Instance) {
	if len(s.partial) > 0 {
		s.line(i, nil)
	}
}

// deliver hands over what was printed, in order.
func (i *Instance) deliver() {
	for len(i.printed) > 0 && !i.dead {
		lines := i.printed
		i.printed = nil
		for _, p := range lines {
			take := i.options.Output
			if p.log {
				take = i.options.Log
			}
			if take != nil && !i.dead {
				take(p.line)
			}
		}
	}
}

// fdRead reads a file, or standard input: Go's programs are told that it would block, others wait here.
func (i *Instance) fdRead(a []uint64) errno {
	d := i.descriptor(a[0])
	if d.kind == aFile {
		return i.readFile(d, a[1], a[2], a[3])
	}
	if d.kind != standardInput {
		return errBadFile
	}
	vectors := i.vectors(a[1], a[2])
	count := i.bytes(a[3], 4)
	if i.stdin.waiting() == 0 && slices.ContainsFunc(vectors, func(v []byte) bool { return len(v) > 0 }) {
		if d.nonBlocking {
			return errAgain
		}
		i.suspend(wait{input: true})
	}
	total := 0
	for _, vector := range vectors {
		total += i.stdin.take(vector)
	}
	order.PutUint32(count, uint32(total))
	return success
}

// fdWrite writes to a file or to a standard stream.
func (i *Instance) fdWrite(a []uint64) errno {
	d := i.descriptor(a[0])
	if d.kind == aFile {
		return i.writeFile(d, a[1], a[2], a[3])
	}
	stream := &i.stdout
	switch d.kind {
	case standardOutput:
	case standardError:
		stream = &i.stderr
	default:
		return errBadFile
	}
	vectors := i.vectors(a[1], a[2])
	count := i.bytes(a[3], 4)
	total := 0
	for _, vector := range vectors {
		stream.write(i, vector)
		total += len(vector)
	}
	order.PutUint32(count, uint32(total))
	return success
}
