package checker

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
)

// Availability measures who was answered, and by a Grace above 0 also judges the promise that whoever
// must be served was served.
//
// An operation was answered if it is ok, or failed by a definite refusal (see Refusal): the system
// spoke. Home, die, cache-lookup and reboot ask nothing of a system and are left out. An operation belongs to
// the side on which its client stood from its invocation until it gave up; if that changed, it is of
// side "changing" and counts in the sums alone. It belongs to the phase of its invocation.
//
// Measured, of every side, phase and function and their sums:
//   - "success": answered operations of those that ended. One that never ended is left out.
//   - "latency p50", "latency p99": from invocation to answer, of answered operations.
//   - "longest outage": the longest time that one client went unanswered: from the invocation of an
//     operation that was not answered to the end of the client's next answered one on the same terms,
//     or of its last.
//   - "time to first success after fault", "... after heal" (of sides, functions and their sums): from
//     the start, or end, of a fault to the first answer to an operation that was invoked after it; the
//     longest over all faults. If no answer came before the next start or end of a fault, that fault
//     does not count.
//
// The promise: while nobody's reach changes, and from Grace after it last did, a client must be
// answered if
//   - Run.Quorum is 1, and it reaches, in both directions, a node that runs, or
//   - Run.Quorum is more, and it so reaches a node of a component that all reach each other, of which at least
//     Quorum have been to be members all the time: who was not, may not be one yet.
//
// A client that was rebooted looks for a server from the beginning: its Grace counts from then on.
//
// It is broken by an operation that such a client invoked and gave up within that time, unanswered. A
// partial partition, in which a component is not a clique, is measured and not promised; so is the time
// in which a fault loses or delays messages. A node whose disk is full counts as one that is down.
type Availability struct {
	Grace time.Duration
	// Boot is how long a restarted node may take until it serves, if that is longer than Grace: until
	// then it is not a node that must serve.
	Boot time.Duration
	// OnDemand says that clients look for another server only when they have something to ask: Grace then
	// counts from a client's first operation since the change, which one that asks rarely makes late.
	//
	//	reach |-- changed -----------------------------------------------------
	//	c1                     |--fail--|   ... Grace ...    |--fail--|
	//	                       it looks                      broken
	OnDemand bool
	Only     []history.Function // judge and measure these alone; empty for all
}

// Name is "availability".
func (Availability) Name() string { return "availability" }

// Check measures, and judges if Grace is above 0. If nothing was judged it is Unknown.
func (a Availability) Check(h *history.History, budget Budget) Result {
	sides, phases := budget.Facts.sidesOf(h), phasesOf(h)
	asked, rebooted := make([]request, 0, len(h.Operations)), map[string]history.Time{}
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.Function == history.Reboot {
			rebooted[operation.Client] = operation.Invoked
		}
		if a.concerns(operation) {
			asked = append(asked, request{Operation: operation, rebooted: rebooted[operation.Client]})
		}
	}
	var result Result
	if !budget.Unmeasured {
		for i := range asked {
			operation := asked[i].Operation
			asked[i].cell = cell{sides.During(*operation), phases.at(operation.Invoked), operation.Function}
		}
		result.Measures = append(measureService(asked), measureRecovery(h, asked)...)
	}
	switch {
	case a.Grace > 0:
		a.judge(h, sides, asked, &result)
	case len(asked) == 0:
		result.Verdict, result.Reason = Unknown, "nobody asked for anything"
	default:
		result.Verdict, result.Reason = Valid, fmt.Sprintf("measured on %s", counted(len(asked), "operation"))
	}
	return result
}

// request is an operation that asked something of the system, and where it belongs, if that is measured.
type request struct {
	*history.Operation
	rebooted history.Time // when its client last was, 0 if never
	cell     cell
}

func (a Availability) concerns(operation *history.Operation) bool {
	switch operation.Function {
	case history.Home, history.Die, history.CacheLookup, history.CacheRead, history.Reboot:
		return false
	}
	return len(a.Only) == 0 || slices.Contains(a.Only, operation.Function)
}

// answered tells whether the system gave the operation a definite answer.
func answered(operation *history.Operation) bool {
	return operation.Outcome == history.Ok || operation.Outcome == history.Fail && Refusal(operation.Error)
}

