package disk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cleave/world/docker/owner"

	"golang.org/x/sys/unix"
)

// Smallest is the size below which Make makes no disk, in bytes: ext4 wants room for its journal.
const Smallest = 16 << 20

// patience is how long a container may take to let go of the disk after its end.
const patience = 10 * time.Second

// Disk is a small file system of its own. Its methods are for one goroutine at a time.
type Disk struct {
	place   string   // the folder with all that it is
	loop    *os.File // its device; open, so that the kernel keeps it between two mounts
	mounted bool
	full    bool // it is to have no room
}

// Make makes an empty disk of a size in bytes and mounts it. The name is for people who look at the
// folder. It errors if Able does, if the size is below Smallest, and if there is no room.
func Make(ctx context.Context, name string, size int64) (*Disk, error) {
	if err := Able(); err != nil {
		return nil, err
	}
	if size < Smallest {
		return nil, fmt.Errorf("the disk %s would have %d bytes: it needs %d", name, size, Smallest)
	}
	self, err := owner.Self()
	if err != nil {
		return nil, err
	}
	home, err := ours(self.String())
	if err != nil {
		return nil, err
	}
	place, err := os.MkdirTemp(home, name+"-*")
	if err != nil {
		return nil, fmt.Errorf("making the disk %s: %w", name, err)
	}
	d := &Disk{place: place}
	if err := d.make(ctx, size); err != nil {
		return nil, errors.Join(fmt.Errorf("making the disk %s: %w", name, err), d.Close())
	}
	return d, nil
}

func (d *Disk) make(ctx context.Context, size int64) error {
	if err := os.Mkdir(d.mount(), 0o755); err != nil {
		return err
	}
	image, err := os.OpenFile(d.image(), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = image.Close() }() // the loop device has it now
	if err := image.Truncate(size); err != nil {
		return err
	}
	maker, err := mkfs()
	if err != nil {
		return err
	}
	// -m 0: no blocks set aside for root, or a full disk would not be full for the processes of a container.
	command := exec.CommandContext(ctx, maker, "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", d.image())
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("mkfs.ext4: %w: %s", err, strings.TrimSpace(string(output)))
	}
	if d.loop, err = attach(image); err != nil {
		return err
	}
	if err := d.attachFolder(); err != nil {
		return err
	}
	if err := os.Mkdir(d.Folder(), 0o777); err != nil {
		return err
	}
	if err := os.Chmod(d.Folder(), 0o777|os.ModeSticky); err != nil { // whoever the image's user is
		return err
	}
	return d.Sync()
}

// Folder is the one to bind into the node's container. It lies within the file system: an engine that
// does not see the mount has nothing to bind, and says so, rather than take the folder underneath.
func (d *Disk) Folder() string { return filepath.Join(d.mount(), "data") }

// Whole is the folder with all that is on the disk, Folder too.
func (d *Disk) Whole() string { return d.mount() }

// Above is where a layer over the disk may be mounted, of which Leftovers then takes care too. There is nothing yet.
func (d *Disk) Above() string { return filepath.Join(d.place, "above") }

func (d *Disk) mount() string { return filepath.Join(d.place, "mount") }
func (d *Disk) image() string { return filepath.Join(d.place, "image") }

// attachFolder mounts the file system. The kernel is to write nothing of its own accord, lest what was
// not synced be kept: a commit happens at a sync, or every ten minutes, and a rename syncs nothing.
func (d *Disk) attachFolder() error {
	err := unix.Mount(d.loop.Name(), d.mount(), "ext4", unix.MS_NOATIME|unix.MS_NODEV|unix.MS_NOSUID, "commit=600,noauto_da_alloc")
	if err != nil {
		return fmt.Errorf("mounting %s at %s: %w", d.loop.Name(), d.mount(), err)
	}
	d.mounted = true
	return nil
}

// Sync makes all that was written durable.
func (d *Disk) Sync() error {
	folder, err := os.Open(d.mount())
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }() // only read
	return unix.Syncfs(int(folder.Fd()))
}

// From the kernel's fs/ext4/ext4.h and include/uapi/linux/ext4.h: EXT4_IOC_SHUTDOWN, and its argument
// that leaves the journal unwritten.
const (
	shutdownRequest = 0x8004587d
	withoutJournal  = 2
)

// Fail cuts the power: nothing reaches the disk any more, and every call to it gives an error until
// Recover.
func (d *Disk) Fail() error {
	folder, err := os.Open(d.mount())
	if err != nil {
		return fmt.Errorf("cutting the power of a disk: %w", err)
	}
	defer func() { _ = folder.Close() }() // only read
	if err := unix.IoctlSetPointerInt(int(folder.Fd()), shutdownRequest, withoutJournal); err != nil {
		return fmt.Errorf("cutting the power of the disk at %s: %w", d.mount(), err)
	}
	return nil
}

// Recover brings the disk back with what was synced. The container that used it must be dead. It errors
// if something holds on to the disk for ten seconds.
func (d *Disk) Recover() error {
	if err := d.unmount(); err != nil {
		return err
	}
	if err := d.attachFolder(); err != nil {
		return fmt.Errorf("after a power failure: %w", err)
	}
	if d.full {
		return d.Fill() // what took the room up was not synced
	}
	return nil
}

// unmount waits until nobody has the file system any more, in whatever mount namespace.
func (d *Disk) unmount() error {
	if !d.mounted {
		return nil
	}
	deadline := time.Now().Add(patience)
	if err := detachFolder(d.mount(), deadline); err != nil {
		return err
	}
	d.mounted = false
	for {
		// The kernel gives a device with a file system on it to nobody for himself alone.
		device, err := unix.Open(d.loop.Name(), unix.O_RDONLY|unix.O_EXCL|unix.O_CLOEXEC, 0)
		if err == nil {
			return unix.Close(device)
		}
		if err != unix.EBUSY || time.Now().After(deadline) {
			return fmt.Errorf("the disk %s is still mounted elsewhere: %w", d.loop.Name(), err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// detachFolder unmounts a folder, once its users have gone.
func detachFolder(folder string, deadline time.Time) error {
	for {
		err := unix.Unmount(folder, unix.UMOUNT_NOFOLLOW)
		if err == nil {
			return nil
		}
		if err != unix.EBUSY || time.Now().After(deadline) {
			return fmt.Errorf("unmounting %s: %w", folder, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// Close unmounts the disk and removes it. It errors if something holds on to it for ten seconds; then it
// is left for Collect.
func (d *Disk) Close() error {
	if err := d.unmount(); err != nil {
		return err
	}
	if d.loop != nil {
		if err := d.loop.Close(); err != nil { // the last one to close it frees the device
			return fmt.Errorf("closing a disk's device: %w", err)
		}
		d.loop = nil
	}
	if err := os.RemoveAll(d.place); err != nil {
		return fmt.Errorf("removing a disk: %w", err)
	}
	// The owner's folder goes with the last of its disks; until then it is not empty, and stays.
	_ = os.Remove(filepath.Dir(d.place))
	return nil
}

// Within does something in Folder. It errors if the power is cut.
func (d *Disk) Within(do func(folder *os.Root) error) error {
	root, err := os.OpenRoot(d.Folder())
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // only a handle
	return do(root)
}

// Fill leaves no room on the disk, until Drain, also after a power failure.
func (d *Disk) Fill() error {
	d.full = true
	return fillIn(d.mount())
}

// Drain undoes Fill.
func (d *Disk) Drain() error {
	d.full = false
	return drainIn(d.mount())
}
