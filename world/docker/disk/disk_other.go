//go:build !linux

package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"cleave/world/docker/owner"
)

var errLinux = errors.New("cutting or filling a disk needs Linux")

const filler = ".cleave-filler"

func ownersOf(fs.FileInfo) (user, group int) { return -1, -1 }

// Smallest is the size below which Make makes no disk, in bytes.
const Smallest = 16 << 20

// Disk is a small file system of its own, which only Linux has.
type Disk struct{}

// Able says what this machine lacks for disks whose power can be cut: Linux.
func Able() error { return errLinux }

// Make errors.
func Make(context.Context, string, int64) (*Disk, error) { return nil, errLinux }

// Within errors.
func (*Disk) Within(func(*os.Root) error) error { return errLinux }

// Folder is none.
func (*Disk) Folder() string { return "" }

// Whole is none.
func (*Disk) Whole() string { return "" }

// Above is none.
func (*Disk) Above() string { return "" }

// Fail errors.
func (*Disk) Fail() error { return errLinux }

// Sync errors.
func (*Disk) Sync() error { return errLinux }

// Recover errors.
func (*Disk) Recover() error { return errLinux }

// Close has nothing to do.
func (*Disk) Close() error { return nil }

// Fill errors.
func (*Disk) Fill() error { return errLinux }

// Drain errors.
func (*Disk) Drain() error { return errLinux }

// Fill errors.
func Fill(*os.Root, string) error { return errLinux }

// Drain errors.
func Drain(*os.Root, string) error { return errLinux }

// Leftover is a disk that is there.
type Leftover struct {
	Place string // its folder
	Owner owner.Owner
}

// Leftovers are none.
func Leftovers() ([]Leftover, error) { return nil, nil }

// Remove errors.
func (Leftover) Remove() error { return errLinux }
