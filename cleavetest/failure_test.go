package cleavetest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/cleavetest"
	"cleave/cleavetest/raftkv"
	"cleave/cleavetest/register"
	"cleave/harness"
	"cleave/history"
	"cleave/world"
)

// heard is a testing.T that takes note of what it is told.
type heard struct {
	*testing.T
	attributes map[string]string
	logs       []string
	errors     []string
}

func listen(t *testing.T) *heard { return &heard{T: t, attributes: map[string]string{}} }

func (h *heard) Attr(key, value string)   { h.attributes[key] = value }
func (h *heard) Log(arguments ...any)     { h.logs = append(h.logs, fmt.Sprint(arguments...)) }
func (h *heard) Error(arguments ...any)   { h.errors = append(h.errors, fmt.Sprint(arguments...)) }
func (h *heard) Context() context.Context { return context.Background() }

// only is the one thing that went wrong.
func (h *heard) only() string {
	h.T.Helper()
	require.Len(h.T, h.errors, 1)
	return h.errors[0]
}

// systemOf is the register with other nodes.
func systemOf(node func(string, []string) world.Process) cleavetest.System {
	return cleavetest.System{Node: node, Client: cleavetest.Caller{Ask: register.Ask, Answer: register.Answer}.Client}
}

// small has runs be short, and folders go when the test is over.
func small(p *harness.Plan) {
	p.Duration, p.Warmup, p.Quiet = p.Duration/2, p.Warmup/2, p.Quiet/2
}

func prepare(t *testing.T, system cleavetest.System, plan cleavetest.Plan) *cleavetest.Bench {
	t.Setenv("TMPDIR", t.TempDir())
	if plan.Adjust == nil {
		plan.Adjust = small
	}
	b, err := cleavetest.Prepare(t.Name(), system, plan)
	require.NoError(t, err)
	return b
}

func TestAFailureIsMadeSmallAndToldAndKept(t *testing.T) {
	b := prepare(t, systemOf(register.NewLocal), cleavetest.Plan{Shrink: time.Minute}) // it takes less than a second
	h := listen(t)
	require.NoError(t, b.Seed(h, 1, false))
	text := h.only()
	for _, want := range []string{"seed 1 is invalid", "reads and writes are linearizable", "-> 2 operations, 1 fault, 3 nodes", "How this was broken",
		"again:   go test cleave/cleavetest -run '^TestAFailureIsMadeSmallAndToldAndKept$' -cleave.seed 1"} {
		require.Contains(t, text, want)
	}
	require.Equal(t, "1", h.attributes["cleave.seed"])
	require.Equal(t, "invalid", h.attributes["cleave.verdict"])
	require.Equal(t, "go test cleave/cleavetest -run '^TestAFailureIsMadeSmallAndToldAndKept$' -cleave.seed 1", h.attributes["cleave.replay"])
	report, err := os.ReadFile(h.attributes["cleave.report"])
	require.NoError(t, err)
	require.Contains(t, string(report), "How this was broken")

	shrunk := filepath.Dir(h.attributes["cleave.report"])
	require.Contains(t, text, "smaller: go test cleave/cleavetest -run '^TestAFailureIsMadeSmallAndToldAndKept$' -cleave.schedule "+shrunk)
	require.DirExists(t, filepath.Join(filepath.Dir(shrunk), "run"))
	for _, path := range []string{shrunk, filepath.Join(shrunk, "schedule.json")} {
		again := listen(t)
		require.NoError(t, b.Given(again, path))
		require.Contains(t, again.only(), "is invalid", "the shrunk run again, from %s", path)
		require.Contains(t, again.attributes["cleave.replay"], "-cleave.schedule "+path)

		another := listen(t)
		require.NoError(t, prepare(t, systemOf(register.NewLocal), cleavetest.Plan{}).Given(another, path), "in another process")
		require.NotContains(t, another.only(), "smaller:", "it is as small as can be")
	}

	later := listen(t)
	require.NoError(t, b.Seed(later, 2, false))
	require.Contains(t, later.only(), "-cleave.seed 2")
	require.NotContains(t, later.only(), "How this was broken", "only the first failure of a test is made small")
}

func TestWhatIsAsItShouldBePasses(t *testing.T) {
	b := prepare(t, systemOf(register.New), cleavetest.Plan{})
	h := listen(t)
	require.NoError(t, b.Seed(h, 1, true))
	require.Empty(t, h.errors)
	require.Empty(t, h.attributes)
	require.Contains(t, h.logs[0], "seed 1: valid")
}

// panicky is a node that panics.
type panicky struct{ world.Ignore }

func (panicky) Received(world.Connection, []byte) {
	var none []int
	_ = none[len(none)]
}

