//go:build !linux

package ensemble

import "syscall"

// bound has nothing to offer here: a test that is killed leaves its servers.
func bound() *syscall.SysProcAttr { return nil }
