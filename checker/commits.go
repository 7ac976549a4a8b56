package checker

import (
	"fmt"
	"time"

	"cleave/checker/evidence"
	"cleave/history"
)

// Commits judges the offsets up to which logs are said to be dealt with. None that is listed was not committed: who starts
// after it would miss what nobody has dealt with. And what was acknowledged is kept. A list is broken if an ok commit of a
// higher offset was completed before the list was invoked, and all commits of the offset that is listed had been completed
// before that one was invoked: then it is neither the last one nor the highest.
//
//	c1 |--commit-offsets * [[k 4]]--|  |--commit-offsets * [[k 9]]--|
//	c2                                                                 |--list-committed * [k] = [[k 4]]--|   invalid
//
// Kept it is, unless Throughout, from Settle after the quiet phase began on, and Settle after the commit: a list that is behind
// is no loss, only work done again. A list that is behind only a commit of less than Recovery before is Unknown. Measured: "lists",
// and "commits gone back", lists that were behind, at any time.
type Commits struct {
	Settle, Recovery time.Duration
	Throughout       bool
}

// Name is "commits".
func (Commits) Name() string { return "commits" }

// Check judges. It is Unknown if no list was judged.
func (c Commits) Check(h *history.History, _ Budget) Result {
	if c.Throughout {
		return c.check(h, 0)
	}
	return recovered(c.Settle, c.Recovery, func(settle history.Time) Result { return c.check(h, settle) })
}

func (c Commits) check(h *history.History, settle history.Time) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	commits := commitsOf(h)
	lists, finals, behind := 0, 0, 0
	for i := range h.Operations {
		o := &h.Operations[i]
		if o.Function != history.ListCommitted || o.Outcome != history.Ok {
			continue
		}
		listed, good := offsetsIn(o.Result)
		asked, isList := o.Argument.AsList()
		if !good || !isList {
			return Result{Verdict: Unknown, Reason: "no offsets in " + o.String()}
		}
		lists++
		final := c.Throughout || isQuiet && o.Invoked >= quiet+settle
		if final {
			finals++
		}
		for _, name := range asked {
			log := name.String()
			offset, is := offsetIn(listed, log)
			if is {
				if found := invented(commits[log], o, log, offset); found != nil {
					return *found
				}
			}
			if goneBack(commits[log], o, o.Invoked, log, offset, is) != nil {
				behind++
			}
			if found := goneBack(commits[log], o, o.Invoked-settle, log, offset, is); final && found != nil {
				return *found
			}
		}
	}
	if finals == 0 {
		return Result{Verdict: Unknown, Reason: "nobody was told in the end what is committed"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, of which %d had to be current, and were", counted(lists, "list"), finals),
		Measures: []Measure{cell{}.measure("lists", float64(lists), Count), cell{}.measure("commits gone back", float64(behind), Count)}}
}

// commit is one of a log's offset.
type commit struct {
	by     *history.Operation
	offset int64
}

// commitsOf are the commits that did not fail, by log, in order of invocation.
func commitsOf(h *history.History) map[string][]commit {
	all := map[string][]commit{}
	for i := range h.Operations {
		o := &h.Operations[i]
		if o.Function != history.CommitOffsets || o.Outcome == history.Fail {
			continue
		}
		offsets, _ := offsetsIn(o.Argument)
		for _, of := range offsets {
			all[of.log] = append(all[of.log], commit{o, of.offset})
		}
	}
	return all
}

func offsetIn(offsets []offsetOf, log string) (offset int64, is bool) {
	for _, of := range offsets {
		if of.log == log {
			return of.offset, true
		}
	}
	return -1, false
}

// invented tells of a list of an offset above all that anybody had asked to commit.
func invented(commits []commit, list *history.Operation, log string, offset int64) *Result {
	for _, c := range commits {
		if c.offset >= offset && c.by.Invoked <= list.Completed {
			return nil
		}
	}
	result := against("an offset is listed as committed that nobody has come to",
		statement{list, tellList(list, log) + fmt.Sprintf(", but nobody had committed %d or more", offset)})
	return &result
}

// goneBack tells of a list that is neither of the last commit nor of the highest, of those that were completed by a time.
func goneBack(commits []commit, list *history.Operation, by history.Time, log string, offset int64, is bool) *Result {
	latest := history.Time(beginning) // when the last commit of this offset ended
	var last *commit
	for i := range commits {
		if c := &commits[i]; is && c.offset == offset && c.by.Invoked <= list.Completed && c.by.Completed > latest {
			latest, last = c.by.Completed, c
		}
	}
	for i := range commits {
		higher := &commits[i]
		if higher.by.Outcome != history.Ok || higher.offset <= offset || higher.by.Completed >= by || higher.by.Invoked <= latest {
			continue
		}
		given := []statement{{higher.by, tellCommit(higher, log)}, {list, tellList(list, log)}}
		if last != nil {
			given = append(given, statement{last.by, tellCommit(last, log)})
		}
		result := against("a committed offset went back", given...)
		return &result
	}
	return nil
}

func tellCommit(c *commit, log string) string {
	if c.by.Outcome == history.Info {
		return fmt.Sprintf("%s asked at %s to commit %d of %s and never learnt the outcome", evidence.Who(*c.by), second(c.by.Invoked), c.offset, log)
	}
	return fmt.Sprintf("%s committed %d of %s at %s, acknowledged", evidence.Who(*c.by), c.offset, log, during(*c.by))
}

func tellList(o *history.Operation, log string) string {
	said := "nothing"
	offsets, _ := offsetsIn(o.Result)
	if offset, is := offsetIn(offsets, log); is {
		said = fmt.Sprint(offset)
	}
	return fmt.Sprintf("%s was told at %s that %s of %s is committed", evidence.Who(*o), during(*o), said, log)
}
