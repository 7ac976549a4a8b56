package link

import (
	"time"

	"cleave/internal/rng"
)

// Quality is how a link treats messages that are not cut.
type Quality struct {
	Latency   Spread // one way
	Loss      Chance
	Duplicate Chance
	Reorder   Chance // a message is held back by up to four latencies more, and may be overtaken
	Corrupt   Chance // a message is damaged: its checksum will tell, and it counts as lost
	Bandwidth uint64 // bytes a second; 0 is any number
}

// key tells qualities apart.
func (q Quality) key() uint64 {
	return rng.Mix(0, uint64(q.Latency.Least), uint64(q.Latency.Jitter), q.Loss.Of, q.Loss.In, q.Duplicate.Of, q.Duplicate.In,
		q.Reorder.Of, q.Reorder.In, q.Corrupt.Of, q.Corrupt.In, q.Bandwidth)
}

// Spread is a time drawn uniformly from [Least, Least+Jitter].
type Spread struct{ Least, Jitter time.Duration }

func (s Spread) pick(random uint64) time.Duration {
	return s.Least + time.Duration(rng.Below(random, uint64(s.Jitter)+1))
}

// Chance is Of in In cases. The zero Chance is never.
type Chance struct{ Of, In uint64 }

func (c Chance) happens(draw func(uint64) uint64, decision uint64) bool {
	return c.Of > 0 && rng.Below(draw(decision), c.In) < c.Of
}
