package sweep

import (
	"bytes"
	"context"
	"fmt"

	"cleave/harness"
	"cleave/internal/rng"
	"cleave/world"
)

// stretch is how many events there are from one comparison of two runs to the next.
const stretch = 1000

// auditKey names the choice of the runs that are run twice.
const auditKey = 0x617564

// chosen tells whether the run of a seed is run twice.
func chosen(seed uint64, percent int) bool {
	return rng.Mix(seed, auditKey)%100 < uint64(percent)
}

// audits tells whether the run of a seed is run twice. Where a share of few seeds comes to none of them, the first is: a
// sweep that was asked to look has looked.
func (r *Record) audits(seed uint64) bool {
	return chosen(seed, r.Audit) || seed == r.First && r.Audit > 0 && !r.choosesAny()
}

func (r *Record) choosesAny() bool {
	for seed := r.First; ; seed++ {
		if chosen(seed, r.Audit) {
			return true
		}
		if seed >= r.Last { // which may be the last number there is
			return false
		}
	}
}

// Twice runs and judges a schedule two times at once, keeping nothing, and compares all that happens. It errs if the
// harness fails or is interrupted; what differs is the first event that does, nil if the two are the same.
func Twice(ctx context.Context, wiring harness.Wiring, plan harness.Plan, schedule harness.Schedule) (harness.Finished, *Divergence, error) {
	r, divergence, err := twice(ctx, func(ctx context.Context, step func(world.Step)) (result, error) {
		return run(ctx, wiring, plan, schedule, step)
	})
	return r.finished, divergence, err
}

// Divergence is the first event in which two runs of one schedule differ.
type Divergence struct {
	Event  int    `json:"event"`  // its number, from 1; of a line of the history if the events are the same
	What   string `json:"what"`   // what differs, in words
	Before string `json:"before"` // the event before it, which is the same in both
	Once   string `json:"once"`
	Again  string `json:"again"`
}

// String tells it on several lines, both sides one below the other.
func (d *Divergence) String() string {
	return fmt.Sprintf("%s, from event %d on\n  before: %s\n  once:   %s\n  again:  %s", d.What, d.Event, d.Before, d.Once, d.Again)
}

// twice runs a schedule two times at once and compares the rolling hashes as they go. At the first
// difference both are stopped.
func twice(ctx context.Context, run func(context.Context, func(world.Step)) (result, error)) (result, *Divergence, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	once, again := begin(ctx, run), begin(ctx, run)
	divergence := compare(once, again)
	if divergence != nil {
		stop()
	}
	<-once.done
	<-again.done
	switch {
	case once.panicked != nil && divergence == nil:
		return once.result, nil, fmt.Errorf("%v", once.panicked)
	case divergence != nil:
		return once.result, divergence, nil
	case once.err != nil:
		return once.result, nil, once.err
	case again.panicked != nil:
		return once.result, &Divergence{What: "the second run panicked", Again: fmt.Sprint(again.panicked)}, nil
	case again.err != nil:
		return once.result, nil, again.err
	}
	return once.result, histories(once.result.finished, again.result.finished), nil
}

// lap is one of two runs under way.
type lap struct {
	steps    chan []world.Step // a stretch at a time
	used     chan []world.Step // stretches that were read, to be written anew
	done     chan struct{}
	result   result
	err      error
	panicked any
}

func begin(ctx context.Context, run func(context.Context, func(world.Step)) (result, error)) *lap {
	const stretches = 3 // one is written, one waits, one is read: so there always is one to go on with
	l := &lap{steps: make(chan []world.Step, 1), used: make(chan []world.Step, stretches), done: make(chan struct{})}
	for range stretches {
		l.used <- make([]world.Step, 0, stretch)
	}
	part := <-l.used
	send := func() {
		select {
		case l.steps <- part:
			part = <-l.used
		case <-ctx.Done():
			part = part[:0]
		}
	}
	go func() {
		defer close(l.done)
		defer close(l.steps)
		defer send() // the last ones
		defer func() { l.panicked = brokenBy(recover()) }()
		l.result, l.err = run(ctx, func(step world.Step) {
			if part = append(part, step); len(part) == stretch {
				send()
			}
		})
	}()
	return l
}

// compare reads the events of both runs, stretch by stretch, to the first that differs.
func compare(once, again *lap) *Divergence {
	var before, last world.Step // the two events before the stretch
	for count := 0; ; count += stretch {
		a, more := <-once.steps
		b, moreAgain := <-again.steps
		switch {
		case !more && !moreAgain:
			return nil
		case len(a) == len(b) && len(a) > 0 && a[len(a)-1] == b[len(b)-1]:
			if len(a) > 1 {
				before = a[len(a)-2]
			}
			last = a[len(a)-1]
			once.used <- a[:0]
			again.used <- b[:0]
		case len(a) == 0 && len(b) == 0:
		default:
			return locate(count, before, last, a, b)
		}
	}
}

// locate finds the first difference in a stretch after two known events. The hash that comes with an event is of all before
// it: where only that differs, it was what the event before carried.
func locate(count int, before, last world.Step, a, b []world.Step) *Divergence {
	a, b = append([]world.Step{before, last}, a...), append([]world.Step{before, last}, b...)
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	d := &Divergence{Event: count + at - 1, Once: "the run is over", Again: "the run is over", What: "another event happens"}
	if at < min(len(a), len(b)) && shown(a[at]) == shown(b[at]) {
		d.What = "the same event carries other bytes"
		d.Event--
		d.Before, d.Once, d.Again = shown(a[at-2]), hashed(a[at-1], a[at]), hashed(b[at-1], b[at])
		return d
	}
	d.Before = shown(a[at-1])
	if at < len(a) {
		d.Once = shown(a[at])
	}
	if at < len(b) {
		d.Again = shown(b[at])
	}
	return d
}

func shown(s world.Step) string {
	who := s.To
	if s.From != "" {
		who = s.From + ">" + s.To
	}
	return fmt.Sprintf("%.9f s %s %s %d bytes", s.At.Seconds(), s.Kind, who, s.Size)
}

// hashed is an event with the hash after it, as the next one knows it.
func hashed(s, next world.Step) string { return fmt.Sprintf("%s, hash %016x", shown(s), next.Hash) }

// histories finds the first line in which two histories differ though the events of their worlds do not: a
// note, or an answer, that depends on something outside.
func histories(once, again harness.Finished) *Divergence {
	a, b := once.History.Events, again.History.Events
	var before []byte
	for i := range min(len(a), len(b)) {
		x, y := a[i].AppendJSON(nil), b[i].AppendJSON(nil)
		if !bytes.Equal(x, y) {
			return &Divergence{Event: i + 1, What: "the histories differ, the events of the world do not", Before: line(before),
				Once: line(x), Again: line(y)}
		}
		before = x
	}
	switch {
	case len(a) != len(b):
		return &Divergence{Event: min(len(a), len(b)) + 1, What: "one history is the beginning of the other", Before: line(before)}
	case once.Judgement.Verdict != again.Judgement.Verdict:
		return &Divergence{Event: len(a) + 1, What: "the histories are the same, the verdicts are not",
			Once: string(once.Judgement.Verdict), Again: string(again.Judgement.Verdict)}
	}
	return nil
}

func line(text []byte) string {
	const longest = 300
	text = bytes.TrimSpace(text)
	return string(bytes.ToValidUTF8(text[:min(len(text), longest)], nil))
}
