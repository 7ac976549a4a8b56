package shrink

import (
	"context"
	"errors"
	"fmt"

	"cleave/checker"
	"cleave/harness"
	"cleave/history"
	"cleave/reports"
	"cleave/world"
)

// Tell runs a case again and tells how it broke the promise of a violation. It gives the hash of all that
// happened too, for comparing it with another run of the same.
func Tell(ctx context.Context, wiring harness.Wiring, c Case, v Violation) (story reports.Story, hash string, err error) {
	again, err := overhear(ctx, wiring, c)
	if err != nil {
		return story, again.hash, err
	}
	system, err := wiring.System(c.Plan)
	if err != nil {
		return story, again.hash, err
	}
	judgement, err := harness.Judge(c.Plan, c.Schedule.Faults, system, again.history)
	if err != nil {
		return story, again.hash, err
	}
	result, found := v.among(judgement.Broken())
	if !found {
		return story, again.hash, fmt.Errorf("%w (%s)", ErrNotShown, v)
	}
	return reports.NewStory(again.history, result, again.messages), again.hash, nil
}

// mostEvents is up to how many events of its history a broken run is run again for its messages.
const mostEvents = 50_000

// Around runs a broken run of a simulated world again, for the messages that were under way while the operations were that
// contradict each other, and adds them to its folder and report. One that is large is left as it is.
func Around(ctx context.Context, wiring harness.Wiring, finished *harness.Finished) error {
	broken := Telling(finished.Judgement.Broken())
	if len(broken) == 0 || finished.Plan.World != harness.Simulation || len(finished.History.Events) > mostEvents {
		return nil
	}
	again, err := overhear(ctx, wiring, Case{finished.Plan, finished.Schedule})
	if err != nil {
		return err
	}
	if again.hash != finished.Hash {
		return fmt.Errorf("run twice, it differs: the hashes of its events are %s and %s", finished.Hash, again.hash)
	}
	excerpt, found := reports.NewExcerpt(again.history, broken[0], again.messages)
	if !found {
		return nil
	}
	finished.Story = &excerpt
	return finished.Rewrite()
}

// overheard is a run whose messages were listened to.
type overheard struct {
	history  *history.History
	messages []reports.Passage
	hash     string
}

// overhear runs a case, and listens.
func overhear(ctx context.Context, wiring harness.Wiring, c Case) (all overheard, err error) {
	system, err := wiring.System(c.Plan)
	if err != nil {
		return all, err
	}
	heard := listener{system: system, at: map[uint64]int{}}
	place, err := wiring.World(ctx, c.Plan, system, c.Schedule, harness.Keep{Passed: heard.passed})
	if err != nil {
		return all, err
	}
	if all.history, err = harness.Execute(ctx, c.Plan, c.Schedule, system, place, nil, nil); err != nil {
		return all, errors.Join(err, place.Close())
	}
	if counted, can := place.(interface{ Hash() uint64 }); can {
		all.hash = fmt.Sprintf("%016x", counted.Hash())
	}
	all.messages = heard.all
	return all, place.Close()
}

// among is the result that is this violation.
func (v Violation) among(broken []checker.Result) (checker.Result, bool) {
	for _, result := range broken {
		if ViolationOf(result) == v {
			return result, true
		}
	}
	return checker.Result{}, false
}

// listener collects what went over the network. A message that was lost and sent again is one message.
type listener struct {
	system world.System
	all    []reports.Passage
	at     map[uint64]int
}

func (l *listener) passed(p world.Passage) {
	passage := reports.Passage{From: p.From, To: p.To, Sent: p.Sent, Ended: p.Ended, Lost: p.Lost}
	if l.system.Types != nil {
		passage.Types = distinct(l.system.Types(p.Message))
	}
	if at, known := l.at[p.ID]; known {
		if !p.Lost {
			l.all[at] = passage
		}
		return
	}
	l.at[p.ID] = len(l.all)
	l.all = append(l.all, passage)
}

func distinct(types []string) []string {
	var once []string
	seen := map[string]bool{}
	for _, kind := range types {
		if !seen[kind] {
			seen[kind] = true
			once = append(once, kind)
		}
	}
	return once
}

// Folder runs a shrunk case into a run folder, with its story: it is run twice, which must give the same
// events, and all promises are judged.
func (r *Shrunk) Folder(ctx context.Context, wiring harness.Wiring, path string, progress func(reports.Progress)) (harness.Finished, error) {
	finished, err := wiring.Run(ctx, r.Case.Plan, r.Case.Schedule, path, progress)
	if err != nil {
		return finished, err
	}
	if _, found := r.Violation.among(finished.Judgement.Broken()); !found {
		return finished, fmt.Errorf("%w (%s)", ErrNotShown, r.Violation)
	}
	story, hash, err := Tell(ctx, wiring, r.Case, r.Violation)
	if err != nil {
		return finished, err
	}
	if hash != finished.Hash {
		return finished, fmt.Errorf("run twice, it differs: the hashes of its events are %s and %s", finished.Hash, hash)
	}
	finished.Story = &story
	if err := finished.Rewrite(); err != nil {
		return finished, err
	}
	return finished, r.write(&finished)
}
