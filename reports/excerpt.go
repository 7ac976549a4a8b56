package reports

import (
	"cmp"
	"slices"

	"cleave/checker"
	"cleave/history"
)

// NewExcerpt is what went over the network while the operations that contradict each other were under way: a story without
// sentences, of a run that nobody has made small. passages are all messages of the run, in any order. ok is false if
// there is nothing to show: the witness is of no operations, or nothing was under way.
func NewExcerpt(h *history.History, result checker.Result, passages []Passage) (s Story, ok bool) {
	if result.Witness == nil || len(result.Witness.Operations) == 0 {
		return s, false
	}
	s = Story{Excerpt: true, Title: "What went over the network meanwhile: " + promiseWords(result),
		Operations: result.Witness.Operations, Culprit: contradicting(result.Witness), From: h.End()}
	for _, o := range s.Operations {
		s.From, s.To = min(s.From, o.Invoked), max(s.To, known(o))
	}
	meanwhile := slices.DeleteFunc(slices.Clone(passages), func(p Passage) bool {
		return !slices.ContainsFunc(s.Operations, func(o history.Operation) bool { return p.Ended >= o.Invoked && p.Sent <= known(o) })
	})
	slices.SortStableFunc(meanwhile, func(a, b Passage) int { return cmp.Compare(a.Sent, b.Sent) })
	s.Passages = boundPassages(meanwhile)
	s.From, s.To = max(s.From-margin, 0), s.To+margin
	return s, len(s.Passages) > 0
}

// margin is how much of the time before and after its operations an excerpt shows.
const margin = history.Time(5e6)
