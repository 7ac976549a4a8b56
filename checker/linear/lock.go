package linear

import (
	"cmp"
	"math"
	"slices"
)

// section is a time at which somebody held the lock: got, then given back.
type section struct {
	acquire, release int32 // positions; release is none if it was never given back
	zone             zone
	from, to         int64 // the call of the acquire and the return of the release: the most it can have been
	loose            bool  // one of the two has an unknown outcome
}

// spare are a holder's acquires and releases of unknown outcome, by call.
type spare [2][]int32

// holders are the sections of a lock, as each holder's own operations tell them.
type holders struct {
	operations []Operation
	sections   []section
	refused    []int32 // who was told that the lock is held
	spares     []spare // what is left over of those who have acquires left over
	idle       bool    // an acquire of unknown outcome is left over
	touching   bool    // a holder's operation returned when the next was called, so either may be first
	twice      bool    // and a release of the same holder, too: these may have parted a section in two
}

// checkLock judges a lock. Each holder's own operations, one after the other, tell the sections in which it
// held the lock; the sections, as zones, must have an order. Who was refused must find a time at which a section
// goes on, or may.
func checkLock(operations []Operation) Answer {
	h := &holders{operations: operations}
	if answer, ok := h.gather(); !ok {
		return answer
	}
	answer := h.judge()
	if cause := ambiguous(h.twice, h.touching); answer.Verdict == Invalid && cause != "" {
		return unsuited(cause)
	}
	return answer
}

// ambiguous is why the sections of a holder may have been others, "" if they cannot.
func ambiguous(twice, touching bool) string {
	switch {
	case twice:
		return "an acquire and a release of one holder have an unknown outcome, and may have parted a section in two"
	case touching:
		return "an operation of a holder returned at the instant at which his next was called, so either may be first"
	}
	return ""
}

func (h *holders) judge() Answer {
	zones := make([]zone, len(h.sections))
	for i := range h.sections {
		zones[i] = h.sections[i].zone
	}
	if answer, found := clash(zones); found {
		return h.both(answer)
	}
	return h.refusals()
}

// both adds to a clash of two sections all that began and ended them.
func (h *holders) both(answer Answer) Answer {
	answer.Reason = TwoHolders
	for _, role := range []int{answer.Roles[0], answer.Roles[2]} {
		for i := range h.sections {
			if s := &h.sections[i]; int(s.zone.earliest) == role {
				answer.Roles = append(answer.Roles, int(s.acquire), int(s.release))
			}
		}
	}
	return answer
}

// gather finds the sections, holder by holder.
func (h *holders) gather() (Answer, bool) {
	byHolder := make([][]int32, names(h.operations))
	for i := range h.operations {
		o := &h.operations[i]
		if o.Kind == Refused {
			h.refused = append(h.refused, int32(i))
			continue
		}
		byHolder[o.Value] = append(byHolder[o.Value], int32(i))
	}
	open := valid()
	for _, positions := range byHolder {
		switch answer := h.follow(positions); answer.Verdict {
		case Invalid:
			return answer, false
		case Unsuited:
			open = answer
		}
	}
	return open, open.Verdict == Valid
}

// follow finds the sections of one holder. Where it got the lock twice, it must have given it back in
// between, by a release of unknown outcome: the first that is left does best. The same for acquires.
func (h *holders) follow(positions []int32) Answer {
	slices.SortFunc(positions, func(a, b int32) int {
		x, y := &h.operations[a], &h.operations[b]
		return cmp.Or(before(x.Call, y.Call), before(x.Return, y.Return), cmp.Compare(a, b))
	})
	var spare spare
	var known []int32
	touching := false
	for _, position := range positions {
		switch o := &h.operations[position]; {
		case !o.unknown():
			if last := len(known) - 1; last >= 0 && h.operations[known[last]].Return >= o.Call {
				if h.operations[known[last]].Return > o.Call {
					return unsuited("operations %d and %d of one holder are at the same time", int64(known[last]), int64(position))
				}
				touching = true
			}
			known = append(known, position)
		case o.Kind == Acquire:
			spare[0] = append(spare[0], position)
		default:
			spare[1] = append(spare[1], position)
		}
	}
	h.touching = h.touching || touching && len(spare[0])+len(spare[1]) > 0
	answer, twice := h.pair(known, &spare)
	h.twice = h.twice || twice
	if cause := ambiguous(twice, touching); answer.Verdict == Invalid && cause != "" {
		answer = unsuited(cause)
	}
	if len(spare[0]) > 0 {
		h.idle, h.spares = true, append(h.spares, spare)
	}
	return answer
}

