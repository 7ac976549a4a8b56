package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// filler is the file that takes up the room. Programs that read their folder pass hidden files over.
const filler = ".cleave-filler"

// Most is the size above which Fill leaves a file system alone, in bytes: it is no disk of a node.
const Most = 4 << 30

// Fill leaves no room in the file system of a folder below root. It refuses one that is larger than Most
// or that is root's own, which other things live on.
func Fill(root *os.Root, folder string) error {
	file, err := root.OpenFile(filepath.Join(folder, filler), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("filling a disk: %w", err)
	}
	defer func() { _ = file.Close() }() // what counts is the room that it takes
	if err := small(root, file); err != nil {
		return errors.Join(fmt.Errorf("filling the disk at %s: %w", folder, err), root.Remove(filepath.Join(folder, filler)))
	}
	if err := grow(file); err != nil {
		return fmt.Errorf("filling the disk at %s: %w", folder, err)
	}
	return nil
}

// Drain undoes Fill. It is no error if there is nothing to undo.
func Drain(root *os.Root, folder string) error {
	if err := root.Remove(filepath.Join(folder, filler)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("draining the disk at %s: %w", folder, err)
	}
	return nil
}

// small makes sure that a file is on a small disk of its own.
func small(root *os.Root, file *os.File) error {
	var whole unix.Statfs_t
	if err := unix.Fstatfs(int(file.Fd()), &whole); err != nil {
		return err
	}
	if size := whole.Blocks * uint64(whole.Bsize); size > Most {
		return fmt.Errorf("its file system has %d bytes, too many to be a node's own", size)
	}
	var here, base unix.Stat_t
	if err := unix.Fstat(int(file.Fd()), &here); err != nil {
		return err
	}
	above, err := root.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = above.Close() }() // only looked at
	if err := unix.Fstat(int(above.Fd()), &base); err != nil {
		return err
	}
	if here.Dev == base.Dev {
		return errors.New("nothing is mounted there")
	}
	return nil
}

// grow takes all the room that is left, in pieces that get smaller, and writes nothing.
func grow(file *os.File) error {
	end, err := file.Seek(0, 2)
	if err != nil {
		return err
	}
	for piece := int64(Most); piece >= 512; {
		err := unix.Fallocate(int(file.Fd()), 0, end, piece)
		switch err {
		case nil:
			end += piece
		case unix.EINTR:
		case unix.ENOSPC, unix.EDQUOT, unix.EFBIG:
			piece /= 2
		default:
			return err
		}
	}
	return nil
}

// fillIn and drainIn do it to the file system that is mounted at a folder.
func fillIn(mount string) error {
	return within(mount, func(root *os.Root) error { return Fill(root, filepath.Base(mount)) })
}

func drainIn(mount string) error {
	return within(mount, func(root *os.Root) error { return Drain(root, filepath.Base(mount)) })
}

func within(mount string, do func(*os.Root) error) error {
	root, err := os.OpenRoot(filepath.Dir(mount))
	if err != nil {
		return fmt.Errorf("filling a disk: %w", err)
	}
	defer func() { _ = root.Close() }() // only a handle
	return do(root)
}
