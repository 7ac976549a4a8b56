package disk

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Able says what this machine lacks for disks whose power can be cut, nil if nothing.
func Able() error {
	if err := mayMount(); err != nil {
		return err
	}
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("cutting a disk's power needs loop devices: %w", err)
	}
	_ = control.Close() // nothing was written
	if _, err := mkfs(); err != nil {
		return err
	}
	known, err := os.ReadFile("/proc/filesystems")
	if err != nil {
		return err
	}
	if !regexp.MustCompile(`(?m)\text4$`).Match(known) {
		if err := exec.Command("modprobe", "-q", "ext4").Run(); err != nil {
			return errors.New("cutting a disk's power needs the file system ext4, which this kernel lacks")
		}
	}
	return nil
}

// mayMount looks for the right to mount among what the process may do. See proc(5), /proc/pid/status.
func mayMount() error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(status), "CapEff:")
	line, _, _ := strings.Cut(rest, "\n")
	rights, err := strconv.ParseUint(strings.TrimSpace(line), 16, 64)
	if err != nil {
		return fmt.Errorf("/proc/self/status: %w", err)
	}
	if rights&(1<<unix.CAP_SYS_ADMIN) == 0 {
		return errors.New("cutting a disk's power needs the right to mount: run as root, or with CAP_SYS_ADMIN")
	}
	return nil
}

// mkfs finds the program that makes file systems; few users have its folder among those of programs.
func mkfs() (string, error) {
	for _, name := range []string{"mkfs.ext4", "/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("cutting a disk's power needs the program mkfs.ext4: install e2fsprogs")
}
