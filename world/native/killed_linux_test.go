package native

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// host is a harness: it has two nodes start processes of all kinds, says which, and goes on until it is killed.
func host() {
	t := &stranger{}
	s := stage(t, 2, actor(t, "servant"))
	for _, node := range s.cluster {
		s.ask(node, "deaf")
		fmt.Println(s.ask(node, "pid"), s.ask(node, "child"), s.ask(node, "child daemon"))
	}
	s.Pause("n2")
	fmt.Println(s.folder)
	for {
		s.pass(time.Second)
	}
}

// stranger is a testing.TB outside of a test.
type stranger struct{ testing.TB }

func (*stranger) Helper()        {}
func (*stranger) Cleanup(func()) {}
func (*stranger) FailNow()       { os.Exit(1) }
func (*stranger) Errorf(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format, arguments...)
}

// A harness that is killed leaves no process, however nodes go about it. Its folder is for Collect.
func TestNothingOutlivesTheHarness(t *testing.T) {
	for _, end := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
		t.Run(end.String(), func(t *testing.T) { outlives(t, end) })
	}
}

func outlives(t *testing.T, end syscall.Signal) {
	self, err := os.Executable()
	require.NoError(t, err)
	harness := exec.Command(self)
	harness.Env = append(os.Environ(), actVariable+"=host", "TMPDIR="+t.TempDir())
	harness.Stderr = os.Stderr
	harness.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := harness.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, harness.Start())
	var pids []string
	lines := bufio.NewScanner(out)
	for range 2 {
		require.True(t, lines.Scan())
		pids = append(pids, strings.Fields(lines.Text())...)
	}
	require.True(t, lines.Scan())
	require.Len(t, pids, 6)
	for _, pid := range pids {
		require.True(t, runs(t, pid))
	}
	require.NoError(t, syscall.Kill(-harness.Process.Pid, end)) // as a terminal does, to the group
	require.Error(t, harness.Wait())
	for _, pid := range pids {
		require.Eventually(t, func() bool { return !runs(t, pid) }, patience, time.Millisecond, "%s has outlived the harness", pid)
	}
	require.DirExists(t, lines.Text())
}
