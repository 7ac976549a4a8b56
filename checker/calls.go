package checker

import (
	"slices"
	"strings"
	"time"

	"cleave/history"
)

// Calls measures what service discovery is for: of the calls that consumers would have made with what they were told, how
// many would have reached a live instance.
//
//	calls      '    '    '    '    '    '    '    '    '    '    one each 100 ms
//	c6 |--lookup--| [a b]                                        calls a: dead.  With a retry it calls b: reached
//	c6                       |------lookup------| timeout        5 calls with no address; with a cache, [b]: reached
//
// Nobody calls: a consumer would have called once each 100 ms, from its first lookup on, and each lookup that ended stands for the
// calls since the end of the one before. So a consumer that waits for an answer is counted for as many calls as one that
// is served, and all systems for equally many. They are judged by how things stood when the lookup ended.
//
// An instance lives at the host of the client that registers it, from when that asks for it until it begins to leave, whatever a
// registry knows. One whose name is an address, "web/n3:20881", is called there: if that is not its host, nobody reaches it. A call goes
// from the consumer's host to that host, and passes if neither direction between them is cut; nodes that are
// down, slow or paused stand in nobody's way. Addresses are taken in turn, a client's n-th
// call going to the n-th of its list, round and round; a retry goes to the one after it.
//
// Calls are measured three times, by Function:
//   - "lookup": by those that have no cache. A lookup that was not ok gives no address.
//   - "cache-lookup": by those that look into their cache alone.
//   - none: by those that ask a server, and look into their cache when that does not answer: as it answers them within
//     half a second then, or else as it answered last.
//
// By side, phase, both, and over all (a call belongs to the side on which its client stood throughout the
// lookup, and to the phase of its invocation):
//   - "calls": how many.
//   - "calls reached", "calls reached with a retry": the part of them that reached a live instance.
//   - "calls that could reach": the part at which any instance was alive and could be reached: more nobody can reach.
//   - "calls without an address", "calls to the dead", "calls cut off": the part that had none; whose first address was of one that
//     was not up; that was up and could not be reached.
//   - "calls unaware": of the instances that were up and within reach at each call, and had asked to be registered before the
//     lookup, the part that was not listed.
//
// Calls judges nothing: Valid means that something was measured.
type Calls struct {
	Service string // the key of the lookups; "" for all
}

// Name is "calls".
func (Calls) Name() string { return "calls" }

// Check measures.
func (c Calls) Check(h *history.History, budget Budget) Result {
	s := exchange{registry: budget.Facts.registryOf(h), sides: budget.Facts.sidesOf(h), phases: phasesOf(h), roads: roadsOf(h),
		called: map[asker]progress{}, cached: map[asker][]string{}, waiting: map[asker]*history.Operation{}, hosts: map[string]string{}}
	for _, place := range h.Run.Clients {
		s.hosts[place.Client] = place.Host
	}
	calls := 0
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.GaveUp == history.Forever || c.Service != "" && operation.Key != c.Service {
			continue
		}
		switch operation.Function {
		case history.Lookup, history.CacheLookup:
			s.look(operation)
			calls++
		}
	}
	if calls == 0 {
		return Result{Verdict: Unknown, Reason: "no lookup ended, so nobody would have called"}
	}
	s.settle()
	return Result{Verdict: Valid, Reason: "measured on " + counted(calls, "lookup"), Measures: s.measures()}
}

// exchange goes through the calls.
type exchange struct {
	registry registry
	sides    *Sides
	phases   phases
	roads    roads
	hosts    map[string]string // of clients
	called   map[asker]progress
	cached   map[asker][]string           // what a cache last answered
	waiting  map[asker]*history.Operation // lookups without an answer, whose clients will look into their caches
	waiters  []asker                      // in order of their first
	found    table[bill]
}

// callEvery is the time between two calls of a consumer.
const callEvery = history.Time(100 * time.Millisecond)

// soon is how soon after a lookup without an answer a cache is looked into for it.
const soon = history.Time(500 * time.Millisecond)

// unsupported is the error of what a system's clients cannot do at all.
const unsupported = "unsupported"

// progress is how far a consumer has come with calling in one way.
type progress struct {
	until history.Time // the end of the last lookup
	turn  int          // calls made
}

// bill counts calls.
type bill struct {
	calls, first, retried, possible int
	nowhere, dead, severed          int
	due, unaware                    int
}

func (s *exchange) look(operation *history.Operation) {
	var list []string
	if operation.Outcome == history.Ok {
		list = listedIn(operation.Result)
	}
	own := asker{operation.Client, history.CacheLookup, operation.Key}
	if operation.Function == history.CacheLookup && operation.Error == unsupported {
		return // there is no cache
	}
	if operation.Function == history.CacheLookup {
		waits := s.waiting[own]
		if waits != nil && operation.Invoked > waits.GaveUp+soon {
			s.fallBack(own)
		}
		s.cached[own] = list
		s.fallBack(own)
		s.call(operation, operation.Function, list)
		return
	}
	s.fallBack(own)
	s.call(operation, operation.Function, list)
	if operation.Outcome == history.Ok {
		s.call(operation, "", list)
		return
	}
	if _, before := s.waiting[own]; !before {
		s.waiters = append(s.waiters, own)
	}
	s.waiting[own] = operation
}

