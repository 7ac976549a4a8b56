package reports

import (
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// A chorus is what several nodes say of themselves at nearly the same time, told in one sentence:
//
//	At 3.965-3.966 s n5, n1 and n2 take n1 n2 n4 n5 to be the members (from entry 15 of the log on).
type chorus struct {
	kind, detail string
	nodes        []string
	from, to     history.Time
}

// sung are the kinds of notes that many nodes make of one thing.
var sung = map[string]bool{"start": true, "follower": true, "members": true}

// atOnce is how much later than the first a node says what is still the same chorus.
const atOnce = history.Time(20e6)

// choruses tells who started, who follows and who belongs, as the nodes say.
func (t *teller) choruses() {
	var all []*chorus
	for _, event := range t.history.Notes() {
		note := event.Note
		if !sung[note.Kind] || event.Time < t.from || event.Time > t.to {
			continue
		}
		at := slices.IndexFunc(all, func(c *chorus) bool {
			return c.kind == note.Kind && c.detail == note.Detail && event.Time <= c.from+atOnce && !slices.Contains(c.nodes, note.Node)
		})
		if at < 0 {
			at = len(all)
			all = append(all, &chorus{kind: note.Kind, detail: note.Detail, from: event.Time})
		}
		all[at].nodes, all[at].to = append(all[at].nodes, name(note.Node)), event.Time
	}
	for _, c := range all {
		t.say(c.from, aside, "At %s %s %s.", stretch(c.from, c.to), t.list(c.nodes, 9), c.words())
	}
}

// words is what the nodes do.
func (c *chorus) words() string {
	ending := ""
	if len(c.nodes) == 1 {
		ending = "s"
	}
	detail := ""
	if c.detail != "" {
		detail = " (" + clean(c.detail, 80) + ")"
	}
	switch c.kind {
	case "start":
		return "start" + ending + detail
	case "follower":
		return "follow" + ending + detail
	}
	m, is := membersIn(c.detail)
	switch {
	case !is:
		return "say" + ending + " who the members are" + detail
	case m.found:
		return fmt.Sprintf("find%s %s to be the members (at entry %d of the log)", ending, m, m.entry)
	}
	return fmt.Sprintf("take%s %s to be the members (from entry %d of the log on)", ending, m, m.entry)
}

// stretch is from one instant to another, or the one if they are written alike.
func stretch(from, to history.Time) string {
	first, last := clock(from), clock(to)
	if first == last {
		return first
	}
	return strings.TrimSuffix(first, " s") + "-" + last
}

// members are who belongs, as a node notes it: "at 16: n1 n2, learning n3.1", or "by 16: …" of what it found.
type members struct {
	entry            uint64 // of the log
	found            bool   // it may have been so before
	voters, learners []string
}

// membersIn reads a note's detail.
func membersIn(detail string) (m members, is bool) {
	var how, names string
	if _, err := fmt.Sscanf(detail, "%s %d:", &how, &m.entry); err != nil {
		return m, false
	}
	_, names, is = strings.Cut(detail, ": ")
	voters, learners, _ := strings.Cut(names, ", learning ")
	m.found, m.voters, m.learners = how == "by", strings.Fields(voters), strings.Fields(learners)
	return m, is && len(m.voters) > 0
}

func (m members) String() string {
	text := clean(strings.Join(m.voters, " "), longName)
	for i, learner := range m.learners {
		text += [...]string{", with ", " and "}[min(i, 1)] + name(learner)
		if node, _, renewed := strings.Cut(learner, "."); renewed {
			text += " (" + name(node) + " as a new member)"
		}
	}
	if len(m.learners) > 0 {
		text += " learning,"
	}
	return text
}

// outside says of a node whether it is no member by the newest membership that anybody has told of, and who has; "" if it is one, or
// nobody said anything.
func (t *teller) outside(node string, at history.Time) string {
	var newest members
	var by history.Event
	for _, event := range t.history.Notes() {
		if event.Time > at || event.Note.Kind != "members" {
			continue
		}
		if m, is := membersIn(event.Note.Detail); is && (by.Note == nil || m.entry > newest.entry) {
			newest, by = m, event
		}
	}
	belongs := func(member string) bool { place, _, _ := strings.Cut(member, "."); return place == node }
	if by.Note == nil || slices.ContainsFunc(slices.Concat(newest.voters, newest.learners), belongs) {
		return ""
	}
	return fmt.Sprintf("which is no member by what %s said at %s", name(by.Note.Node), clock(by.Time))
}
