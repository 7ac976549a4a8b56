package invariants

import (
	"cmp"
	"fmt"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
)

// Exclusion judges that no two clients surely hold a lock at the same time: each from when its acquire, or its
// try-lock that took it, had completed, until it asked to release it.
//
//	c1 |-acquire-|                    |-release-|
//	c2               |-acquire-|
//	                           ^^^^^^^             both hold it for so long
//
// Who never releases holds to the end of the history; an acquire of unknown outcome holds nothing. Counted: "sections"
// and "overlaps"; measured: "overlap max" and "overlap in all", for which more than one held. A lease is not judged by
// it: it ends without a release. It takes O(n log n).
func Exclusion(operations []history.Operation) Report {
	sections, end := sectionsOf(operations), endOf(operations)
	slices.SortFunc(sections, func(a, b section) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.until, b.until), cmp.Compare(a.acquire.ID, b.acquire.ID))
	})
	overlaps := 0
	var longest, all, covered history.Time
	var broken *evidence.Finding
	last := none // the section that is held longest so far
	for i := range sections {
		now := &sections[i]
		if last != none && now.from < sections[last].until {
			before := &sections[last]
			overlaps++
			until := min(now.until, before.until, end)
			both := until - now.from
			longest = max(longest, both)
			all += max(until-max(now.from, covered), 0)
			covered = max(covered, until)
			if broken == nil {
				broken = overlap(before, now, both)
			}
		}
		if last == none || now.until > sections[last].until {
			last = i
		}
	}
	numbers := []Number{count("sections", len(sections)), count("overlaps", overlaps), length("overlap max", longest), length("overlap in all", all)}
	switch {
	case broken != nil:
		return Report{*broken, numbers}
	case len(sections) == 0:
		return undecided("nobody held the lock")
	}
	return Report{evidence.Holding(evidence.Counted(len(sections), "section") + ", no two at a time"), numbers}
}

// section is a time in which a client surely holds the lock; release is nil if it never asked to.
type section struct {
	acquire     history.Operation
	release     *history.Operation
	from, until history.Time
}

// took tells whether an operation took the lock.
func took(o *history.Operation) bool {
	refused := o.Function == history.TryLock && o.Result.Equal(history.Integer(0))
	return o.Outcome == history.Ok && (o.Function == history.Acquire || o.Function == history.TryLock) && !refused
}

// sectionsOf pairs what clients acquired and released, in order of invocation. A release of unknown outcome by a
// client that surely held nothing may yet end any later section of it, so these are no sure ones; the same goes for one
// that was followed by another release, which may have been the one that ended the section.
func sectionsOf(operations []history.Operation) []section {
	var sections []section
	open, stray, unsure := map[string]int{}, map[string]bool{}, map[string]bool{}
	for i := range operations {
		o := &operations[i]
		who := evidence.Who(*o)
		at, holds := open[who]
		switch {
		case took(o) && !stray[who]:
			if holds { // it knows that it had lost it
				sections[at].until = min(sections[at].until, o.Invoked)
			}
			open[who] = len(sections)
			sections = append(sections, section{acquire: *o, from: o.Completed, until: history.Forever})
		case o.Function != history.Release || o.Outcome == history.Fail:
		case holds:
			sections[at].release, sections[at].until = o, o.Invoked
			delete(open, who)
			unsure[who] = unsure[who] || o.Outcome == history.Info
		default:
			stray[who] = stray[who] || unsure[who] || o.Outcome == history.Info
		}
	}
	return sections
}

// endOf is when the last operation ended that ended.
func endOf(operations []history.Operation) history.Time {
	end := history.Time(0)
	for i := range operations {
		if operations[i].GaveUp != history.Forever {
			end = max(end, operations[i].GaveUp)
		}
	}
	return end
}

