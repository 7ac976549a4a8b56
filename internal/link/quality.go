package link

import (
	"math/bits"
	"time"

	"cleave/internal/rng"
)

// Quality is how a link treats messages that are not cut.
type Quality struct {
	Latency   Spread // one way
	Loss      Chance
	Duplicate Chance // a message arrives once more, up to a latency after the first time
	Reorder   Chance // a message is held back by up to four latencies, and may be overtaken
	Corrupt   Chance // a message is damaged: its checksum will tell, and it counts as lost
	Bandwidth uint64 // bytes a second; 0 is any number
}

// Hampers tells whether it takes messages away or makes them late. What only doubles or reorders them is
// no excuse for being late.
func (q Quality) Hampers() bool {
	return q.Loss.possible() || q.Corrupt.possible() || q.Latency.most() > 0 || q.Bandwidth > 0
}

// even tells whether nothing but its latency comes between a message and its arrival.
func (q *Quality) even() bool {
	return !q.Loss.possible() && !q.Corrupt.possible() && !q.Reorder.possible() && !q.Duplicate.possible() && q.Bandwidth == 0
}

// key tells qualities apart.
func (q Quality) key() uint64 {
	return rng.Mix(0, uint64(q.Latency.Least), uint64(q.Latency.Jitter), q.Loss.Of, q.Loss.In, q.Duplicate.Of, q.Duplicate.In,
		q.Reorder.Of, q.Reorder.In, q.Corrupt.Of, q.Corrupt.In, q.Bandwidth) ^ uint64(q.Latency.Tail)
}

// Spread is a time drawn uniformly from [Least, Least+Jitter], and more with a long tail.
type Spread struct {
	Least, Jitter time.Duration
	Tail          time.Duration // the mean of a time that is added, drawn exponentially
}

// Pick is the time that random bits stand for.
func (s Spread) Pick(random uint64) time.Duration {
	picked := s.Least + time.Duration(rng.Below(random, uint64(s.Jitter)+1))
	if s.Tail > 0 {
		picked += exponential(rng.Mix(random), s.Tail)
	}
	return picked
}

// most is the longest time that can be drawn, but for one in fifty of those with a tail.
func (s Spread) most() time.Duration { return s.Least + s.Jitter + 4*s.Tail }

// exponential draws a time of an exponential distribution with a mean: -ln(u) times it, for u = (random+1)/2^64. The logarithm is
// taken bit by bit, by squaring (Knuth, TAOCP volume 1, section 1.2.2, exercise 28), in whole numbers: floats are not the same on
// every machine.
//
//	-log2(u) = zeros in front of random + (1 - the fraction of log2 of what follows them)
func exponential(random uint64, mean time.Duration) time.Duration {
	random |= 1
	zeros := bits.LeadingZeros64(random)
	x, fraction := random<<zeros, uint64(0) // x is 1 to 2, times 2^63
	for range logBits {
		square, _ := bits.Mul64(x, x) // 1 to 4, times 2^62
		fraction <<= 1
		if square>>63 == 1 {
			fraction, x = fraction|1, square
		} else {
			x = square << 1
		}
	}
	log := uint64(zeros+1)<<logBits - fraction // -log2(u), times 2^logBits
	high, low := bits.Mul64(log*ln2>>logBits, uint64(mean))
	return time.Duration(high<<(64-logBits) | low>>logBits)
}

// logBits are the bits of a logarithm's fraction, and ln2 the natural logarithm of 2 with so many.
const (
	logBits = 24
	ln2     = 11629080
)

// Chance is Of in In cases. The zero Chance is never.
type Chance struct{ Of, In uint64 }

// possible spares what never happens its randomness.
func (c Chance) possible() bool { return c.Of > 0 }

func (c Chance) happens(random uint64) bool { return rng.Below(random, c.In) < c.Of }
