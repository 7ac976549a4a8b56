package link

import (
	"slices"
	"time"

	"cleave/internal/rng"
)

// Link is one direction between two endpoints. It decides about each message; carrying it is its
// owner's affair. It is not safe for use by many goroutines at once.
type Link struct {
	key          uint64 // randomness of this link: the seed and both names
	base         *Quality
	disturbances []disturbance
	sent         uint64        // transmissions so far: the n that keys the next decision
	busy         time.Duration // until when earlier messages take its bandwidth
	cuts         int           // how many faults hold it cut
	cutSince     time.Duration
	dropped      int64 // messages lost to cuts
	lost         int64 // messages lost or corrupted by chance, or for want of bandwidth
	disturbed    int64 // messages that a disturbance did something to
}

// disturbance is a quality on top of the link's own, with randomness of its own.
type disturbance struct {
	quality Quality
	key     uint64
}

// New makes the link between two endpoints, by their names. base may be shared between links.
func New(seed uint64, from, to string, base *Quality) *Link {
	return &Link{key: rng.Mix(seed, rng.Text(from), rng.Text(to)), base: base}
}

// Cut stops all messages. Cuts count: each needs a Mend.
func (l *Link) Cut(now time.Duration) {
	if l.cuts == 0 {
		l.cutSince = now
	}
	l.cuts++
}

// Mend undoes one Cut. It tells whether there was one.
func (l *Link) Mend() bool {
	if l.cuts == 0 {
		return false
	}
	l.cuts--
	return true
}

// IsCut tells whether messages are stopped, and since when.
func (l *Link) IsCut() (since time.Duration, cut bool) { return l.cutSince, l.cuts > 0 }

// Drop counts a message that was under way when a cut began.
func (l *Link) Drop() { l.dropped++ }

// Dropped is how many messages were lost to cuts.
func (l *Link) Dropped() int64 { return l.dropped }

// Lost is how many messages were lost or corrupted by chance, or for want of bandwidth.
func (l *Link) Lost() int64 { return l.lost }

// Sent is how many messages were given to the link.
func (l *Link) Sent() uint64 { return l.sent }

// Disturbed is how many messages disturbances have lost, corrupted, doubled, held back or delayed.
func (l *Link) Disturbed() int64 { return l.disturbed }

// Disturb adds a disturbance. Equal ones add up, and differ in what they draw.
func (l *Link) Disturb(by Quality) {
	key := rng.Mix(l.key, by.key(), uint64(l.count(by)))
	l.disturbances = append(l.disturbances, disturbance{by, key})
}

// Calm takes away one disturbance of an equal quality. It tells whether there was one.
func (l *Link) Calm(by Quality) bool {
	for i := len(l.disturbances) - 1; i >= 0; i-- {
		if l.disturbances[i].quality == by {
			l.disturbances = slices.Delete(l.disturbances, i, i+1)
			return true
		}
	}
	return false
}

func (l *Link) count(by Quality) int {
	count := 0
	for _, d := range l.disturbances {
		if d.quality == by {
			count++
		}
	}
	return count
}

// Fate is what happens to a message.
type Fate struct {
	Number  uint64        // how many went before it on this link
	Passes  bool          // false: a cut, chance or a full queue lost it
	Corrupt bool          // it arrives damaged
	Arrival time.Duration // when it arrives; its owner has it wait for those before it that arrive later
	Held    time.Duration // how much later than Arrival it comes, out of turn; 0 for in turn
	Twice   bool          // it arrives a second time,
	Second  time.Duration // then
}

// The decisions about one message, so that each has randomness of its own.
const (
	decideLatency = iota
	decideLoss
	decideDuplicate
	decideReorder
	decideHeld // decideReorder+1
	decideSecond
	decideCorrupt
)

// longestQueue is how long a message may wait for bandwidth. One that would wait longer is lost, as it is
// where the buffer before a narrow line is full: else what was sent in a bad time would go on arriving
// long after it.
const longestQueue = time.Second

// Transmit decides about one message of a size in bytes. Times are any that do not go back.
func (l *Link) Transmit(now time.Duration, size int) Fate { return l.transmit(now, size, alone) }

