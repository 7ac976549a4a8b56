package foreign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
)

// lineDecoder reads JSON Lines: an object a line, with the fields of history's own files, of which an operation
// needs type, process and f. Lines of the process "nemesis" are passed over.
//
// Several blocks of whole lines are parsed at once, on as many cores as there are, and come out in their order:
//
//	input ──blocks──▶ [ block 5 | block 4 | block 3 ] being parsed ──▶ block 2, whose records are given one by one
//
// The one who asks for records reads the input, so nobody is left waiting at it when it is given up.
type lineDecoder struct {
	input   blocks
	lenient bool
	ahead   []*block // being parsed, the oldest first
	current *block
	given   int      // records of the current block
	spare   []*block // to be filled anew
	failed  error    // reading: to be told when all that was read before is given
}

// mostAhead bounds how many blocks are parsed at a time.
const mostAhead = 8

func newLineDecoder(input io.Reader, options Options) *lineDecoder {
	return &lineDecoder{input: blocks{input: input, line: 1, most: options.line()}, lenient: options.Lenient, current: &block{texts: newInterned()}}
}

func (d *lineDecoder) next() (*record, error) {
	for d.given == len(d.current.records) {
		if d.current.err != nil {
			return nil, d.current.err
		}
		if err := d.advance(); err != nil {
			return nil, err
		}
	}
	d.given++
	return &d.current.records[d.given-1], nil
}

// advance goes on to the next block, and has others parsed meanwhile.
func (d *lineDecoder) advance() error {
	for d.failed == nil && d.reads() {
		b := d.fresh()
		if d.failed = d.input.fill(b); d.failed == nil {
			go b.parse(d.lenient)
			d.ahead = append(d.ahead, b)
		}
	}
	if len(d.ahead) == 0 {
		return d.failed
	}
	d.spare = append(d.spare, d.current)
	d.current, d.given = d.ahead[0], 0
	d.ahead = append(d.ahead[:0], d.ahead[1:]...)
	if <-d.current.parsed; cap(d.current.text) > 2*blockBytes {
		d.current.text = nil // a long line's, which the next ones need not
	}
	return nil
}

// reads tells whether to read on before the next block is given: not behind a long line, so that few of them are in
// memory, nor where input comes little by little, so that nobody waits for what is there.
func (d *lineDecoder) reads() bool {
	if len(d.ahead) == 0 {
		return true
	}
	last := len(d.ahead[len(d.ahead)-1].text)
	return len(d.ahead) < min(runtime.GOMAXPROCS(0), mostAhead) && last > blockBytes/2 && last <= blockBytes
}

// fresh is a block to be filled.
func (d *lineDecoder) fresh() *block {
	if len(d.spare) == 0 {
		return &block{texts: newInterned()}
	}
	b := d.spare[len(d.spare)-1]
	d.spare = d.spare[:len(d.spare)-1]
	return b
}

// blockBytes is how long a block is, unless a line is longer.
const blockBytes = 1 << 18

// block is a piece of the input that ends where a line does.
type block struct {
	text    []byte
	line    int // number of its first line
	texts   *interned
	records []record
	err     error // of the line after the records
	parsed  chan struct{}
}

// parse reads every line, up to the first that is bad.
func (b *block) parse(lenient bool) {
	defer close(b.parsed)
	o := object{jsonScanner: jsonScanner{texts: b.texts}, lenient: lenient}
	number := b.line
	for rest := b.text; len(rest) > 0; number++ {
		line, after, whole := bytes.Cut(rest, newline)
		rest = after
		if number == 1 {
			line = bytes.TrimPrefix(line, mark)
		}
		o.begin(trimmed(line))
		if o.space() == 0 && o.at >= len(o.text) {
			continue // an empty line
		}
		b.records = append(b.records, record{line: number})
		o.record = &b.records[len(b.records)-1]
		err := o.read()
		switch {
		case errors.Is(err, errShort) && !whole:
			b.err = fmt.Errorf("line %d is cut short: the file ends within it", number)
		case err != nil:
			b.err = fmt.Errorf("line %d: %w", number, err)
		}
		if err != nil || o.record.event.Type == "" { // of no use
			b.records = b.records[:len(b.records)-1]
		}
		if err != nil {
			return
		}
	}
}

var newline = []byte("\n")

// blocks cuts an input into blocks.
type blocks struct {
	input  io.Reader
	rest   []byte // the beginning of the line that was not read to its end
	line   int    // its number
	most   int    // bytes that a line may have
	failed error  // reading
}

// fill reads a block, as much as there is at once. At the end of the input the error is io.EOF.
func (r *blocks) fill(b *block) error {
	*b = block{text: append(b.text[:0], r.rest...), line: r.line, texts: b.texts, records: b.records[:0], parsed: make(chan struct{})}
	r.rest = r.rest[:0]
	for {
		switch before := len(b.text); {
		case errors.Is(r.failed, io.EOF) && before > 0:
			return nil // a last line without an end
		case r.failed != nil:
			return r.failed
		case before > r.most:
			return tooLong(r.line, r.most)
		default:
			r.read(b)
			if end := bytes.LastIndexByte(b.text[before:], '\n'); end >= 0 {
				return r.cut(b, before+end+1)
			}
		}
	}
}

// read adds to a block: what the usual length still leaves room for, or of a long line as much again.
func (r *blocks) read(b *block) {
	before := len(b.text)
	after := max(blockBytes, min(2*before, r.most+1))
	b.text = slices.Grow(b.text, after-before)[:after]
	n, err := io.ReadAtLeast(r.input, b.text[before:], 1)
	b.text, r.failed = b.text[:before+n], err
}

// cut ends a block behind its last newline.
func (r *blocks) cut(b *block, end int) error {
	if bytes.IndexByte(b.text, '\n') >= r.most {
		return tooLong(r.line, r.most)
	}
	r.rest = append(r.rest, b.text[end:]...)
	b.text = b.text[:end]
	r.line += bytes.Count(b.text, newline)
	return nil
}
