package probe

import (
	"fmt"
	"strings"

	"cleave/internal/rng"
	"cleave/world"
)

// store is a value on the disk. Every life of the node has a file of its own, so that nothing is ever
// written behind what a crash has torn:
//
//	life-000001   |started|a|b|~~        of the last record a crash has left a part
//	life-000002   |started|c|
//
// A record fills whole pages: on a disk without room there is no room for it either.
type store struct {
	disk  world.Disk
	life  int
	value string
}

// recordSize is that of every record, in bytes.
const recordSize = 8 << 10

// open finds the last value, and begins the file of another life.
func (s *store) open(disk world.Disk) {
	s.disk = disk
	for _, name := range disk.Files() {
		if _, err := fmt.Sscanf(name, "life-%d", &s.life); err == nil {
			s.read(disk.Read(name))
		}
	}
	s.life++
	disk.Append(s.file(), record(s.value))
}

func (s *store) file() string { return fmt.Sprintf("life-%06d", s.life) }

// read takes values up to the first record that is not whole.
func (s *store) read(data []byte) {
	for len(data) >= recordSize {
		value, whole := unpack(string(data[:recordSize]))
		if !whole {
			return
		}
		s.value, data = value, data[recordSize:]
	}
}

// write takes a value in. A longer one than a record has room for is cut off.
func (s *store) write(value string) {
	s.value = value[:min(len(value), recordSize-sumSize-1)]
	s.disk.Append(s.file(), record(s.value))
}

func (s *store) sync(done func(error)) { s.disk.Sync(s.file(), done) }

// sumSize is that of a record's checksum, in bytes.
const sumSize = 16

// record is a checksum, the value, a line feed, and dots up to its size.
func record(value string) []byte {
	body := value + "\n" + strings.Repeat(".", recordSize-sumSize-1-len(value))
	return []byte(sum(body) + body)
}

func unpack(record string) (value string, whole bool) {
	body := record[sumSize:]
	end := strings.LastIndex(body, "\n")
	if end < 0 || sum(body) != record[:sumSize] {
		return "", false
	}
	return body[:end], true
}

func sum(body string) string { return fmt.Sprintf("%0*x", sumSize, rng.Text(body)) }
