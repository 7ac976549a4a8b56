package checker

import (
	"fmt"
	"strconv"
	"strings"

	"cleave/history"
)

// CommittedOnce judges whether every message that clients consume is committed once and none left out. A message is a number
// of a part of a queue, counted from 0. That it was handled is noted, "handled" with the detail "part number"; an ok consume,
// whose result is [part number], committed it, after which the next is to be handled.
//
//	c1 |--consume g = [7 42]--|
//	c2                  |--consume g = [7 42]--|      invalid: both committed 42 of part 7
//
// Handled it may be several times, by the one who dies before he commits and by the next: that is measured. "handled", how
// many messages were; "handled twice", how many of them more often than once.
type CommittedOnce struct{}

// Name is "committed-once".
func (CommittedOnce) Name() string { return "committed-once" }

// message is one of a part.
type message struct {
	part   int64
	number int64
}

// Check judges. It is Unknown if nothing was committed.
func (CommittedOnce) Check(h *history.History, _ Budget) Result {
	committed := map[message]history.Operation{}
	for _, operation := range h.Operations {
		if operation.Function != history.Consume || operation.Outcome != history.Ok {
			continue
		}
		m, good := messageIn(operation.Result)
		if !good {
			return Result{Verdict: Unknown, Reason: "no part and number in " + operation.String()}
		}
		if before, twice := committed[m]; twice {
			text := fmt.Sprintf("message %d of part %d was committed by %s and by %s", m.number, m.part, before.Client, operation.Client)
			return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Key: operation.Key, Explanation: []string{text},
				Operations: []history.Operation{before, operation}}}
		}
		committed[m] = operation
	}
	if len(committed) == 0 {
		return Result{Verdict: Unknown, Reason: "no message was consumed"}
	}
	handled := handledIn(h)
	repeated, total := 0, 0
	for part, times := range handled {
		for number, count := range times {
			if count == 0 {
				text := fmt.Sprintf("message %d of part %d was never handled, and later ones were", number, part)
				return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{text}}}
			}
			if total++; count > 1 {
				repeated++
			}
		}
	}
	return Result{Verdict: Valid,
		Reason:   fmt.Sprintf("%s committed once each; of %d handled %d more often", counted(len(committed), "message"), total, repeated),
		Measures: []Measure{cell{}.measure("handled", float64(total), Count), cell{}.measure("handled twice", float64(repeated), Count)}}
}

// messageIn is the message that an ok consume names.
func messageIn(result history.Value) (m message, good bool) {
	list, _ := result.AsList()
	if len(list) != 2 {
		return message{}, false
	}
	part, isPart := list[0].AsInteger()
	number, isNumber := list[1].AsInteger()
	return message{part, number}, isPart && isNumber && part >= 0 && number >= 0
}

// handledIn counts by the notes how often each message was handled, by part and number.
func handledIn(h *history.History) (times [][]int) {
	for _, event := range h.Notes() {
		if event.Note.Kind != "handled" {
			continue
		}
		name, digits, _ := strings.Cut(event.Note.Detail, " ")
		part, wrongPart := strconv.ParseUint(name[strings.LastIndexByte(name, '/')+1:], 10, 16)
		number, wrongNumber := strconv.ParseUint(digits, 10, 20) // bounds what a note can make it hold
		if wrongPart != nil || wrongNumber != nil {
			continue
		}
		for len(times) <= int(part) {
			times = append(times, nil)
		}
		for len(times[part]) <= int(number) {
			times[part] = append(times[part], 0)
		}
		times[part][number]++
	}
	return times
}
