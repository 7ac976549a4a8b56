//go:build !linux

package layer

import (
	"errors"
	"time"
)

var errLinux = errors.New("meeting the syncs of a disk needs Linux")

// Layer shows a folder at another place, which only Linux can have it do.
type Layer struct{}

// Able says what this machine lacks for layers: Linux.
func Able() error { return errLinux }

// Put errors.
func Put(string, string, func()) (*Layer, error) { return nil, errLinux }

// Slow does nothing.
func (*Layer) Slow(time.Duration) {}

// Ail does nothing.
func (*Layer) Ail(bool) {}

// Doom does nothing.
func (*Layer) Doom(uint64, func()) {}

// Spare does nothing.
func (*Layer) Spare() {}

// Met is nothing.
func (*Layer) Met() Met { return Met{} }

// Close has nothing to do.
func (*Layer) Close() error { return nil }
