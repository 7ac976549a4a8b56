package cleavetest_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/cleavetest"
	"cleave/cleavetest/register"
	"cleave/harness"
	"cleave/workloads"
)

func TestWhatCannotBeRunIsSaid(t *testing.T) {
	good := systemOf(register.New)
	odd := good
	odd.Name = "a/b"
	for want, bad := range map[string]struct {
		system cleavetest.System
		plan   cleavetest.Plan
	}{
		"System.Node and System.Client must be there": {},
		"Faults and Schedule: it is one or the other": {good, cleavetest.Plan{Faults: "crash", Schedule: "x.yaml"}},
		"unknown fault":    {good, cleavetest.Plan{Faults: "earthquake"}},
		"unknown workload": {good, cleavetest.Plan{Workload: "chess"}},
		"queue promises nothing of a system that is lineariz": {good, cleavetest.Plan{Workload: "queue"}},
		"nodes: 200":                      {good, cleavetest.Plan{Nodes: 200}},
		"a file of faults is named by":    {good, cleavetest.Plan{Faults: "file"}},
		"Seeds: -1":                       {good, cleavetest.Plan{Seeds: -1}},
		"remove-member cannot be done":    {good, cleavetest.Plan{Faults: "remove-member"}},
		"is called by letters":            {odd, cleavetest.Plan{}},
		"a test runs in simulation alone": {good, cleavetest.Plan{Adjust: func(p *harness.Plan) { p.World = "docker" }}},
	} {
		_, err := cleavetest.Prepare("TestX", bad.system, bad.plan)
		require.ErrorContains(t, err, want)
	}
	_, err := cleavetest.Prepare("TestX", good, cleavetest.Plan{Workload: "broadcast"})
	require.NoError(t, err)
	anything := good
	anything.Guarantee = workloads.Available
	_, err = cleavetest.Prepare("TestX", anything, cleavetest.Plan{Workload: "discovery"})
	require.NoError(t, err)
	_, err = cleavetest.Prepare("TestX", good, cleavetest.Plan{Adjust: func(p *harness.Plan) { p.Custom = nil }})
	require.NoError(t, err, "it is the system's")
}

func TestFlags(t *testing.T) {
	for _, good := range []struct {
		seed, seeds, schedule string
		first, last           uint64
	}{
		{"", "", "", 1, 20}, {"7", "", "", 7, 7}, {"0x2a", "", "", 42, 42}, {"", "5-9", "", 5, 9}, {"", "5", "", 5, 5}, {"", "", "cut.yaml", 1, 20},
		{"18446744073709551615", "", "", math.MaxUint64, math.MaxUint64},
	} {
		first, last, schedule, err := cleavetest.Selected(20, good.seed, good.seeds, good.schedule)
		require.NoError(t, err)
		require.Equal(t, []any{good.first, good.last, good.schedule}, []any{first, last, schedule})
	}
	for _, bad := range [][3]string{{"x", "", ""}, {"-1", "", ""}, {"", "9-5", ""}, {"", "1-", ""}, {"1", "1-2", ""}, {"1", "", "f"}} {
		_, _, _, err := cleavetest.Selected(20, bad[0], bad[1], bad[2])
		require.ErrorContains(t, err, "-cleave.")
	}
}

func TestNamesOfTests(t *testing.T) {
	require.Equal(t, "Register-seed-7", cleavetest.NameOf("TestRegister/seed=7"))
	require.Equal(t, "system", cleavetest.NameOf("Test/…"))
	require.Len(t, cleavetest.NameOf("Test"+strings.Repeat("x", 100)), 60)
	require.Equal(t, `^TestX$/^a\+b$`, cleavetest.Pattern("TestX/a+b"))
}

func TestShortRunsFewerSeeds(t *testing.T) {
	for seeds, short := range map[int]uint64{0: 5, 1: 1, 4: 1, 5: 2, 100: 25} {
		b := prepare(t, systemOf(register.New), cleavetest.Plan{Seeds: seeds})
		require.Equal(t, short, b.Count(true))
	}
}

func TestAScheduleByHand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cut.yaml")
	require.NoError(t, os.WriteFile(path, []byte("faults:\n  - kind: isolate-one\n    start: 6s\n    duration: 3s\n    target: [n2]\n"), 0o644))
	b := prepare(t, systemOf(register.New), cleavetest.Plan{Schedule: path})
	h := listen(t)
	require.NoError(t, b.Seed(h, 3, false))
	require.Contains(t, h.logs[0], "seed 3: valid")
	require.Contains(t, h.logs[0], "under isolate-one")
	require.False(t, b.Fixed())
	faults, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(faults, "seed: 9\n"...), 0o644))
	require.True(t, b.Fixed())

	b = prepare(t, systemOf(register.New), cleavetest.Plan{Schedule: filepath.Join(t.TempDir(), "none.yaml")})
	require.ErrorContains(t, b.Seed(h, 1, false), "none.yaml")
}

func TestAFolderOfSomethingElse(t *testing.T) {
	b := prepare(t, systemOf(register.NewLocal), cleavetest.Plan{})
	h := listen(t)
	require.NoError(t, b.Seed(h, 1, false))
	other := systemOf(register.New)
	other.Name = "another"
	require.ErrorContains(t, prepare(t, other, cleavetest.Plan{}).Given(h, filepath.Dir(h.attributes["cleave.report"])), "not of another")
}

func TestOfAStackOnlyItsOwnPartIsShown(t *testing.T) {
	stack := "out of paper\ngoroutine 7 [running]:\nruntime/debug.Stack()\n\t/go/stack.go:26\ncleave/world/sim.(*World).contain(0x1)\n\t/w.go:1\n" +
		"panic({0x1, 0x2})\n\t/go/panic.go:1\nexample.com/kv.print(...)\n\t/kv/print.go:3\ncleave/world/sim.(*side).hand\n\t/side.go:4\n"
	require.Equal(t, "out of paper\nexample.com/kv.print(...)\n\t/kv/print.go:3\n", cleavetest.OwnStack(stack))
	refused := strings.Replace(stack, "example.com", "cleave/world/sim.(*environment).Dial(...)\n\t/e.go:5\nexample.com", 1)
	require.Equal(t, cleavetest.OwnStack(stack), cleavetest.OwnStack(refused), "the world has refused what it was asked for")
}