// pair makes sections of a holder's operations. Twice tells that one acquire and one release of unknown outcome
// are left over at least.
func (h *holders) pair(known []int32, spare *spare) (answer Answer, twice bool) {
	open := int32(none) // the acquire since which the lock is held
	use := func(kind int, by int32) int32 {
		if len(spare[kind]) == 0 || h.operations[spare[kind][0]].Call > h.operations[by].Return {
			return none
		}
		used := spare[kind][0]
		spare[kind] = spare[kind][1:]
		return used
	}
	for _, position := range known {
		switch {
		case h.operations[position].Kind == Acquire && open == none:
			open = position
		case h.operations[position].Kind == Acquire:
			release := use(1, position)
			if release == none && answer.Verdict == Valid {
				answer = invalid(HeldAlready, int(open), int(position))
			}
			h.add(open, release, h.operations[position].Return)
			open = position
		case open == none:
			acquire := use(0, position)
			if acquire == none && answer.Verdict == Valid {
				answer = invalid(NotHeld, int(position))
			}
			h.add(acquire, position, Never)
		default:
			h.add(open, position, Never)
			open = none
		}
	}
	twice = len(spare[0]) > 0 && len(spare[1]) > 0
	if open != none {
		release := int32(none)
		if len(spare[1]) > 0 {
			release, spare[1] = spare[1][0], spare[1][1:]
		}
		h.add(open, release, Never)
	}
	return answer, twice
}

// add notes a section, which ended by a time at the latest.
func (h *holders) add(acquire, release int32, by int64) {
	if acquire == none {
		return // a contradiction, found already
	}
	a := &h.operations[acquire]
	s := section{acquire: acquire, release: release, zone: zone{a.Return, Never, acquire, none}, from: a.Call, to: by, loose: a.unknown()}
	if release != none {
		r := &h.operations[release]
		s.zone.called, s.zone.latest = r.Call, release
		if a.Call > r.Call {
			s.zone.called, s.zone.latest = a.Call, acquire
		}
		if r.Return < a.Return {
			s.zone.returned, s.zone.earliest = r.Return, release
		}
		s.to = min(by, r.Return)
		s.loose = s.loose || r.unknown()
	}
	h.sections = append(h.sections, s)
}

// refusals looks whether everybody who was refused can have met a holder. In the order of the zones,
// each section can hand over to the next without a pause, unless that was asked for only after this one was given back.
// In a pause somebody may have held the lock whose acquire and release both have an unknown outcome.
func (h *holders) refusals() Answer {
	if len(h.refused) == 0 {
		return valid()
	}
	h.arrange()
	pauses := h.pauses()
	for _, position := range h.refused {
		o := &h.operations[position]
		place, _ := slices.BinarySearchFunc(pauses, o.Call, func(p pause, at int64) int { return before(p.from, at) })
		p := &pauses[max(place-1, 0)] // the last that begins before the call
		if o.Call <= p.from || o.Return >= p.to {
			continue
		}
		if p.refused == none || o.Return < p.until {
			p.refused, p.until = position, o.Return
		}
	}
	for i := range pauses {
		p := &pauses[i]
		switch {
		case p.refused == none || h.hold(p):
			continue
		case h.idle || !h.rigid():
			return unsuited("operation %d was refused, which operations of unknown outcome or of the same instant may explain", int64(p.refused))
		}
		return invalid(Free, int(p.refused), int(p.after), int(p.before))
	}
	return valid()
}

