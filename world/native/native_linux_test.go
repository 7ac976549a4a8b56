package native

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLinesGoInAndOut(t *testing.T) {
	s := stage(t, 3, actor(t, "servant"))
	require.Equal(t, "hello", s.ask("n1", "say hello"))
	require.Equal(t, "you there", s.ask("n3", "say you there"))
	require.Equal(t, []string{"c1 hello"}, s.lines["n1"])
	require.Empty(t, s.lines["n2"])
	require.NotEqual(t, s.ask("n1", "pid"), s.ask("n2", "pid"))
}

// A cut stops what processes say, and is counted.
func TestNetworkIsTheSimulators(t *testing.T) {
	s := stage(t, 2, actor(t, "servant"))
	s.ask("n2", "say hello")
	s.Cut("n2", "c1")
	answered := s.begin("n2", "say lost")
	s.eventually("the answer is lost", func() bool { return s.Dropped("n2", "c1") == 1 })
	s.Mend("n2", "c1")
	_, is := answered()
	require.False(t, is)
	require.Equal(t, "found", s.ask("n2", "say found"))
}

// A node that is killed starts as another process, in its folder.
func TestKillAndRestart(t *testing.T) {
	s := stage(t, 2, actor(t, "servant"))
	before := s.ask("n1", "pid")
	require.Equal(t, "written <nil>", s.ask("n1", "write this"))
	s.Kill("n1")
	s.eventually("the process is gone", func() bool { return !runs(t, before) })
	s.begin("n1", "say nobody hears it")
	s.pass(50 * time.Millisecond)
	s.Restart("n1")
	require.Equal(t, "this", s.ask("n1", "read"))
	require.NotEqual(t, before, s.ask("n1", "pid"))
	require.Equal(t, "nothing", s.ask("n2", "read"), "each node has a folder of its own")
	require.Empty(t, s.notes, "it did not end by itself")
}

// A paused node stands still, with what it has started, and answers afterwards.
func TestPause(t *testing.T) {
	s := stage(t, 2, actor(t, "servant"))
	all := []string{s.ask("n1", "pid"), s.ask("n1", "child"), s.ask("n1", "child daemon")}
	s.Pause("n1")
	s.Pause("n1")
	for _, pid := range all {
		s.eventually(pid+" stands still", func() bool { return stateOf(t, pid).still() })
	}
	answered := s.begin("n1", "say late")
	s.Resume("n1")
	s.pass(50 * time.Millisecond)
	_, is := answered()
	require.False(t, is, "one of two pauses is left")
	s.Resume("n1")
	s.eventually("it answers late", func() bool { answer, is := answered(); return is && answer == "late" })
	for _, pid := range all {
		s.eventually(pid+" goes on", func() bool { return !stateOf(t, pid).still() })
	}
}

// What a fault does to a folder is done while no process is there, or while it stands still.
func TestDisks(t *testing.T) {
	s := stage(t, 2, actor(t, "servant"))
	without := func(harm func()) {
		s.Kill("n1")
		harm()
		s.Restart("n1")
	}
	s.ask("n1", "write old")
	pid := s.ask("n1", "pid")
	s.KeepDisk("n1")
	s.done("n1") // it takes a moment, in which the node would go on
	s.ask("n1", "write new")
	require.Equal(t, pid, s.ask("n1", "pid"), "it goes on after the copy is made")
	without(func() { s.LoseDisk("n1") })
	require.Equal(t, "nothing", s.ask("n1", "read"))
	s.ask("n1", "write newer")
	without(func() { s.RestoreDisk("n1") })
	require.Equal(t, "old", s.ask("n1", "read"))
	without(func() { s.FlipBit("n1", 1) })
	require.NotEqual(t, "old", s.ask("n1", "read"))
	without(func() { s.MendBit("n1") })
	require.Equal(t, "old", s.ask("n1", "read"))
	without(func() { s.RestoreDisk("n2") })
	require.Equal(t, "old", s.ask("n1", "read"))
}

