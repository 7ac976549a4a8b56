package fabric

import (
	"sync"
	"time"
)

// alarm wakes one goroutine at a time that others may move. Go's own timers are of no use here: an idle
// program sleeps for whole milliseconds, and links have latencies of less.
type alarm interface {
	// set has the next wait end after a duration above 0, instead of what was set before.
	set(after time.Duration) error
	// wait returns when the time has come, or with an error once the alarm is closed.
	wait() error
	// close ends a wait. Nothing is called after it.
	close() error
}

// heldFrame is a frame that waits on a link.
type heldFrame struct {
	path     *path
	due      time.Duration
	sequence uint64 // of frames due at the same time the one added first goes first
	inTurn   bool
	size     int
	data     [largestFrame]byte
}

func (f *heldFrame) before(other *heldFrame) bool {
	return f.due < other.due || f.due == other.due && f.sequence < other.sequence
}

// schedule holds the frames of all links that wait, in a heap, and one goroutine that lets them arrive.
type schedule struct {
	now      func() time.Duration
	alarm    alarm
	pool     sync.Pool // of *heldFrame
	finished chan struct{}

	mutex    sync.Mutex
	heap     []*heldFrame
	sequence uint64
	awake    bool // the goroutine looks at the heap again before it waits
	closed   bool
	failure  error // of the alarm
}

func newSchedule(now func() time.Duration, alarm alarm) *schedule {
	s := &schedule{now: now, alarm: alarm, finished: make(chan struct{})}
	s.pool.New = func() any { return new(heldFrame) }
	go s.run()
	return s
}

// add has a frame, which is copied, arrive at a time.
func (s *schedule) add(p *path, frame []byte, due time.Duration, inTurn bool) {
	held := s.pool.Get().(*heldFrame)
	held.path, held.due, held.inTurn, held.size = p, due, inTurn, copy(held.data[:], frame)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.sequence++
	held.sequence = s.sequence
	s.push(held)
	if s.heap[0] == held && !s.awake {
		s.arm()
	}
}

// arm sets the alarm for the first frame. mutex is held.
func (s *schedule) arm() {
	if len(s.heap) > 0 && !s.closed && s.failure == nil {
		s.failure = s.alarm.set(max(s.heap[0].due-s.now(), 1))
	}
}

// run lets frames arrive until the alarm is closed.
func (s *schedule) run() {
	defer close(s.finished)
	var batch []*heldFrame
	for s.alarm.wait() == nil {
		for batch = s.due(batch[:0]); len(batch) > 0; batch = s.due(batch[:0]) {
			for _, held := range batch {
				held.path.arrive(held)
				held.path = nil
				s.pool.Put(held)
			}
		}
	}
}

// due takes the frames that are due out of the heap. If there are none, the alarm is set for the next.
func (s *schedule) due(batch []*heldFrame) []*heldFrame {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := s.now()
	for len(s.heap) > 0 && s.heap[0].due <= now {
		batch = append(batch, s.pop())
	}
	s.awake = len(batch) > 0
	if !s.awake {
		s.arm()
	}
	return batch
}

// close ends the goroutine. What waits is forgotten.
func (s *schedule) close() error {
	s.mutex.Lock()
	s.closed = true
	err := s.alarm.close()
	s.mutex.Unlock()
	<-s.finished
	if s.failure != nil {
		return s.failure
	}
	return err
}

// push puts a frame in its place in the heap.
func (s *schedule) push(held *heldFrame) {
	s.heap = append(s.heap, held)
	for i := len(s.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if !s.heap[i].before(s.heap[parent]) {
			return
		}
		s.heap[i], s.heap[parent] = s.heap[parent], s.heap[i]
		i = parent
	}
}

// pop takes the first frame out of the heap, which has one.
func (s *schedule) pop() *heldFrame {
	first, last := s.heap[0], len(s.heap)-1
	s.heap[0], s.heap[last] = s.heap[last], nil
	s.heap = s.heap[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return first
		}
		if child+1 < last && s.heap[child+1].before(s.heap[child]) {
			child++
		}
		if !s.heap[child].before(s.heap[i]) {
			return first
		}
		s.heap[i], s.heap[child] = s.heap[child], s.heap[i]
		i = child
	}
}
