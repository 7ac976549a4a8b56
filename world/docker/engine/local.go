package engine

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/docker/docker/client"
)

// Local errors with the reason if the engine is not of this machine: then the numbers of its processes
// mean nothing here, and their namespaces cannot be entered.
func (e *Engine) Local() error {
	if e.Foreign == "" {
		return nil
	}
	return fmt.Errorf("the Docker engine at %s is not of this machine (%s): run Cleave where its containers run", e.Host, e.Foreign)
}

// foreign says why an engine is not of this machine, as far as can be told without a container: one in
// a virtual machine, such as Docker Desktop's, has another kernel.
func foreign(c *client.Client, kernel string) string {
	if !strings.HasPrefix(c.DaemonHost(), "unix://") {
		return "it is reached over a network"
	}
	ours, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "this is not Linux"
	}
	if running := strings.TrimSpace(string(ours)); running != kernel {
		return fmt.Sprintf("its kernel is %s, ours %s", kernel, running)
	}
	connection, err := c.Dialer()(context.Background())
	if err != nil {
		return err.Error()
	}
	defer func() { _ = connection.Close() }() // nothing was sent
	if socket, ok := connection.(*net.UnixConn); !ok || !visible(socket) {
		return "its processes are not visible from here"
	}
	return ""
}

// belongs errors if a process is not one of a container, whose full id the engine gave: then the engine
// counts processes otherwise than we do.
func belongs(pid int, id string) error {
	groups, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return err
	}
	if !strings.Contains(string(groups), id) {
		return fmt.Errorf("process %d is not the container's: the Docker engine counts processes otherwise than this machine", pid)
	}
	return nil
}
