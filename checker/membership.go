package checker

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cleave/history"
)

// Membership judges how a store changes who belongs to it, from the notes of kind "members" of its nodes. Each
// says who belongs from an entry of the log on, or by what a node found when it started or took a snapshot over:
//
//	at 1234: n1 n2 n3 n4              from entry 1234 on
//	by 1500: n1 n2 n3 n4              at entry 1500, whoever it was that changed it
//	at 1600: n1 n2 n3 n4, learning n5.1
//
// At any entry there is one membership, whoever says so; from one to the next at most one voter comes or goes, as
// majorities would not overlap otherwise (Ongaro's thesis, section 4.1); and when all has been healed for Settle,
// every node says that all nodes belong.
type Membership struct {
	Settle time.Duration // from the start of the quiet phase on; 0 leaves the end out
}

// Name is "membership".
func (Membership) Name() string { return "membership" }

// Check judges.
func (m Membership) Check(h *history.History, _ Budget) Result {
	var claims []roster
	for _, event := range h.Notes() {
		if claim, is := rosterIn(event); is {
			claims = append(claims, claim)
		}
	}
	initial := roster{voters: slices.Sorted(slices.Values(h.Run.Nodes))}
	if contradiction := agreed(initial, claims); contradiction != nil {
		return *contradiction
	}
	last := m.lastWords(h)
	for _, node := range h.Run.Nodes {
		claim, says := last[node]
		lacks := claim.lacking(h.Run.Nodes)
		if !says || len(lacks) == 0 {
			continue
		}
		result := contradicted(initial, claim, fmt.Sprintf("does not have all nodes as members, %s after all was healed", brief(m.Settle)))
		result.Witness.Explanation = append(result.Witness.Explanation, fmt.Sprintf("until %s, %s after all was healed, %s said nothing newer: %s",
			second(m.due(h)), brief(m.Settle), node, strings.Join(lacks, ", ")))
		return result
	}
	return Result{Verdict: Valid, Reason: counted(len(claims), "word") + " of who belongs: all agree"}
}

// due is when all must be as it was at the beginning; before every time if that is not judged.
func (m Membership) due(h *history.History) history.Time {
	quiet, is := h.PhaseStart(history.Quiet)
	if !is || m.Settle == 0 {
		return beginning
	}
	return quiet + history.Time(m.Settle)
}

// lastWords is what each node said last when all had to be as it was at the beginning. One that has started since,
// and said nothing, found it so.
func (m Membership) lastWords(h *history.History) map[string]roster {
	last := map[string]roster{}
	due := m.due(h)
	for _, event := range h.Notes() {
		claim, says := rosterIn(event)
		switch {
		case event.Time > due:
			return last
		case says:
			last[claim.node] = claim
		case event.Note.Kind == "start":
			delete(last, event.Note.Node)
		}
	}
	return last
}

// agreed tells where two claims do not go together, nil if all do.
func agreed(initial roster, claims []roster) *Result {
	changes := slices.DeleteFunc(slices.Clone(claims), func(r roster) bool { return r.found })
	slices.SortStableFunc(changes, func(a, b roster) int { return cmp.Compare(a.index, b.index) })
	before := initial
	for _, change := range changes {
		var result Result
		switch {
		case change.index == before.index && !change.says(before):
			result = contradicted(before, change, "contradicts what had been said of who belongs")
		case differing(before.voters, change.voters) > 1:
			result = contradicted(before, change, "says that more than one member came or went at once")
		default:
			before = change
			continue
		}
		return &result
	}
	for _, claim := range claims {
		truth := initial
		if at, _ := slices.BinarySearchFunc(changes, claim.index+1, byIndex); at > 0 {
			truth = changes[at-1]
		}
		if claim.found && !claim.says(truth) {
			result := contradicted(truth, claim, "found others to be members than had been agreed upon")
			return &result
		}
	}
	return nil
}

func byIndex(r roster, index uint64) int { return cmp.Compare(r.index, index) }

// roster is who belongs, as a node has it.
type roster struct {
	node             string
	when             history.Time
	index            uint64 // of the entry of the log
	found            bool   // it does not say that this entry made it so
	voters, learners []string
}

// rosterIn reads a note of kind "members".
func rosterIn(event history.Event) (r roster, is bool) {
	if event.Note.Kind != "members" {
		return r, false
	}
	since, names, _ := strings.Cut(event.Note.Detail, ": ")
	how, digits, _ := strings.Cut(since, " ")
	index, err := strconv.ParseUint(digits, 10, 64)
	voters, learners, _ := strings.Cut(names, ", learning ")
	return roster{node: event.Note.Node, when: event.Time, index: index, found: how == "by",
		voters: slices.Sorted(slices.Values(strings.Fields(voters))), learners: slices.Sorted(slices.Values(strings.Fields(learners)))}, err == nil
}

func (r roster) says(other roster) bool {
	return slices.Equal(r.voters, other.voters) && slices.Equal(r.learners, other.learners)
}

// lacking says what keeps all nodes from being voters, one member each; nothing if they are.
func (r roster) lacking(nodes []string) (lacks []string) {
	present := map[string]bool{}
	for _, learner := range r.learners {
		place, renewed := placeOf(learner)
		present[place] = true
		if renewed {
			learner += " (" + place + " as a new member)"
		}
		lacks = append(lacks, learner+" still only learns")
	}
	voting := map[string]bool{}
	for _, voter := range r.voters {
		place, _ := placeOf(voter)
		if voting[place] || !slices.Contains(nodes, place) {
			lacks = append(lacks, voter+" is one too many")
		}
		voting[place], present[place] = true, true
	}
	for _, node := range nodes {
		if !present[node] {
			lacks = append(lacks, node+" is no member")
		}
	}
	return lacks
}

// placeOf is the node that a member is. What stands behind a dot is how many there were before.
func placeOf(member string) (node string, renewed bool) {
	node, _, renewed = strings.Cut(member, ".")
	return node, renewed
}

func (r roster) String() string {
	text := strings.Join(r.voters, " ")
	if len(r.learners) > 0 {
		text += ", with " + strings.Join(r.learners, " ") + " learning"
	}
	if r.index == 0 {
		return "at the beginning the members were " + text
	}
	if r.found {
		return fmt.Sprintf("%s found at %s that at entry %d of the log the members were %s", r.node, second(r.when), r.index, text)
	}
	return fmt.Sprintf("%s said at %s that from entry %d of the log on the members are %s", r.node, second(r.when), r.index, text)
}

// differing counts the names that are in one list alone.
func differing(one, other []string) (count int) {
	for _, lists := range [][2][]string{{one, other}, {other, one}} {
		for _, name := range lists[0] {
			if !slices.Contains(lists[1], name) {
				count++
			}
		}
	}
	return count
}

func contradicted(one, other roster, why string) Result {
	return Result{Verdict: Invalid, Reason: other.node + " " + why,
		Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{one.String(), other.String()}}}
}
