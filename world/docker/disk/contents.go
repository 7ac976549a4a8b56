package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Copy is what files there were in a folder at some time, with their owners and rights. Room that a file had
// taken in advance is not kept: where it was zero, it will be a hole.
type Copy struct{ entries []entry }

// entry is a folder or a file.
type entry struct {
	path        string
	mode        fs.FileMode
	user, group int
	size        int64
	pieces      []piece // of a file: what is not zero
}

type piece struct {
	at    int64
	bytes []byte
}

// pieceSize is that of the largest piece, in bytes.
const pieceSize = 64 << 10

// Take copies what is in a folder, into memory. Nobody may write there meanwhile. It errors if there is something
// that is neither a file nor a folder.
func Take(folder *os.Root) (*Copy, error) {
	copied := &Copy{}
	err := walk(folder, func(path string, info fs.FileInfo) error {
		each := entry{path: path, mode: info.Mode(), size: info.Size()}
		each.user, each.group = ownersOf(info)
		if info.Mode().IsRegular() {
			var err error
			if each.pieces, err = pieces(folder, path); err != nil {
				return err
			}
		}
		copied.entries = append(copied.entries, each)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("copying a disk: %w", err)
	}
	return copied, nil
}

// walk goes through all folders and files in a folder, in the order of their names, but for what fills it.
func walk(folder *os.Root, visit func(path string, info fs.FileInfo) error) error {
	return fs.WalkDir(folder.FS(), ".", func(path string, each fs.DirEntry, err error) error {
		if err != nil || path == "." || path == filler {
			return err
		}
		info, err := each.Info()
		if err != nil {
			return err
		}
		if !info.IsDir() && !info.Mode().IsRegular() {
			return fmt.Errorf("%s is neither a file nor a folder", path)
		}
		return visit(path, info)
	})
}

// pieces reads a file.
func pieces(folder *os.Root, path string) (all []piece, err error) {
	file, err := folder.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	buffer := make([]byte, pieceSize)
	for at := int64(0); ; {
		count, err := io.ReadFull(file, buffer)
		if read := buffer[:count]; len(bytes.TrimLeft(read, "\x00")) > 0 {
			all = append(all, piece{at, bytes.Clone(read)})
		}
		at += int64(count)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// Empty takes all that is in a folder. Nobody may use it meanwhile.
func Empty(folder *os.Root) error {
	entries, err := fs.ReadDir(folder.FS(), ".")
	for _, each := range entries {
		err = errors.Join(err, folder.RemoveAll(each.Name()))
	}
	if err != nil {
		return fmt.Errorf("emptying a disk: %w", err)
	}
	return nil
}

// Put puts the copy in the place of what is in a folder, again and again if need be. Nobody may use the folder
// meanwhile.
func (c *Copy) Put(folder *os.Root) error {
	if err := Empty(folder); err != nil {
		return err
	}
	for i := range c.entries {
		if err := c.entries[i].put(folder); err != nil {
			return fmt.Errorf("putting a copy on a disk: %w", err)
		}
	}
	return nil
}

func (e *entry) put(folder *os.Root) error {
	err := e.fill(folder)
	if err == nil {
		err = folder.Lchown(e.path, e.user, e.group)
	}
	if err == nil {
		err = folder.Chmod(e.path, e.mode) // after the owner, whose change takes rights away
	}
	return err
}

// fill makes it, with what is in it.
func (e *entry) fill(folder *os.Root) error {
	if e.mode.IsDir() {
		return folder.Mkdir(e.path, 0o700)
	}
	file, err := folder.OpenFile(e.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = file.Truncate(e.size)
	for _, each := range e.pieces {
		if err == nil {
			_, err = file.WriteAt(each.bytes, each.at)
		}
	}
	return errors.Join(err, file.Close())
}

// hidden tells of a file that it is nothing of what a node keeps, such as a lock.
func hidden(path string) bool { return strings.HasPrefix(path, ".") || strings.Contains(path, "/.") }
