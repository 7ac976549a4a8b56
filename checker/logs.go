package checker

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cleave/checker/evidence"
	"cleave/history"
)

// What the checkers of logs share. Operations on logs are
//
//	send L v = o                     v is put at the end of log L, at offset o
//	poll * [[L o] ...] = [[L [[o v] ...]] ...]    from each of some logs, messages from an offset on, as many as the system likes
//	commit-offsets * [[L o] ...]     of each of some logs, all up to an offset is dealt with
//	list-committed * [L ...] = [[L o] ...]        up to where they are

// stretchOfLog is what a poll got of one log, or a send put into it.
type stretchOfLog struct {
	by       *history.Operation
	log      string
	from     int64 // the offset that was asked from; -1 if none was
	messages []logged
}

// logged is a message at an offset.
type logged struct {
	offset int64
	value  history.Value
}

// stretchesOf are those of all ok polls and sends, in order of invocation. It tells of the first that cannot be read.
func stretchesOf(h *history.History) (all []stretchOfLog, err error) {
	for i := range h.Operations {
		o := &h.Operations[i]
		if o.Outcome != history.Ok {
			continue
		}
		switch o.Function {
		case history.Send:
			offset, isNumber := o.Result.AsInteger()
			if !isNumber {
				return nil, fmt.Errorf("no offset in %s", o)
			}
			all = append(all, stretchOfLog{o, o.Key, -1, []logged{{offset, o.Argument}}})
		case history.Poll:
			stretches, good := polled(o)
			if !good {
				return nil, fmt.Errorf("no messages in %s", o)
			}
			all = append(all, stretches...)
		}
	}
	return all, nil
}

// polled is what a poll got, log by log.
func polled(o *history.Operation) (all []stretchOfLog, good bool) {
	asked, good := offsetsIn(o.Argument)
	logs, isList := o.Result.AsList()
	if good = good && isList; !good {
		return nil, false
	}
	for _, entry := range logs {
		name, list, good := pairOf(entry)
		pairs, isList := list.AsList()
		if !good || !isList {
			return nil, false
		}
		got := stretchOfLog{by: o, log: name.String(), from: -1}
		if at := slices.IndexFunc(asked, func(a offsetOf) bool { return a.log == got.log }); at >= 0 {
			got.from = asked[at].offset
		}
		for _, pair := range pairs {
			first, value, good := pairOf(pair)
			offset, isNumber := first.AsInteger()
			if !good || !isNumber {
				return nil, false
			}
			got.messages = append(got.messages, logged{offset, value})
		}
		all = append(all, got)
	}
	return all, true
}

// offsetOf is an offset of a log.
type offsetOf struct {
	log    string
	offset int64
}

// offsetsIn are those of a list of pairs [log offset].
func offsetsIn(value history.Value) (all []offsetOf, good bool) {
	list, isList := value.AsList()
	for _, entry := range list {
		name, number, isPair := pairOf(entry)
		offset, isNumber := number.AsInteger()
		if !isPair || !isNumber {
			return nil, false
		}
		all = append(all, offsetOf{name.String(), offset})
	}
	return all, isList
}

func pairOf(value history.Value) (first, second history.Value, good bool) {
	list, _ := value.AsList()
	if len(list) != 2 {
		return first, second, false
	}
	return list[0], list[1], true
}

// tell says what a poll got of the log, or a send put into it.
func (s *stretchOfLog) tell() string {
	if s.by.Function == history.Send {
		return tellSend(s.by)
	}
	const most = 12
	parts := make([]string, 0, most)
	for _, m := range s.messages {
		if len(parts) == most {
			parts = append(parts, "...")
			break
		}
		parts = append(parts, fmt.Sprintf("%s at %d", m.value, m.offset))
	}
	return fmt.Sprintf("%s polled %s from offset %d at %s%s and got %s", evidence.Who(*s.by), s.log, s.from, during(*s.by), by(s.by.Node),
		cmp.Or(strings.Join(parts, ", "), "nothing"))
}

func tellSend(o *history.Operation) string {
	switch o.Outcome {
	case history.Ok:
		return fmt.Sprintf("%s sent %s to %s at %s and was told offset %s", evidence.Who(*o), o.Argument, o.Key, during(*o), o.Result)
	case history.Fail:
		return fmt.Sprintf("%s wanted at %s to send %s to %s, which failed (%s)", evidence.Who(*o), second(o.Invoked), o.Argument, o.Key, o.Error)
	}
	return fmt.Sprintf("%s asked at %s to send %s to %s and never learnt the outcome", evidence.Who(*o), second(o.Invoked), o.Argument, o.Key)
}

// statement is an operation of a witness with what is said of it.
type statement struct {
	by   *history.Operation
	says string
}

// against is the result of operations that contradict each other: in order, each with its sentence.
func against(reason string, given ...statement) Result {
	slices.SortStableFunc(given, func(a, b statement) int { return cmp.Compare(a.by.ID, b.by.ID) })
	witness := &Witness{}
	for _, one := range given {
		witness.Explanation = append(witness.Explanation, one.says)
		if last := len(witness.Operations) - 1; last < 0 || witness.Operations[last].ID != one.by.ID {
			witness.Operations = append(witness.Operations, *one.by)
		}
	}
	return Result{Verdict: Invalid, Reason: reason, Witness: witness}
}
