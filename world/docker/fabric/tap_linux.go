package fabric

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	tunDevice  = "/dev/net/tun"
	deviceName = "eth0"
	// networkBits is how much of an address names the network.
	networkBits = 16
	// roomForFrames is how many frames wait in a device until the switch reads them. More are thrown away,
	// so it is enough for a burst of all connections of a node.
	roomForFrames = 4096
)

// tap is a TAP device of a namespace (Linux, Documentation/networking/tuntap.rst). It is gone when its
// file is closed, and so when this process ends. Without offloads it computes checksums and cuts large
// segments before we see them, as a network card does.
type tap struct {
	*os.File
	system *netlink.Handle // speaks for the namespace, from anywhere
	device netlink.Link
}

func openTap(namespace *Namespace, address netip.Addr) (device, error) {
	t := &tap{}
	if err := namespace.Do(t.make); err != nil {
		return nil, errors.Join(fmt.Errorf("making %s: %w", deviceName, err), t.Close())
	}
	if err := t.setUp(address); err != nil {
		return nil, errors.Join(fmt.Errorf("setting %s up: %w", deviceName, err), t.Close())
	}
	return t, nil
}

// make makes the device in this thread's namespace.
func (t *tap) make() error {
	descriptor, err := unix.Open(tunDevice, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return &os.PathError{Op: "open", Path: tunDevice, Err: err}
	}
	request, err := unix.NewIfreq(deviceName)
	if err != nil {
		return errors.Join(err, unix.Close(descriptor))
	}
	request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI | unix.IFF_TUN_EXCL)
	if err := unix.IoctlIfreq(descriptor, unix.TUNSETIFF, request); err != nil {
		return errors.Join(os.NewSyscallError("TUNSETIFF", err), unix.Close(descriptor))
	}
	t.File = os.NewFile(uintptr(descriptor), tunDevice) // now that it is a device: before, it cannot be waited for
	if err := refuseIPv6(deviceName); err != nil {
		return err
	}
	t.system, err = netlink.NewHandle(unix.NETLINK_ROUTE)
	return err
}

// setUp gives the device its addresses and starts it.
func (t *tap) setUp(address netip.Addr) error {
	var err error
	if t.device, err = t.system.LinkByName(deviceName); err != nil {
		return err
	}
	hardware := hardwareAddress(address)
	if err := t.system.LinkSetHardwareAddr(t.device, hardware[:]); err != nil {
		return fmt.Errorf("Ethernet address %v: %w", net.HardwareAddr(hardware[:]), err)
	}
	if err := t.system.LinkSetTxQLen(t.device, roomForFrames); err != nil {
		return fmt.Errorf("a queue of %d frames: %w", roomForFrames, err)
	}
	whole := &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(networkBits, 32)}
	if err := t.system.AddrAdd(t.device, &netlink.Addr{IPNet: whole}); err != nil {
		return fmt.Errorf("address %v: %w", whole, err)
	}
	return t.system.LinkSetUp(t.device)
}

// meet enters a neighbour for good, so that nobody has to ask for it.
func (t *tap) meet(neighbour netip.Addr) error {
	hardware := hardwareAddress(neighbour)
	return t.system.NeighSet(&netlink.Neigh{LinkIndex: t.device.Attrs().Index, State: netlink.NUD_PERMANENT,
		IP: neighbour.AsSlice(), HardwareAddr: hardware[:]})
}

// spilled counts what the device could not take, from its namespace or from us.
func (t *tap) spilled() (int64, error) {
	device, err := t.system.LinkByIndex(t.device.Attrs().Index)
	if err != nil {
		return 0, err
	}
	counts := device.Attrs().Statistics
	return int64(counts.TxDropped + counts.RxDropped), nil
}

// Close removes the device.
func (t *tap) Close() error {
	if t.system != nil {
		t.system.Close()
	}
	if t.File == nil {
		return nil
	}
	return t.File.Close()
}
