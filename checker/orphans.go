package checker

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cleave/history"
)

// NoOrphans judges whether, when all is healed, every name is somebody's: of the numbered children that a final listing
// shows (children, invoked Settle or more after the quiet phase began), "c3.2-id-0000000007" and its like, the
// client that each begins with was given the number by an ok create-sequential. Clients that died are left out: they can
// have been given what nobody knows of. So is whoever asked for a name while the listing was made, or less than Settle before.
//
//	c1 |--create-sequential names--| 6
//	c2 |--children names--| [c1.1-id-0000000005 c1.2-id-0000000006]      invalid: nobody has 5
//
// Measured: "names" and "orphans", in the last final listing of each key.
type NoOrphans struct {
	Settle time.Duration
}

// Name is "no-orphans".
func (NoOrphans) Name() string { return "no-orphans" }

// Check judges. It is Unknown without a final listing that shows anything.
func (n NoOrphans) Check(h *history.History, _ Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	given, doubtful := givenIn(h)
	var first *Result
	names, orphans := map[string]int{}, map[string]int{}
	total, lost, keys := 0, 0, []string{}
	for i := range h.Operations {
		o := &h.Operations[i]
		children, isList := o.Result.AsList()
		if !isQuiet || o.Function != history.Children || o.Outcome != history.Ok || !isList || len(children) == 0 || o.Invoked < quiet+history.Time(n.Settle) {
			continue
		}
		if names[o.Key] == 0 {
			keys = append(keys, o.Key)
		}
		names[o.Key], orphans[o.Key] = len(children), 0
		for _, child := range children {
			name, _ := child.AsText()
			client, number, numbered := numberedName(name)
			if !numbered || given[token{o.Key, client, number}] || doubtful[client]+history.Time(n.Settle) > o.Invoked {
				continue
			}
			if orphans[o.Key]++; first == nil {
				found := orphan(name, number, o)
				first = &found
			}
		}
	}
	for _, key := range keys {
		total, lost = total+names[key], lost+orphans[key]
	}
	result := Result{Verdict: Valid, Reason: counted(total, "name") + " in the end, each somebody's"}
	switch {
	case total == 0:
		return Result{Verdict: Unknown,
			Reason: fmt.Sprintf("no ok listing that shows anything was invoked %s or more after the quiet phase began", brief(n.Settle))}
	case first != nil:
		result = *first
	}
	result.Measures = []Measure{cell{}.measure("names", float64(total), Count), cell{}.measure("orphans", float64(lost), Count)}
	return result
}

func orphan(name string, number int64, o *history.Operation) Result {
	text := fmt.Sprintf("%s is in %s, and nobody was given %d", name, o.Key, number)
	return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Key: o.Key, Operations: []history.Operation{*o},
		Explanation: []string{fmt.Sprintf("%s, as %s was shown %s", text, o.Client, during(*o))}}}
}

// token is a number that a client was given.
type token struct {
	key, client string
	number      int64
}

// givenIn finds who was given what, and until when it may be that a client was given what it does not know of: forever
// once it has died.
func givenIn(h *history.History) (given map[token]bool, doubtful map[string]history.Time) {
	given, doubtful = map[token]bool{}, map[string]history.Time{}
	quiet, _ := h.PhaseStart(history.Quiet)
	for i := range h.Operations {
		o := &h.Operations[i]
		switch {
		case o.Function == history.Die:
			doubtful[o.Client] = history.Forever / 2 // a time can still be added to it
		case o.Function != history.CreateSequential:
		case o.Outcome == history.Ok:
			number, _ := o.Result.AsInteger()
			given[token{o.Key, o.Client, number}] = true
		case o.Invoked > quiet:
			doubtful[o.Client] = max(doubtful[o.Client], o.GaveUp)
		}
	}
	return given, doubtful
}

// numberedName reads "c3.2-id-0000000007": c3's, number 7.
func numberedName(name string) (client string, number int64, numbered bool) {
	client, rest, found := strings.Cut(name, ".")
	number, err := strconv.ParseInt(rest[strings.LastIndexByte(rest, '-')+1:], 10, 64)
	return client, number, found && err == nil
}
