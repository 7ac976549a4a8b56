package sweep

// mostStretches is into how many pieces a sweep's seeds are divided to tell when it found what: the record does not grow with them.
const mostStretches = 100

// stretchLength is how many seeds a stretch has, the last perhaps less.
func stretchLength(first, last uint64) uint64 { return (last-first)/mostStretches + 1 }

// stretches is how many there are, at most mostStretches. Of shards it is that of the whole sweep, so that they can be added.
func stretches(first, last uint64) int { return int((last-first)/stretchLength(first, last)) + 1 }

// stretch is the one that a seed falls into.
func (r *Record) stretch(seed uint64) int {
	return int((seed - r.First) / stretchLength(r.First, r.Last))
}
