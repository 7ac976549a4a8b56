package reports

import (
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// The layout of a witness as text, in columns.
const (
	barsLeft  = 28 // what was done
	barsWidth = 78
)

// Bars are the operations of a witness as lines of text, in order of invocation: a bar from when an operation was asked
// to when it was answered. The order of beginnings and ends is exact, distances are not to scale.
//
//	c1 write 1         |-----|
//	c2 write 2                 |-----|
//	c3 read → 1                        |-----|  <-
func Bars(witness *checker.Witness) []string {
	shown := witness.Operations[:min(len(witness.Operations), mostWitness)]
	var stops []history.Time
	for _, operation := range shown {
		stops = append(stops, operation.Invoked)
		if operation.Completed != history.Forever {
			stops = append(stops, operation.Completed)
		}
	}
	slices.Sort(stops)
	stops = slices.Compact(stops)
	step := max(2, min(8, (barsWidth-barsLeft-2)/max(len(stops), 1)))
	column := func(at history.Time) int {
		place, _ := slices.BinarySearch(stops, at)
		return place * step
	}
	culprit := contradicting(witness)
	var lines []string
	for _, operation := range shown {
		from, to, end := column(operation.Invoked), len(stops)*step, "···"
		if operation.Completed != history.Forever {
			to, end = column(operation.Completed), "|"
		}
		bar := strings.Repeat(" ", from) + "|" + strings.Repeat("-", max(to-from-1, 0)) + end
		if to == from {
			bar = strings.Repeat(" ", from) + "|"
		}
		if operation.ID == culprit {
			bar += "  <-"
		}
		what := clip(clean(operation.Client, 10)+" "+label(operation), barsLeft-2)
		lines = append(lines, fmt.Sprintf("%-*s%s", barsLeft+len(what)-len([]rune(what)), what, bar))
	}
	if extra := len(witness.Operations) - len(shown); extra > 0 {
		lines = append(lines, "("+plural(extra, "further operation is", "further operations are")+" not drawn)")
	}
	return lines
}

// mostPlain is how many characters of a sentence are shown.
const mostPlain = 300

// Plain is a sentence that may have foreign text in it, made fit for a terminal: one line without control characters, and
// no longer than anybody reads.
func Plain(text string) string { return clean(text, mostPlain) }

// WitnessOrder are the steps of why a witness's operations have no order, in words; none if that is not worked out.
func WitnessOrder(witness *checker.Witness) []string { return orderLines(witness) }
