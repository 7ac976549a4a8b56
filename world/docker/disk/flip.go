package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"cleave/internal/rng"
)

// Flip is a bit that was turned around, and the whole file as it was then: if it is no longer the beginning of
// the file, the bit has gone with it.
type Flip struct {
	path    string
	at      int64
	mask    byte
	content []byte
}

// Turn turns one bit around in the first half of a file of a folder, which draw decides; a half of what is in it,
// without zeros at its end, which are room taken in advance. Hidden files and those to be spared are left alone. If
// there is nothing to damage, the Flip is of no bit.
func Turn(folder *os.Root, draw uint64, spare func(path string) bool) (Flip, error) {
	var full []Flip
	err := walk(folder, func(path string, info fs.FileInfo) error {
		if info.IsDir() || hidden(path) || spare(path) {
			return nil
		}
		content, err := folder.ReadFile(path)
		if content = bytes.TrimRight(content, "\x00"); len(content) > 0 {
			full = append(full, Flip{path: path, content: content})
		}
		return err
	})
	if err != nil {
		return Flip{}, fmt.Errorf("damaging a disk: %w", err)
	}
	if len(full) == 0 {
		return Flip{}, nil
	}
	f := full[rng.Below(rng.Mix(draw, 0), uint64(len(full)))]
	f.at = int64(rng.Below(rng.Mix(draw, 1), uint64(len(f.content)+1)/2))
	f.mask = 1 << rng.Below(rng.Mix(draw, 2), 8)
	f.content[f.at] ^= f.mask
	if err := f.write(folder); err != nil {
		return Flip{}, fmt.Errorf("damaging a disk: %w", err)
	}
	return f, nil
}

// Mend turns the bit around again, if it is still there.
func (f Flip) Mend(folder *os.Root) error {
	if len(f.content) == 0 {
		return nil
	}
	content, err := folder.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && bytes.HasPrefix(content, f.content) {
		f.content[f.at] ^= f.mask
		err = f.write(folder)
	}
	if err != nil {
		return fmt.Errorf("mending a disk: %w", err)
	}
	return nil
}

// String says where the bit is, for people; "" if there is none.
func (f Flip) String() string {
	if len(f.content) == 0 {
		return ""
	}
	return fmt.Sprintf("%s, byte %d of %d, bit %#02x", f.path, f.at, len(f.content), f.mask)
}

// write makes the byte durable.
func (f Flip) write(folder *os.Root) error {
	file, err := folder.OpenFile(f.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteAt(f.content[f.at:f.at+1], f.at)
	return errors.Join(err, file.Sync(), file.Close())
}