// A slow node takes long for much, and is as it was afterwards, also in its next life.
func TestSlow(t *testing.T) {
	s := stage(t, 1, actor(t, "servant"))
	pid := s.ask("n1", "pid")
	s.Slow("n1", 5*time.Millisecond)
	s.eventually("it stands still at times", func() bool { return stateOf(t, pid).still() })
	s.eventually("and goes on", func() bool { return !stateOf(t, pid).still() })
	require.Equal(t, "yes", s.ask("n1", "say yes"))
	s.Kill("n1")
	s.Restart("n1")
	pid = s.ask("n1", "pid")
	s.eventually("so does the next", func() bool { return stateOf(t, pid).still() })
	s.Slow("n1", -5*time.Millisecond)
	s.eventually("it goes on for good", func() bool {
		for range 20 { // a slow one stands still at nearly every look
			s.pass(2 * time.Millisecond)
			if stateOf(t, pid).still() {
				return false
			}
		}
		return true
	})
}

// What a process does wrong ends it, with a reason, and it is started again.
func TestMisbehaviour(t *testing.T) {
	limits := Limits{Line: 1 << 10, Rate: 1 << 20, Waiting: 1 << 20, Memory: 2 << 30}
	for _, each := range []struct{ order, reason string }{
		{"exit 3", "exited with status 3: error: this is the end"},
		{"exit 0", "exited with status 0: error: this is the end"},
		{"crash", "exited with status 2: panic: out of ideas"},
		{"flood", "printed more than 1 MiB in one second of its clock (a limit)"},
		{"long", "printed a line of more than 1 KiB (a limit)"},
		{"grow", "exited with status 2: fatal error: runtime: cannot allocate memory"},
	} {
		t.Run(each.order, func(t *testing.T) {
			program := actor(t, "servant")
			program.Limits = limits
			s := stage(t, 2, program)
			before := s.ask("n1", "pid")
			s.begin("n1", each.order)
			reason := s.reason("n1")
			if each.order == "grow" {
				require.Contains(t, reason, "exited with status 2: fatal error: ") // of what kind depends on how the test was built
			} else {
				require.Equal(t, each.reason, reason)
			}
			require.Equal(t, "other", s.ask("n2", "say other"))
			s.eventually("it is gone", func() bool { return !runs(t, before) })
		})
	}
}

// A process that has ended is started again.
func TestSupervision(t *testing.T) {
	s := stage(t, 1, actor(t, "servant"))
	before := s.ask("n1", "pid")
	s.begin("n1", "exit 1")
	s.eventually("another process answers", func() bool {
		answered := s.begin("n1", "pid")
		s.pass(50 * time.Millisecond)
		answer, is := answered()
		return is && answer != before
	})
}

// A process that does not read its input is ended when too much waits, not before.
func TestDeafProcess(t *testing.T) {
	program := actor(t, "servant")
	program.Limits.Waiting = 1 << 20
	s := stage(t, 1, program)
	s.begin("n1", "sleep")
	text := "say " + strings.Repeat("z", 1<<16)
	sent := 0
	s.eventually("it ends", func() bool {
		s.begin("n1", text)
		sent += len(text)
		return len(s.notes) > 0
	})
	require.Equal(t, "did not read its input: more than 1 MiB wait (a limit)", s.reason("n1"))
	require.Greater(t, sent, 1<<20)
}

// A program that is not there is a reason too.
func TestProgramIsMissing(t *testing.T) {
	s := stage(t, 1, Program{Path: "/nowhere/to/be/found"})
	require.Equal(t, "cannot be started: no such file or directory", s.reason("n1"))
}

// Of a log that never ends the beginning is kept.
func TestLogIsBounded(t *testing.T) {
	program := actor(t, "servant")
	program.Limits.Log = 1 << 10
	log := &strings.Builder{}
	s := stage(t, 1, program, log)
	require.Equal(t, "chatter", s.ask("n1", "chatter"))
	s.eventually("the log ends", func() bool { return strings.Contains(log.String(), "the log ends here: over 1 KiB in a life") })
	require.Less(t, log.Len(), 200<<10)
	require.Equal(t, "still", s.ask("n1", "say still"))
}

