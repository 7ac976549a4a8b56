//go:build !linux

package native

import "errors"

var errLinux = errors.New("nodes are run as processes on Linux alone")

// Guard does nothing: there are no guards here.
func Guard() (code int, was bool) {
	guarded.Store(true)
	return 0, false
}

func able() error { return errLinux }

// Startable says that nothing can be started.
func Startable(string) error { return errLinux }

// child is the process of an instance, of which there is none.
type child struct{ instance *Instance }

func start(*Instance, string) (*child, error) { return nil, errLinux }

func (*child) tell(string) {}
func (*child) freeze()     {}
func (*child) kill()       {}
