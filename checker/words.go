package checker

import (
	"cleave/checker/evidence"
	"cleave/history"
)

// beginning is before every time.
const beginning = -history.Forever - 1

// The words of package evidence that nearly every checker says.

func during(operation history.Operation) string { return evidence.During(operation) }

func second(at history.Time) string { return evidence.Second(at) }

func counted(number int, noun string) string { return evidence.Counted(number, noun) }
