package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// LogComplete judges whether in the end logs have all that was acknowledged. Of each client and log the last ok poll counts, if
// it was invoked Settle or more after the quiet phase began. If it got nothing of the log, from an offset on, nothing is there:
// no message whose send was acknowledged, with that offset or a higher one, Settle or more before.
//
//	                             quiet  Settle
//	c1 |--send k 7 = 4--|          |......
//	c2                                       |--poll * [[k 4]] = []--|     invalid: 7 is lost
//
// What is missing before the end is LogOffsets' affair: a poll that goes on after it skips it.
// What is missing only of what was acknowledged less than Recovery before is Unknown.
type LogComplete struct {
	Settle, Recovery time.Duration
}

// Name is "log-complete".
func (LogComplete) Name() string { return "log-complete" }

// Check judges. It is Unknown if of a log with acknowledged messages no poll came to the end.
func (c LogComplete) Check(h *history.History, _ Budget) Result {
	return recovered(c.Settle, c.Recovery, func(settle history.Time) Result { return c.check(h, settle) })
}

func (c LogComplete) check(h *history.History, settle history.Time) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	if !isQuiet {
		return Result{Verdict: Unknown, Reason: "there was no quiet phase"}
	}
	ends, order := c.ends(h, quiet+settle)
	reached, open := map[string]bool{}, ""
	for _, of := range order {
		reached[of.log] = reached[of.log] || ends[of].by != nil
	}
	sends := 0
	for i := range h.Operations {
		send := &h.Operations[i]
		if send.Function != history.Send || send.Outcome != history.Ok {
			continue
		}
		sends++
		if !reached[send.Key] && open == "" {
			open = fmt.Sprintf("no poll came to the end of %s once all had settled", send.Key)
		}
		offset, _ := send.Result.AsInteger()
		for _, of := range order {
			end := ends[of]
			if of.log == send.Key && end.by != nil && offset >= end.from && send.Completed < end.by.Invoked-settle {
				return against("an acknowledged message is lost", statement{send, tellSend(send)},
					statement{end.by, end.tell() + ", in the end"})
			}
		}
	}
	switch {
	case sends == 0:
		return Result{Verdict: Unknown, Reason: "nothing was sent"}
	case open != "":
		return Result{Verdict: Unknown, Reason: open}
	}
	return Result{Verdict: Valid, Reason: counted(sends, "message") + " acknowledged, and none missing at the end of its log"}
}

// follower is a client as it polls a log.
type follower struct{ client, log string }

// ends are the last polls of each client and log, those that got nothing; another's is there with no operation.
func (c LogComplete) ends(h *history.History, from history.Time) (ends map[follower]stretchOfLog, order []follower) {
	ends = map[follower]stretchOfLog{}
	for i := range h.Operations {
		o := &h.Operations[i]
		if o.Function != history.Poll || o.Outcome != history.Ok || o.Invoked < from {
			continue
		}
		got, good := polled(o)
		asked, _ := offsetsIn(o.Argument)
		if !good {
			continue
		}
		for _, a := range asked {
			of, end := follower{o.Client, a.log}, stretchOfLog{by: o, log: a.log, from: a.offset}
			for k := range got {
				if got[k].log == a.log && len(got[k].messages) > 0 {
					end.by = nil
				}
			}
			if _, again := ends[of]; !again {
				order = append(order, of)
			}
			ends[of] = end
		}
	}
	return ends, order
}
