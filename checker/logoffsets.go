package checker

import (
	"fmt"
	"slices"
	"sort"

	"cleave/checker/evidence"
	"cleave/history"
)

// LogOffsets judges what sends and polls show of logs (see Maelstrom's workload kafka, and jepsen.tests.kafka), where every
// value is sent once:
//
//   - an offset of a log has one value, and a value one offset, which are what was sent there, and not before;
//
//   - offsets grow within a poll, from the one that was asked for on, and from send to send of one process;
//
//   - a poll skips nothing: what is between the offset that was asked for and the last one given is given, if a send was told,
//     or any poll at any time showed, that there is a message. Who follows the log would miss it for ever.
//
//     c1 |--send k 7 = 0--|  |--send k 8 = 1--|
//     c2                       |--poll * [[k 0]] = [[k [[1 8]]]]--|     invalid: 7 was skipped
//
// Counted: "sent", acknowledged; "polled", messages that were shown by any poll; "unseen", acknowledged and never shown.
type LogOffsets struct{}

// Name is "log-offsets".
func (LogOffsets) Name() string { return "log-offsets" }

// Check judges. It is Unknown if no poll showed a message.
func (LogOffsets) Check(h *history.History, _ Budget) Result {
	stretches, err := stretchesOf(h)
	if err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}
	}
	l := newLogs(h)
	for i := range stretches {
		if found := l.take(&stretches[i]); found != nil {
			return *found
		}
	}
	// order does not matter: each is sorted for itself
	for _, offsets := range l.offsets {
		slices.Sort(offsets)
	}
	for i := range stretches {
		if found := l.follow(&stretches[i]); found != nil {
			return *found
		}
	}
	if len(l.polled) == 0 {
		return Result{Verdict: Unknown, Reason: "no poll showed a message"}
	}
	unseen := 0
	// order does not matter: they are counted
	for id := range l.acknowledged {
		if !l.polled[id] {
			unseen++
		}
	}
	return Result{Verdict: Valid, Reason: counted(len(l.polled), "message") + " polled: each at its offset, in order, and none skipped",
		Measures: []Measure{cell{}.measure("sent", float64(len(l.acknowledged)), Count), cell{}.measure("polled", float64(len(l.polled)), Count),
			cell{}.measure("unseen", float64(unseen), Count)}}
}

// appearance is a message that an operation shows.
type appearance struct {
	stretch *stretchOfLog
	logged
}

// message's identity in all logs, and a place in one.
type (
	sentValue struct {
		log   string
		value evidence.Identity
	}
	logPlace = offsetOf
)

// logs is what is known of all logs.
type logs struct {
	sends        map[sentValue]*history.Operation
	at           map[logPlace]appearance  // by which a place first became known
	of           map[sentValue]appearance // and a value
	offsets      map[string][]int64       // that have a message, by log
	last         map[lastOf]*history.Operation
	acknowledged map[sentValue]bool
	polled       map[sentValue]bool
}

// lastOf is a log as one process sends to it.
type lastOf struct {
	process int
	log     string
}

func newLogs(h *history.History) *logs {
	l := &logs{sends: map[sentValue]*history.Operation{}, at: map[logPlace]appearance{}, of: map[sentValue]appearance{},
		offsets: map[string][]int64{}, last: map[lastOf]*history.Operation{}, acknowledged: map[sentValue]bool{}, polled: map[sentValue]bool{}}
	for i := range h.Operations {
		if o := &h.Operations[i]; o.Function == history.Send {
			l.sends[sentValue{o.Key, evidence.Identify(o.Argument)}] = o
		}
	}
	return l
}

// take takes note of what an operation shows, and tells of it if that contradicts what others do.
func (l *logs) take(s *stretchOfLog) *Result {
	for _, m := range s.messages {
		id, place := sentValue{s.log, evidence.Identify(m.value)}, logPlace{s.log, m.offset}
		if s.by.Function == history.Poll {
			if found := l.unsent(s, m, l.sends[id]); found != nil {
				return found
			}
			l.polled[id] = true
		} else {
			l.acknowledged[id] = true
		}
		seen := appearance{s, m}
		if before, known := l.at[place]; known && evidence.Identify(before.value) != id.value {
			return l.contradict(fmt.Sprintf("offset %d of %s has two values", m.offset, s.log), before, seen)
		}
		if before, known := l.of[id]; known && before.offset != m.offset {
			return l.contradict(fmt.Sprintf("%s is at two offsets of %s", m.value, s.log), before, seen)
		}
		if _, known := l.at[place]; !known {
			l.at[place], l.of[id] = seen, seen
			l.offsets[s.log] = append(l.offsets[s.log], m.offset)
		}
	}
	return nil
}

// unsent tells of a message that nobody can have sent.
func (l *logs) unsent(s *stretchOfLog, m logged, send *history.Operation) *Result {
	var result Result
	switch {
	case send == nil:
		result = against("a log has a message that was never sent", statement{s.by, s.tell() + fmt.Sprintf(", but nobody had sent %s", m.value)})
	case send.Outcome == history.Fail:
		result = against("a log has a message whose send failed", statement{send, tellSend(send)}, statement{s.by, s.tell()})
	case s.by.Completed < send.Invoked:
		result = against("a log has a message before it was sent", statement{s.by, s.tell()}, statement{send, tellSend(send)})
	default:
		return nil
	}
	return &result
}

func (l *logs) contradict(reason string, one, other appearance) *Result {
	result := against(reason, statement{one.stretch.by, one.stretch.tell()}, statement{other.stretch.by, other.stretch.tell()})
	return &result
}

// follow looks at the order of what one operation shows.
func (l *logs) follow(s *stretchOfLog) *Result {
	if s.by.Function == history.Send {
		return l.sentInOrder(s)
	}
	next := s.from
	for _, m := range s.messages {
		if m.offset < next {
			result := against("a poll goes back", statement{s.by, s.tell() + fmt.Sprintf(", but %d was not to come any more", m.offset)})
			return &result
		}
		if next < 0 {
			next = m.offset
		}
		known := l.offsets[s.log]
		if at := sort.Search(len(known), func(i int) bool { return known[i] >= next }); known[at] < m.offset {
			return l.skipped(s, l.at[logPlace{s.log, known[at]}])
		}
		next = m.offset + 1
	}
	return nil
}

func (l *logs) skipped(s *stretchOfLog, missed appearance) *Result {
	result := against("a poll skips a message", statement{missed.stretch.by, missed.stretch.tell()},
		statement{s.by, s.tell() + fmt.Sprintf(", but %s is at %d", missed.value, missed.offset)})
	return &result
}

// sentInOrder looks whether a send was told a higher offset than the one before of its process.
func (l *logs) sentInOrder(s *stretchOfLog) *Result {
	of := lastOf{s.by.Process, s.log}
	before := l.last[of]
	l.last[of] = s.by
	if before == nil {
		return nil
	}
	if offset, _ := before.Result.AsInteger(); offset < s.messages[0].offset {
		return nil
	}
	result := against("offsets go back from send to send", statement{before, tellSend(before)}, statement{s.by, tellSend(s.by)})
	return &result
}
