package checker

import (
	"fmt"

	"cleave/history"
)

// NoPhantom judges whether no lookup, of a server or of a client's own cache, lists an instance that
// nobody had asked to register before the lookup completed.
//
//	c1 |--lookup--| [a]
//	a                      register |--|      invalid: a was not there yet
type NoPhantom struct {
	Service string // the key of the lookups; "" for all
}

// Name is "no-phantom".
func (NoPhantom) Name() string { return "no-phantom" }

// Check judges. It is Unknown without an ok lookup.
func (n NoPhantom) Check(h *history.History, budget Budget) Result {
	lookups := budget.Facts.inquiries(h, n.Service, history.Lookup, history.CacheLookup)
	if len(lookups) == 0 {
		return Result{Verdict: Unknown, Reason: "no ok lookup to judge"}
	}
	registry := budget.Facts.registryOf(h)
	for i := range lookups {
		lookup := &lookups[i]
		for place, number := range lookup.numbers {
			if number < 0 || registry.lives[number][0].asked > lookup.Completed {
				return phantom(lookup.listed[place], registry.of(lookup.listed[place]), lookup)
			}
		}
	}
	return Result{Verdict: Valid, Reason: counted(len(lookups), "ok lookup") + ": nothing is listed that was not registered"}
}

func phantom(instance string, lives lives, lookup *inquiry) Result {
	witness := &Witness{Key: lookup.Key, Operations: []history.Operation{*lookup.Operation}, Explanation: []string{
		fmt.Sprintf("%s was shown %s%s at %s", lookup.Client, shownList(lookup.listed), by(lookup.Node), during(*lookup.Operation))}}
	never := "nobody ever asked to register " + instance
	if len(lives) > 0 {
		never = fmt.Sprintf("nobody asked to register %s before %s", instance, second(lives[0].asked))
		witness.Operations = append(witness.Operations, *lives[0].register)
	}
	witness.Explanation = append(witness.Explanation, never)
	return Result{Verdict: Invalid, Witness: witness, Reason: fmt.Sprintf("%s was listed and had never been registered", instance)}
}
