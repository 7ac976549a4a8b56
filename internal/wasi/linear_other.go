//go:build !linux

package wasi

// reserve gives nothing: memory is a slice here.
func reserve(int) []byte { return nil }

func unreserve([]byte) {}
