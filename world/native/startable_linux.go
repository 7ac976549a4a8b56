package native

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
)

// Startable tells why a program's file cannot be started here: it is none that this machine runs, or what is to run it is not
// there. The kernel decides, and holds the program before its first instruction, where it ends. Where it may not be held, as in some
// containers, nil says nothing.
func Startable(path string) error {
	runtime.LockOSThread() // a thread that ends would let go of what it holds
	defer runtime.UnlockOSThread()
	process, err := syscall.ForkExec(path, []string{path}, &syscall.ProcAttr{Sys: &syscall.SysProcAttr{Ptrace: true}})
	switch {
	case errors.Is(err, syscall.EPERM):
		return nil
	case errors.Is(err, syscall.ENOENT):
		if _, gone := os.Stat(path); gone == nil {
			return fmt.Errorf("%s cannot be started: what is to run it, by its first line or as its loader, is not there", path)
		}
		fallthrough
	case err != nil:
		return fmt.Errorf("%s cannot be started: %w", path, err)
	}
	var status syscall.WaitStatus
	for {
		if _, err := syscall.Wait4(process, &status, 0, nil); err != nil && !errors.Is(err, syscall.EINTR) || status.Exited() || status.Signaled() {
			return nil
		}
		_ = syscall.Kill(process, syscall.SIGKILL) // it is held, or gone
	}
}
