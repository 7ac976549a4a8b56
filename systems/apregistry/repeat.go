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
}

// round is one time of doing the work. It is over when all its questions have ended, or at once when it
// is given up.
type round struct {
	questions []*question
	open      int // questions that have not ended
	asking    bool
	over      bool
	ended     func()
}

func newRepeat(env world.Environment, interval time.Duration, backOff int, work func(*round)) *repeat {
	return &repeat{env: env, interval: interval, longest: interval * time.Duration(max(backOff, 1)), wait: interval, work: work}
}

// begin has the first round begin after a wait.
func (r *repeat) begin(first time.Duration) { r.timer = r.env.After(first, r.run) }

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
	began := r.env.Elapsed()
	current := &round{}
	current.ended = func() {
		r.timer.Stop()
		r.wait = r.interval
		r.timer = r.env.After(began+r.interval-r.env.Elapsed(), r.run)
	}
	r.current = current
	r.timer = r.env.After(r.interval, r.tooLong)
	current.asking = true
	r.work(current)
	current.asking = false
	current.settle()
}

// tooLong gives up the round.
func (r *repeat) tooLong() {
	r.current.giveUp()
	r.wait = min(2*r.wait, r.longest)
	r.timer = r.env.After(r.wait, r.run)
}

// ask asks a question within the round. An answer that comes after the round is nobody's.
func (r *round) ask(c *Client, asked *request, done func(reply)) {
	r.open++
	r.questions = append(r.questions, c.ask(asked, func(answer reply) {
		r.open--
		if !r.over {
			done(answer)
			r.settle()
		}
	}))
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
