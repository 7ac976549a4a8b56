// Package rng gives randomness that is a function of a key: the seed and the name of the decision.
//
// A stream drawn from in turn would shift every later decision when one fault or operation is taken
// away. So a decision that has an index (the n-th message on a link) is drawn with Mix, and one that
// belongs to a node draws from that node's own Stream.
//
// The generator is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): 64 bits of state, every seed
// good, no allocation. It is not for secrets.
package rng

import "math/bits"

// golden is 2^64 divided by the golden ratio, the increment of SplitMix64.
const golden = 0x9e3779b97f4a7c15

// Mix hashes a seed and the parts of a decision's key to 64 well-mixed bits.
func Mix(seed uint64, key ...uint64) uint64 {
	hash := finish(seed + golden)
	for _, part := range key {
		// Turned, so that a part is not taken as the seed was: Mix(1, 2) is not Mix(2, 1).
		hash = finish(bits.RotateLeft64(hash, 32) ^ finish(part+golden))
	}
	return hash
}

// Text hashes a name to a part of a key.
func Text(name string) uint64 {
	hash := uint64(len(name))
	for i := range len(name) {
		hash = finish(hash ^ uint64(name[i]) + golden)
	}
	return hash
}

// finish is the output function of SplitMix64, a bijection on 64 bits.
func finish(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Below maps 64 random bits to [0, n). n must be above 0. The bias, n/2^64, is far below anything a
// simulation can show.
func Below(bits, n uint64) uint64 {
	if n == 0 {
		panic("rng: Below needs n > 0")
	}
	return bits % n
}

// Stream is a sequence of random numbers. The zero Stream is the one of seed 0.
type Stream struct{ state uint64 }

// New makes the stream of a seed and a key.
func New(seed uint64, key ...uint64) *Stream { return &Stream{state: Mix(seed, key...)} }

// Uint64 is the next 64 random bits.
func (s *Stream) Uint64() uint64 {
	s.state += golden
	return finish(s.state)
}

// Below is a random number in [0, n). n must be above 0.
func (s *Stream) Below(n int64) int64 {
	if n <= 0 {
		panic("rng: Below needs n > 0")
	}
	return int64(Below(s.Uint64(), uint64(n)))
}

// Between is a random number in [low, high], both ends included.
func (s *Stream) Between(low, high int64) int64 { return low + s.Below(high-low+1) }

// Chance is true in numerator of denominator cases.
func (s *Stream) Chance(numerator, denominator int64) bool {
	return s.Below(denominator) < numerator
}

// Shuffle permutes indexes 0..n-1 by calling swap (Fisher and Yates).
func (s *Stream) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, int(s.Below(int64(i)+1)))
	}
}
