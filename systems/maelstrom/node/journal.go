package node

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
)

// Journal is a file of records that survive a crash, in the folder that the node runs in. Each is a line: its checksum, and
// itself as JSON.
type Journal struct{ file *os.File }

// OpenJournal opens a journal, or begins it, and takes the records that it has, in order. A record that was not whole when the
// node crashed was acknowledged to nobody, and is taken away. Any other damage is an error: what is missing nobody knows.
func OpenJournal(name string, record func(json.RawMessage)) (*Journal, error) {
	content, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	whole := 0
	for {
		length := bytes.IndexByte(content[whole:], '\n')
		if length < 0 {
			break
		}
		text, intact := checked(content[whole : whole+length])
		if !intact {
			return nil, fmt.Errorf("the journal %s is damaged after byte %d", name, whole)
		}
		record(text)
		whole += length + 1
	}
	if torn := content[whole:]; len(torn) > 0 {
		if _, intact := checked(torn[:len(torn)-1]); intact { // a whole record, but for the end of its line
			return nil, fmt.Errorf("the journal %s is damaged at its end", name)
		}
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err == nil && whole < len(content) {
		err = file.Truncate(int64(whole))
	}
	if err != nil {
		return nil, fmt.Errorf("the journal %s: %w", name, err)
	}
	return &Journal{file}, nil
}

// sumLength is how long a checksum is, with the space behind it.
const sumLength = 9

// checked is the record of a line, and whether its checksum is right.
func checked(line []byte) (json.RawMessage, bool) {
	if len(line) < sumLength {
		return nil, false
	}
	text := line[sumLength:]
	return text, string(line[:sumLength]) == sumOf(text)
}

func sumOf(text []byte) string { return fmt.Sprintf("%08x ", crc32.ChecksumIEEE(text)) }

// Add adds a record. When it returns, the record is there to stay.
func (j *Journal) Add(record any) error {
	text, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if _, err := j.file.WriteString(sumOf(text) + string(text) + "\n"); err != nil {
		return err
	}
	return j.file.Sync()
}
