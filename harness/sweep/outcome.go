package sweep

import (
	"slices"
	"strings"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/world"
)

// outcome is what one run adds to a record: nothing of its history.
type outcome struct {
	seed        uint64
	verdict     checker.Verdict
	interrupted bool   // the sweep was stopped before it ended: it counts for nothing
	broken      string // why the run came to nothing; "" if it did not
	runaway     bool   // the world, or the wall clock, gave it up
	events      uint64
	hash        string
	digest      uint64
	violations  []finding
	doubts      []finding
	situations  []Situation
	states      map[string]int
	audited     bool
	divergence  *Divergence
}

// finding is a violation, or a doubt, with the reason in full.
type finding struct {
	shrink.Violation
	reason string
}

// doubt names why a result is unknown. Of several causes, with semicolons between them, the first counts.
func doubt(result checker.Result) shrink.Violation {
	result.Reason, _, _ = strings.Cut(result.Reason, ";")
	return shrink.ViolationOf(result)
}

// outcomeOf sums up a run that was judged.
func outcomeOf(finished harness.Finished, seen *observed) outcome {
	o := outcome{seed: finished.Plan.Seed, verdict: finished.Judgement.Verdict, events: finished.Events, hash: finished.Hash}
	o.digest = rng.Mix(o.seed, rng.Text(o.hash), rng.Text(string(o.verdict)))
	for _, result := range finished.Judgement.Promises {
		switch {
		case result.Verdict == checker.Invalid:
			o.violations = append(o.violations, finding{shrink.ViolationOf(result), result.Reason})
		case result.Verdict == checker.Unknown && o.verdict == checker.Unknown:
			o.doubts = append(o.doubts, finding{doubt(result), result.Reason})
		}
	}
	o.violations, o.doubts = distinct(o.violations), distinct(o.doubts)
	_, _, o.runaway = finished.History.EndedEarly()
	o.situations = situationsOf(finished.History, seen)
	o.states = statesOf(finished.History)
	for state, count := range seen.Marks() {
		o.states[state] += count
	}
	return o
}

func distinct(all []finding) []finding {
	var list []finding
	for _, one := range all {
		if !slices.ContainsFunc(list, func(other finding) bool { return other.Violation == one.Violation }) {
			list = append(list, one)
		}
	}
	return list
}

// Situation is what a fault met as it began.
type Situation struct {
	Fault   string `json:"fault"`   // its kind
	Role    string `json:"role"`    // of whom it hit
	Phase   string `json:"phase"`   // of the protocol, at the first node that it hit, or its leader
	Message string `json:"message"` // a type of message that a connection of those it hit was at, "none" if there was none
	Count   int    `json:"count"`
	First   uint64 `json:"first"` // the lowest seed that met it
}

// situationsOf are the situations of a run's faults, each counted once for every type of message.
func situationsOf(h *history.History, seen *observed) []Situation {
	var all []Situation
	for i := range h.Events {
		fault := h.Events[i].Fault
		if fault == nil || fault.Stage != history.FaultStart {
			continue
		}
		m := seen.moments[fault.ID]
		s := Situation{Fault: fault.Kind, Role: roleOf(fault, &h.Run), Phase: m.phaseOf(fault, h.Run.Nodes), Count: 1}
		types := m.typesAt(fault.Nodes, h.Run.Nodes, seen.system.Types)
		if len(types) == 0 {
			types = []string{"none"}
		}
		for _, kind := range types {
			s.Message = kind
			all = append(all, s)
		}
	}
	return all
}

// roleOf says in words whom a fault hit.
func roleOf(fault *history.Fault, run *history.Run) string {
	hit := len(fault.Nodes)
	leads := slices.Contains(fault.Nodes, fault.Leader)
	switch {
	case hit == 0:
		return "nobody"
	case hit == len(run.Nodes):
		return "all"
	case !hasLeaders(run) && hit == 1:
		return "one"
	case !hasLeaders(run):
		return "some"
	case fault.Leader == "" && hit == 1:
		return "one, nobody leads"
	case fault.Leader == "":
		return "some, nobody leads"
	case leads && hit == 1:
		return "the leader"
	case leads:
		return "the leader and others"
	case hit == 1:
		return "a follower"
	}
	return "followers"
}

// phaseOf is the phase of the leader if the fault hits it, else of the first node that it hits.
func (m *moment) phaseOf(fault *history.Fault, nodes []string) string {
	node := fault.Leader
	if !slices.Contains(fault.Nodes, node) && len(fault.Nodes) > 0 {
		node = fault.Nodes[0]
	}
	if at := slices.Index(nodes, node); at >= 0 && at < len(m.phases) {
		return m.phases[at]
	}
	return "any"
}

// typesAt are the types of messages that the connections of those that were hit were at, sorted.
func (m *moment) typesAt(hit, nodes []string, typesOf func(world.Message) []string) []string {
	if typesOf == nil {
		return nil
	}
	var types []string
	for _, node := range hit {
		at := slices.Index(nodes, node)
		if at < 0 || at >= len(m.messages) {
			continue
		}
		for _, message := range m.messages[at] {
			for _, kind := range typesOf(message) {
				if !slices.Contains(types, kind) {
					types = append(types, kind)
				}
			}
		}
	}
	slices.Sort(types)
	return types
}
