package main

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/reports"
	"cleave/workloads"
)

// sameRuns is how often one run of a program is repeated to see whether it is the same.
var sameRuns = flag.Int("same-runs", 2, "repetitions of a program's run for TestProgramsAreByteIdentical")

// nodesOf builds the nodes of systems/maelstrom/nodes, once, as WebAssembly or for this machine.
func nodesOf(t testing.TB, goos, goarch string) string {
	t.Helper()
	built, _ := nodesBuilt.LoadOrStore(goos, sync.OnceValues(func() (string, error) {
		folder, err := buildFolder()
		if err != nil {
			return "", err
		}
		path := filepath.Join(folder, "nodes-"+goos)
		command := exec.Command("go", "build", "-o", path, "cleave/systems/maelstrom/nodes")
		command.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
		output, err := command.CombinedOutput()
		if err != nil {
			return "", errors.New(string(output))
		}
		return path, nil
	}))
	path, err := built.(func() (string, error))()
	require.NoError(t, err)
	return path
}

var nodesBuilt sync.Map

func wasmNodes(t *testing.T) string { return nodesOf(t, "wasip1", "wasm") }

// copied is a program of its own, which a test may change.
func copied(t *testing.T, path, name string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	to := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(to, text, 0o755))
	return to
}

// runMaelstrom runs a command line of cleave maelstrom into a store of its own, and gives the folder of the run.
func runMaelstrom(t *testing.T, bin string, expected int, arguments ...string) (folder, stdout string) {
	t.Helper()
	store := t.TempDir()
	code, stdout, stderr := cleave(append([]string{"maelstrom", "--bin", bin, "--store", store}, arguments...)...)
	require.Equal(t, expected, code, "%s%s", stdout, stderr)
	folder, err := filepath.EvalSymlinks(filepath.Join(store, "latest"))
	require.NoError(t, err)
	return folder, stdout
}

// shortRun are the flags of a short run.
func shortRun(workload string, more ...string) []string {
	return append([]string{"--workload", workload, "--arg", workload, "--node-count", "3", "--time-limit", "6", "--recovery", "2s", "--rate", "10"}, more...)
}

// A run of a program is the same again: its history, by its folder, and by the command line that its report gives; another seed's is not.
func TestProgramsAreByteIdentical(t *testing.T) {
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	bin := copied(t, wasmNodes(t), "my nodes.wasm")
	flags := shortRun("broadcast", "--nemesis", "partition,kill", "--nemesis-interval", "2",
		"--latency-dist", "exponential", "--latency", "20", "--topology", "line")
	folder, stdout := runMaelstrom(t, bin, exitValid, flags...)
	require.Contains(t, stdout, "system=my-nodes workload=broadcast faults=isolate-one+halves-leader-minority+bridge+kill-one")
	history := read(t, folder)
	for i := range *sameRuns {
		runtime.GOMAXPROCS(1 + i%2*(cores-1))
		again, _ := runMaelstrom(t, bin, exitValid, flags...)
		require.Equal(t, history, read(t, again))
	}
	other, _ := runMaelstrom(t, bin, exitValid, append(flags, "--seed", "2")...)
	require.NotEqual(t, history, read(t, other))

	code, stdout, stderr := cleave("replay", folder, "--store", t.TempDir())
	require.Equal(t, exitValid, code, stderr)
	require.Contains(t, stdout, "identical to the original")
	stored, err := harness.Load(folder)
	require.NoError(t, err)
	command := exec.Command("sh", "-c", `for word in `+stored.Plan.Command()+`; do echo "$word"; done`)
	words, err := command.Output()
	require.NoError(t, err)
	arguments := strings.Split(strings.TrimSpace(string(words)), "\n")
	require.Equal(t, []string{"cleave", "maelstrom"}, arguments[:2])
	require.Contains(t, arguments, bin)
	anew := t.TempDir()
	code, _, stderr = cleave(append(arguments[1:], "--store", anew)...)
	require.Equal(t, exitValid, code, stderr)
	require.Equal(t, history, read(t, filepath.Join(anew, "latest")))
}

