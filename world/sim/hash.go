package sim

import (
	"encoding/binary"
	"math/bits"
)

// absorb adds a word to a rolling hash: a rotation and an odd multiplication, a bijection of the
// hash for every word. It is there to show divergence, not to withstand an enemy.
func absorb(hash, word uint64) uint64 {
	return bits.RotateLeft64(hash^word, 29) * 0x9fb21c651e98df25
}

// absorbBytes adds a payload, eight bytes at a time, its length first.
func absorbBytes(hash uint64, payload []byte) uint64 {
	hash = absorb(hash, uint64(len(payload)))
	for len(payload) >= 8 {
		hash = absorb(hash, binary.LittleEndian.Uint64(payload))
		payload = payload[8:]
	}
	var tail uint64
	for i, b := range payload {
		tail |= uint64(b) << (8 * i)
	}
	return absorb(hash, tail)
}
