package checker

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
)

// SmallRegistry judges whether a registry of Most instances or fewer never evicts a single crash: the
// heartbeats of all the others are not more than the threshold, so that the dead stays. Once one
// instance has died without a word, every node whose lists showed it after that goes on showing it, unless the node
// notes that it left self-preservation since, with more heartbeats than its threshold (they can fall
// unevenly into the buckets), or was killed. Judged is only what was answered while everybody had been reaching
// everybody for twice the Notice: a client that loses the answer to a heartbeat sends it again to another
// node, and both count.
//
//	six instances, a: die ||
//	c2 from n1               |--lookup--| [a ...]       |--lookup--| [...]     invalid: n1 evicted it
//
// A run in which more instances were up at a time has nothing to judge.
type SmallRegistry struct {
	Service string // the key of the lookups; "" for all
	Most    int
	// Notice is how old a node's list may be: a node that left self-preservation longer ago before the
	// crash has had time to enter it again.
	Notice time.Duration
}

// Name is "small-registry".
func (SmallRegistry) Name() string { return "small-registry" }

// Check judges.
func (s SmallRegistry) Check(h *history.History, budget Budget) Result {
	registry := budget.Facts.registryOf(h)
	if size := registry.largest(); size > s.Most {
		return Result{Verdict: Valid, Reason: fmt.Sprintf("up to %d instances were up at a time: no small registry, nothing to judge", size)}
	}
	protection, err := protectionOf(h)
	if err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}
	}
	instance, crash := registry.firstCrash()
	if crash == nil {
		return Result{Verdict: Unknown, Reason: "nobody died without a word"}
	}
	judged, sides := 0, budget.Facts.sidesOf(h)
	for _, pair := range succession(budget.Facts.inquiries(h, s.Service, history.Lookup)) {
		if pair.earlier.Invoked < crash.left || !pair.earlier.lists(instance) || registry.deathsBy(pair.later.Completed) > 1 ||
			!s.undisturbed(sides, &pair) {
			continue
		}
		judged++
		if !pair.later.lists(instance) && !protection.excused(pair.later.Node, crash.left-history.Time(s.Notice), pair.later.Completed) {
			return s.evicted(instance, crash, &pair)
		}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s after the crash of %s, and no node dropped it while its heartbeats were too few",
		counted(judged, "list"), instance)}
}

// undisturbed tells whether everybody reached everybody from long before the first of two lookups until
// the second had been answered.
func (s SmallRegistry) undisturbed(sides *Sides, pair *consecutive) bool {
	now := sides.stretchAt(pair.earlier.Invoked)
	return pair.earlier.Invoked >= max(now.from, 0)+2*history.Time(s.Notice) && pair.later.Completed < now.until && now.reach.undisturbed()
}

// undisturbed tells whether all nodes run and everybody reaches everybody, in time.
func (r reach) undisturbed() bool {
	if r.hampered {
		return false
	}
	for i := range r.nodes {
		for j := range r.nodes {
			if !r.up[i] || i != j && !r.mutual[i][j] {
				return false
			}
		}
	}
	// order does not matter: one is enough
	for _, row := range r.clients {
		if slices.Contains(row, false) {
			return false
		}
	}
	return true
}

// excused tells whether a node may have evicted somebody between two instants: it noted that it left
// self-preservation with more heartbeats than its threshold, or without figures, or it was killed.
func (p *protection) excused(node string, from, until history.Time) bool {
	for _, next := range p.turns[node] {
		if next.at <= from || next.at > until {
			continue
		}
		if next.killed || next.outnumbered() || !next.preserved && !next.figures.noted {
			return true
		}
	}
	return false
}

// largest is how many instances at most were or may have been registered at a time. The dead count:
// they may still be there.
func (r *registry) largest() int {
	size := 0
	for _, its := range r.lives {
		for _, born := range its {
			at, count := born.asked, 0
			for _, others := range r.lives {
				if current, _ := others.at(at); current != nil && (current.end == nil || current.end.Function == history.Die || current.left > at) {
					count++
				}
			}
			size = max(size, count)
		}
	}
	return size
}

// firstCrash is the life that was the first to end without a word.
func (r *registry) firstCrash() (instance string, crash *life) {
	for number, name := range r.instances {
		for i := range r.lives[number] {
			ended := &r.lives[number][i]
			if ended.end != nil && ended.end.Function == history.Die && ended.leaving == ended.end.Invoked && (crash == nil || ended.left < crash.left) {
				instance, crash = name, ended
			}
		}
	}
	return instance, crash
}

// deathsBy is how many lives had ended without a word by an instant.
func (r *registry) deathsBy(at history.Time) int {
	count := 0
	for _, its := range r.lives {
		for _, ended := range its {
			if ended.end != nil && ended.end.Function == history.Die && ended.leaving <= at {
				count++
			}
		}
	}
	return count
}

func (s SmallRegistry) evicted(instance string, crash *life, pair *consecutive) Result {
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s evicted %s, the only one that died of so few", pair.later.Node, instance),
		Witness: &Witness{Key: pair.later.Key, Operations: []history.Operation{*crash.end,
			*pair.earlier.Operation, *pair.later.Operation}, Explanation: []string{
			fmt.Sprintf("%s died at %s, the only one of %d instances or fewer", instance, second(crash.left), s.Most),
			fmt.Sprintf("%s was shown %s by %s at %s", pair.earlier.Client, shownList(pair.earlier.listed), pair.earlier.Node, during(*pair.earlier.Operation)),
			fmt.Sprintf("%s was shown %s by it at %s, without %s, and %s noted no end of self-preservation in between that its heartbeats explain",
				pair.later.Client, shownList(pair.later.listed), during(*pair.later.Operation), instance, pair.later.Node),
		}}}
}
