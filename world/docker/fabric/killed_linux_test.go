package fabric

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vishvananda/netlink"
)

// When the harness is killed, its devices are gone from namespaces that live on, and so are the
// namespaces that it held itself. To see that, the child ties a device here to one in its namespace: the
// system takes both away with that.
func TestKilledProcessLeavesNothing(t *testing.T) {
	const mark = "CLEAVE_FABRIC_CHILD"
	if os.Getenv(mark) != "" {
		becomeChild(t)
		return
	}
	wantAble(t)
	ours := newNamespace(t)
	child := exec.Command(os.Args[0], "-test.run=^TestKilledProcessLeavesNothing$")
	child.Env = append(os.Environ(), mark+"=1")
	child.ExtraFiles = []*os.File{ours.file}
	child.Stderr = os.Stderr
	output, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	if line != "ready\n" {
		_ = child.Process.Kill()
		t.Fatalf("the child says %q, %v", line, err)
	}
	require.Equal(t, []string{"eth0", "lo", "witness"}, allDevices(t, ours))
	require.NoError(t, child.Process.Kill())
	_ = child.Wait()
	require.Eventually(t, func() bool { return slices.Equal([]string{"lo"}, allDevices(t, ours)) }, 10*time.Second, 10*time.Millisecond)
}

func becomeChild(t *testing.T) {
	given := &Namespace{os.NewFile(3, "namespace")}
	own, err := NewNamespace()
	require.NoError(t, err)
	s, err := New(Options{})
	require.NoError(t, err)
	require.NoError(t, s.Attach(given, "n1", "n1", addressOf(1)))
	require.NoError(t, s.Attach(own, "c1", "n1", addressOf(2)))
	s.Cut("n1", "c1")
	require.NoError(t, own.Do(func() error {
		return netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "tied"}, PeerName: "witness", PeerNamespace: netlink.NsFd(3)})
	}))
	fmt.Println("ready")
	time.Sleep(time.Minute)
}

// allDevices are those of a namespace, up or not.
func allDevices(t *testing.T, n *Namespace) (names []string) {
	require.NoError(t, n.Do(func() error {
		all, err := net.Interfaces()
		for _, each := range all {
			names = append(names, each.Name)
		}
		return err
	}))
	slices.Sort(names)
	return names
}
