package fabric

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"cleave/internal/link"
)

// Cut stops all frames of a directed link, those that are under way too. Cuts count: each needs a Mend.
// When it has returned, nothing arrives any more. As with all faults, a link whose ends were never both
// attached is a mistake of the caller's, and panics.
func (s *Switch) Cut(from, to string) {
	s.on(from, to, func(p *path) { p.link.Cut(s.now()) })
}

// Mend undoes one Cut. It panics if there was none.
func (s *Switch) Mend(from, to string) {
	s.on(from, to, func(p *path) {
		if !p.link.Mend() {
			panic("fabric: mending " + from + ">" + to + ", which is not cut")
		}
	})
}

// Disturb makes a directed link worse, for the frames sent from now on. Disturbances add up.
func (s *Switch) Disturb(from, to string, by link.Quality) {
	s.on(from, to, func(p *path) { p.link.Disturb(by) })
}

// Calm undoes one Disturb of an equal quality. It panics if there was none.
func (s *Switch) Calm(from, to string, by link.Quality) {
	s.on(from, to, func(p *path) {
		if !p.link.Calm(by) {
			panic("fabric: calming " + from + ">" + to + ", which is not disturbed so")
		}
	})
}

// Dropped is how many frames a directed link has lost to cuts.
func (s *Switch) Dropped(from, to string) (dropped int64) {
	s.on(from, to, func(p *path) { dropped = p.link.Dropped() })
	return dropped
}

// Disturbed is how many frames of a directed link disturbances have lost, corrupted, doubled, held back
// or delayed.
func (s *Switch) Disturbed(from, to string) (disturbed int64) {
	s.on(from, to, func(p *path) { disturbed = p.link.Disturbed() })
	return disturbed
}

// on does something with a link while no frame passes it.
func (s *Switch) on(from, to string, action func(*path)) {
	s.mutex.Lock()
	p := s.paths[ends{from, to}]
	s.mutex.Unlock()
	if p == nil {
		panic("fabric: there is no link " + from + ">" + to)
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	action(p)
}

// Counter is what became of the frames of a directed link.
type Counter struct {
	From, To   string
	Frames     int64 // that were sent
	Delivered  int64 // written to the target's device; those that came twice count twice
	Bytes      int64 // of those, with their Ethernet headers
	Dropped    int64 // lost to cuts
	Lost       int64 // lost by chance or for want of bandwidth, or delivered damaged
	Disturbed  int64 // that a disturbance did something to
	Overflowed int64 // thrown away because too many waited
	Unclaimed  int64 // that came when their target had no device
	Waiting    int64 // that are under way now
}

// Counters are those of all links, by their ends.
func (s *Switch) Counters() []Counter {
	s.mutex.Lock()
	paths := make([]*path, 0, len(s.paths))
	for _, p := range s.paths {
		paths = append(paths, p)
	}
	s.mutex.Unlock()
	slices.SortFunc(paths, func(a, b *path) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	counters := make([]Counter, len(paths))
	for i, p := range paths {
		counters[i] = p.counter()
	}
	return counters
}

func (p *path) counter() Counter {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return Counter{From: p.from, To: p.to, Frames: int64(p.link.Sent()), Bytes: p.bytes, Delivered: p.delivered, Dropped: p.link.Dropped(),
		Lost: p.link.Lost(), Disturbed: p.link.Disturbed(), Overflowed: p.overflowed, Unclaimed: p.unclaimed, Waiting: int64(p.waiting)}
}

// Losses are frames that no link knows of.
type Losses struct {
	Strays     int64 // that were no IPv4 from the sender's own address to an endpoint's, such as ARP; thrown away
	Spilled    int64 // thrown away by the system because a device was full, of devices that are attached now
	Uncaptured int64 // that were delivered but did not fit into the capture
}

// Losses counts what no link knows of. It fails if a device cannot be asked.
func (s *Switch) Losses() (Losses, error) {
	losses := Losses{Strays: s.strays.Load()}
	if s.capture != nil {
		losses.Uncaptured = s.capture.leftOut()
	}
	s.attaching.Lock() // so that no device goes meanwhile
	defer s.attaching.Unlock()
	s.mutex.Lock()
	attached := make([]*endpoint, 0, len(s.attached))
	for _, each := range s.attached {
		attached = append(attached, each)
	}
	s.mutex.Unlock()
	var failures []error
	for _, each := range attached {
		spilled, err := each.device.spilled()
		if err != nil {
			failures = append(failures, fmt.Errorf("the counts of the device of %s: %w", each.name, err))
		}
		losses.Spilled += spilled
	}
	return losses, errors.Join(failures...)
}