// Refusal tells whether an error's name is a definite answer of a system that was able to serve, such
// as the refusal of a compare-and-set whose expected value is not there. ZooKeeper's names are among
// them, and Maelstrom's.
func Refusal(name string) bool {
	switch name {
	case "value differs", "unsupported", "bad request", "not an integer", "not a pair of values", "not found", "no such instance",
		"noNode", "nodeExists", "badVersion", "notEmpty", "noChildrenForEphemerals", "badArguments", "unimplemented",
		"precondition-failed", "key-does-not-exist", "key-already-exists", "txn-conflict", "not-supported", "malformed-request":
		return true
	}
	return false
}

// lookouts is, of each client, since when it has had cause to look for a server.
type lookouts map[string]lookout

type lookout struct {
	within *stretch // in which nobody's reach changed
	since  history.Time
}

// since is when a client that asks now has first asked within a stretch.
func (l lookouts) since(client string, within *stretch, now history.Time) history.Time {
	if l[client].within != within {
		l[client] = lookout{within, now}
	}
	return l[client].since
}

// judge looks for an operation that had to be answered and was not.
func (a Availability) judge(h *history.History, sides *Sides, asked []request, result *Result) {
	judged, searches := 0, lookouts{}
	for _, request := range asked {
		s := sides.stretchAt(request.Invoked)
		since := max(s.from, request.rebooted)
		if a.OnDemand {
			since = max(since, searches.since(request.Client, s, request.Invoked))
		}
		if request.Invoked < since+history.Time(a.Grace) || request.GaveUp >= s.until {
			continue
		}
		group := s.reach.mustServe(request.Client, h.Run.Quorum, request.Invoked-history.Time(a.Boot))
		if group == nil {
			continue
		}
		judged++
		if answered(request.Operation) {
			continue
		}
		result.Verdict = Invalid
		result.Reason = fmt.Sprintf("%s had to be served and was not", request.Client)
		result.Witness = &Witness{Key: request.Key, Operations: []history.Operation{*request.Operation},
			Explanation: []string{a.unserved(request.Operation, s, group)}}
		return
	}
	if judged == 0 {
		result.Verdict, result.Reason = Unknown, "no operation was one that had to be served"
		return
	}
	result.Verdict, result.Reason = Valid, counted(judged, "operation")+" that had to be served: all were"
}

func (a Availability) unserved(operation *history.Operation, s *stretch, group []int) string {
	since := "the start"
	if s.from > beginning {
		since = second(s.from)
	}
	outcome := string(operation.Outcome)
	if operation.Error != "" {
		outcome += " (" + operation.Error + ")"
	}
	return fmt.Sprintf("%s asked for %s %s at %s and at %s got %s; since %s, longer than the %s allowed, it could reach %s",
		operation.Client, operation.Function, operation.Key, second(operation.Invoked), second(operation.GaveUp), outcome, since, a.Grace,
		s.reach.nodes[group[0]]+s.reach.amidst(group[1:]))
}

// amidst says what makes a node one that must serve: that it runs, or the group that it is in.
func (r reach) amidst(group []int) string {
	if len(group) == 0 {
		return ", which was running"
	}
	return fmt.Sprintf(", one of %s that all reach each other", r.names(group))
}

// mustServe gives the node that must serve a client, since the client reaches it, and then the group that it
// is in, if it takes more than itself; nil if none must. Only nodes that had started by an instant count.
func (r reach) mustServe(client string, quorum int, started history.Time) []int {
	if r.hampered {
		return nil
	}
	late := func(node int) bool { return r.since[node] > started }
	for node, reached := range r.clients[client] {
		if !reached || late(node) {
			continue
		}
		if quorum <= 1 {
			return []int{node}
		}
		if group := r.joined[node]; r.surely(group) >= quorum && r.whole(group) && !slices.ContainsFunc(group, late) {
			return append([]int{node}, group...)
		}
	}
	return nil
}

// surely counts the nodes that are members without doubt.
func (r reach) surely(nodes []int) (count int) {
	for _, node := range nodes {
		if r.sure[node] {
			count++
		}
	}
	return count
}
