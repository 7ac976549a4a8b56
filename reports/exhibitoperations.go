package reports

import (
	"fmt"

	"cleave/history"
)

// The most that a page has of operations one by one, and of what they say.
const (
	mostOperations = 240_000
	mostTexts      = 4 << 20 // bytes of all different texts together
	longText       = 120     // characters of one
)

// columns are operations by columns, which compress well: each list has an entry for every operation, in order of
// invocation. Names are positions in the lists of names.
type columns struct {
	Functions []string `json:"functions"`
	Keys      []string `json:"keys"`
	Clients   []string `json:"clients"`
	Servers   []string `json:"servers"`
	Errors    []string `json:"errors"`
	Texts     []string `json:"texts"` // of arguments and results, "" for none

	ID       []int   `json:"id"`      // the difference to the one before
	Invoked  []int64 `json:"invoked"` // the difference to the one before, in microseconds
	Waited   []int64 `json:"waited"`  // in microseconds, -1 if it has no end in the history
	Outcome  []int   `json:"outcome"` // 0 ok, 1 fail, 2 info
	Function []int   `json:"function"`
	Key      []int   `json:"key"`
	Client   []int   `json:"client"`
	Server   []int   `json:"server"`
	Error    []int   `json:"error"`
	Argument []int   `json:"argument"`
	Result   []int   `json:"result"`

	Witness []int   `json:"witness"` // positions of the operations of witnesses of broken promises
	Stale   []int   `json:"stale"`   // positions of stale reads
	Age     []int64 `json:"age"`     // and for how long each had been out of date, in microseconds
	Note    string  `json:"note"`    // what was left out, "" if nothing
	Total   int     `json:"total"`   // of all operations of the run
	Shown   int     `json:"shown"`
}

// sampling is which operations a page has.
type sampling struct {
	total, shown int
	good, others int  // one of so many of those that ended ok, and of the others
	cut          bool // texts were left out
}

// words say what was left out, "" if nothing was.
func (s sampling) words() string {
	text := ""
	if s.shown < s.total {
		text = fmt.Sprintf("%s of %s operations are here one by one: %s that ended ok, %s that did not, and those of the evidence. "+
			"Counts and quantiles are of all; history.jsonl has each.", thousands(s.shown), thousands(s.total), oneOf(s.good), oneOf(s.others))
	}
	if s.cut {
		text += " The longest texts are left out for want of room."
	}
	return text
}

func oneOf(n int) string {
	if n == 1 {
		return "each one"
	}
	return fmt.Sprintf("one in %s", thousands(n))
}

// operationColumns takes at most a number of operations, and a few more for the evidence: of those that ended ok, and of the
// others, each, or one in so many.
func operationColumns(run Run, t truth, most int) (columns, sampling) {
	h := run.History
	witness, stale := witnessed(run), map[int]history.Time{}
	for _, read := range t.stale() {
		stale[read.Operation.ID] = read.Age
	}
	telling := func(o *history.Operation) bool { // what is looked for first
		return o.Outcome != history.Ok || stale[o.ID] > 0
	}
	others := 0
	for i := range h.Operations {
		if telling(&h.Operations[i]) {
			others++
		}
	}
	kept := sampling{total: len(h.Operations), others: stride(others, most/2)}
	kept.good = stride(len(h.Operations)-others, most-min(others, most/2))
	w := newColumnWriter()
	seen := [2]int{}
	for i := range h.Operations {
		o := &h.Operations[i]
		which, every := 0, kept.good
		if telling(o) {
			which, every = 1, kept.others
		}
		if seen[which]++; witness[o.ID] || every > 0 && (seen[which]-1)%every == 0 {
			w.add(o, witness[o.ID], stale[o.ID])
		}
	}
	kept.shown, kept.cut = len(w.ID), w.cut
	w.Total, w.Shown, w.Note = kept.total, kept.shown, kept.words()
	return w.columns, kept
}

// stride is one in how many leaves at most a number, 0 for none at all.
func stride(count, most int) int {
	if most <= 0 {
		return 0
	}
	return max((count+most-1)/most, 1)
}

// witnessed are the operations of witnesses.
func witnessed(run Run) map[int]bool {
	ids := map[int]bool{}
	for _, result := range run.Promises {
		if result.Witness == nil {
			continue
		}
		for i, o := range result.Witness.Operations {
			if i < mostWitness {
				ids[o.ID] = true
			}
		}
	}
	return ids
}

// columnWriter fills the columns.
type columnWriter struct {
	columns
	functions, keys, clients, servers, errors, texts names
	id                                               int
	invoked                                          int64
	room                                             int
	cut                                              bool
}

// names gives each different text a number.
type names map[string]int

func newColumnWriter() *columnWriter {
	w := &columnWriter{functions: names{}, keys: names{}, clients: names{}, servers: names{}, errors: names{}, texts: names{}, room: mostTexts}
	w.number(w.texts, &w.Texts, "")
	w.number(w.servers, &w.Servers, "")
	w.number(w.errors, &w.Errors, "")
	return w
}

// number is the number of a text, made fit to be shown; one for which there is no room any more is an ellipsis.
func (w *columnWriter) number(known names, list *[]string, text string) int {
	at, found := known[text]
	if found {
		return at
	}
	shown := clean(text, longText)
	if w.room -= len(shown); w.room < 0 {
		w.cut, shown, text = true, "…", "\x00cut"
		if at, found := known[text]; found {
			return at
		}
	}
	at = len(*list)
	known[text] = at
	*list = append(*list, shown)
	return at
}

func (w *columnWriter) add(o *history.Operation, witness bool, age history.Time) {
	position := len(w.ID)
	waited := int64(-1)
	if o.GaveUp != history.Forever {
		waited = micro(o.GaveUp - o.Invoked)
	}
	w.ID, w.Invoked = append(w.ID, o.ID-w.id), append(w.Invoked, micro(o.Invoked)-w.invoked)
	w.id, w.invoked = o.ID, micro(o.Invoked)
	w.Waited, w.Outcome = append(w.Waited, waited), append(w.Outcome, rank(outcomes, history.Outcome(outcomeWord(o.Outcome))))
	w.Function = append(w.Function, w.number(w.functions, &w.Functions, string(o.Function)))
	w.Key = append(w.Key, w.number(w.keys, &w.Keys, o.Key))
	w.Client = append(w.Client, w.number(w.clients, &w.Clients, o.Client))
	w.Server = append(w.Server, w.number(w.servers, &w.Servers, o.Node))
	w.Error = append(w.Error, w.number(w.errors, &w.Errors, o.Error))
	w.Argument = append(w.Argument, w.value(o.Argument))
	result := 0
	if o.Outcome == history.Ok && (!o.Function.Mutates() || !o.Result.IsNothing()) {
		result = w.number(w.texts, &w.Texts, o.Result.String())
	}
	w.Result = append(w.Result, result)
	if witness {
		w.Witness = append(w.Witness, position)
	}
	if age > 0 {
		w.Stale, w.Age = append(w.Stale, position), append(w.Age, micro(age))
	}
}

func (w *columnWriter) value(v history.Value) int {
	if v.IsNothing() {
		return 0
	}
	return w.number(w.texts, &w.Texts, v.String())
}
