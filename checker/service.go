package checker

import (
	"slices"

	"cleave/history"
)

// service is what is measured of the operations of a cell.
type service struct {
	ended, answered int
	latencies       []history.Time
	outage          history.Time
	waiting         map[string]history.Time // client -> invocation of its first operation that was not answered since one was
}

// measureService measures success, latency and outages of every cell.
func measureService(asked []request) []Measure {
	var services table[service]
	for _, request := range asked {
		if request.GaveUp == history.Forever {
			continue
		}
		for _, c := range request.cell.cells() {
			if c.side != Changing {
				services.at(c).add(request.Operation)
			}
		}
	}
	var measures []Measure
	for _, c := range services.sorted() {
		s := services.at(c)
		measures = append(measures, c.measure("success", ratio(s.answered, s.ended), Ratio),
			c.measure("longest outage", milliseconds(s.outage), Milliseconds))
		if len(s.latencies) > 0 {
			slices.Sort(s.latencies)
			measures = append(measures, c.measure("latency p50", milliseconds(quantile(s.latencies, 50)), Milliseconds),
				c.measure("latency p99", milliseconds(quantile(s.latencies, 99)), Milliseconds))
		}
	}
	return measures
}

// add counts an operation. They come in order of invocation, and a client has one at a time.
func (s *service) add(operation *history.Operation) {
	if s.waiting == nil {
		s.waiting = map[string]history.Time{}
	}
	s.ended++
	since, waits := s.waiting[operation.Client]
	switch {
	case answered(operation):
		s.answered++
		s.latencies = append(s.latencies, operation.GaveUp-operation.Invoked)
		delete(s.waiting, operation.Client)
	case !waits:
		since, waits = operation.Invoked, true
		s.waiting[operation.Client] = since
	}
	if waits {
		s.outage = max(s.outage, operation.GaveUp-since)
	}
}

// measureRecovery measures how long after each start and each end of a fault the first answer came.
func measureRecovery(h *history.History, asked []request) []Measure {
	var turns []history.Event // starts and ends
	for _, event := range h.Faults() {
		if event.Fault.Stage == history.FaultStart || event.Fault.Stage == history.FaultEnd {
			turns = append(turns, event)
		}
	}
	var longest [2]table[history.Time]
	names := [2]string{"time to first success after fault", "time to first success after heal"}
	for i, turn := range turns {
		until := history.Forever
		if i+1 < len(turns) {
			until = turns[i+1].Time
		}
		which := 0
		if turn.Fault.Stage == history.FaultEnd {
			which = 1
		}
		recordFirst(asked, turn.Time, until, &longest[which])
	}
	var measures []Measure
	for which, name := range names {
		for _, c := range longest[which].sorted() {
			measures = append(measures, c.measure(name, milliseconds(*longest[which].at(c)), Milliseconds))
		}
	}
	return measures
}

// recordFirst finds the first answer of each side and function between two instants, and keeps the
// longest time that it took.
func recordFirst(asked []request, from, until history.Time, longest *table[history.Time]) {
	start, _ := slices.BinarySearchFunc(asked, from, func(r request, at history.Time) int {
		if r.Invoked < at {
			return -1
		}
		return 1
	})
	var first table[history.Time]
	for _, request := range asked[start:] {
		if request.Invoked >= until {
			break
		}
		if !answered(request.Operation) || request.Completed >= until || request.cell.side == Changing {
			continue
		}
		for _, c := range []cell{{}, {side: request.cell.side}, {function: request.Function}, {side: request.cell.side, function: request.Function}} {
			if entry := first.at(c); *entry == 0 || request.Completed-from < *entry {
				*entry = request.Completed - from
			}
		}
	}
	for _, c := range first.sorted() {
		entry := longest.at(c)
		*entry = max(*entry, *first.at(c))
	}
}
