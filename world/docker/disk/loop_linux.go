package disk

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// attach puts a file behind a free loop device, which the kernel frees again by itself once nobody has
// it open or mounted. See loop(4).
func attach(image *os.File) (*os.File, error) {
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = control.Close() }() // nothing was written
	const attempts = 64
	for range attempts {
		number, err := unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
		if err != nil {
			return nil, fmt.Errorf("finding a free loop device: %w", err)
		}
		device, err := os.OpenFile(fmt.Sprintf("/dev/loop%d", number), os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		err = unix.IoctlLoopConfigure(int(device.Fd()), &unix.LoopConfig{Fd: uint32(image.Fd()),
			Info: unix.LoopInfo64{Flags: unix.LO_FLAGS_AUTOCLEAR}})
		if err == nil {
			return device, nil
		}
		_ = device.Close() // never was ours
		if err != unix.EBUSY {
			return nil, fmt.Errorf("using %s: %w", device.Name(), err)
		}
		// Somebody else was faster.
	}
	return nil, fmt.Errorf("no free loop device in %d attempts", attempts)
}
