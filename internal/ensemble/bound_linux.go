package ensemble

import "syscall"

// bound has a server end with the tests that started it.
func bound() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