// Without its program a folder can be judged, and not run; nor with another in its place.
func TestProgramsThatAreGone(t *testing.T) {
	bin := copied(t, wasmNodes(t), "node.wasm")
	folder, _ := runMaelstrom(t, bin, exitInvalid, shortRun("echo", "--arg", "garbles", "--rate", "30")...)
	for _, gone := range []func() error{
		func() error { return os.WriteFile(bin, []byte("\x00asm\x01\x00\x00\x00"), 0o644) },
		func() error { return os.Remove(bin) },
	} {
		require.NoError(t, gone())
		opened.Clear() // as in another process
		for _, verb := range []string{"replay", "shrink"} {
			code, stdout, stderr := cleave(verb, folder, "--store", t.TempDir())
			require.Equal(t, exitUsage, code, "%s%s", stdout, stderr)
			require.Regexp(t, "^cleave: the program .*(is not the same any more: its SHA-256 was [0-9a-f]{12}… and is 93a44bbb96c7…|"+
				"no such file or directory)\n$", stderr)
		}
		code, stdout, stderr := cleave("check", folder)
		require.Equal(t, exitInvalid, code, stderr)
		require.Contains(t, stdout, "every echo is what was said")
		code, _, stderr = cleave("report", folder)
		require.Equal(t, exitInvalid, code, stderr)
	}
}

// A write that is lost when its node is killed is found, and told with a write, a kill and a read.
func TestLostWriteIsShrunk(t *testing.T) {
	store := t.TempDir()
	code, stdout, stderr := cleave("maelstrom", "--bin", wasmNodes(t), "--store", store, "--seeds", "1-20", "--first", "--faults", "kill-leader",
		"--arg", "lin-kv", "--arg", "lost-write", "--node-count", "1", "--concurrency", "2", "--time-limit", "3", "--recovery", "1s", "--rate", "10")
	require.Equal(t, exitInvalid, code, "%s%s", stdout, stderr)
	require.Contains(t, stdout, "the first invalid seed is ")
	code, stdout, stderr = cleave("shrink", filepath.Join(store, "latest"), "--store", store)
	require.Equal(t, exitInvalid, code, "%s%s", stdout, stderr)
	text, err := os.ReadFile(filepath.Join(store, "latest", "shrunk.json"))
	require.NoError(t, err)
	var shrunk struct {
		After shrink.Size `json:"after"`
	}
	require.NoError(t, json.Unmarshal(text, &shrunk))
	require.LessOrEqual(t, shrunk.After.Items(), 5)
	require.Contains(t, strings.Join(strings.Fields(stdout), " "), "it was drawn) is killed.")
	require.Contains(t, stdout, "read nil at")
}

// Whatever a program does, the run ends with a verdict that names the node and the reason.
func TestWildPrograms(t *testing.T) {
	for mistake, reason := range map[string]string{
		"spins":   "ended by itself, 1 time, at [0-9.]+ s first: spun: more than 20000000 calls and rounds of loops in one second of its clock",
		"floods":  `the protocol was broken, says n1 at [0-9.]+ s: line 6 of its output is no message, "no message no message`,
		"hoards":  "ended by itself, 1 time, .*after it was refused memory beyond 32 MiB: fatal error: out of memory",
		"exits":   "n1 ended by itself, 3 times, at [0-9.]+ s first: exited with status 3",
		"panics":  "exited with status 2: panic: nobody has thought of this",
		"babbles": `line 6 of its output is no message, "five times asked!": it is no JSON object`,
		"forges":  `the protocol was broken, says n1 at [0-9.]+ s: line 6 of its output says that it is from "n99"`,
		"astray":  `line 6 of its output is to "n99", whom nobody knows`,
	} {
		t.Run(mistake, func(t *testing.T) {
			_, stdout := runMaelstrom(t, wasmNodes(t), exitInvalid, "--workload", "echo", "--arg", "echo", "--arg", mistake, "--node-count", "1",
				"--time-limit", "6", "--recovery", "1s", "--rate", "5", "--node-fuel", "20000000", "--node-memory", "32MiB", "--node-output", "1MiB")
			require.Regexp(t, reason, strings.Join(strings.Fields(stdout), " "))
		})
	}
}

