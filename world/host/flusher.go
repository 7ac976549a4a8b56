package host

import (
	"errors"
	"os"
	"sync"
)

type jobKind uint8

const (
	writeJob jobKind = iota
	syncJob
	replaceJob
)

// job is something for the flusher to do. It owns the data.
type job struct {
	kind jobKind
	file *file
	data []byte
	done func(error) // nil for writeJob
}

// flusher writes and syncs files on a goroutine of its own, one job after another.
type flusher struct {
	host *host

	mutex  sync.Mutex
	change sync.Cond
	jobs   []job
	busy   bool
	ending bool
	failed error // for good
}

func newFlusher(h *host) *flusher {
	f := &flusher{host: h}
	f.change.L = &f.mutex
	return f
}

func (f *flusher) add(jobs []job) {
	f.mutex.Lock()
	f.jobs = append(f.jobs, jobs...)
	f.mutex.Unlock()
	f.change.Broadcast()
}

// await waits until nothing is left to do.
func (f *flusher) await() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for f.busy || len(f.jobs) > 0 {
		f.change.Wait()
	}
}

func (f *flusher) fail(err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.failed == nil {
		f.failed = err
		f.host.Logf("%v", err)
	}
}

func (f *flusher) failure() error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.failed
}

// close ends the goroutine, after the jobs there are or, if they do not matter any more, without them.
func (f *flusher) close(finish bool) error {
	f.mutex.Lock()
	if !finish {
		f.jobs = nil
	}
	f.ending = true
	f.mutex.Unlock()
	f.change.Broadcast()
	f.await()
	return f.failure()
}

func (f *flusher) run() {
	var jobs []job
	for {
		f.mutex.Lock()
		f.busy = false
		if len(f.jobs) == 0 {
			f.change.Broadcast()
		}
		for len(f.jobs) == 0 && !f.ending {
			f.change.Wait()
		}
		jobs, f.jobs = f.jobs, jobs[:0]
		f.busy = len(jobs) > 0
		f.mutex.Unlock()
		if len(jobs) == 0 {
			return
		}
		for rest := jobs; len(rest) > 0; {
			rest = rest[f.do(rest):]
		}
		clear(jobs)
	}
}

// do does the first job, and with a sync those behind it that the same sync serves. It tells how many.
func (f *flusher) do(jobs []job) int {
	first := jobs[0]
	if first.kind == replaceJob {
		f.finish(&first, f.perform(first.file.path, func() error { return f.replace(&first) }))
		return 1
	}
	count := 1
	for count < len(jobs) && jobs[count].file == first.file && jobs[count].kind != replaceJob {
		count++
	}
	wanted := false
	err := f.perform(first.file.path, func() error {
		for i := range jobs[:count] {
			wanted = wanted || jobs[i].kind == syncJob
			if err := first.file.write(jobs[i].data); err != nil {
				return err
			}
		}
		if !wanted || f.host.options.SkipSync {
			return nil
		}
		return first.file.sync()
	})
	for i := range jobs[:count] {
		f.finish(&jobs[i], err)
	}
	return count
}

// perform does something unless the disk has failed, and takes note if it fails now.
func (f *flusher) perform(path string, what func() error) error {
	if err := f.failure(); err != nil {
		return err
	}
	err := trouble(path, what())
	if err != nil {
		f.fail(err)
	}
	return err
}

// finish tells the process, on the loop.
func (f *flusher) finish(j *job, err error) {
	file, data, done := j.file, j.data, j.done
	file.jobs.Add(-1)
	if j.kind == writeJob {
		return
	}
	f.host.queue.post(event{kind: actionEvent, action: func() {
		if file.spare == nil && cap(data) <= 2*mostBuffered {
			file.spare = data[:0]
		}
		done(err)
	}})
}

func (f *flusher) replace(j *job) error {
	j.file.close()
	j.file.fresh, j.file.dirty = false, false
	return j.file.folder.replace(j.file.path, j.data, !f.host.options.SkipSync)
}

// open opens a file for appending.
func (f *file) open() error {
	if f.handle != nil {
		return nil
	}
	var err error
	f.handle, err = os.OpenFile(f.path, os.O_WRONLY|os.O_APPEND, 0)
	if errors.Is(err, os.ErrNotExist) {
		f.fresh = true
		f.handle, err = os.OpenFile(f.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	}
	return err
}

func (f *file) write(data []byte) error {
	if err := f.open(); err != nil || len(data) == 0 {
		return err
	}
	f.dirty = true
	_, err := f.handle.Write(data)
	return err
}

// sync makes what was written durable, and a new file's name too.
func (f *file) sync() error {
	if err := syncData(f.handle); err != nil {
		return err
	}
	f.dirty = false
	if f.fresh {
		f.fresh = false
		return f.folder.self.Sync()
	}
	return nil
}
