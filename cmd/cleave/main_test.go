package main

import (
	"os"
	"sync"
	"testing"

	"cleave/world/native"
)

// buildFolder is where the binary for tests of real processes is built; it goes when the tests end.
var buildFolder = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "cleave-test") })

func TestMain(m *testing.M) {
	if code, was := native.Guard(); was {
		os.Exit(code)
	}
	status := m.Run()
	if folder, err := buildFolder(); err == nil {
		_ = os.RemoveAll(folder) // what is left is the operating system's to clear
	}
	os.Exit(status)
}
