package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// windowColumns is what a terminal says of its width; 0 if it says nothing.
func windowColumns(file *os.File) int {
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}
