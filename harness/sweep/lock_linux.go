package sweep

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps others off a sweep's folder until unlock, or the end of the process however it comes: the lock is the system's, and
// leaves nothing behind. It errs with ErrBusy if another has it.
func lock(folder string) (unlock func(), err error) {
	file, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(ErrBusy, file.Close())
	default: // a file system that has no locks keeps nobody off
		return func() { _ = file.Close() }, nil
	}
}