// All that a node has started goes with it, whatever it does against that.
func TestNothingOutlivesANode(t *testing.T) {
	s := stage(t, 1, actor(t, "servant"))
	s.ask("n1", "deaf")
	all := []string{s.ask("n1", "pid"), s.ask("n1", "child"), s.ask("n1", "child daemon")}
	for _, pid := range all {
		require.True(t, runs(t, pid))
	}
	s.Kill("n1")
	for _, pid := range all {
		s.eventually(pid+" is gone", func() bool { return !runs(t, pid) })
	}
	s.Restart("n1")
	all = []string{s.ask("n1", "pid"), s.ask("n1", "child"), s.ask("n1", "child daemon")}
	s.begin("n1", "exit 0") // as a daemon would, whose work goes on elsewhere
	require.Equal(t, "exited with status 0: error: this is the end", s.reason("n1"))
	for _, pid := range all {
		s.eventually(pid+" is gone", func() bool { return !runs(t, pid) })
	}
}

// A stranger who kills a guard kills the node, and leaves what the node has started.
func TestGuardIsKilled(t *testing.T) {
	s := stage(t, 1, actor(t, "servant"))
	pid, daemon := s.ask("n1", "pid"), s.ask("n1", "child daemon")
	kill(t, strconv.Itoa(stateOf(t, pid).parent))
	require.Contains(t, s.reason("n1"), "its guard was killed")
	s.eventually("the node is gone", func() bool { return !runs(t, pid) })
	kill(t, daemon)
	require.NoError(t, s.Close())
}

func kill(t *testing.T, pid string) {
	number, err := strconv.Atoi(pid)
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(number, syscall.SIGKILL))
}

// Nor does anything outlive its world, not even a folder; a folder that was given stays.
func TestCloseLeavesNothing(t *testing.T) {
	s := stage(t, 1, actor(t, "servant"))
	all := []string{s.ask("n1", "pid"), s.ask("n1", "child daemon")}
	require.DirExists(t, s.folder)
	s.Pause("n1")
	require.NoError(t, s.Close())
	for _, pid := range all {
		require.False(t, runs(t, pid))
	}
	require.NoDirExists(t, s.folder)
}

// The harness says when it stood still.
func TestLateness(t *testing.T) {
	s := stage(t, 1, actor(t, "servant"))
	s.pass(10 * time.Millisecond)
	s.started = s.started.Add(-3 * time.Second)
	s.pass(3100 * time.Millisecond)
	longest := time.Duration(0)
	for _, note := range s.late {
		require.Equal(t, "late", note.Kind)
		stall, err := time.ParseDuration(note.Detail)
		require.NoError(t, err)
		longest = max(longest, stall)
	}
	require.GreaterOrEqual(t, longest, 3*time.Second-timeBeat)
}

// A folder of a run that is under way is left where it is; that of one that is no more is removed.
func TestCollect(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := stage(t, 1, actor(t, "servant"))
	removed, err := Collect(false)
	require.NoError(t, err)
	require.Empty(t, removed)
	whose := strings.Split(filepath.Base(s.folder), ".")
	whose[1] = "1" // another process of this number, long ago
	dead := filepath.Join(os.TempDir(), strings.Join(whose, "."))
	require.NoError(t, os.Mkdir(dead, 0o755))
	removed, err = Collect(false)
	require.NoError(t, err)
	require.Equal(t, []string{dead}, removed)
	require.DirExists(t, s.folder)
}

// What cannot be done panics and says so.
func TestLacking(t *testing.T) {
	s := stage(t, 1, actor(t, "servant"))
	for name, fault := range map[string]func(){
		"clock": func() { s.Skew("n1", 1) }, "power": func() { s.PowerOff("n1") }, "disk": func() { s.Fill("n1") }, "sync": func() { s.FailSync("n1") },
		"midst": func() { s.KillWriting("n1", 1) }, "slowing": func() { s.SlowSync("n1", 1) }, "member": func() { s.Renew("n1") },
	} {
		defer func() { require.Contains(t, fmt.Sprint(recover()), name) }()
		fault()
	}
}

// stateOf is what the kernel says of a process.
func stateOf(t *testing.T, pid string) process {
	number, err := strconv.Atoi(pid)
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return process{state: "X"}
	}
	p, good := parseStat(number, text)
	require.True(t, good)
	return p
}

func runs(t *testing.T, pid string) bool { return !strings.Contains("ZXx", stateOf(t, pid).state) }
