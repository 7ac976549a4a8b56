package apregistry

import "time"

// task is one operation that a peer is to be told of.
type task struct {
	action    Action
	instance  instance // the copy it is about: of register the new one, of renew the one to register if the peer has none
	stamped   bool     // a cancel says which copy it ends
	submitted time.Duration
	expires   time.Duration
}

// taskKey names a task in the queue. A register and a cancel of one instance are two tasks, and a newer
// one of either takes the place of the older: so the queue may turn their order around, as Eureka's
// does.
type taskKey struct {
	action Action
	key    key
}

func (t *task) name() taskKey { return taskKey{t.action, t.instance.key} }

// request is what the peer is sent.
func (t *task) request() request {
	r := request{action: t.action, key: t.instance.key, replicated: true}
	switch t.action {
	case actionRegister:
		r.instance = t.instance
	case actionRenew:
		r.dirty, r.stamped, r.overridden = t.instance.dirty, true, t.instance.overridden
	case actionCancel:
		if t.stamped {
			r.dirty, r.stamped = t.instance.dirty, true
		}
	case actionSetStatus, actionDeleteStatus:
		r.status, r.dirty, r.stamped = t.instance.status, t.instance.dirty, true
	}
	return r
}

// queue holds the tasks for one peer, in order. Tasks that cannot be delivered in their time are lost:
// there are no tombstones, and later heartbeats must repair what they can. Times are monotonic.
type queue struct {
	options   Options
	order     []taskKey
	pending   map[taskKey]*task
	most      int   // tasks in a batch for now, after the peer found one too large; 0 for BatchSize
	delivered int64 // tasks that the peer has taken
	expired   int64 // tasks lost because they were too old
	dropped   int64 // tasks lost because the queue was full, or the peer refused them
}

func newQueue(options Options) *queue {
	return &queue{options: options, pending: map[taskKey]*task{}}
}

// add queues a task. A newer one takes the place of the older with its name: its place in the order, and
// the time it has waited, or an instance that is heard from more often than the batch delay would hold up
// everybody's tasks for ever, as it does in Eureka. If the queue is full the oldest goes.
func (q *queue) add(t *task) {
	name := t.name()
	if older := q.pending[name]; older != nil {
		t.submitted = older.submitted
	} else {
		if len(q.order) >= q.options.QueueLength {
			delete(q.pending, q.order[0])
			q.order = q.order[1:]
			q.dropped++
		}
		q.order = append(q.order, name)
	}
	q.pending[name] = t
}

// wait is how long until the next batch is due: at once if it is full, otherwise when the first task
// has waited for the batch delay. Nothing is due in an empty queue.
func (q *queue) wait(now time.Duration) (time.Duration, bool) {
	if len(q.order) == 0 {
		return 0, false
	}
	if len(q.order) >= q.options.BatchSize {
		return 0, true
	}
	return max(q.pending[q.order[0]].submitted+q.options.BatchDelay-now, 0), true
}

// mostBatchBytes bounds the text in a batch. Written as JSON it may take six times as much, which is still
// less than what a peer takes unless it says otherwise.
const mostBatchBytes = 3 << 19

// take gives the next batch. Tasks that are too old are lost.
func (q *queue) take(now time.Duration) []*task {
	most := q.options.BatchSize
	if q.most > 0 {
		most = min(most, q.most)
	}
	batch, bytes := make([]*task, 0, min(len(q.order), most)), 0
	for len(q.order) > 0 && len(batch) < most {
		next := q.pending[q.order[0]]
		if bytes += next.instance.size(); bytes > mostBatchBytes && len(batch) > 0 {
			break
		}
		delete(q.pending, q.order[0])
		q.order = q.order[1:]
		if next.expires <= now {
			q.expired++
			continue
		}
		batch = append(batch, next)
	}
	return batch
}

// putBack returns a batch that was not delivered to the front, but for what is too old or has been
// replaced by a newer task in the meantime.
func (q *queue) putBack(batch []*task, now time.Duration) {
	kept := make([]taskKey, 0, len(batch)+len(q.order))
	for _, t := range batch {
		name := t.name()
		switch {
		case t.expires <= now:
			q.expired++
		case q.pending[name] == nil:
			q.pending[name] = t
			kept = append(kept, name)
		}
	}
	q.order = append(kept, q.order...)
}
