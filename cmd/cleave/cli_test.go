package main

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/ensemble"
)

// zkCli is the shell of Debian's package.
const zkCli = "/usr/share/zookeeper/bin/zkCli.sh"

// The real ZooKeeper's shell says the same of our ensemble as of the real one, but for ids, times and
// the order in which an event and a reply are printed by two threads.
func TestShellSaysTheSame(t *testing.T) {
	if !ensemble.Installed() {
		t.Skip("Debian's package zookeeper is not installed")
	}
	extra := []string{"extendedTypesEnabled=true", "reconfigEnabled=false"}
	real := shell(t, servers(t, ensemble.ZooKeeper, 3, extra...))
	ours := shell(t, servers(t, ensemble.Cleave, 3, extra...))
	require.Greater(t, len(real), 100, "the shell said nothing")
	require.Equal(t, strings.Join(real, "\n"), strings.Join(ours, "\n"))
}

// shell runs the script and gives what was printed, normalised.
func shell(t *testing.T, e *ensemble.Ensemble) []string {
	t.Helper()
	script, err := os.Open("testdata/zkcli.txt")
	require.NoError(t, err)
	defer script.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, zkCli, "-server", e.Address(e.Leader()))
	command.Stdin = script
	command.Env = append(os.Environ(), "ZOO_LOG_DIR="+t.TempDir(), "CLIENT_JVMFLAGS=-Dlog4j.rootLogger=OFF")
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	if os.Getenv("CLEAVE_SHOW") != "" {
		t.Logf("%s", output)
	}
	return normalised(string(output), e)
}

var (
	logLine = regexp.MustCompile(`^\d{4}-\d\d-\d\d .*$`)
	zxids   = regexp.MustCompile(`0x[0-9a-f]+`)
	dates   = regexp.MustCompile(`(?m)^(ctime|mtime) = .*$`)
	prompt  = regexp.MustCompile(`\[zk: [^\]]*\] `)
	members = regexp.MustCompile(`(server\.\d)=127\.0\.0\.1:\d+:\d+`)
)

// normalised takes out what may differ: zxids, times, addresses, log lines. Events are printed by a
// thread of their own, so they go to the end, in their own order.
func normalised(output string, e *ensemble.Ensemble) (lines []string) {
	for i := range e.Size() {
		output = strings.ReplaceAll(output, "Connecting to "+e.Address(i), "Connecting to ADDRESS")
	}
	output = prompt.ReplaceAllString(output, "> ")
	output = dates.ReplaceAllString(output, "$1 = TIME")
	output = zxids.ReplaceAllString(output, "ID")
	output = members.ReplaceAllString(output, "$1=MEMBER")
	var events []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n ")
		switch {
		case logLine.MatchString(line), line == "", strings.HasPrefix(line, "WATCHER::"), strings.HasPrefix(line, "SLF4J"):
		case strings.HasPrefix(line, "WatchedEvent"):
			events = append(events, line)
		default:
			lines = append(lines, line)
		}
	}
	return append(lines, events...)
}
