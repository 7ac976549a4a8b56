package fabric

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// timer is an alarm that the system wakes us by within some ten microseconds (timerfd_create(2)). It is
// waited for as sockets are.
type timer struct {
	file       *os.File
	descriptor int
}

func newAlarm() (alarm, error) {
	descriptor, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("timerfd_create", err)
	}
	return &timer{os.NewFile(uintptr(descriptor), "timer"), descriptor}, nil
}

func (t *timer) set(after time.Duration) error {
	return os.NewSyscallError("timerfd_settime",
		unix.TimerfdSettime(t.descriptor, 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(int64(after))}, nil))
}

func (t *timer) wait() error {
	var times [8]byte // it has rung
	_, err := t.file.Read(times[:])
	return err
}

func (t *timer) close() error { return t.file.Close() }
