package verify

import (
	"fmt"
	"hash/fnv"
	"io"
	"slices"

	"cleave/history"
	"cleave/history/foreign"
)

// Source is a history that can be read more than once.
type Source struct {
	Name string // for errors
	// Open begins at the beginning. It may be called again after the reader that it gave was closed.
	Open func() (io.ReadCloser, error)
	Size int64 // bytes, roughly; 0 if nobody knows
}

// expansion is how many bytes of memory a byte of a history file takes while it is judged, roughly.
const expansion = 8

// mostPasses bounds how often a history is read.
const mostPasses = 1000

// passes is how often a history is to be read so that what is judged at one time fits into memory.
func (s Source) passes(memory int64) int {
	if memory <= 0 || s.Size <= 0 {
		return 1
	}
	return int(min(1+s.Size/(memory/expansion+1), mostPasses))
}

// part are the operations whose keys belong to one pass.
type part struct {
	operations []history.Operation
	functions  map[history.Function]int // of the whole history
	lists      bool                     // some read gave a list
	writes     string                   // how the first transaction writes that does: append or w
	total      int                      // operations of the whole history
	oneKey     bool                     // all of those are on one key
	untimed    bool                     // times are places in the history
	full       bool                     // there are more operations than memory may hold
}

// read reads the operations of one pass out of several, as long as they fit into memory.
func (s Source) read(options foreign.Options, pass, passes int, memory int64) (part, error) {
	input, err := s.Open()
	if err != nil {
		return part{}, err
	}
	defer input.Close() // only read
	p := part{functions: map[history.Function]int{}, untimed: true, oneKey: true}
	key := ""
	counted, seen, held := &counted{input: input}, int64(0), int64(0)
	options.Line = longestLine(memory)
	for operation, err := range foreign.Operations(counted, options) {
		if err != nil {
			return part{}, fmt.Errorf("%s: %w", s.Name, err)
		}
		text := counted.bytes - seen
		seen += text
		if operation.Function == history.Home {
			continue // a client went back to its node: that says nothing of any object
		}
		if p.total++; p.total == 1 {
			key = operation.Key
		}
		p.oneKey = p.oneKey && operation.Key == key
		p.functions[operation.Function]++
		p.untimed = p.untimed && operation.Invoked == history.Time(operation.ID)*foreign.Place
		if _, isList := operation.Result.AsList(); isList && operation.Function == history.Read {
			p.lists = true
		}
		if p.writes == "" && operation.Function == history.Txn {
			p.writes = firstWrite(operation)
		}
		if passes == 1 || passOf(operation.Key, passes) == pass {
			held += text
			if len(p.operations) == cap(p.operations) {
				p.operations = slices.Grow(p.operations, s.room(len(p.operations), counted.bytes, memory))
			}
			if p.operations = append(p.operations, operation); memory > 0 && max(held, int64(len(p.operations))*operationBytes) > memory {
				p.full = true
				return p, nil
			}
		}
	}
	if p.total == 0 {
		return part{}, fmt.Errorf("%s: no operation in it", s.Name)
	}
	return p, nil
}

// longestLine is how many bytes a line may have in so much memory: while it is read there is the line, what it grew from, and what is
// made of it. 0 is as many as in any history.
func longestLine(memory int64) int {
	const least, share = 1 << 20, 8
	if memory <= 0 {
		return 0
	}
	return int(max(memory/share, least))
}

// counted counts what was read.
type counted struct {
	input io.Reader
	bytes int64
}

func (c *counted) Read(into []byte) (int, error) {
	n, err := c.input.Read(into)
	c.bytes += int64(n)
	return n, err
}

// room is for how many more operations a list of so many is made longer, going by how much of the source they came from.
// A list that grows bit by bit leaves several times behind what it holds, and memory that is fresh takes longer to come
// by than an operation to read.
func (s Source) room(operations int, read, memory int64) int {
	const first, steep = 1 << 14, 8 // of many keys, and of lines that grow shorter, the first tell little
	more := max(operations/4, 16)
	if expected := float64(operations) / float64(max(read, 1)) * float64(s.Size) * 1.03; operations < first {
		more = int(min(s.Size/64+16, first))
	} else if expected > float64(operations) {
		more = max(more, int(min(expected-float64(operations), float64(steep*operations))))
	}
	if memory > 0 {
		more = min(more, max(int(memory/operationBytes)+1-operations, 1))
	}
	return more
}

// passOf is in which pass a key is judged.
func passOf(key string, passes int) int {
	hash := fnv.New32a()
	_, _ = io.WriteString(hash, key) // a hash takes everything
	return int(hash.Sum32() % uint32(passes))
}