// fallBack has a client whose lookup was not answered call with what its cache holds.
func (s *exchange) fallBack(own asker) {
	if operation := s.waiting[own]; operation != nil {
		s.call(operation, "", s.cached[own])
		s.waiting[own] = nil
	}
}

// settle has everybody call who still waits for the cache.
func (s *exchange) settle() {
	for _, own := range s.waiters {
		s.fallBack(own)
	}
}

// call makes the calls that a lookup stands for, in one of the three ways.
func (s *exchange) call(operation *history.Operation, way history.Function, list []string) {
	who := asker{operation.Client, way, operation.Key}
	p, before := s.called[who]
	if !before {
		p.until = operation.Invoked - 1
	}
	b := bill{calls: int(operation.GaveUp/callEvery - p.until/callEvery)}
	for turn := p.turn; turn < p.turn+b.calls; turn++ {
		s.dial(operation, list, turn, &b)
	}
	s.called[who] = progress{operation.GaveUp, p.turn + b.calls}
	s.survey(operation, list, &b)
	side, phase := s.sides.During(*operation), s.phases.at(operation.Invoked)
	for _, c := range []cell{{}, {side: side}, {phase: phase}, {side: side, phase: phase}} {
		if c.function = way; c.side != Changing {
			s.found.at(c).add(b)
		}
	}
}

// dial makes one call.
func (s *exchange) dial(operation *history.Operation, list []string, turn int, b *bill) {
	if len(list) == 0 {
		b.nowhere++
		return
	}
	lives, reached := s.outcome(operation, list[turn%len(list)])
	switch {
	case reached:
		b.first++
	case lives:
		b.severed++
	default:
		b.dead++
	}
	if !reached {
		_, reached = s.outcome(operation, list[(turn+1)%len(list)])
	}
	if reached {
		b.retried++
	}
}

// outcome tells what a call of an instance would have found when an operation ended.
func (s *exchange) outcome(from *history.Operation, instance string) (lives, reached bool) {
	current, _ := s.registry.lifeAt(instance, from.GaveUp)
	if current == nil || current.leaving <= from.GaveUp {
		return false, false
	}
	return true, s.open(from, current)
}

// open tells whether a call of the instance of a life, at its address, would have reached it when an operation ended.
func (s *exchange) open(from *history.Operation, called *life) bool {
	home := s.hosts[called.register.Client]
	if host, _, says := strings.Cut(nameOf(called.register.Key), ":"); says && host != home {
		return false
	}
	return s.roads.open(s.hosts[from.Client], home, from.GaveUp)
}

// nameOf is an instance without its service.
func nameOf(instance string) string { return instance[strings.IndexByte(instance, '/')+1:] }

// survey looks who could have been reached, and who of them was not listed.
func (s *exchange) survey(operation *history.Operation, list []string, b *bill) {
	for number, instance := range s.registry.instances {
		current, _ := s.registry.lives[number].at(operation.GaveUp)
		if current == nil || current.leaving <= operation.GaveUp || serviceOf(instance) != operation.Key ||
			!s.open(operation, current) {
			continue
		}
		b.possible = b.calls
		if current.asked < operation.Invoked {
			b.due += b.calls
			if _, listed := slices.BinarySearch(list, instance); !listed {
				b.unaware += b.calls
			}
		}
	}
}

func (b *bill) add(other bill) {
	b.calls += other.calls
	b.first += other.first
	b.retried += other.retried
	b.possible += other.possible
	b.nowhere += other.nowhere
	b.dead += other.dead
	b.severed += other.severed
	b.due += other.due
	b.unaware += other.unaware
}

func (s *exchange) measures() []Measure {
	var measures []Measure
	for _, c := range s.found.sorted() {
		b := s.found.at(c)
		if b.calls == 0 {
			continue
		}
		measures = append(measures, c.measure("calls", float64(b.calls), Count))
		for _, share := range []struct {
			name  string
			count int
		}{
			{"calls reached", b.first}, {"calls reached with a retry", b.retried}, {"calls that could reach", b.possible},
			{"calls without an address", b.nowhere}, {"calls to the dead", b.dead}, {"calls cut off", b.severed},
		} {
			measures = append(measures, c.measure(share.name, ratio(share.count, b.calls), Ratio))
		}
		if b.due > 0 {
			measures = append(measures, c.measure("calls unaware", ratio(b.unaware, b.due), Ratio))
		}
	}
	return measures
}

// roads are the links between hosts that are cut, as time goes by.
type roads struct {
	from []history.Time
	cut  []map[history.Link]bool
}

func roadsOf(h *history.History) roads {
	r := roads{from: []history.Time{beginning}, cut: []map[history.Link]bool{{}}}
	isNode := map[string]bool{}
	for _, node := range h.Run.Nodes {
		isNode[node] = true
	}
	for _, event := range h.Faults() {
		cut := map[history.Link]bool{}
		for _, link := range event.Fault.After.Cut {
			if isNode[link.From] && isNode[link.To] {
				cut[link] = true
			}
		}
		r.from, r.cut = append(r.from, event.Time), append(r.cut, cut)
	}
	return r
}

// open tells whether a call passes from one host to another.
func (r roads) open(one, other string, at history.Time) bool {
	cut := r.cut[lastAtMost(r.from, at)]
	return one == other || !cut[history.Link{From: one, To: other}] && !cut[history.Link{From: other, To: one}]
}
