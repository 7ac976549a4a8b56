package checker

import (
	"math/bits"
	"slices"
	"sort"
	"strings"

	"cleave/history"
)

// life is one time that an instance was up, from a "register" to its "die" or "deregister".
//
//	register |-----|                          die |--|
//	         asked ok                     leaving    left
//	               |--- surely alive ----|       |--- surely dead ---
type life struct {
	register *history.Operation
	end      *history.Operation // nil if it did not end
	asked    history.Time       // perhaps registered from here on
	ok       history.Time       // surely registered from here on; Forever if never acknowledged
	leaving  history.Time       // perhaps dead from here on; Forever if it did not end
	left     history.Time       // surely dead from here on; Forever if that is not known
}

// lives are those of one instance, in order of time.
type lives []life

// registry is what is true of the instances of a history, whatever a server lists. An instance has a number: its
// place among all.
type registry struct {
	instances []string       // sorted
	lives     []lives        // at the same places
	numbers   map[string]int // by name
}

// registryOf reads the truth from the operations register, deregister and die. A register that
// repeats one of an instance that is up is part of the same life. An instance that asks to be taken
// out does not want to be listed from then on, whatever comes of it; unless that was acknowledged it
// is neither surely alive nor surely dead until it dies, or asks again with more success: it may still
// be there, with a session that is well.
func registryOf(h *history.History) registry {
	r := registry{numbers: map[string]int{}}
	for i := range h.Operations {
		operation := &h.Operations[i]
		switch operation.Function {
		case history.Register:
			r.register(operation)
		case history.Die, history.Deregister:
			if number, known := r.numbers[operation.Key]; known {
				r.lives[number].end(operation)
			}
		}
	}
	r.order()
	return r
}

// order sorts the instances, which are numbered as they came.
func (r *registry) order() {
	came := r.lives
	slices.Sort(r.instances)
	r.lives = make([]lives, len(came))
	for number, instance := range r.instances {
		r.lives[number] = came[r.numbers[instance]]
		r.numbers[instance] = number
	}
}

func (r *registry) register(operation *history.Operation) {
	number, known := r.numbers[operation.Key]
	if !known {
		number = len(r.instances)
		r.numbers[operation.Key] = number
		r.instances, r.lives = append(r.instances, operation.Key), append(r.lives, nil)
	}
	ok := history.Forever
	if operation.Outcome == history.Ok {
		ok = operation.Completed
	}
	l := r.lives[number]
	if last := len(l) - 1; last >= 0 && l[last].end == nil {
		l[last].ok = min(ok, l[last].ok)
		return
	}
	if last := len(l) - 1; last >= 0 {
		l[last].left = min(l[last].left, operation.Invoked)
	}
	r.lives[number] = append(l, life{register: operation, asked: operation.Invoked, ok: ok, leaving: history.Forever, left: history.Forever})
}

func (l lives) end(operation *history.Operation) {
	current := &l[len(l)-1]
	if current.left < history.Forever {
		return
	}
	current.leaving = min(current.leaving, operation.Invoked)
	current.end = operation
	if operation.Outcome == history.Ok {
		current.left = operation.Completed
	}
}

// of are the lives of an instance.
func (r *registry) of(instance string) lives {
	if number, known := r.numbers[instance]; known {
		return r.lives[number]
	}
	return nil
}

// lifeAt is the life that had last begun at an instant, nil if none had, and when the next one began.
func (r *registry) lifeAt(instance string, at history.Time) (current *life, next history.Time) {
	return r.of(instance).at(at)
}

// at is the life that had last begun at an instant, nil if none had, and when the next one began.
func (l lives) at(at history.Time) (current *life, next history.Time) {
	next = history.Forever
	if len(l) == 1 && l[0].asked <= at { // as it is nearly always
		return &l[0], next
	}
	after := sort.Search(len(l), func(i int) bool { return l[i].asked > at })
	if after < len(l) {
		next = l[after].asked
	}
	if after == 0 {
		return nil, next
	}
	return &l[after-1], next
}

// aliveDuring tells whether an instance was surely alive and registered from one instant to another.
func (r *registry) aliveDuring(instance string, from, until history.Time) bool {
	return r.of(instance).aliveDuring(from, until)
}

func (l lives) aliveDuring(from, until history.Time) bool {
	current, _ := l.at(from)
	return current != nil && current.ok < from && current.leaving > until
}

// deadDuring tells whether an instance that was up before was surely dead from one instant to another,
// and since when.
func (l lives) deadDuring(from, until history.Time) (*life, bool) {
	current, next := l.at(from)
	return current, current != nil && current.left < from && next > until
}

// inquiry is an ok lookup and what it listed.
type inquiry struct {
	*history.Operation
	answer  []string // as it was given
	listed  []string // sorted, each once
	numbers []int    // of those listed, -1 for one that nobody ever asked to register
	shown   numbers  // those of them that have one
}

// repeats takes what was made of one of the lookups before, if that listed the same, as most do.
func (i *inquiry) repeats(earlier []inquiry) bool {
	for at := len(earlier) - 1; at >= 0; at-- {
		if other := &earlier[at]; slices.Equal(i.answer, other.answer) {
			i.listed, i.numbers, i.shown = other.listed, other.numbers, other.shown
			return true
		}
	}
	return false
}

// number finds the numbers of those listed.
func (i *inquiry) number(r *registry) {
	i.numbers, i.shown = make([]int, len(i.listed)), r.none()
	next := 0
	for place, name := range i.listed {
		for next < len(r.instances) && r.instances[next] < name {
			next++
		}
		i.numbers[place] = -1
		if next < len(r.instances) && r.instances[next] == name {
			i.numbers[place] = next
			i.shown.add(next)
		}
	}
}

// lists tells whether an instance was listed.
func (i *inquiry) lists(instance string) bool {
	_, found := slices.BinarySearch(i.listed, instance)
	return found
}

// shows tells whether the instance of a number was listed.
func (i *inquiry) shows(number int) bool { return i.shown.has(number) }

// numbers are a set of instances: a bit for each number.
type numbers []uint64

// none is an empty set.
func (r *registry) none() numbers { return make(numbers, (len(r.instances)+63)/64) }

func (n numbers) add(number int) { n[number/64] |= 1 << (number % 64) }

func (n numbers) has(number int) bool { return n[number/64]&(1<<(number%64)) != 0 }

func (n numbers) size() (count int) {
	for _, word := range n {
		count += bits.OnesCount64(word)
	}
	return count
}

// listedIn are the instances in a lookup's result, each once, sorted.
func listedIn(result history.Value) []string {
	names := result.AsTexts()
	for i := range names {
		if i > 0 && names[i-1] >= names[i] {
			names = slices.Clone(names)
			slices.Sort(names)
			return slices.Compact(names)
		}
	}
	return names
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
