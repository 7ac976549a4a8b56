package sweep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
)

// New makes the record of a sweep that has not begun. It errs if the seeds are none, or fewer than the
// shards.
func New(plan harness.Plan, first, last uint64, shard *Shard) (*Record, error) {
	switch {
	case first > last || last-first >= 1<<62:
		return nil, fmt.Errorf("seeds from %d to %d", first, last)
	case shard != nil && uint64(shard.Of) > last-first+1:
		return nil, fmt.Errorf("shard %s of %d seeds: some would have none", shard, last-first+1)
	}
	plan.Seed = first
	r := &Record{Plan: plan, First: first, Last: last}
	r.clear()
	r.Shard = shard
	return r, nil
}

// Bounds are of one go at a sweep.
type Bounds struct {
	Time    time.Duration // of wall time, after which no more runs are begun; 0 for none
	Memory  uint64        // bytes that the process may hold; 0 for no bound
	RunTime time.Duration // of wall time, after which a run is given up; 0 for two minutes
	Cores   int           // runs at a time; 0 for as many as there are cores
}

// Watch hears how a sweep goes on. Both are called from one goroutine and may be nil.
type Watch struct {
	// Found tells of a run whose folder was kept.
	Found func(Found)
	// Progress is called every so often, with the record as it is: it is only to be looked at.
	Progress func(record *Record, elapsed time.Duration)
	Every    time.Duration // between two calls of Progress
}

// Found is a failure.
type Found struct {
	Seed      uint64
	Violation shrink.Violation // the first of them
	Reason    string
	Folder    string
}

// Why a sweep ended early, as in Times.Ended.
const (
	endedFirst  = "at the first failure"
	endedTime   = "its time was up"
	endedMemory = "its memory was used up"
	endedUser   = "it was interrupted"
)

// ErrBusy is what Run gives when another goes on with the sweep in the folder.
var ErrBusy = errors.New("another process is at work on the sweep in this folder")

// Run goes on with a sweep, whose record is in a folder, until every seed is done or a bound is hit. When the
// context ends, what is done is kept. What the record says then does not depend on how many goes it took. It errs with ErrBusy, and
// does nothing, if a go at the sweep in this folder is under way.
func Run(ctx context.Context, wiring harness.Wiring, record *Record, folder string, bounds Bounds, watch Watch) error {
	if err := os.MkdirAll(filepath.Join(folder, runsFolder), 0o755); err != nil {
		return err
	}
	unlock, err := lock(folder)
	if err != nil {
		return err
	}
	defer unlock()
	s := &sweep{wiring: wiring, record: record, folder: folder, bounds: bounds, watch: watch, before: record.Times.Seconds,
		already: record.Runs(), began: time.Now()}
	record.Times.Ended = ""
	defer harness.CollectLess(bounds.Memory)()
	defer untell(folder)
	err = s.all(ctx)
	switch {
	case record.Complete():
		record.Times.Ended = ""
	case ctx.Err() != nil:
		record.Times.Ended = endedUser
	}
	s.clock()
	return errors.Join(err, record.Save(folder), record.WritePage(folder))
}

// sweep is one go at a sweep.
type sweep struct {
	wiring    harness.Wiring
	record    *Record
	folder    string
	bounds    Bounds
	watch     Watch
	before    float64 // seconds of earlier goes
	began     time.Time
	saved     time.Time
	told      time.Time // when it last said how far it is, for lookers-on
	already   int       // runs of earlier goes
	abandoned atomic.Int32
	full      atomic.Bool // no more are to be begun
}

// job is a run that was begun, whose outcome will come.
type job struct {
	seed  uint64
	reply chan outcome
}

// all runs what is not done yet, many at a time, and counts outcomes in the order of seeds.
func (s *sweep) all(ctx context.Context) error {
	cores := s.bounds.Cores
	if cores == 0 {
		cores = runtime.GOMAXPROCS(0)
	}
	ctx, stop := context.WithCancel(ctx)
	const ahead = 16 // how many runs may wait for a slow one before them, for each core
	jobs := make(chan job, ahead*cores)
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	group.Go(func() { s.feed(ctx, cores, jobs, &group) })
	ticker := time.NewTicker(s.tick())
	defer ticker.Stop()
	for {
		select {
		case next, more := <-jobs:
			if !more {
				return nil
			}
			if over, err := s.take(ctx, next, ticker.C); over || err != nil {
				return err
			}
		case <-ticker.C:
			s.look()
		}
	}
}

