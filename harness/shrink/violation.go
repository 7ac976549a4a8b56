package shrink

import (
	"slices"
	"strings"
	"unicode"

	"cleave/checker"
)

// Violation is what a smaller case must still show: the same checker, promise and kind of anomaly. Keys,
// nodes, values and times may be others.
type Violation struct {
	Checker string `json:"checker"`
	Promise string `json:"promise"`
	// Kind tells apart what one checker may find: its reason in words, without names and numbers.
	Kind string `json:"kind"`
}

// ViolationOf is the violation that a checker found.
func ViolationOf(result checker.Result) Violation {
	kind := plain(result.Reason)
	if result.Checker == (checker.Linearizable{}).Name() {
		kind = anomaly(result.Witness)
	}
	return Violation{Checker: result.Checker, Promise: plain(result.Title), Kind: kind}
}

// Telling sorts broken promises such that the one to keep comes first: what clients were told wrongly, then what nodes say
// of themselves, and last what is broken whenever anything is.
func Telling(all []checker.Result) []checker.Result {
	rank := func(r checker.Result) int {
		switch r.Checker {
		case checker.NoPanic{}.Name(), checker.ElectionSafety{}.Name():
			return 1
		case checker.Availability{}.Name(), checker.Convergence{}.Name():
			return 2
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b checker.Result) int { return rank(a) - rank(b) })
	return all
}

// anomaly is the kind of a broken linearizability, which its reason does not tell. Whether a write was lost
// or a read was stale is the same to the checker: an answer older than one that was certain. Only what
// comes later in the run tells them apart, and shrinking takes that away.
func anomaly(witness *checker.Witness) string {
	if witness == nil {
		return "no order"
	}
	for _, sentence := range witness.Explanation {
		_, but, found := strings.Cut(sentence, ", but ")
		switch {
		case !found:
		case strings.Contains(but, "nobody had written"), strings.Contains(but, "nobody had asked"),
			strings.Contains(but, "was told that it failed"):
			return "a value out of nowhere"
		case strings.Contains(but, "too, had replaced that value"):
			return "one value replaced twice"
		default:
			return "an answer from the past"
		}
	}
	return "no order"
}

// plain is a text without what differs between two violations of one kind: words with digits, paths, what
// is in brackets.
func plain(text string) string {
	var words []string
	depth := 0
	for _, word := range strings.Fields(text) {
		opened := strings.Count(word, "(") + strings.Count(word, "[")
		closed := strings.Count(word, ")") + strings.Count(word, "]")
		inside := depth > 0 || opened > 0
		depth = max(depth+opened-closed, 0)
		switch {
		case inside:
		case strings.ContainsFunc(word, unicode.IsDigit), strings.Contains(word, "/"):
			words = append(words, "…")
		default:
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