func TestAPanicIsAVerdictWithItsStack(t *testing.T) {
	b := prepare(t, systemOf(func(string, []string) world.Process { return panicky{} }), cleavetest.Plan{})
	h := listen(t)
	require.NoError(t, b.Seed(h, 1, false))
	require.Contains(t, h.only(), "panicked: runtime error: index out of range [0] with length 0\ncleave/cleavetest_test.panicky.Received(")
	require.NotContains(t, h.only(), "world/sim")
}

func TestAPanicOfAFactoryIsAVerdictToo(t *testing.T) {
	for what, node := range map[string]func(string, []string) world.Process{
		"no node today": func(string, []string) world.Process { panic("no node today") },
		"cleavetest: System.Node made nothing": func(string, []string) world.Process {
			return nil
		},
	} {
		b := prepare(t, systemOf(node), cleavetest.Plan{Shrink: -1})
		h := listen(t)
		require.NoError(t, b.Seed(h, 1, false))
		require.Contains(t, h.only(), "n1 panicked: "+what)
	}
}

// moody is a register that sends a word to some other node first, whoever a map has first.
type moody struct {
	world.Process
	env world.Environment
}

func (m *moody) Start(env world.Environment) {
	m.env = env
	m.Process.Start(env)
}

func (m *moody) Received(client world.Connection, text []byte) {
	for name := range map[string]bool{"n1": true, "n2": true, "n3": true, "n4": true, "n5": true} {
		m.env.Send(name, []byte("{}"))
		break
	}
	m.Process.Received(client, text)
}

func TestTheOrderOfAMapIsFound(t *testing.T) {
	b := prepare(t, systemOf(func(name string, nodes []string) world.Process { return &moody{Process: register.New(name, nodes)} }), cleavetest.Plan{})
	h := listen(t)
	require.NoError(t, b.Seed(h, 1, true))
	require.Contains(t, h.only(), "run twice, it is not the same")
	require.Regexp(t, `(?s)from event \d+ on\n  before: .*\n  once:   .*\n  again:  `, h.only())
	require.Equal(t, "not deterministic", h.attributes["cleave.verdict"])
}

// Only some seeds are run twice for that alone; but whatever fails is run again to be kept.
func TestAFailureThatDoesNotComeAgainIsNotToldAsIfItDid(t *testing.T) {
	var runs atomic.Int64
	b := prepare(t, systemOf(func(name string, nodes []string) world.Process {
		if name == "n1" {
			runs.Add(1)
		}
		if runs.Load() == 1 {
			return register.NewLocal(name, nodes)
		}
		return register.New(name, nodes)
	}), cleavetest.Plan{})
	h := listen(t)
	require.NoError(t, b.Seed(h, 1, false))
	require.Contains(t, h.only(), "seed 1 was invalid, but run twice, it is not the same: something decides that the seed does not")
	require.NotContains(t, h.only(), "report:")
	require.Equal(t, "not deterministic", h.attributes["cleave.verdict"])
}

func TestTheRandomnessInsideALibraryIsFound(t *testing.T) {
	h := listen(t)
	require.NoError(t, prepare(t, raftkv.System(raftkv.Options{RaftTimer: true}), cleavetest.Plan{}).Seed(h, 1, true))
	require.Contains(t, h.only(), "run twice, it is not the same")
}

func TestWhatShowsNothingFailsUnlessItIsAllowed(t *testing.T) {
	system := systemOf(register.New)
	system.Client = cleavetest.Caller{Answer: register.Answer, Ask: func(r history.Request) []byte {
		if r.Function == history.Read {
			return nil
		}
		return register.Ask(r)
	}}.Client
	b := prepare(t, system, cleavetest.Plan{})
	h := listen(t)
	require.NoError(t, b.Seed(h, 1, false))
	require.Contains(t, h.only(), "seed 1 is unknown")
	require.Contains(t, h.only(), "no read or lookup was ok")

	b = prepare(t, system, cleavetest.Plan{AllowUnknown: true})
	h = listen(t)
	require.NoError(t, b.Seed(h, 1, false))
	require.Empty(t, h.errors)
	require.Contains(t, h.logs[0], "no read or lookup was ok")
}

// endless is a node that is busy until it is told to stop.
type endless struct {
	world.Ignore
	over *atomic.Bool
}

func (e endless) Received(world.Connection, []byte) { e.spin() }

func (e endless) spin() {
	for !e.over.Load() {
	}
}

func TestALoopWithoutEndEndsTheRun(t *testing.T) {
	var over atomic.Bool
	b := prepare(t, systemOf(func(string, []string) world.Process { return endless{over: &over} }), cleavetest.Plan{})
	defer over.Store(true)
	b.Within(time.Second)
	h := listen(t)
	require.NoError(t, b.Seed(h, 1, false))
	require.Contains(t, h.only(), "did not end within 1s")
	require.Contains(t, h.only(), "endless.spin")
	another := prepare(t, systemOf(func(string, []string) world.Process { return lasting{over: &over} }), cleavetest.Plan{})
	another.Within(time.Second)
	h = listen(t)
	require.NoError(t, another.Seed(h, 1, false))
	require.Contains(t, h.only(), "lasting.Datagram", "the place in this run, not in the one that goes on still")
	require.True(t, another.Stuck(), "so that no other seed takes as long")
}

