package fabric

import (
	"errors"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Able lists what keeps a switch from working on this machine, and tries one out if nothing seems to.
// None means that it works.
func Able() []Finding {
	findings := append(capabilities(), tunnels()...)
	if len(findings) > 0 {
		return findings
	}
	if err := trial(); err != nil {
		return []Finding{{"a switch cannot be set up here: " + err.Error(),
			"run it on a Linux kernel with network namespaces and TUN/TAP (CONFIG_NET_NS, CONFIG_TUN)"}}
	}
	return nil
}

// capabilities looks for the two that are needed (capabilities(7)).
func capabilities() []Finding {
	held, err := capabilitiesHeld()
	if err != nil {
		return []Finding{{"the capabilities of this process are unknown: " + err.Error(), "mount /proc"}}
	}
	var findings []Finding
	for _, needed := range []struct {
		name, why string
		bit       uint
	}{{"CAP_NET_ADMIN", "to set up network devices", unix.CAP_NET_ADMIN}, {"CAP_SYS_ADMIN", "to enter network namespaces", unix.CAP_SYS_ADMIN}} {
		if held&(1<<needed.bit) == 0 {
			option := strings.TrimPrefix(needed.name, "CAP_")
			findings = append(findings, Finding{needed.name + " is missing, " + needed.why, "run as root, or in a container with --cap-add " + option})
		}
	}
	return findings
}

// capabilitiesHeld is the effective set of this thread (proc_pid_status(5)).
func capabilitiesHeld() (uint64, error) {
	status, err := os.ReadFile("/proc/thread-self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if set, found := strings.CutPrefix(line, "CapEff:"); found {
			return strconv.ParseUint(strings.TrimSpace(set), 16, 64)
		}
	}
	return 0, errors.New("the status of the thread has no line CapEff")
}

// tunnels tries to open the device that makes devices.
func tunnels() []Finding {
	file, err := os.OpenFile(tunDevice, os.O_RDWR, 0)
	switch {
	case err == nil:
		_ = file.Close()
		return nil
	case errors.Is(err, os.ErrPermission):
		return []Finding{{tunDevice + " may not be opened", "run as root, or in a container with --device " + tunDevice}}
	case errors.Is(err, os.ErrNotExist), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return []Finding{{tunDevice + " is missing", "load it with modprobe tun, or run in a container with --device " + tunDevice}}
	}
	return []Finding{{tunDevice + " cannot be opened: " + err.Error(), "load it with modprobe tun"}}
}

// trial sets up a namespace and a device in it.
func trial() error {
	namespace, err := NewNamespace()
	if err != nil {
		return err
	}
	device, err := openTap(namespace, netip.AddrFrom4([4]byte{10, 64, 0, 1}))
	if err == nil {
		err = device.Close()
	}
	return errors.Join(err, namespace.Close())
}
