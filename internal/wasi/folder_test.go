package wasi

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cleave/world"
)

// inputs gives lines, a tenth of a second apart.
func inputs(lines ...string) func(*Instance, world.Environment) {
	return func(i *Instance, env world.Environment) {
		for n, line := range lines {
			env.After(time.Duration(n)*100*time.Millisecond, func() { i.Input([]byte(line)) })
		}
	}
}

// said is what a script says, without the times.
func said(script []string) (lines []string) {
	for _, line := range script {
		_, line, _ = strings.Cut(line, " ")
		lines = append(lines, line)
	}
	return lines
}

func expect(t *testing.T, script []string, wanted ...string) {
	t.Helper()
	if got := said(script); !slices.Equal(got, wanted) {
		t.Errorf("it did\n  %s\nnot\n  %s", strings.Join(got, "\n  "), strings.Join(wanted, "\n  "))
	}
}

// What was synced is there after a crash, and a sync takes the disk's time.
func TestAJournalOutlivesACrash(t *testing.T) {
	m := boots(t, 3, guestProgram(t, "guest"), Options{Arguments: []string{"guest", "journal"}}, inputs("one", "two"))
	m.until(time.Second)
	if slices.Contains(m.script, "0s out kept one") {
		t.Error("a sync took no time")
	}
	m.kill()
	m.Restart("n1")
	m.until(2 * time.Second)
	m.kill()
	expect(t, m.script, `out found "" false`, "out kept one", "out kept two", `out found "one;two;" true`, "out kept one", "out kept two")
}

// A change that is not synced is lost: the old content is there again.
func TestWhatIsNotSyncedIsLost(t *testing.T) {
	options := Options{Arguments: []string{"guest", "settle", "old", "sync"}}
	m := boots(t, 3, guestProgram(t, "guest"), options, func(i *Instance, _ world.Environment) {
		i.options.Arguments[2], i.options.Arguments[3] = "newer", "no"
	})
	m.until(time.Second)
	m.kill()
	m.Restart("n1")
	m.until(2 * time.Second)
	m.kill()
	m.Restart("n1")
	m.until(3 * time.Second)
	expect(t, m.script, `out found ""`, "out sync: <nil>", `out now "old"`, `out found "old"`, `out now "newer"`, `out found "old"`, `out now "newer"`)
}

func TestASyncThatFails(t *testing.T) {
	m := boots(t, 3, guestProgram(t, "guest"), Options{Arguments: []string{"guest", "settle", "new", "sync"}}, nil)
	m.FailSync("n1")
	m.until(time.Second)
	expect(t, m.script, `out found ""`, "out sync: sync state: I/O error", `out now "new"`)
}

// A file that is replaced by renaming holds the old content or the new at any moment of a kill.
func TestARenameOutlivesAKillAtAnyMoment(t *testing.T) {
	seen := map[string]int{}
	for moment := range 50 {
		m := boots(t, uint64(moment), guestProgram(t, "guest"), Options{Arguments: []string{"guest", "save"}}, inputs("one", "two"))
		killed := 100*time.Millisecond + time.Duration(moment)*50*time.Microsecond
		m.until(killed)
		m.kill()
		kept := said(m.script)[len(m.script)-1]
		before := len(m.script)
		m.Restart("n1")
		m.until(killed + 1)
		m.kill()
		seen[kept+", then "+said(m.script[before:])[0]]++
	}
	for life, times := range seen {
		t.Logf("%2d times %s", times, life)
	}
	early, same, late := seen[`out kept one, then out found "one"`], seen[`out kept two, then out found "two"`], seen[`out kept one, then out found "two"`]
	if early+same+late != 50 || early == 0 || same == 0 {
		t.Errorf("not only what was kept, or came after it, and both: %v", seen)
	}
}

func TestFiles(t *testing.T) {
	script := play(t, 1, Options{Arguments: []string{"guest", "files"}}, 10*time.Second, nil)
	expect(t, script, strings.Split(strings.TrimSpace(wantedOfFiles), "\n")...)
}

const wantedOfFiles = `
out make: <nil> mkdir a: File exists mkdir b/c: No such file or directory <nil>
out write: <nil> open none/one: No such file or directory
out open: <nil>
out read at 3: 4 3456 <nil>
out write at 2: 3 <nil>
out seek: 8 <nil>
out write at the end: <nil> <nil> <nil>
out content: 01abc567x <nil>
out a hole: "01abc567x\x00\x00\x00!" <nil>
out remove what is open: <nil>
out gone: true 13 <nil> <nil>
out move: <nil> <nil> <nil> rename no yes: No such file or directory
out refused: remove a: Directory not empty rename two a: File exists rename a a/b/x: Invalid argument open a: Is a directory
out outside: open ../outside: No such file or directory
out list /: [a/ two]
out list a: [b/]
out list a/b: [c/]
out list a/b/c: []
out many: 300 true
end exited exited with status 0
`
