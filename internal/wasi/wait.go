package wasi

import "time"

// wait is what a program waits for. The zero wait is over at once.
type wait struct {
	input  bool          // a byte on standard input
	timed  bool          // the deadline, on the monotonic clock
	until  time.Duration //
	disk   bool          // the disk, until it is done
	done   bool
	failed bool
}

// over tells whether the program can go on.
func (w *wait) over(i *Instance) bool {
	switch {
	case w.disk:
		return w.done
	case w.input && i.stdin.waiting() > 0:
		return true
	case w.timed:
		return i.env.Elapsed() >= w.until
	}
	return !w.input
}

// setTimer has the program woken at its deadline. A timer that rings earlier is left as it is: most waits
// end by input, and the next one often has the same deadline.
func (i *Instance) setTimer() {
	if !i.wait.timed || i.wait.disk || i.timer != nil && i.rings <= i.wait.until {
		return
	}
	if i.timer != nil {
		i.timer.Stop()
	}
	i.rings = i.wait.until
	i.timer = i.env.After(i.wait.until-i.env.Elapsed(), func() {
		i.timer = nil
		if !i.dead {
			i.run()
		}
	})
}

// awaitDisk begins something on the disk and waits until the disk calls back.
func (i *Instance) awaitDisk(begin func(done func(error))) errno {
	i.wait = wait{disk: true}
	begin(func(err error) {
		i.wait.done, i.wait.failed = true, err != nil
		i.run()
	})
	if !i.wait.done {
		i.suspend(i.wait)
	}
	if i.wait.failed {
		return errIO
	}
	return success
}
