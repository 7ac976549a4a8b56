//go:build !unix

package image

import "os/exec"

// apart has a program start so that it can be ended.
func apart(*exec.Cmd) {}

// end kills a program.
func end(command *exec.Cmd) { _ = command.Process.Kill() }
