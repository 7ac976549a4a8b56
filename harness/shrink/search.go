package shrink

import (
	"context"
	"errors"
	"sync"
	"time"

	"cleave/harness"
)

// search is shrinking under way: the smallest case so far, and what has been tried.
type search struct {
	context   context.Context
	wiring    harness.Wiring
	violation Violation
	options   Options
	original  []Violation // all that the case broke before

	best     Case
	witness  evidence // of best
	known    map[[32]byte]trial
	counted  map[[32]byte]bool
	runs     int
	began    time.Time
	ended    Ending // why it stopped before all passes were done, "" if it did not
	err      error
	pass     string
	stagings int
	finds    []Case
	found    []Violation
}

// Ending says why shrinking ended.
type Ending string

// The endings.
const (
	Smallest    Ending = "nothing more can be taken away"
	OutOfRuns   Ending = "the runs allowed were used up"
	OutOfTime   Ending = "the time allowed was used up"
	Interrupted Ending = "it was interrupted"
)

// better tries cases in order and takes the first that shows the violation: it becomes the best. Each that
// does not is tried under a few other network seeds too. It gives the case's number, -1 if there is none.
func (s *search) better(count int, candidate func(int) Case, seeds int) int {
	each := 1 + seeds
	found := s.first(count*each, func(i int) Case {
		c := candidate(i / each)
		if turn := i % each; turn > 0 {
			return c.seeded(uint64(turn))
		}
		return c
	})
	if found < 0 {
		return -1
	}
	return found / each
}

// one tries a single case.
func (s *search) one(c Case, seeds int) bool {
	return s.better(1, func(int) Case { return c }, seeds) == 0
}

// first gives the number of the first case that shows the violation. Several run at a time, but what comes
// out, and what is counted, is as if they ran one after the other: so it is the same on any number of cores.
// They are tried a batch at a time, and the longer none shows it, the more in a batch: fewer waits for the
// last of one, and little is run in vain behind the one that shows it.
func (s *search) first(count int, candidate func(int) Case) int {
	size, most := s.options.Parallel, 1
	if size > 1 {
		most = 4 * size
	}
	for from := 0; from < count && s.goesOn(); from, size = from+size, min(2*size, most) {
		batch := make([]Case, min(size, count-from))
		names := make([][32]byte, len(batch))
		for i := range batch {
			batch[i] = candidate(from + i)
			names[i] = batch[i].name()
		}
		s.tryAll(batch, names)
		for i, c := range batch {
			if !s.goesOn() {
				return -1
			}
			if t := s.count(c, names[i]); t.shows {
				s.best, s.witness = c, t.witness
				return from + i
			}
		}
	}
	return -1
}

// tryAll runs those cases of a batch that have not been run, several at a time.
func (s *search) tryAll(batch []Case, names [][32]byte) {
	trials := make([]trial, len(batch))
	places := make(chan struct{}, s.options.Parallel)
	var group sync.WaitGroup
	for i := range batch {
		if _, known := s.known[names[i]]; known {
			continue
		}
		try := func() { trials[i] = s.try(s.context, batch[i], names[i]) }
		if len(batch) == 1 {
			try()
			s.known[names[i]] = trials[i]
			return
		}
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			try()
		})
	}
	group.Wait()
	for i, name := range names {
		if _, known := s.known[name]; !known {
			s.known[name] = trials[i]
		}
	}
}

// count takes a case's trial as made, once.
func (s *search) count(c Case, name [32]byte) trial {
	t := s.known[name]
	if s.counted[name] {
		return t
	}
	s.counted[name] = true
	s.runs++
	switch {
	case t.err != nil && s.context.Err() == nil:
		s.err = t.err
	case t.other != nil:
		s.keep(c, ViolationOf(*t.other))
	}
	if s.options.Progress != nil {
		s.options.Progress(Progress{Pass: s.pass, Runs: s.runs, Size: s.best.Size()})
	}
	return t
}

// keep remembers a case that shows another violation, one of each.
func (s *search) keep(c Case, v Violation) {
	for _, known := range append(s.original, s.found...) {
		if known.Checker == v.Checker && known.Promise == v.Promise && known.Kind == v.Kind {
			return
		}
	}
	if len(s.finds) < s.options.Finds {
		s.finds, s.found = append(s.finds, c), append(s.found, v)
	}
}

// goesOn tells whether more may be tried.
func (s *search) goesOn() bool {
	switch {
	case s.ended != "" || s.err != nil:
	case errors.Is(s.context.Err(), context.DeadlineExceeded):
		s.ended = OutOfTime
	case s.context.Err() != nil:
		s.ended = Interrupted
	case s.options.Runs > 0 && s.runs >= s.options.Runs:
		s.ended = OutOfRuns
	case s.options.Time > 0 && time.Since(s.began) >= s.options.Time:
		s.ended = OutOfTime
	}
	return s.ended == "" && s.err == nil
}
