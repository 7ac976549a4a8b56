package checker

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"cleave/history"
)

// CancelsHeard judges whether a cancel is heard by every node that the node which took it can tell of
// it. From Notice after an acknowledged deregister on, no such node lists the instance, or knows a
// status of it, as long as nobody's reach has changed since Calm before the deregister: a node that has just come
// back may not know the instance yet, and tells nobody of what it does not know.
//
//	a  deregister |--| by n1
//	c2 from n2       |... Notice ...|--status a--| UP       invalid, unless n1 and n2 were cut
//
// Where cancels leave nothing, as in Eureka, one that a heartbeat of before overtakes from peer to peer is lost
// too: the peer is told that nobody knows the instance, and registers it again. A node that sees this happen
// notes "revived" with the instance's name, and from then on nothing is judged of that cancel.
//
// A cancel that cannot be delivered in its time is lost, for there is nothing that would remember it:
// those are measured. "cancels" are all that were acknowledged; "cancels judged" those that somebody asked
// a node about which must have heard; "lost cancels" those after which some node still showed the
// instance, Notice or more later; "lost cancel longest" is how long after.
type CancelsHeard struct {
	Notice time.Duration
	Calm   time.Duration
}

// Name is "cancels-heard".
func (CancelsHeard) Name() string { return "cancels-heard" }

// Check judges. It is Unknown if no cancel was acknowledged.
func (c CancelsHeard) Check(h *history.History, budget Budget) Result {
	sides, registry, told, revived := budget.Facts.sidesOf(h), budget.Facts.registryOf(h), budget.Facts.testimoniesOf(h), revivals(h)
	cancels, judged, lost, longest := 0, 0, 0, history.Time(0)
	for number, instance := range registry.instances {
		lives := registry.lives[number]
		for i := range lives {
			cancel, next := lives[i].end, history.Forever
			if i+1 < len(lives) {
				next = lives[i+1].asked
			}
			if cancel == nil || cancel.Function != history.Deregister || cancel.Outcome != history.Ok {
				continue
			}
			cancels++
			followed := c.follow(sides, cancel, next, told.about(instance, number), revived[instance])
			switch {
			case followed.contradiction != nil:
				return c.unheard(instance, cancel, followed.contradiction)
			case followed.judged:
				judged++
			}
			if followed.last > beginning {
				lost++
				longest = max(longest, followed.last-cancel.Completed)
			}
		}
	}
	if cancels == 0 {
		return Result{Verdict: Unknown, Reason: "no cancel was acknowledged"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s: %d were asked about at a node that must have heard, and had; "+
		"%d were lost to a node out of reach, or overtaken",
		counted(cancels, "cancel"), judged, lost),
		Measures: []Measure{cell{}.measure("cancels", float64(cancels), Count), cell{}.measure("cancels judged", float64(judged), Count),
			cell{}.measure("lost cancels", float64(lost), Count), cell{}.measure("lost cancel longest", milliseconds(longest), Milliseconds)}}
}

// aftermath is what was seen of an instance after its cancel.
type aftermath struct {
	judged        bool         // a node was asked that must have heard
	last          history.Time // when the instance was last shown, the beginning of time if it was not
	contradiction *testimony
}

// follow looks at what was said of an instance from Notice after its cancel until it registers again.
func (c CancelsHeard) follow(sides *Sides, cancel *history.Operation, next history.Time, told hearsay, revived []history.Time) aftermath {
	found := aftermath{last: beginning}
	from := cancel.Completed + history.Time(c.Notice)
	for testimony, shows := range told.since(from) {
		if testimony.Completed >= next || !shows && found.judged {
			continue
		}
		overtaken := slices.ContainsFunc(revived, func(at history.Time) bool { return at >= cancel.Invoked && at <= testimony.Completed })
		must := !overtaken && c.must(sides, cancel, testimony.Operation)
		found.judged = found.judged || must
		switch {
		case !shows:
		case must:
			found.contradiction = testimony
			return found
		default:
			found.last = max(found.last, testimony.Completed)
		}
	}
	return found
}

// revivals are when nodes noted that a heartbeat under way brought an instance back.
func revivals(h *history.History) map[string][]history.Time {
	found := map[string][]history.Time{}
	for _, event := range h.Notes() {
		if event.Note.Kind == "revived" {
			found[event.Note.Detail] = append(found[event.Note.Detail], event.Time)
		}
	}
	return found
}