// What is acknowledged while the nodes recover may still be on its way in the end, over six hops of up to 0.3 s.
func TestLateMessagesHaveTheirTime(t *testing.T) {
	_, stdout := runMaelstrom(t, wasmNodes(t), exitUnknown, "--workload", "broadcast", "--arg", "broadcast", "--topology", "line", "--node-count", "7",
		"--time-limit", "3", "--recovery", "1900ms", "--rate", "100", "--seed", "3")
	require.Regexp(t, `a node lacks an element in the end, but not for 1\.9s yet, which it\s+may take`, stdout)
}

// A sweep runs programs as it does systems, and finds none that is not the same twice.
func TestProgramsAreSwept(t *testing.T) {
	code, stdout, stderr := cleave("sweep", "--bin", wasmNodes(t), "--arg", "g-set", "--workload", "g-set", "--nodes", "3", "--clients", "3",
		"--every", "300ms", "--duration", "8s", "--warmup", "1s", "--quiet", "4s", "--suite", "smoke", "--seeds", "1-6", "--audit", "100",
		"--store", t.TempDir())
	require.NotEqual(t, exitHarness, code, stderr)
	require.Regexp(t, "audited twice: 6, differing: 0", stdout)
	require.Contains(t, stdout, "0 invalid")
}

// A program of this machine runs in real time, with faults, and its run is judged, but not the same again.
func TestNativePrograms(t *testing.T) {
	bin := nodesOf(t, runtime.GOOS, runtime.GOARCH)
	folder, stdout := runMaelstrom(t, bin, exitValid, "--workload", "g-counter", "--node-count", "3", "--time-limit", "2",
		"--recovery", "1s", "--rate", "30", "--faults", "kill-one", "--log-net-recv", "--", "g-counter")
	stored, err := harness.Load(folder)
	require.NoError(t, err)
	require.Contains(t, stored.Plan.Custom.Again, "cleave maelstrom --arg g-counter --bin ")
	require.Contains(t, stdout, "world=native")
	log, err := os.ReadFile(filepath.Join(folder, "nodes", "n1.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), `recv {"src":"c0","dest":"n1","body":{"type":"init"`)
	for _, verb := range []string{"sweep --seeds 1-2", "run --world sim"} {
		code, _, stderr := cleave(append(strings.Fields(verb), "--bin", bin, "--store", t.TempDir())...)
		require.Equal(t, exitUsage, code)
		require.Regexp(t, "needs runs that can be run again to the byte|runs in real time", stderr)
	}
}

// What flags cannot mean is told in one line.
func TestMaelstromFlags(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "node.wasm")
	require.NoError(t, os.WriteFile(bin, []byte("\x00asm\x01\x00\x00\x00"), 0o644))
	text := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(text, []byte("hello"), 0o644))
	for flags, want := range map[string]string{
		"":                                    "--bin: which program?",
		"--bin " + text + "x":                 "no such file",
		"--bin " + text:                       "is neither WebAssembly nor a file that may be executed",
		"--workload register":                 `--workload: "register"; there are: broadcast, echo`,
		"--node-count 0":                      "--node-count: 0; there must be one at least",
		"--time-limit 0":                      "--time-limit: 0; it must be 1 to 86400 seconds",
		"--rate 0":                            "--rate: 0; it must be above 0",
		"--rate 100000":                       "--rate: 5 clients begin 5000 operations a second at most; --concurrency gives more clients",
		"--concurrency 4m":                    `--concurrency: "4m"; it is a number of clients`,
		"--latency x":                         `a latency is a number of milliseconds, not "x"`,
		"--latency-dist normal":               `--latency-dist: "normal"; there are: constant, uniform, exponential`,
		"--topology ring":                     `--topology: unknown topology "ring"`,
		"--nemesis clock":                     `--nemesis: "clock"; there are: partition, kill, pause`,
		"--nemesis partition --faults pause":  "[faults nemesis] were all set",
		"--nemesis-interval 0 --nemesis kill": "--nemesis-interval: 0; it must be 0.01 seconds at least",
		"--availability most":                 `--availability: "most"; it is total, or a number from 0 to 1`,
		"--consistency-models serializable":   "--consistency-models: only transactions have them, and lin-kv has none",
		"-w txn-list-append --consistency-models ser": `--consistency-models: unknown model "ser"; there are: `,
		"--suite all":     `--suite: unknown suite "all"; there are: smoke`,
		"--node-fuel=-1":  "--node-fuel: it cannot be negative",
		"--node-memory x": "an amount of memory is a whole number",
		"--first":         "--first: there is only one seed",
		"--log-stderr":    "--log-stderr: leave it out: what nodes write to standard error is always kept, in the run folder's nodes/*.log",
	} {
		arguments := append([]string{"maelstrom", "--store", t.TempDir()}, strings.Fields(flags)...)
		if flags != "" && !strings.HasPrefix(flags, "--bin") {
			arguments = append(arguments, "--bin", bin)
		}
		code, stdout, stderr := cleave(arguments...)
		require.Equal(t, exitUsage, code, "%s: %s", flags, stdout)
		require.Contains(t, stderr, want)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

// Maelstrom's flags make the plan that they mean.
func TestMaelstromPlans(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "node.wasm")
	require.NoError(t, os.WriteFile(bin, []byte("\x00asm"), 0o644))
	planOf := func(flags string) harness.Plan {
		command, o := maelstromCommand(screen{ci: &ci{}}), newMaelstromOptions()
		command.ResetFlags()
		o.flags(command.Flags())
		o.ownFlags(command.Flags())
		require.NoError(t, command.ParseFlags(append(strings.Fields(flags), "--bin", bin)))
		plan, err := o.plan(command)
		require.NoError(t, err)
		require.NoError(t, plan.Validate())
		return plan
	}
	plan := planOf("-w txn-rw-register --node-count 4 --concurrency 3n --rate 24 --time-limit 30 --latency 10 --latency-dist uniform --key-count 5 " +
		"--max-txn-length 2 --max-writes-per-key 9 --consistency-models serializable --availability 0.95 --nemesis kill,pause --nemesis-interval 2.5")
	require.Equal(t, []reports.Option{{Name: "nodes", Value: "4"}, {Name: "clients", Value: "12"}, {Name: "duration", Value: "42.5s"},
		{Name: "warmup", Value: "5s"}, {Name: "quiet", Value: "12.5s"}, {Name: "every", Value: "500ms"}, {Name: "latency", Value: "0s"},
		{Name: "jitter", Value: "20ms"}}, plan.Options()[5:13])
	require.Equal(t, []any{"kill-one+pause", 2500 * time.Millisecond, 5, 2, 9, 950, workloads.Guarantee("serializable"), true},
		[]any{plan.Faults, time.Duration(plan.Interval), plan.Keys, plan.TxnLength, plan.WritesPerKey, plan.Custom.Answered,
			plan.Custom.Guarantee, plan.Custom.Majority})
	plan = planOf("--workload broadcast --concurrency 7 --availability total --latency 0.5")
	require.Equal(t, []any{7, "none", 500 * time.Microsecond, 1000, workloads.Available, false, time.Duration(0)},
		[]any{plan.Clients, plan.Faults, time.Duration(plan.Latency), plan.Custom.Answered, plan.Custom.Guarantee,
			plan.Custom.Majority, time.Duration(plan.Custom.Grace)})
}

// BenchmarkProgram runs five nodes of WebAssembly under broadcast for 60 simulated seconds with 100 operations a second, and says how many
// times faster than real time that is.
func BenchmarkProgram(b *testing.B) {
	bin := nodesOf(b, "wasip1", "wasm")
	for b.Loop() {
		code, stdout, stderr := cleave("maelstrom", "--bin", bin, "--arg", "broadcast", "--workload", "broadcast", "--time-limit", "50", "--recovery", "8s",
			"--rate", "100", "--concurrency", "2n", "--store", b.TempDir())
		require.Equal(b, exitValid, code, "%s%s", stdout, stderr)
	}
	b.ReportMetric(60*float64(b.N)/b.Elapsed().Seconds(), "simulated-s/s")
}
