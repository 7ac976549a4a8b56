// Package owner names the process that made something which outlives it, such as a container, so that
// a later process can tell whether that one still lives. A number alone does not do: the kernel gives
// the numbers of dead processes out again.
//
//	4711.88123.2f1c….4026531836
//	 │     │     │       └─ the namespace that counts so
//	 │     │     └─ the boot of the kernel
//	 │     └─ when the process started
//	 └─ its number
package owner

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// Owner is one process, told apart from every other one of this machine, before and after.
type Owner struct {
	PID   int
	Start uint64 // in ticks of the kernel since its boot
	Boot  string // the kernel's name for this boot
	Space string // the number of the namespace in which PID counts
}

// Self is the process that runs. It errors where there is no /proc, that is, elsewhere than on Linux.
func Self() (Owner, error) {
	boot, err := bootID()
	if err != nil {
		return Owner{}, fmt.Errorf("who owns what is made: %w", err)
	}
	space, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return Owner{}, fmt.Errorf("who owns what is made: %w", err)
	}
	self := Owner{PID: os.Getpid(), Boot: boot, Space: strings.Trim(strings.TrimPrefix(space, "pid:"), "[]")}
	self.Start, _, err = look(self.PID)
	return self, err
}

// String is the owner as Parse reads it. It can be a label and a file's name.
func (o Owner) String() string {
	return fmt.Sprintf("%d.%d.%s.%s", o.PID, o.Start, o.Boot, o.Space)
}

// Parse reads what String wrote, and errors on anything else.
func Parse(text string) (Owner, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 || parts[2] == "" || parts[3] == "" {
		return Owner{}, fmt.Errorf("%q names no owner", text)
	}
	pid, err := strconv.Atoi(parts[0])
	if err != nil || pid <= 0 {
		return Owner{}, fmt.Errorf("%q names no owner: its process has no number", text)
	}
	start, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil {
		return Owner{}, fmt.Errorf("%q names no owner: its process has no start", text)
	}
	return Owner{PID: pid, Start: start, Boot: parts[2], Space: parts[3]}, nil
}

// Alive tells whether the process still runs. One of another namespace is taken to live, since from
// here nobody can tell. It errors where there is no /proc.
func (o Owner) Alive() (bool, error) {
	self, err := Self()
	if err != nil {
		return false, err
	}
	if o.Boot != self.Boot {
		return false, nil
	}
	if o.Space != self.Space {
		return true, nil
	}
	start, running, err := look(o.PID)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return running && start == o.Start, err
}

func bootID() (string, error) {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(text)), err
}

// look says when a process started, and whether it runs: a zombie does not. See proc(5), /proc/pid/stat;
// the second field, the name, may hold blanks and brackets.
func look(pid int) (start uint64, running bool, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		// Linux says "no such process" if it ends between the opening and the reading.
		if strings.Contains(err.Error(), "no such process") {
			err = fs.ErrNotExist
		}
		return 0, false, err
	}
	const state, startTime = 0, 19 // counted from behind the name
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) <= startTime {
		return 0, false, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	start, err = strconv.ParseUint(fields[startTime], 10, 64)
	return start, !strings.Contains("ZXx", fields[state]), err
}
