package owner_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"cleave/world/docker/owner"

	"github.com/stretchr/testify/require"
)

func self(t *testing.T) owner.Owner {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("this machine has no /proc")
	}
	me, err := owner.Self()
	require.NoError(t, err)
	return me
}

func TestSelfIsAlive(t *testing.T) {
	me := self(t)
	again, err := owner.Parse(me.String())
	require.NoError(t, err)
	require.Equal(t, me, again)
	alive, err := again.Alive()
	require.NoError(t, err)
	require.True(t, alive)
}

func TestOthers(t *testing.T) {
	me := self(t)
	for name, test := range map[string]struct {
		change func(*owner.Owner)
		alive  bool
	}{
		"the number was given out again": {func(o *owner.Owner) { o.Start-- }, false},
		"no such process":                {func(o *owner.Owner) { o.PID = 1 << 30 }, false},
		"before the last boot":           {func(o *owner.Owner) { o.Boot = "another" }, false},
		"of another namespace":           {func(o *owner.Owner) { o.Space = "1"; o.PID = 1 << 30 }, true},
	} {
		t.Run(name, func(t *testing.T) {
			other := me
			test.change(&other)
			alive, err := other.Alive()
			require.NoError(t, err)
			require.Equal(t, test.alive, alive)
		})
	}
}

// A process that was killed and that its parent has not buried yet is dead.
func TestZombieIsDead(t *testing.T) {
	me := self(t)
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Skip("this machine has no program \"sleep\": ", err)
	}
	stat := func() (start uint64, state string) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child.Process.Pid))
		require.NoError(t, err)
		var skip string
		fields := []any{&skip, &skip, &state}
		for range 18 {
			fields = append(fields, &skip)
		}
		_, err = fmt.Sscan(string(text), append(fields, &start)...)
		require.NoError(t, err)
		return start, state
	}
	start, _ := stat()
	other := owner.Owner{PID: child.Process.Pid, Start: start, Boot: me.Boot, Space: me.Space}
	alive, err := other.Alive()
	require.NoError(t, err)
	require.True(t, alive)
	require.NoError(t, child.Process.Kill())
	for state := ""; state != "Z"; {
		_, state = stat()
	}
	alive, err = other.Alive()
	require.NoError(t, err)
	require.False(t, alive)
	require.Error(t, child.Wait())
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "1", "1.2.3", "x.2.b.s", "1.x.b.s", "-1.2.b.s", "1.2..s", "1.2.b.", "1.2.b.s.t"} {
		_, err := owner.Parse(text)
		require.ErrorContains(t, err, "names no owner", text)
	}
}

// What a process made can be told from what another one did, even if both had the same number.
func Example() {
	old, _ := owner.Parse("4711.88123.2f1c.4026531836")
	fmt.Println(old.PID, old.Boot)
	fmt.Println(old.Alive())
	// Output:
	// 4711 2f1c
	// false <nil>
}
