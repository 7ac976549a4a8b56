package apregistry

import (
	"slices"
	"time"
)

// task is one operation that peers are to be told of. It never changes: all peers' queues hold the same.
type task struct {
	action   Action
	instance instance // the copy it is about: of register the new one, of renew the one to register if the peer has none
	stamped  bool     // a cancel says which copy it ends
}

// same tells whether two tasks have the same name in a queue. A register and a cancel of one instance are two
// tasks, and a newer one of either takes the place of the older: so the queue may turn their order around, as
// Eureka's does.
func (t *task) same(other *task) bool {
	return t.action == other.action && t.instance.key == other.instance.key
}

// taskKey names a task.
type taskKey struct {
	action Action
	key    key
}

func (t *task) name() taskKey { return taskKey{t.action, t.instance.key} }

// fill makes a request, which is empty, what the peer is sent.
func (t *task) fill(r *request) {
	r.action, r.key, r.replicated = t.action, t.instance.key, true
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
}

// entry is a task in the queue for one peer.
type entry struct {
	*task
	submitted time.Duration
	expires   time.Duration
}

// written is the batch that was sent last, as a request is written. All peers are mostly sent the same.
type written struct {
	tasks []*task
	bytes []byte
	room  []request
}

// of gives the request of a batch, until the next one is asked for.
func (w *written) of(batch []entry) []byte {
	if slices.EqualFunc(batch, w.tasks, func(e entry, t *task) bool { return e.task == t }) {
		return w.bytes
	}
	w.tasks, w.room = w.tasks[:0], room(w.room, len(batch))
	for i := range batch {
		w.tasks = append(w.tasks, batch[i].task)
		batch[i].fill(&w.room[i])
	}
	w.bytes = appendRequest(w.bytes[:0], &request{action: actionBatch, replicated: true, tasks: w.room})
	return w.bytes
}

// queue holds the tasks for one peer, in order. Tasks that cannot be delivered in their time are lost:
// there are no tombstones, and later heartbeats must repair what they can. Times are monotonic.
type queue struct {
	options   *Options
	waiting   []entry
	batch     []entry         // memory of the last one
	places    map[taskKey]int // of a long queue: the places of its tasks, counted from one that has long gone
	gone      int             // what is to be taken from them
	most      int             // tasks in a batch for now, after the peer found one too large; 0 for BatchSize
	delivered int64           // tasks that the peer has taken
	expired   int64           // tasks lost because they were too old
	dropped   int64           // tasks lost because the queue was full, or the peer refused them
}

func newQueue(options *Options) *queue { return &queue{options: options} }

// longQueue is from where on a queue is not searched any more, but has an index.
const longQueue = 64

// find is the place of a task of the same name, -1 if there is none.
func (q *queue) find(t *task) int {
	if len(q.waiting) < longQueue {
		q.places = nil
		for i := range q.waiting {
			if q.waiting[i].same(t) {
				return i
			}
		}
		return -1
	}
	if q.places == nil {
		q.gone, q.places = 0, make(map[taskKey]int, 2*len(q.waiting))
		for i := range q.waiting {
			q.places[q.waiting[i].name()] = i
		}
	}
	if place, found := q.places[t.name()]; found {
		return place - q.gone
	}
	return -1
}

// shift takes some tasks away from the front.
func (q *queue) shift(count int) {
	if q.places != nil {
		for i := range q.waiting[:count] {
			delete(q.places, q.waiting[i].name())
		}
		q.gone += count
	}
	q.waiting = slices.Delete(q.waiting, 0, count)
}

// add queues a task. A newer one takes the place of the older with its name: its place in the order, and
// the time it has waited, or an instance that is heard from more often than the batch delay would hold up
// everybody's tasks for ever, as it does in Eureka. If the queue is full the oldest goes.
func (q *queue) add(next entry) {
	if place := q.find(next.task); place >= 0 {
		next.submitted = q.waiting[place].submitted
		q.waiting[place] = next
		return
	}
	if len(q.waiting) >= q.options.QueueLength {
		q.shift(1)
		q.dropped++
	}
	if q.places != nil {
		q.places[next.name()] = len(q.waiting) + q.gone
	}
	q.waiting = append(q.waiting, next)
}

// wait is how long until the next batch is due: at once if it is full, otherwise when the first task
// has waited for the batch delay. Nothing is due in an empty queue.
func (q *queue) wait(now time.Duration) (time.Duration, bool) {
	if len(q.waiting) == 0 {
		return 0, false
	}
	if len(q.waiting) >= q.options.BatchSize {
		return 0, true
	}
	return max(q.waiting[0].submitted+q.options.BatchDelay-now, 0), true
}

// mostBatchBytes bounds the text in a batch. Written as JSON it may take six times as much, which is still
// less than what a peer takes unless it says otherwise.
const mostBatchBytes = 3 << 19

// take gives the next batch, which is there until the one after it. Tasks that are too old are lost.
func (q *queue) take(now time.Duration) []entry {
	most := q.options.BatchSize
	if q.most > 0 {
		most = min(most, q.most)
	}
	batch := q.batch[:0]
	taken, bytes := 0, 0
	for taken < len(q.waiting) && len(batch) < most {
		next := q.waiting[taken]
		if bytes += next.instance.size(); bytes > mostBatchBytes && len(batch) > 0 {
			break
		}
		taken++
		if next.expires <= now {
			q.expired++
			continue
		}
		batch = append(batch, next)
	}
	q.shift(taken)
	q.batch = batch
	return batch
}

// putBack returns a batch that was not delivered to the front, but for what is too old or has been
// replaced by a newer task in the meantime.
func (q *queue) putBack(batch []entry, now time.Duration) {
	kept := batch[:0]
	for _, t := range batch {
		switch {
		case t.expires <= now:
			q.expired++
		case q.find(t.task) < 0:
			kept = append(kept, t)
		}
	}
	q.waiting, q.places = slices.Insert(q.waiting, 0, kept...), nil
}
