package layer

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
	"golang.org/x/sys/unix"
)

// Layer shows what is in a folder at another place. Its methods may be called by any goroutine.
type Layer struct {
	place  string
	failed func()
	server *fuse.Server

	mutex  sync.Mutex
	longer time.Duration // that each sync takes
	ails   bool          // each sync fails
	told   bool          // one has failed since
	met    Met

	// Whatever changes a file holds the gate open for others; an end of the disk has it to itself.
	gate sync.RWMutex
	doom *doom         // of the next sync
	over chan struct{} // a sync has met its doom: until it is closed no sync comes to an end
}

// Able says what this machine lacks for layers, nil if nothing.
func Able() error {
	device, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("meeting the syncs of a disk needs FUSE: %w", err)
	}
	_ = device.Close() // nothing was asked for
	var own unix.CapUserData
	if err := unix.Capget(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_1}, &own); err != nil {
		return fmt.Errorf("looking at the rights of the process: %w", err)
	}
	if own.Effective&(1<<unix.CAP_SYS_ADMIN) == 0 {
		return errors.New("meeting the syncs of a disk needs the right to mount: run as root, or with CAP_SYS_ADMIN")
	}
	return nil
}

// Put makes a folder at a place, where there is none, and shows there what is in another folder. After each Ail(true)
// failed is called at the first sync that fails; it must not wait for whoever syncs. It errors if Able does.
func Put(folder, place string, failed func()) (*Layer, error) {
	if err := Able(); err != nil {
		return nil, err
	}
	l := &Layer{place: place, failed: failed}
	root, err := fs.NewLoopbackRoot(folder)
	if err == nil {
		err = os.Mkdir(place, 0o755)
	}
	if err != nil {
		return nil, fmt.Errorf("laying a layer over %s: %w", folder, err)
	}
	var silent log.Logger // the library complains of those who do not wait for its answers
	silent.SetOutput(io.Discard)
	// No time is given for which the kernel may remember names and attributes: the folder changes also beside the layer.
	// Writes are to be seen, so they are not to pass the layer by either (FUSE passthrough).
	l.server, err = fs.Mount(place, &node{LoopbackNode: root.(*fs.LoopbackNode), layer: l}, &fs.Options{MountOptions: fuse.MountOptions{
		AllowOther: true, Options: []string{"default_permissions"}, FsName: "cleave", Name: "cleave", DirectMountStrict: true,
		DisabledCapabilities: fuse.CAP_PASSTHROUGH, MaxWrite: 1 << 20, Logger: &silent}})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("mounting a layer over %s: %w", folder, err), os.Remove(place))
	}
	return l, nil
}

// Slow has every sync that begins from now on take so much longer, zero or less for no longer.
func (l *Layer) Slow(longer time.Duration) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.longer = longer
}

// Ail has every sync fail, with EIO and nothing passed on, or no longer.
func (l *Layer) Ail(ails bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.ails, l.told = ails, l.told && ails
}

// Met is how many syncs there were so far.
func (l *Layer) Met() Met {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.met
}

// Close unmounts the layer and removes its place. It waits ten seconds at most for whoever uses it; those who do then
// keep what they have open.
func (l *Layer) Close() error {
	l.Spare()
	err := unix.Unmount(l.place, unix.UMOUNT_NOFOLLOW)
	for deadline := time.Now().Add(10 * time.Second); err == unix.EBUSY && time.Now().Before(deadline); err = unix.Unmount(l.place, unix.UMOUNT_NOFOLLOW) {
		time.Sleep(5 * time.Millisecond)
	}
	if err == unix.EBUSY {
		err = unix.Unmount(l.place, unix.UMOUNT_NOFOLLOW|unix.MNT_DETACH)
	} else if err == nil {
		l.server.Wait()
	}
	if err == nil {
		err = os.Remove(l.place)
	}
	if err != nil {
		return fmt.Errorf("taking a layer away from %s: %w", l.place, err)
	}
	return nil
}

// meet lets a sync have what is in store for it, and passes it on if that is to be.
func (l *Layer) meet(cancel <-chan struct{}, n *node, pass func() error) error {
	l.mutex.Lock()
	longer := l.longer
	l.met.Syncs++
	if longer > 0 {
		l.met.Slowed++
	}
	l.mutex.Unlock()
	if longer > 0 {
		select {
		case <-time.After(longer):
		case <-cancel: // a signal: that of a kill, or one after which it is tried again
			return unix.EINTR
		}
	}
	if over := l.end(n, pass); over != nil {
		select {
		case <-cancel: // whoever waits is killed, and hears nothing
			return unix.EINTR
		case <-over:
			return unix.EIO
		}
	}
	l.mutex.Lock()
	ails, first := l.ails, l.ails && !l.told
	l.told = l.told || first
	if ails {
		l.met.Failed++
	}
	l.mutex.Unlock()
	if first {
		l.failed()
	}
	if ails {
		return unix.EIO
	}
	return pass()
}