func overlap(before, now *section, both history.Time) *evidence.Finding {
	operations := []history.Operation{before.acquire, now.acquire}
	for _, s := range []*section{before, now} {
		if s.release != nil {
			operations = append(operations, *s.release)
		}
	}
	holder := evidence.Who(before.acquire)
	found := evidence.Against("two clients held a lock at the same time", operations, now.acquire.ID,
		fmt.Sprintf("%s had held it since %s; both did for %s", holder, evidence.Second(before.from), evidence.Length(both)))
	return &found
}

// Tokens judges the tokens of a fenced lock: who acquires it after somebody else had been given it gets a greater
// one, and no two get the same. Counted: "tokens" and "out of order". It takes O(n log n).
func Tokens(operations []history.Operation) Report {
	var given []tokened
	for i := range operations {
		if token, isNumber := operations[i].Result.AsInteger(); isNumber && took(&operations[i]) {
			given = append(given, tokened{operations[i], token})
		}
	}
	return ordered(given, true, "token", "a fenced lock gave a token that is not above an earlier one")
}

// FencedWrites judges writes that a lock protects, each of which shows the token of its writer: once one was
// accepted, none with a lower token is accepted that was asked for later. Token gives an operation's token; operations without are left out.
// Counted: "fenced writes" and "out of order". It takes O(n log n).
func FencedWrites(operations []history.Operation, token func(history.Operation) (int64, bool)) Report {
	var accepted []tokened
	for i := range operations {
		if number, fenced := token(operations[i]); fenced && operations[i].Outcome == history.Ok {
			accepted = append(accepted, tokened{operations[i], number})
		}
	}
	return ordered(accepted, false, "fenced write", "a write with an old token was accepted")
}

// TokenOf is the token of a write of a pair, [token value], or that which an ok write says it was made with, in a result
// of that form.
func TokenOf(o history.Operation) (int64, bool) {
	pair, isPair := o.Argument.AsList()
	if !isPair {
		pair, isPair = o.Result.AsList()
	}
	if o.Function != history.Write || !isPair || len(pair) != 2 {
		return 0, false
	}
	return pair[0].AsInteger()
}

type tokened struct {
	history.Operation
	token int64
}

// ordered judges that tokens grow in real time, or, unless strictly, do not fall.
func ordered(list []tokened, strictly bool, noun, reason string) Report {
	ended := slices.Clone(list)
	slices.SortFunc(ended, func(a, b tokened) int { return cmp.Or(cmp.Compare(a.Completed, b.Completed), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(list, func(a, b tokened) int { return cmp.Or(cmp.Compare(a.Invoked, b.Invoked), cmp.Compare(a.ID, b.ID)) })
	wrong := 0
	var broken *evidence.Finding
	var highest *tokened
	note := func(before, o *tokened, but string) {
		wrong++
		if broken == nil {
			found := evidence.Against(reason, []history.Operation{before.Operation, o.Operation}, o.ID, but)
			broken = &found
		}
	}
	given := map[int64]int{}
	next := 0
	for i := range list {
		o := &list[i]
		for ; next < len(ended) && ended[next].Completed < o.Invoked; next++ {
			if highest == nil || ended[next].token > highest.token {
				highest = &ended[next]
			}
		}
		first, again := given[o.token]
		switch {
		case strictly && again:
			note(&list[first], o, fmt.Sprintf("token %d had been given to %s", o.token, evidence.Who(list[first].Operation)))
		case highest != nil && o.token < highest.token:
			note(highest, o, fmt.Sprintf("%s had come with token %d by %s", evidence.Who(highest.Operation), highest.token, evidence.Second(highest.Completed)))
		}
		if !again {
			given[o.token] = i
		}
	}
	numbers := []Number{count(noun+"s", len(list)), count("out of order", wrong)}
	switch {
	case broken != nil:
		return Report{*broken, numbers}
	case len(list) == 0:
		return undecided("there was no " + noun)
	}
	return Report{evidence.Holding(evidence.Counted(len(list), noun) + ", in order"), numbers}
}
