package engine

import (
	"debug/elf"
	"fmt"
	"os"
)

// Program is an executable file that is all that an image needs.
type Program struct {
	Path    string // "" is the program that runs
	Version string // for people; goes into the image's label VersionLabel
}

// read gives the program's bytes. It errors if the program needs libraries, which an image that is empty
// otherwise does not have.
func (p Program) read() ([]byte, error) {
	path := p.Path
	if path == "" {
		path = "/proc/self/exe" // what runs, even if its file has been replaced
	}
	if err := alone(path); err != nil {
		return nil, fmt.Errorf("making an image of %s: %w", p.shown(), err)
	}
	return os.ReadFile(path)
}

// shown is the program's path for people.
func (p Program) shown() string {
	if p.Path != "" {
		return p.Path
	}
	if path, err := os.Executable(); err == nil {
		return path
	}
	return "the running program"
}

// alone errors if a program asks for an interpreter, which loads libraries. See elf(5), PT_INTERP.
func alone(path string) error {
	file, err := elf.Open(path)
	if err != nil {
		return fmt.Errorf("it is no program for Linux: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP {
			return fmt.Errorf("it needs the libraries of this machine: build it with CGO_ENABLED=0")
		}
	}
	return nil
}