// must tells whether the node that answered must have heard of a cancel: it is the one that took it, or
// in its reach, and nobody's reach changed meanwhile.
func (c CancelsHeard) must(sides *Sides, cancel, answer *history.Operation) bool {
	s := sides.stretchAt(cancel.Invoked)
	return cancel.Invoked >= max(s.from, 0)+history.Time(c.Calm) && answer.Completed < s.until && s.reach.joins(cancel.Node, answer.Node)
}

// joins tells whether two nodes run and reach each other, or are the same that runs, and nothing is lost or
// late.
func (r reach) joins(one, other string) bool {
	first, second := -1, -1
	for i, name := range r.nodes {
		if name == one {
			first = i
		}
		if name == other {
			second = i
		}
	}
	if first < 0 || second < 0 || r.hampered {
		return false
	}
	return first == second && r.up[first] || r.mutual[first][second]
}

func (c CancelsHeard) unheard(instance string, cancel *history.Operation, testimony *testimony) Result {
	where := testimony.Node + ", which it reached,"
	if testimony.Node == cancel.Node {
		where = "it"
	}
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s was taken out and %s still has it", instance, testimony.Node),
		Witness: &Witness{Key: instance, Operations: []history.Operation{*cancel, *testimony.Operation}, Explanation: []string{
			fmt.Sprintf("%s took %s out at %s, acknowledged by %s", cancel.Client, instance, during(*cancel), cancel.Node),
			fmt.Sprintf("%s showed %s %s at %s, more than the %s allowed after that", where, testimony.Client, testimony.said(),
				during(*testimony.Operation), brief(c.Notice)),
		}}}
}

// testimony is an ok answer of a node that says whether an instance is there: a lookup, or its status.
type testimony struct {
	inquiry // of a status, the operation alone
}

// shows tells whether an instance is there.
func (s *testimony) shows(instance string) bool {
	if s.Function == history.Status {
		return !s.Result.IsNothing()
	}
	return s.lists(instance)
}

// said is what was answered.
func (s *testimony) said() string {
	if s.Function == history.Status {
		return "the status " + s.Result.String()
	}
	return shownList(s.listed)
}

// testimonies are the ok answers of nodes that tell of instances.
type testimonies struct {
	lookups  []testimony            // of every service, in order of invocation
	statuses map[string][]testimony // by instance
}

func (f *Facts) testimoniesOf(h *history.History) testimonies {
	found := testimonies{statuses: map[string][]testimony{}}
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.Outcome != history.Ok || operation.Node == "" {
			continue
		}
		switch operation.Function {
		case history.Status:
			found.statuses[operation.Key] = append(found.statuses[operation.Key], testimony{inquiry{Operation: operation}})
		}
	}
	for _, lookup := range f.inquiries(h, "", history.Lookup) {
		if lookup.Node != "" {
			found.lookups = append(found.lookups, testimony{lookup})
		}
	}
	slices.SortStableFunc(found.lookups, func(a, b testimony) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

// of are those that tell of an instance: its statuses, and the lookups of its service.
func (s *testimonies) of(instance string) []testimony {
	found := append(make([]testimony, 0, len(s.statuses[instance])+len(s.lookups)), s.statuses[instance]...)
	service := serviceOf(instance)
	for _, lookup := range s.lookups {
		if lookup.Key == service || service == instance {
			found = append(found, lookup)
		}
	}
	return found
}

// hearsay is what nodes said of one instance.
type hearsay struct {
	statuses, lookups []testimony // of its service, and others
	number            int
	service, instance string
}

func (s *testimonies) about(instance string, number int) hearsay {
	return hearsay{s.statuses[instance], s.lookups, number, serviceOf(instance), instance}
}

// since are the testimonies that were asked for from an instant on, and whether the instance is there by each: its
// statuses first, then the lookups of its service.
func (h *hearsay) since(from history.Time) iter.Seq2[*testimony, bool] {
	return func(yield func(*testimony, bool) bool) {
		for i := range h.statuses {
			if status := &h.statuses[i]; status.Invoked >= from && !yield(status, !status.Result.IsNothing()) {
				return
			}
		}
		first, _ := slices.BinarySearchFunc(h.lookups, from, func(t testimony, from history.Time) int { return cmp.Compare(t.Invoked, from) })
		for i := first; i < len(h.lookups); i++ {
			lookup := &h.lookups[i]
			if (lookup.Key == h.service || h.service == h.instance) && !yield(lookup, lookup.inquiry.shows(h.number)) {
				return
			}
		}
	}
}