// feed begins runs, in order, until there are no more or it must stop.
func (s *sweep) feed(ctx context.Context, cores int, jobs chan<- job, group *sync.WaitGroup) {
	defer close(jobs)
	running := make(chan struct{}, cores)
	for seed := range s.record.todo() {
		select {
		case running <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if s.full.Load() {
			return
		}
		next := job{seed, make(chan outcome, 1)}
		select {
		case jobs <- next:
		case <-ctx.Done():
			return
		}
		group.Go(func() {
			defer func() { <-running }()
			next.reply <- s.contained(ctx, seed)
		})
	}
}

// take waits for an outcome and counts it. It tells whether the sweep is over.
func (s *sweep) take(ctx context.Context, next job, tick <-chan time.Time) (over bool, err error) {
	var o outcome
	for waiting := true; waiting; {
		select {
		case o = <-next.reply:
			waiting = false
		case <-tick:
			s.look()
		}
	}
	if o.interrupted {
		s.record.Times.Ended = endedUser
		return true, nil
	}
	if s.record.wants(&o) {
		if err := s.keep(ctx, &o); err != nil && ctx.Err() != nil {
			s.record.Times.Ended = endedUser
			return true, nil
		} else if err != nil {
			return true, err
		}
	}
	s.record.add(&o)
	if s.abandoned.Load() >= mostAbandoned {
		return true, errAbandoned
	}
	if o.verdict == checker.Invalid && !s.record.Collect {
		s.record.Times.Ended = endedFirst
		return true, nil
	}
	const saveEvery = 3 * time.Second
	if now := time.Now(); now.Sub(s.saved) > saveEvery {
		s.saved = now
		s.clock()
		return false, s.record.Save(s.folder)
	}
	return false, nil
}

// tick is how often the sweep looks at itself.
func (s *sweep) tick() time.Duration {
	const often = 250 * time.Millisecond
	if s.watch.Every > 0 && s.watch.Every < often {
		return s.watch.Every
	}
	return often
}

// look tells how far it is, and sees to the bounds.
func (s *sweep) look() {
	elapsed := time.Since(s.began)
	switch {
	case s.bounds.Time > 0 && elapsed > s.bounds.Time:
		s.stop(endedTime)
	case s.bounds.Memory > 0 && held() > s.bounds.Memory:
		s.stop(endedMemory)
	}
	s.tell(elapsed)
	if s.watch.Progress != nil {
		s.watch.Progress(s.record, elapsed)
	}
}

// stop begins no more runs; those under way are waited for.
func (s *sweep) stop(why string) {
	if !s.full.Swap(true) {
		s.record.Times.Ended = why
	}
}

// held is how much memory the process has from the system.
func held() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.Sys - stats.HeapReleased
}

func (s *sweep) clock() { s.record.Times.Seconds = s.before + time.Since(s.began).Seconds() }

// keep runs a failure again, into a run folder.
func (s *sweep) keep(ctx context.Context, o *outcome) error {
	plan := s.record.Plan
	plan.Seed = o.seed
	system, err := s.wiring.System(plan)
	if err != nil {
		return err
	}
	schedule, err := s.wiring.Generate(plan, system)
	if err != nil {
		return err
	}
	path := RunFolder(s.folder, o.seed)
	if err := os.RemoveAll(path); err != nil { // half of one, from a go that was killed
		return err
	}
	kept, err := s.wiring.Run(ctx, plan, schedule, path, nil)
	switch {
	case err != nil:
		return fmt.Errorf("keeping the run of seed %d: %w", o.seed, err)
	case kept.Hash != o.hash && o.divergence == nil:
		o.divergence = &Divergence{What: "the run that was kept is another", Once: "hash " + o.hash, Again: "hash " + kept.Hash}
	}
	if s.watch.Found != nil {
		s.watch.Found(Found{Seed: o.seed, Violation: o.violations[0].Violation, Reason: o.violations[0].reason, Folder: path})
	}
	return nil
}

// todo gives the seeds that are not done, in order. It looks at what is done once, at the start.
func (r *Record) todo() func(yield func(uint64) bool) {
	first, last := r.part()
	done := append([]Range{}, r.Done...)
	return func(yield func(uint64) bool) {
		next := 0
		for seed := first; seed <= last; seed++ {
			for next < len(done) && done[next].Last < seed {
				next++
			}
			if next < len(done) && done[next].First <= seed {
				seed = done[next].Last
				continue
			}
			if !yield(seed) || seed == last {
				return
			}
		}
	}
}
