package host

import (
	"encoding/binary"
	"fmt"
)

// A frame is the length of a message, four bytes big-endian, and the message.
const frameHeader = 4

// frameError says that a length is one that no message has.
type frameError struct {
	length int32
	limit  int
}

// Error says what was wrong.
func (e frameError) Error() string {
	return fmt.Sprintf("a message of %d bytes, where 0 to %d are allowed", e.length, e.limit)
}

// whole tells how many bytes at the beginning of data are whole frames, and how many the frame after
// them will have, its header included: at least a header.
func whole(data []byte, limit int) (size, next int, err error) {
	for {
		rest := data[size:]
		if len(rest) < frameHeader {
			return size, frameHeader, nil
		}
		length := int32(binary.BigEndian.Uint32(rest))
		if length < 0 || int(length) > limit {
			return size, frameHeader, frameError{length, limit}
		}
		next = frameHeader + int(length)
		if len(rest) < next {
			return size, next, nil
		}
		size += next
	}
}

// cut takes the first message off a run of whole frames.
func cut(frames []byte) (message, rest []byte) {
	end := frameHeader + int(binary.BigEndian.Uint32(frames))
	return frames[frameHeader:end:end], frames[end:]
}

// isWord tells whether a connection begins with a four-letter word. As a length it would be above a
// thousand million.
func isWord(data []byte) bool {
	if len(data) < frameHeader {
		return false
	}
	for _, letter := range data[:frameHeader] {
		if letter < 'a' || letter > 'z' {
			return false
		}
	}
	return true
}
