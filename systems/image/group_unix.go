//go:build unix

package image

import (
	"os/exec"
	"syscall"
)

// apart has a program start in a process group of its own.
func apart(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// end kills a program that was started apart, with all that it has started and that stayed with it.
func end(command *exec.Cmd) { _ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
