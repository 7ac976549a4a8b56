package shrink

import (
	"context"
	"fmt"

	"cleave/checker"
	"cleave/harness"
	"cleave/history"
	"cleave/workloads"
)

// trial is what one run of a case showed.
type trial struct {
	shows   bool // the violation that is looked for
	witness evidence
	other   *checker.Result // another violation, if it shows that instead
	err     error           // the harness itself failed, or was interrupted
}

// evidence is where a violation lies in a case.
type evidence struct {
	operations []int        // positions, in the schedule, of the operations of the witness
	keys       []string     // theirs
	end        history.Time // when the last of them was answered; 0 if there are none
}

// try runs a case and looks for the violation alone. Of one run in sixteen that does not show it, drawn by
// the case's name, all promises are judged, so that other violations on the way are noticed.
func (s *search) try(ctx context.Context, c Case, name [32]byte) (t trial) {
	defer func() {
		if cause := recover(); cause != nil {
			t = trial{} // a case that brings the harness down shows nothing of the system
		}
	}()
	if c.Plan.Validate() != nil || c.Schedule.Validate(c.Plan) != nil {
		return trial{}
	}
	system, err := s.wiring.System(c.Plan)
	if err != nil {
		return trial{}
	}
	place, err := s.wiring.World(ctx, c.Plan, system, c.Schedule, harness.Keep{})
	if err != nil {
		return trial{err: err}
	}
	h, err := harness.Execute(ctx, c.Plan, c.Schedule, system, place, nil, nil)
	if closing := place.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return trial{err: err}
	}
	result, inForce := harness.JudgeOne(c.Plan, c.Schedule.Faults, system, h, s.looksFor)
	if inForce && result.Verdict == checker.Invalid {
		if ViolationOf(result) == s.violation {
			return trial{shows: true, witness: locate(c, h, result.Witness)}
		}
		return trial{other: &result}
	}
	if name[0]%16 == 0 {
		if judgement, err := harness.Judge(c.Plan, c.Schedule.Faults, system, h); err == nil && len(judgement.Broken()) > 0 {
			return trial{other: &judgement.Broken()[0]}
		}
	}
	return trial{}
}

// looksFor tells whether a promise is the one whose violation is looked for.
func (s *search) looksFor(promise workloads.Promise) bool {
	return promise.Checker.Name() == s.violation.Checker && plain(promise.Text) == s.violation.Promise
}

// locate finds a witness's operations in the schedule that they came from. It goes through each client's
// operations as the generator does, which leaves out what is late.
func locate(c Case, h *history.History, witness *checker.Witness) evidence {
	var found evidence
	if witness == nil {
		return found
	}
	planned := map[int]int{} // index of an invocation -> position in the schedule
	waiting := map[string][]int{}
	for i, o := range c.Schedule.Operations {
		waiting[o.Client] = append(waiting[o.Client], i)
	}
	for i := range h.Operations {
		o := &h.Operations[i]
		list := waiting[o.Client]
		for len(list) > 0 && late(c.Schedule.Operations[list[0]], o.Invoked) {
			list = list[1:]
		}
		if len(list) == 0 {
			continue
		}
		planned[o.ID], waiting[o.Client] = list[0], list[1:]
	}
	seen := map[string]bool{}
	for _, o := range witness.Operations {
		if at, known := planned[o.ID]; known {
			found.operations = append(found.operations, at)
		}
		if !seen[o.Key] {
			seen[o.Key] = true
			found.keys = append(found.keys, o.Key)
		}
		end := o.Invoked
		if o.Completed != history.Forever {
			end = o.Completed
		}
		found.end = max(found.end, end)
	}
	return found
}

func late(o workloads.Planned, at history.Time) bool { return !o.Must && at-o.At > workloads.Patience }

// String is the violation in a line.
func (v Violation) String() string { return fmt.Sprintf("%s (%s): %s", v.Promise, v.Checker, v.Kind) }
