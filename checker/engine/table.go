package engine

import "slices"

// table remembers the configurations that were tried, level by level: a level is how many completions lie
// behind. An entry is words of 64 bits:
//
//	state | the next entry + 1 with the same state and required operations, if there are optional ones
//	a bit for each required operation that is open: taken or not
//	a bit for each optional operation: taken or not
type table struct {
	levels   []level
	required int        // words for required operations
	stride   int        // words of an entry
	chunks   [][]uint64 // the entries
	perChunk int
	entries  uint32
	bytes    int64
}

// level has the entries of one number of completions, by hash.
type level struct {
	slots []uint32 // the number of an entry + 1, or 0
	used  int32
}

const (
	chunkWords   = 1 << 14
	levelBytes   = 32
	firstSlots   = 4
	firstEntries = 16 // a level, at first: small histories take little
)

func newTable(levels, requiredWords, optionalWords int) *table {
	stride := 1 + requiredWords + optionalWords
	perChunk := max(min(chunkWords/stride, firstEntries*levels), 1)
	return &table{levels: make([]level, levels), required: requiredWords, stride: stride, perChunk: perChunk,
		bytes: int64(levels) * levelBytes}
}

// add remembers a configuration, and tells whether it is worth trying: no other with the same state and
// required operations, and no optional one that this has not taken too, was there before.
func (t *table) add(at int, state int32, taken []uint64) bool {
	l := &t.levels[at]
	if 2*(int(l.used)+1) > len(l.slots) {
		t.grow(l)
	}
	slot, found := t.find(l, state, taken)
	optional := taken[t.required:]
	if !found {
		l.slots[slot] = t.append(state, 0, taken)
		l.used++
		return true
	}
	first := l.slots[slot]
	if len(optional) == 0 {
		return false
	}
	for entry := first; entry != 0; {
		words := t.entry(entry)
		if within(words[1+t.required:], optional) {
			return false
		}
		entry = uint32(words[0])
	}
	l.slots[slot] = t.append(state, first, taken)
	return true
}

// find is the slot of the entries with this state and these required operations, or a free one.
func (t *table) find(l *level, state int32, taken []uint64) (slot int, found bool) {
	mask := len(l.slots) - 1
	hash := scramble(uint64(state))
	for _, word := range taken[:t.required] {
		hash = scramble(hash ^ word)
	}
	for slot = int(hash) & mask; l.slots[slot] != 0; slot = (slot + 1) & mask {
		words := t.entry(l.slots[slot])
		if words[0]>>32 == uint64(state) && slices.Equal(words[1:1+t.required], taken[:t.required]) {
			return slot, true
		}
	}
	return slot, false
}

func (t *table) entry(number uint32) []uint64 {
	place := int(number - 1)
	start := place % t.perChunk * t.stride
	return t.chunks[place/t.perChunk][start : start+t.stride]
}

// append stores an entry and gives its number.
func (t *table) append(state int32, next uint32, taken []uint64) uint32 {
	if int(t.entries)%t.perChunk == 0 {
		t.chunks = append(t.chunks, make([]uint64, t.perChunk*t.stride))
		t.bytes += int64(8 * t.perChunk * t.stride)
	}
	t.entries++
	words := t.entry(t.entries)
	words[0] = uint64(state)<<32 | uint64(next)
	copy(words[1:], taken)
	return t.entries
}

func (t *table) grow(l *level) {
	old := l.slots
	l.slots = make([]uint32, max(firstSlots, 2*len(old)))
	t.bytes += 4 * int64(len(l.slots)-len(old))
	for _, entry := range old {
		if entry != 0 {
			words := t.entry(entry)
			slot, _ := t.find(l, int32(words[0]>>32), words[1:])
			l.slots[slot] = entry
		}
	}
}

// within tells whether every bit of the first is one of the second too.
func within(some, others []uint64) bool {
	for i := range some {
		if some[i]&^others[i] != 0 {
			return false
		}
	}
	return true
}
