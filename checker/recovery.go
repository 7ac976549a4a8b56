package checker

import (
	"time"

	"cleave/history"
)

// recovered judges what needs time to become true: Invalid is what is wrong after all the time that it may take, recovery.
// What is wrong after a shorter one, settle, and may yet become right, is Unknown.
func recovered(settle, recovery time.Duration, judge func(settle history.Time) Result) Result {
	result := judge(history.Time(settle))
	if result.Verdict != Invalid || recovery <= settle {
		return result
	}
	if late := judge(history.Time(recovery)); late.Verdict == Invalid {
		return late
	}
	return Result{Verdict: Unknown, Reason: result.Reason + ", but not for " + brief(recovery) + " yet, which it may take"}
}
