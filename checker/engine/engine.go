package engine

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/models"
)

// Verdict is what a search found: Valid, Invalid or Unknown.
type Verdict string

// The verdicts.
const (
	Valid   Verdict = "valid"
	Invalid Verdict = "invalid"
	Unknown Verdict = "unknown"
)

// Bounds limit a search. Past either of them it answers Unknown.
type Bounds struct {
	Time   time.Duration // wall time; 0 is no bound
	Memory int64         // bytes; 0 is no bound
	// Configurations is how many may be tried; 0 is no bound. It is the one bound that is the same on
	// every machine.
	Configurations int64
}

// Answer is what a search found, and what it took.
type Answer struct {
	Verdict Verdict
	// Order, if Valid, has the positions of the operations in an order that explains them. Operations of
	// unknown outcome that need not have happened are not in it.
	Order []int
	// Stuck, if Invalid, is the position of an operation that no order lets complete without making
	// another impossible, nearly always itself the one that is wrong. It is -1 otherwise.
	Stuck int
	// Reached is how many operations, in the order in which they completed, some order explains; Completed
	// is how many there are.
	Reached, Completed int
	Cause              string // if Unknown
	Configurations     int64  // how many were tried
	Bytes              int64  // the most that was held
}

// Check asks whether the operations on one object can each have taken effect at one instant of its interval.
// Those that failed are left out; those of unknown outcome may have an effect at any time between their
// invocation and, if they have one, their completion; or none. It is Unknown if the model does not accept an operation, or past a bound. It is
// deterministic but for the bound of time.
func Check(model models.Model, operations []history.Operation, bounds Bounds) Answer {
	if err := model.AcceptsAll(operations); err != nil {
		return Answer{Verdict: Unknown, Cause: err.Error(), Stuck: nobody}
	}
	stop := stopwatch{started: now(), most: bounds.Time}
	kept := keep(model, operations)
	if order, explains := byVersion(model, kept); explains {
		return Answer{Verdict: Valid, Order: kept.positions(order), Stuck: nobody, Reached: kept.completed(), Completed: kept.completed()}
	}
	if kept.impossible >= 0 {
		return Answer{Verdict: Invalid, Stuck: kept.position[kept.impossible], Completed: kept.completed()}
	}
	found := newSearch(model, kept, bounds, &stop)
	answer := found.run()
	answer.Completed = kept.completed()
	if answer.Verdict == Valid && !explains(model, kept, answer.Order) {
		panic("engine: the order that the search found does not explain the operations")
	}
	answer.Order = kept.positions(answer.Order)
	if answer.Stuck >= 0 {
		answer.Stuck = kept.position[answer.Stuck]
	}
	return answer
}

// nobody is no position of an operation.
const nobody = -1

// stopwatch says when the time is up.
type stopwatch struct {
	started time.Time
	most    time.Duration // 0 for no bound
	asked   int
}

// up tells whether the time is up. It looks at the clock once in many calls.
func (s *stopwatch) up() bool {
	const seldom = 1 << 4
	s.asked++
	return s.most > 0 && s.asked%seldom == 0 && now().Sub(s.started) >= s.most
}

func now() time.Time {
	// wall time: a search is bounded by the time that people wait
	return time.Now()
}

// progress says how far a search got.
func (s *search) progress() string {
	return fmt.Sprintf("after %d configurations some order explained the first %d of %d operations, up to %.3f s",
		s.tried, s.best, len(s.line.byRank), s.line.bestTime(s.best).Seconds())
}
