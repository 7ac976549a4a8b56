package foreign

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"cleave/history"
)

// source reads lines of bounded length and counts them.
type source struct {
	reader *bufio.Reader
	long   []byte // a line that did not fit the buffer
	number int    // of the line that was read last, from 1
}

func newSource(input io.Reader) *source { return &source{reader: bufio.NewReaderSize(input, 1<<18)} }

// next is the next line without its end, valid until the next call, and whether it was ended by a newline. At the end
// of the input the error is io.EOF.
func (s *source) next() (line []byte, whole bool, err error) {
	s.number++
	s.long = s.long[:0]
	for {
		part, err := s.reader.ReadSlice('\n')
		if s.number == 1 && len(s.long) == 0 {
			part = bytes.TrimPrefix(part, []byte("\ufeff"))
		}
		if err == nil && len(s.long) == 0 {
			return trimmed(part), true, nil
		}
		s.long = append(s.long, part...)
		switch {
		case len(s.long) > history.MaxLine:
			return nil, false, fmt.Errorf("line %d is longer than %d bytes", s.number, history.MaxLine)
		case err == nil:
			return trimmed(s.long), true, nil
		case errors.Is(err, io.EOF) && len(s.long) > 0:
			return trimmed(s.long), false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, err
		}
	}
}

// trimmed takes the end of the line off.
func trimmed(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}

// interned holds the few texts that come again on every line, so that each is made once.
type interned map[string]string

// mostInterned bounds how many texts are kept; a history of as many keys is served all the same.
const mostInterned = 1 << 16

func (i interned) text(bytes []byte) string {
	if known, found := i[string(bytes)]; found {
		return known
	}
	text := string(bytes)
	if len(i) < mostInterned {
		i[text] = text
	}
	return text
}
