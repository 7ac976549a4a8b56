package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"cleave/world/docker/owner"

	"golang.org/x/sys/unix"
)

// home is where all disks are.
func home() string { return filepath.Join(os.TempDir(), "cleave-disks") }

// ours makes the folder of an owner. Everybody may write beside it: a folder that somebody else has put
// there is not to be trusted.
func ours(owner string) (string, error) {
	for _, folder := range []string{home(), filepath.Join(home(), owner)} {
		if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("making a folder for disks: %w", err)
		}
		if err := trusted(folder); err != nil {
			return "", err
		}
	}
	return filepath.Join(home(), owner), nil
}

func trusted(folder string) error {
	found, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	status, ok := found.Sys().(*syscall.Stat_t)
	if !ok || !found.IsDir() || int(status.Uid) != os.Geteuid() || found.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not a folder of ours alone: remove it", folder)
	}
	return nil
}

// Leftover is a disk that is there.
type Leftover struct {
	Place string // its folder
	Owner owner.Owner
}

// Leftovers are all disks on this machine, also those in use.
func Leftovers() ([]Leftover, error) {
	owners, err := os.ReadDir(home())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = trusted(home())
	}
	if err != nil {
		return nil, fmt.Errorf("looking for disks: %w", err)
	}
	var all []Leftover
	for _, entry := range owners {
		who, err := owner.Parse(entry.Name())
		if err != nil {
			continue // nothing that Make made
		}
		places, err := os.ReadDir(filepath.Join(home(), entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("looking for disks: %w", err)
		}
		for _, place := range places {
			all = append(all, Leftover{Place: filepath.Join(home(), entry.Name(), place.Name()), Owner: who})
		}
	}
	return all, nil
}

// Remove unmounts a disk and removes its files, whoever owns it. It errors if it is in use.
func (l Leftover) Remove() error {
	if !strings.HasPrefix(l.Place, home()+string(filepath.Separator)) {
		return fmt.Errorf("%s is no disk", l.Place)
	}
	d := &Disk{place: l.Place}
	if err := detachLayer(d.Above()); err != nil {
		return err
	}
	mount := d.mount()
	for {
		mounted, err := isMount(mount)
		if err != nil {
			return err
		}
		if !mounted {
			break
		}
		if err := detachFolder(mount, time.Now().Add(patience)); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(l.Place); err != nil {
		return fmt.Errorf("removing a disk: %w", err)
	}
	_ = os.Remove(filepath.Dir(l.Place)) // stays as long as it is not empty
	return nil
}

// detachLayer unmounts a layer whose process may be dead, for all who have not yet opened anything there: there is
// nobody to answer the others.
func detachLayer(folder string) error {
	mounted, err := isMount(folder)
	for ; mounted && err == nil; mounted, err = isMount(folder) {
		if err := unix.Unmount(folder, unix.UMOUNT_NOFOLLOW|unix.MNT_DETACH); err != nil {
			return fmt.Errorf("unmounting %s: %w", folder, err)
		}
	}
	return err
}

// isMount tells whether a file system of its own is mounted at a folder.
func isMount(folder string) (bool, error) {
	var here, above unix.Stat_t
	err := unix.Lstat(folder, &here)
	switch err {
	case unix.ENOENT:
		return false, nil
	case unix.ENOTCONN: // of a layer whose process is dead
		return true, nil
	case nil:
		err = unix.Lstat(filepath.Dir(folder), &above)
	}
	if err != nil {
		return false, fmt.Errorf("looking at %s: %w", folder, err)
	}
	return here.Dev != above.Dev, nil
}