// Stream decides about one message of a stream, whose owner sees to it that all of it arrives, once and in
// order, as TCP does: one that is held back is late, and what follows it waits; a second copy comes to nothing;
// one that is damaged is lost.
func (l *Link) Stream(now time.Duration, size int) Fate { return l.transmit(now, size, inStream) }

// Along decides about one message of a stream that is in the same packet as the one before it, which passed:
// it is not lost by chance.
func (l *Link) Along(now time.Duration, size int) Fate { return l.transmit(now, size, along) }

// manner is what may happen to a message.
type manner uint8

const (
	alone    manner = iota // anything
	inStream               // it is not overtaken, and lost if it is damaged
	along                  // nor lost, damaged, held back or doubled
)

func (l *Link) transmit(now time.Duration, size int, how manner) Fate {
	fate := Fate{Number: l.sent}
	l.sent++
	if l.cuts > 0 {
		l.dropped++
		return fate
	}
	if len(l.disturbances) == 0 && l.base.even() { // nearly always
		l.busy = 0
		fate.Passes, fate.Arrival = true, now
		if l.base.Latency.most() > 0 {
			fate.Arrival += l.base.Latency.Pick(rng.Mix(l.key, fate.Number, decideLatency))
		}
		return fate
	}
	out, room := l.through(now, size)
	fate.Passes, fate.Arrival = room, out
	latency := l.latency()
	suffer(&fate, l.key, l.base, latency, how)
	touched := fate.Passes && !fate.Corrupt // what was lost anyway, no disturbance takes
	undisturbed := fate
	for i := range l.disturbances {
		suffer(&fate, l.disturbances[i].key, &l.disturbances[i].quality, latency, how)
	}
	if touched && fate != undisturbed || l.width() != l.base.Bandwidth && (out > now || !room) {
		l.disturbed++
	}
	if fate.Twice {
		fate.Second += fate.Arrival
	}
	if !fate.Passes || fate.Corrupt {
		l.lost++
	}
	return fate
}

// suffer adds what one quality does to a message. Every decision is keyed by the message's number, so
// none depends on whether another was taken. Second is how long after the first the second copy comes.
func suffer(fate *Fate, key uint64, quality *Quality, latency Spread, how manner) {
	draw := func(decision uint64) uint64 { return rng.Mix(key, fate.Number, decision) }
	if how != along && quality.Loss.possible() && quality.Loss.happens(draw(decideLoss)) {
		fate.Passes = false
	}
	if how != along && quality.Corrupt.possible() && quality.Corrupt.happens(draw(decideCorrupt)) {
		fate.Corrupt, fate.Passes = true, fate.Passes && how == alone
	}
	if quality.Latency.most() > 0 {
		fate.Arrival += quality.Latency.Pick(draw(decideLatency))
	}
	if how == along {
		return
	}
	if quality.Reorder.possible() && quality.Reorder.happens(draw(decideReorder)) {
		late := Spread{Jitter: 4 * latency.most()}.Pick(draw(decideHeld))
		if how == alone {
			fate.Held += late
		} else {
			fate.Arrival += late
		}
	}
	if quality.Duplicate.possible() && quality.Duplicate.happens(draw(decideDuplicate)) {
		fate.Twice, fate.Second = true, latency.Pick(draw(decideSecond))
	}
}

// latency is that of the link with all that disturbs it.
func (l *Link) latency() Spread {
	sum := l.base.Latency
	for i := range l.disturbances {
		more := &l.disturbances[i].quality.Latency
		sum.Least, sum.Jitter, sum.Tail = sum.Least+more.Least, sum.Jitter+more.Jitter, sum.Tail+more.Tail
	}
	return sum
}

// through is when a message has gone out, after those before it, and whether there was room for it.
func (l *Link) through(now time.Duration, size int) (out time.Duration, room bool) {
	width := l.width()
	if width == 0 {
		l.busy = 0
		return now, true
	}
	begin := max(l.busy, now)
	if begin-now > longestQueue {
		return now, false
	}
	l.busy = begin + time.Duration(uint64(size)*uint64(time.Second)/width)
	return l.busy, true
}

// width is the narrowest bandwidth in force, 0 for any.
func (l *Link) width() uint64 {
	width := l.base.Bandwidth
	for i := range l.disturbances {
		if b := l.disturbances[i].quality.Bandwidth; b > 0 && (width == 0 || b < width) {
			width = b
		}
	}
	return width
}
