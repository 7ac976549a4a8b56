package cachedcp

import (
	"slices"
	"strings"

	"cleave/world"
)

// The words of the check, in datagrams: a byte, then the instance.
const (
	wordThere = '?' // is it there?
	wordHere  = '!' // it is
	wordEnded = 'x' // it was, or never was
)

// health knows who of the listed did not answer. Its lists are short.
type health struct {
	options Options
	own     func(id string) bool // whether an instance lives in this process
	checked []patient
}

// patient is an instance that is asked.
type patient struct {
	id     string
	missed int // questions in a row that it did not answer
}

// ask puts a question to everybody who is listed, and forgets who is not. An instance is named after the process that it
// lives in: web/c3#1 lives in c3.
func (h *health) ask(env world.Environment, listed []string) {
	next := make([]patient, len(listed))
	for i, id := range listed {
		next[i].id = id
		if p := h.find(id); p != nil {
			next[i].missed = p.missed + 1
		}
	}
	h.checked = next
	for _, id := range listed {
		if home := homeOf(id); home == env.Name() {
			h.heard(id, h.own(id))
		} else {
			env.Send(home, append([]byte{wordThere}, id...))
		}
	}
}

// heard takes an answer.
func (h *health) heard(id string, there bool) {
	if p := h.find(id); p != nil && there {
		p.missed = 0
	} else if p != nil {
		p.missed = missesAllowed + 1
	}
}

func (h *health) find(id string) *patient {
	if at := slices.IndexFunc(h.checked, func(p patient) bool { return p.id == id }); at >= 0 {
		return &h.checked[at]
	}
	return nil
}

// present are those of a list who are not known to be away: all, if that would be nobody.
func (h *health) present(list []string) []string {
	present := make([]string, 0, len(list))
	for _, id := range list {
		if p := h.find(id); p == nil || p.missed <= missesAllowed {
			present = append(present, id)
		}
	}
	if len(present) == 0 {
		return list
	}
	return present
}

// homeOf is the process that an instance lives in.
func homeOf(id string) string {
	_, name, _ := strings.Cut(id, "/")
	home, _, _ := strings.Cut(name, "#")
	return home
}
