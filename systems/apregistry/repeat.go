package apregistry

import (
	"time"

	"cleave/world"
)

// repeat does some work again and again, as Eureka's TimedSupervisorTask: a round that has not ended
// within the interval is given up, and the wait for the next doubles, up to a bound. A round that ends,
// well or not, brings the interval back. Rounds begin an interval apart, however long they take.
type repeat struct {
	env      world.Environment
	interval time.Duration
	longest  time.Duration
	wait     time.Duration // before the next round, after one that was given up
	timer    world.Timer
	work     func(*round)
	current  *round
	began    time.Duration // the current round

	runs, isTooLong, hasEnded func() // its methods of these names, each made once
}

// round is one time of doing the work. It is over when all its questions have ended, or at once when it
// is given up.
type round struct {
	questions []*question
	idle      []*question // of an earlier round, to be used again
	open      int         // questions that have not ended
	asking    bool
	over      bool
	ended     func()
}

func newRepeat(env world.Environment, interval time.Duration, backOff int, work func(*round)) *repeat {
	r := &repeat{env: env, interval: interval, longest: interval * time.Duration(max(backOff, 1)), wait: interval, work: work}
	r.runs, r.isTooLong, r.hasEnded = r.run, r.tooLong, r.ended
	return r
}

// begin has the first round begin after a wait.
func (r *repeat) begin(first time.Duration) { r.timer = r.env.After(first, r.runs) }

// stop ends it for good.
func (r *repeat) stop() {
	if r.timer != nil {
		r.timer.Stop()
	}
	if r.current != nil {
		r.current.giveUp()
	}
}

func (r *repeat) run() {
	r.began = r.env.Elapsed()
	r.current = r.current.another()
	current := r.current
	current.ended = r.hasEnded
	r.timer = r.env.After(r.interval, r.isTooLong)
	current.asking = true
	r.work(current)
	current.asking = false
	current.settle()
}

// ended is the end of a round in time.
func (r *repeat) ended() {
	r.timer.Stop()
	r.wait = r.interval
	r.timer = r.env.After(r.began+r.interval-r.env.Elapsed(), r.runs)
}

// tooLong gives up the round.
func (r *repeat) tooLong() {
	r.current.giveUp()
	r.wait = min(2*r.wait, r.longest)
	r.timer = r.env.After(r.wait, r.runs)
}

// another is a round after this one, which is over: in its memory, unless there are questions of it that have not
// ended.
func (r *round) another() *round {
	if r == nil || r.open > 0 {
		return &round{}
	}
	*r = round{questions: r.idle[:0], idle: append(r.questions, r.idle...)}
	return r
}

// ask asks a question within the round. An answer that comes after the round is nobody's.
func (r *round) ask(c *Client, asked *request, done func(reply)) {
	r.open++
	var q *question
	if last := len(r.idle) - 1; last >= 0 {
		q, r.idle = r.idle[last], r.idle[:last]
	} else {
		q = &question{}
	}
	*q = question{client: c, request: *asked, tried: q.tried[:0], round: r, done: done}
	r.questions = append(r.questions, q)
	q.next()
}

func (r *round) settle() {
	if r.open == 0 && !r.asking && !r.over {
		r.over = true
		r.ended()
	}
}

// giveUp lets its questions go to no further server.
func (r *round) giveUp() {
	r.over = true
	for _, q := range r.questions {
		q.canceled = true
	}
}