// lasting is another one that is busy, as it hears from itself.
type lasting struct {
	world.Ignore
	over *atomic.Bool
}

func (l lasting) Start(env world.Environment) { env.Send(env.Name(), nil) }

func (l lasting) Datagram(string, []byte) {
	for !l.over.Load() {
	}
}

// A client that has forgotten what changes something puts no promise to the test, though it keeps them all.
func TestASystemThatCanBeDoneNothingToFails(t *testing.T) {
	system := gossiping(false)
	system.Client = cleavetest.Caller{Ask: func(r history.Request) []byte {
		if r.Function == history.Add {
			return nil
		}
		return []byte("[]")
	}, Answer: func(history.Request, []byte) cleavetest.Answer { return cleavetest.Ok(history.List()) }}.Client
	h := listen(t)
	require.NoError(t, prepare(t, system, cleavetest.Plan{Workload: "g-set", Faults: "none"}).Seed(h, 1, false))
	require.Contains(t, h.only(), "seed 1 shows nothing")
	require.Equal(t, "unknown", h.attributes["cleave.verdict"])
}

// storming is a node whose timers come without end, in no time.
type storming struct {
	world.Ignore
	env world.Environment
}

func (s *storming) Start(env world.Environment) { s.env = env; s.again() }
func (s *storming) again()                      { s.env.After(0, s.again) }

func TestAStormIsNamed(t *testing.T) {
	h := listen(t)
	require.NoError(t, prepare(t, systemOf(func(string, []string) world.Process { return &storming{} }), cleavetest.Plan{}).Seed(h, 1, false))
	require.Contains(t, h.only(), "the run was broken off: runaway: too many events a second")
}

// careless is a client of the interface itself, which ends a request in no way.
type careless struct{ world.Client }

func (careless) Invoke(_ history.Request, done func(history.Completion)) { done(history.Completion{}) }

func TestAClientMustSayHowARequestEnded(t *testing.T) {
	system := systemOf(register.New)
	system.Client = func(host string, nodes []string) world.Client {
		return careless{systemOf(register.New).Client(host, nodes)}
	}
	h := listen(t)
	require.NoError(t, prepare(t, system, cleavetest.Plan{Shrink: -1}).Seed(h, 1, false))
	require.Contains(t, h.only(), `completed a request with the outcome ""; it is ok, fail or info`)

	system.Client = cleavetest.Caller{Ask: register.Ask}.Client
	h = listen(t)
	require.NoError(t, prepare(t, system, cleavetest.Plan{Shrink: -1}).Seed(h, 1, false))
	require.Contains(t, h.only(), "cleavetest: Caller.Ask and Caller.Answer must be there")
}

func TestTheBugsOfTheExamplesAreFound(t *testing.T) {
	for _, bug := range []struct {
		name, faults string
		system       cleavetest.System
		seed         uint64
		shown        string
	}{
		{"reads from one's own copy", "partitions", systemOf(register.NewLocal), 1, "reads and writes are linearizable"},
		{"reads that leave things as they are", "loss", systemOf(register.NewHasty), 4, "reads and writes are linearizable"},
		{"reads without asking who leads", "partitions", raftkv.System(raftkv.Options{LocalReads: true}), 3, "reads and writes are linearizable"},
		{"messages before the disk", "crash", raftkv.System(raftkv.Options{SendFirst: true}), 2, "Was the raft log corrupted, truncated, or lost?"},
	} {
		t.Run(bug.name, func(t *testing.T) {
			b := prepare(t, bug.system, cleavetest.Plan{Faults: bug.faults, Shrink: -1, Adjust: func(*harness.Plan) {}})
			h := listen(t)
			require.NoError(t, b.Seed(h, bug.seed, false))
			require.Contains(t, h.only(), bug.shown)
		})
	}
}

func TestAFaultThatHitsNobodyIsLeftOutOfASuite(t *testing.T) {
	// Of this seed's faults, one cuts clients off from nodes that none of them asks: all ask the leader.
	b := prepare(t, raftkv.System(raftkv.Options{}), cleavetest.Plan{Faults: "partitions", Adjust: func(*harness.Plan) {}})
	h := listen(t)
	require.NoError(t, b.Seed(h, 59, false))
	require.Empty(t, h.errors)
	require.Contains(t, h.logs[0], "seed 59: valid")
	require.NotContains(t, h.logs[0], "clients-miss-leader")
	again := listen(t) // whoever asks all nodes misses one
	require.NoError(t, prepare(t, systemOf(register.New), cleavetest.Plan{Adjust: func(*harness.Plan) {}}).Seed(again, 59, false))
	require.Contains(t, again.logs[0], "clients-miss-leader")
}