// hold fills a pause by a section of which nobody knows the outcome, which begins before the first refusal has
// returned. Of those that fit, the one that was asked for last is used.
func (h *holders) hold(p *pause) bool {
	best, latest := none, int64(beginning)
	for i := range h.spares {
		s := &h.spares[i]
		if len(s[0]) == 0 || h.operations[s[0][0]].Call > p.until {
			continue
		}
		asked := h.operations[s[0][0]].Call
		if p.to < Never {
			if len(s[1]) == 0 || h.operations[s[1][0]].Call > p.to {
				continue
			}
			asked = max(asked, h.operations[s[1][0]].Call)
		}
		if best == none || asked > latest {
			best, latest = i, asked
		}
	}
	if best == none {
		return false
	}
	s := &h.spares[best]
	s[0] = s[0][1:]
	if p.to < Never {
		s[1] = s[1][1:]
	}
	return true
}

// arrange puts the sections in an order of their zones: one that would reach into a forward zone from before comes
// before it.
func (h *holders) arrange() {
	var forward []zone
	for i := range h.sections {
		if z := h.sections[i].zone; z.forward() {
			forward = append(forward, z)
		}
	}
	slices.SortFunc(forward, func(a, b zone) int { return before(a.returned, b.returned) })
	for i := range h.sections {
		z := &h.sections[i].zone
		if other := enclosing(forward, z.returned); !z.forward() && other != nil && z.returned < other.called {
			z.returned = other.returned
		}
	}
	slices.SortFunc(h.sections, func(a, b section) int {
		return cmp.Or(before(a.zone.returned, b.zone.returned), before(a.zone.called, b.zone.called), cmp.Compare(a.acquire, b.acquire))
	})
	for i := range h.sections {
		if place := h.better(i); place < i {
			moved := h.sections[i]
			copy(h.sections[place+1:i+1], h.sections[place:i])
			h.sections[place] = moved
		}
	}
}

// better is the place at which a section leaves the least time in pauses, of those before its own which its zone allows.
func (h *holders) better(place int) int {
	moved := h.at(place)
	before, after := h.at(place-1), h.at(place+1)
	saved := before.until(moved) + moved.until(after) - before.until(after)
	best := place
	const farthest = 64 // places; as many sections as that are seldom at one time
	for end := place - farthest; place > max(end, 0) && moved.zone.called <= h.at(place-1).zone.returned; place-- {
		before, after := h.at(place-2), h.at(place-1)
		if left := before.until(moved) + moved.until(after) - before.until(after); left < saved {
			best, saved = place-1, left
		}
	}
	return best
}

// at is the section at a place; those before the first and after the last are far away.
func (h *holders) at(place int) *section {
	const far = math.MaxInt64 / 4 // sums of it do not overflow
	switch {
	case place < 0:
		return &section{from: -far, to: -far}
	case place >= len(h.sections):
		return &section{from: far, to: far}
	}
	return &h.sections[place]
}

// until is how long the pause from a section to the next is.
func (s *section) until(next *section) int64 {
	if s.to >= next.from {
		return 0
	}
	return next.from - s.to
}

// pause is a time at which nobody is known to have held the lock; the first is from the beginning on.
type pause struct {
	from, to      int64
	after, before int32 // the release and the acquire around it, or none
	refused       int32 // who was refused in it and returned first, or none
	until         int64 // that return
}

// pauses are those between the sections, in order.
func (h *holders) pauses() []pause {
	last := pause{from: beginning, to: Never, after: none, before: none, refused: none}
	var pauses []pause
	for i := range h.sections {
		s := &h.sections[i]
		last.to, last.before = s.from, s.acquire
		if last.from < last.to {
			pauses = append(pauses, last)
		}
		last = pause{from: s.to, to: Never, after: s.release, before: none, refused: none}
	}
	return append(pauses, last)
}

// rigid tells that the sections have one order only, with every outcome known.
func (h *holders) rigid() bool {
	for i := range h.sections {
		if h.sections[i].loose || i > 0 && h.sections[i-1].zone.returned >= h.sections[i].zone.called {
			return false
		}
	}
	return true
}
