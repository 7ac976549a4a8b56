package docker

import (
	"container/heap"
	"sync"
	"time"

	"cleave/history"
)

// loop runs the harness's actions at their times, and what other goroutines post, on one goroutine.
type loop struct {
	started time.Time // zero until time begins
	planned plan
	order   uint64

	mutex  sync.Mutex
	posted []func()
	wake   chan struct{} // something was posted
}

func newLoop() loop { return loop{wake: make(chan struct{}, 1)} }

// begin starts the clock.
func (l *loop) begin() { l.started = time.Now() }

// Now is the time since the start, 0 before it.
func (l *loop) Now() history.Time {
	if l.started.IsZero() {
		return 0
	}
	return history.Time(time.Since(l.started))
}

// At has the harness do something at a time; before now means as soon as can be.
func (l *loop) At(at history.Time, action func()) {
	l.order++
	heap.Push(&l.planned, task{at: max(at, l.Now()), order: l.order, action: action})
}

// post has something done on the loop. It may be called from any goroutine, and what one goroutine posts
// is done in order.
func (l *loop) post(action func()) {
	l.mutex.Lock()
	l.posted = append(l.posted, action)
	l.mutex.Unlock()
	select {
	case l.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// pass runs what there is to run until a time, or until stop gives an error.
func (l *loop) pass(until history.Time, stop func() error) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		over := l.Now() >= until // looked at first: what is planned for the limit itself is still run
		l.runPosted()
		l.runPlanned(until)
		if err := stop(); err != nil {
			return err
		}
		if over {
			return nil
		}
		next := until
		if len(l.planned) > 0 {
			next = min(next, l.planned[0].at)
		}
		timer.Reset(max(next-l.Now(), 0).Duration())
		select {
		case <-timer.C:
		case <-l.wake:
		}
	}
}

func (l *loop) runPosted() {
	l.mutex.Lock()
	posted := l.posted
	l.posted = nil
	l.mutex.Unlock()
	for _, action := range posted {
		action()
	}
}

// runPlanned runs the actions that are due. Those at the limit itself are run too.
func (l *loop) runPlanned(until history.Time) {
	for len(l.planned) > 0 && l.planned[0].at <= min(l.Now(), until) {
		heap.Pop(&l.planned).(task).action()
	}
}

// task is an action at a time. Equal times go by order.
type task struct {
	at     history.Time
	order  uint64
	action func()
}

// plan is a heap of tasks, for package container/heap.
type plan []task

// Len is the number of tasks.
func (p plan) Len() int { return len(p) }

// Less tells which is to be done first.
func (p plan) Less(i, j int) bool {
	return p[i].at < p[j].at || p[i].at == p[j].at && p[i].order < p[j].order
}

// Swap exchanges two.
func (p plan) Swap(i, j int) { p[i], p[j] = p[j], p[i] }

// Push adds one at the end.
func (p *plan) Push(x any) { *p = append(*p, x.(task)) }

// Pop takes the last.
func (p *plan) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}
