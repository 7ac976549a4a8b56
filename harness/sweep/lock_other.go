//go:build !linux

package sweep

// lock keeps nobody off here.
func lock(string) (unlock func(), err error) { return func() {}, nil }
