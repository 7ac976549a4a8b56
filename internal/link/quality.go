package link

import (
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
		q.Reorder.Of, q.Reorder.In, q.Corrupt.Of, q.Corrupt.In, q.Bandwidth)
}

// Spread is a time drawn uniformly from [Least, Least+Jitter].
type Spread struct{ Least, Jitter time.Duration }

// Pick is the time that random bits stand for.
func (s Spread) Pick(random uint64) time.Duration {
	return s.Least + time.Duration(rng.Below(random, uint64(s.Jitter)+1))
}

// most is the longest time that can be drawn.
func (s Spread) most() time.Duration { return s.Least + s.Jitter }

// Chance is Of in In cases. The zero Chance is never.
type Chance struct{ Of, In uint64 }

// possible spares what never happens its randomness.
func (c Chance) possible() bool { return c.Of > 0 }

func (c Chance) happens(random uint64) bool { return rng.Below(random, c.In) < c.Of }
