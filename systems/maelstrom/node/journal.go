package node

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// Journal is a file of records that survive a crash, in the folder that the node runs in.
type Journal struct{ file *os.File }

// OpenJournal opens a journal, or begins it, and takes the records that it has, in order. A record that was not whole when the
// node crashed was acknowledged to nobody, and is taken away.
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
		line := content[whole : whole+length]
		if !json.Valid(line) {
			break
		}
		record(json.RawMessage(line))
		whole += length + 1
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

// Add adds a record. When it returns, the record is there to stay.
func (j *Journal) Add(record any) error {
	line, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}
