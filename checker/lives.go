package checker

import (
	"slices"
	"strings"

	"cleave/history"
)

// life is one time that an instance was up, from a "register" to its "die" or "deregister".
//
//	register |-----|                          die |--|
//	         asked ok                     leaving    left
//	               |--- surely alive ----|       |--- surely dead ---
type life struct {
	register history.Operation
	end      *history.Operation // nil if it did not end
	asked    history.Time       // perhaps registered from here on
	ok       history.Time       // surely registered from here on; Forever if never acknowledged
	leaving  history.Time       // perhaps dead from here on; Forever if it did not end
	left     history.Time       // surely dead from here on; Forever if that is not known
}

// registry is what is true of the instances of a history, whatever a server lists.
type registry struct {
	instances []string          // sorted
	lives     map[string][]life // in order of time
}

// registryOf reads the truth from the operations register, deregister and die. A register that
// repeats one of an instance that is up is part of the same life. An instance that asks to be taken
// out does not want to be listed from then on, whatever comes of it; unless that was acknowledged it
// is neither surely alive nor surely dead until it dies, or asks again with more success: it may still
// be there, with a session that is well.
func registryOf(h *history.History) registry {
	r := registry{lives: map[string][]life{}}
	for i := range h.Operations {
		operation := &h.Operations[i]
		switch operation.Function {
		case history.Register:
			r.register(operation)
		case history.Die, history.Deregister:
			r.end(operation)
		}
	}
	slices.Sort(r.instances)
	return r
}

func (r *registry) register(operation *history.Operation) {
	lives, known := r.lives[operation.Key]
	if !known {
		r.instances = append(r.instances, operation.Key)
	}
	ok := history.Forever
	if operation.Outcome == history.Ok {
		ok = operation.Completed
	}
	if last := len(lives) - 1; last >= 0 && lives[last].end == nil {
		if ok < lives[last].ok {
			lives[last].ok = ok
		}
		return
	}
	if last := len(lives) - 1; last >= 0 {
		lives[last].left = min(lives[last].left, operation.Invoked)
	}
	r.lives[operation.Key] = append(lives, life{register: *operation, asked: operation.Invoked, ok: ok, leaving: history.Forever, left: history.Forever})
}

func (r *registry) end(operation *history.Operation) {
	lives := r.lives[operation.Key]
	if len(lives) == 0 || lives[len(lives)-1].left < history.Forever {
		return
	}
	current := &lives[len(lives)-1]
	current.leaving = min(current.leaving, operation.Invoked)
	current.end = operation
	if operation.Outcome == history.Ok {
		current.left = operation.Completed
	}
}

// lifeAt is the life that had last begun at an instant, nil if none had, and when the next one began.
func (r *registry) lifeAt(instance string, at history.Time) (current *life, next history.Time) {
	lives := r.lives[instance]
	after, _ := slices.BinarySearchFunc(lives, at, func(l life, at history.Time) int {
		if l.asked <= at {
			return -1
		}
		return 1
	})
	next = history.Forever
	if after < len(lives) {
		next = lives[after].asked
	}
	if after == 0 {
		return nil, next
	}
	return &lives[after-1], next
}

// aliveDuring tells whether an instance was surely alive and registered from one instant to another.
func (r *registry) aliveDuring(instance string, from, until history.Time) bool {
	current, _ := r.lifeAt(instance, from)
	return current != nil && current.ok < from && current.leaving > until
}

// deadDuring tells whether an instance that was up before was surely dead from one instant to another,
// and since when.
func (r *registry) deadDuring(instance string, from, until history.Time) (*life, bool) {
	current, next := r.lifeAt(instance, from)
	return current, current != nil && current.left < from && next > until
}

// inquiry is an ok lookup and what it listed.
type inquiry struct {
	*history.Operation
	listed []string // sorted, each once
}

// lists tells whether an instance was listed.
func (i inquiry) lists(instance string) bool {
	_, found := slices.BinarySearch(i.listed, instance)
	return found
}

// listedIn are the instances in a lookup's result.
func listedIn(result history.Value) []string {
	list, _ := result.AsList()
	names, ordered := make([]string, 0, len(list)), true
	for i := range list {
		if name, isText := list[i].AsText(); isText {
			ordered = ordered && (len(names) == 0 || names[len(names)-1] < name)
			names = append(names, name)
		}
	}
	if ordered {
		return names
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// finalInquiries are the last lookups of every client and of every answering node among those invoked
// a time after the quiet phase began, in order of completion. Since is when that was.
func (f *Facts) finalInquiries(h *history.History, service string, settle history.Time) (found []inquiry, since history.Time, quiet bool) {
	since, quiet = h.PhaseStart(history.Quiet)
	if !quiet {
		return nil, 0, false
	}
	all := f.inquiries(h, service, history.Lookup)
	byClient, byNode := map[string]bool{}, map[string]bool{}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Invoked < since+settle {
			continue
		}
		client, node := all[i].Key+"\x00"+all[i].Client, all[i].Key+"\x00"+all[i].Node
		if !byClient[client] || all[i].Node != "" && !byNode[node] {
			found = append(found, all[i])
		}
		byClient[client], byNode[node] = true, true
	}
	slices.Reverse(found)
	return found, since, true
}

// shownList is what a lookup listed, for people.
func shownList(listed []string) string {
	if len(listed) == 0 {
		return "nothing"
	}
	return strings.Join(listed, ", ")
}

// serviceOf is the service of an instance: what stands before the slash of its name, the whole if there
// is none.
func serviceOf(instance string) string {
	service, _, _ := strings.Cut(instance, "/")
	return service
}
