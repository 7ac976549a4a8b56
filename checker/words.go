package checker

import (
	"time"

	"cleave/checker/evidence"
	"cleave/history"
)

// beginning is before every time.
const beginning = -history.Forever - 1

// The words of package evidence that nearly every checker says.

func during(operation history.Operation) string { return evidence.During(operation) }

func second(at history.Time) string { return evidence.Second(at) }

func counted(number int, noun string) string { return evidence.Counted(number, noun) }

// brief is a length of time for people: what is less than a thousandth of a second is left out, unless that is all there is.
func brief(length time.Duration) string {
	if length < time.Millisecond {
		return length.String()
	}
	return length.Round(time.Millisecond).String()
}
