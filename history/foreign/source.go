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
	most   int    // bytes that a line may have
}

func newSource(input io.Reader, most int) *source {
	return &source{reader: bufio.NewReaderSize(input, 1<<18), most: most}
}

// next is the next line without its end, valid until the next call, and whether it was ended by a newline. At the end
// of the input the error is io.EOF.
func (s *source) next() (line []byte, whole bool, err error) {
	s.number++
	s.long = s.long[:0]
	for {
		part, err := s.reader.ReadSlice('\n')
		if s.number == 1 && len(s.long) == 0 {
			part = bytes.TrimPrefix(part, mark)
		}
		if err == nil && len(s.long) == 0 {
			return trimmed(part), true, nil
		}
		s.long = append(s.long, part...)
		switch {
		case len(s.long) > s.most:
			return nil, false, tooLong(s.number, s.most)
		case err == nil:
			return trimmed(s.long), true, nil
		case errors.Is(err, io.EOF) && len(s.long) > 0:
			return trimmed(s.long), false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, err
		}
	}
}

// mark may stand at the beginning of a file, to tell the order of its bytes.
var mark = []byte("\ufeff")

func tooLong(line, most int) error {
	if most < history.MaxLine {
		return fmt.Errorf("line %d is longer than %d bytes, and there is memory for no longer one", line, most)
	}
	return fmt.Errorf("line %d is longer than %d bytes", line, most)
}

// trimmed takes the end of the line off.
func trimmed(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}

// interned holds the few texts that come again on every line, so that each is made once.
type interned struct {
	recent [256]string // the last one of each number
	all    map[string]string
}

func newInterned() *interned { return &interned{all: map[string]string{}} }

// The bounds of how many texts are kept, and how long they are; a history of as many keys is served all the same.
const (
	mostInterned    = 1 << 16
	longestInterned = 1 << 10
)

func (i *interned) text(bytes []byte) string {
	if len(bytes) == 0 || len(bytes) > longestInterned {
		return string(bytes)
	}
	// What differs in texts that are alike is their end: c17, c18. The number is quicker made than a map's hash.
	recent := &i.recent[byte(len(bytes)*61+int(bytes[0])*7+int(bytes[len(bytes)/2])*13+int(bytes[len(bytes)-1]))]
	if *recent == string(bytes) {
		return *recent
	}
	text, known := i.all[string(bytes)]
	if !known {
		text = string(bytes)
		if len(i.all) < mostInterned {
			i.all[text] = text
		}
	}
	*recent = text
	return text
}
