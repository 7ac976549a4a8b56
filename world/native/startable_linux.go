package native

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
)

// Startable tells why a program's file cannot be started here: it is none that this machine runs, or what is to run it is not
// there. The kernel decides, and holds the program before its first instruction, where it ends. Where it may not be held, as in some
// containers, nil says nothing.
func Startable(path string) error {
	runtime.LockOSThread() // a thread that ends would let go of what it holds
	defer runtime.UnlockOSThread()
	held := &syscall.ProcAttr{Sys: &syscall.SysProcAttr{Ptrace: true}}
	process, err := syscall.ForkExec(path, []string{path}, held)
	for tries := 0; errors.Is(err, syscall.ETXTBSY) && tries < 50; tries++ { // somebody has just written it
		time.Sleep(10 * time.Millisecond)
		process, err = syscall.ForkExec(path, []string{path}, held)
	}
	switch {
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.ENOSYS):
		return nil
	case errors.Is(err, syscall.ENOENT):
		if _, gone := os.Stat(path); gone == nil {
			return fmt.Errorf("%s cannot be started: what is to run it, by its first line or as its loader, is not there", path)
		}
		fallthrough
	case err != nil:
		return fmt.Errorf("%s cannot be started: %w", path, err)
	}
	_ = syscall.Kill(process, syscall.SIGKILL) // it is held
	bury(process)
	return nil
}

// bury waits until a process that was killed is gone.
func bury(process int) {
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(process, &status, 0, nil)
		if err != nil && !errors.Is(err, syscall.EINTR) || err == nil && !status.Stopped() {
			return
		}
	}
}
