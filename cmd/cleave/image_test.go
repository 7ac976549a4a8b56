package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/world/docker"
)

// etcdFile is the example of the documentation.
var etcdFile = filepath.Join("..", "..", "docs", "image", "etcd.yaml")

// etcdChanged writes etcd's file with parts replaced, under another name.
func etcdChanged(t *testing.T, name string, changes ...string) string {
	t.Helper()
	text, err := os.ReadFile(etcdFile)
	require.NoError(t, err)
	changed := strings.NewReplacer(append(changes, "name: etcd\n", "name: "+name+"\n")...).Replace(string(text))
	require.NotEqual(t, string(text), changed)
	path := filepath.Join(t.TempDir(), name+".yaml")
	require.NoError(t, os.WriteFile(path, []byte(changed), 0o644))
	return path
}

// What is wrong with a file, or with what is asked of it, is told in one line before anything is made.
func TestImagesThatCannotBeRun(t *testing.T) {
	store := filepath.Join(t.TempDir(), "store")
	for _, c := range []struct{ name, arguments, want string }{
		{"absent", "run --image " + filepath.Join(store, "absent.yaml"), "no such file"},
		{"no sense", "run --image " + etcdChanged(t, "typo", "guarantee:", "garantee:"), `typo.yaml:6:1: unknown field "garantee"; there are: name, summary`},
		{"not in simulation", "run --image " + etcdFile + " --world sim", "etcd does not run in simulation"},
		{"not in a sweep", "sweep --image " + etcdFile, "--image: containers run in real time, one run after the other, and sweep needs simulation"},
		{"two systems", "run --image " + etcdFile + " --system cpstore", "--image: the image is the system; leave out --system"},
		{"another workload", "run --image " + etcdFile + " --workload watches", `etcd cannot carry the workload "watches"; it carries: register`},
		{"a function that it lacks", "run --image " + etcdChanged(t, "cp", "guarantee: linearizable", "guarantee: CP"),
			"cp: the workload register asks for quorum-read, sync-read, which client does not say how to ask"},
		{"clock", "run --faults clock-skew --image " + etcdFile, "clock-skew cannot be done to etcd in containers: its clock cannot be moved"},
		{"check", "image check " + etcdChanged(t, "bad", "port: 2379", "port: 2379x"), `a whole number from 0 is wanted here, not "2379x"`},
		{"check of an unknown workload", "image check " + etcdChanged(t, "bad", "[register]", "[registr]"),
			`bad.yaml: unknown workload "registr"; there are: `},
		{"check of a function that it lacks", "image check " + etcdChanged(t, "bad", "      read:", "      reed:"),
			"bad.yaml: bad: the workload register asks for read, which client does not say how to ask"},
	} {
		t.Run(c.name, func(t *testing.T) {
			arguments := strings.Fields(c.arguments)
			if arguments[0] != "image" {
				arguments = append(arguments, "--store", store)
			}
			code, stdout, stderr := cleave(arguments...)
			require.Equal(t, exitUsage, code, stdout+stderr)
			require.Contains(t, stderr, c.want)
			require.Equal(t, 1, strings.Count(stderr, "\n"), "one line: %q", stderr)
			require.NoDirExists(t, store)
		})
	}
}

// A file is checked by showing what it makes of each node; its schema is that of the documentation.
func TestImageVerbs(t *testing.T) {
	code, stdout, stderr := cleave("image", "check", etcdFile, "--nodes", "2")
	require.Equal(t, exitValid, code, stderr)
	require.Contains(t, stdout, "linearizable; it serves where a majority of its nodes reach each other; workloads: register")
	require.Contains(t, stdout, "n2 at 10.64.0.2: cleave/etcd:3.6\n  command      --name=n2\n")
	require.Contains(t, stdout, "--initial-cluster=n1=http://10.64.0.1:2380,n2=http://10.64.0.2:2380\n")
	require.Contains(t, stdout, "  read x                    POST /v3/kv/range {\"key\": \"eA==\"}\n")
	code, stdout, _ = cleave("image", "schema")
	require.Equal(t, exitValid, code)
	kept, err := os.ReadFile(filepath.Join("..", "..", "docs", "image.schema.json"))
	require.NoError(t, err)
	require.Equal(t, string(kept), stdout)
}

// A plan with an image says all that is needed to run it again; one whose file cannot be read any more is judged
// all the same, and says why it cannot be run.
func TestAPlanWithAnImage(t *testing.T) {
	plan := harness.DefaultPlan()
	command := runCommand(screen{ci: &ci{}})
	require.NoError(t, command.Flags().Parse([]string{"--image", etcdFile, "--faults", "pause", "--seed", "7"}))
	require.NoError(t, bringImage(&plan, etcdFile, command))
	plan.Seed = 7
	require.Equal(t, inContainers, plan.World)
	require.Equal(t, "cleave run --faults pause --image "+etcdFile+" --seed 7", plan.Command())
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	var stored harness.Plan
	require.NoError(t, json.Unmarshal(text, &stored))
	system, err := wiring.System(stored)
	require.NoError(t, err)
	require.Equal(t, "cleave/etcd:3.6", system.Deployment.Image)
	require.Equal(t, 2, system.Quorum(3))

	stored.Custom.Setup = json.RawMessage(`{"file":{"name":"etcd"},"folder":"/"}`)
	_, err = wiring.System(stored)
	require.ErrorContains(t, err, "custom.setup: 1:1: guarantee is not said")
	judging := wiring
	judging.Able = nil
	_, err = judging.System(stored)
	require.NoError(t, err)
}

// What a file does not say is not promised: who leads which term, or that a client is served by others than its own node.
func TestWhatAnImagePromises(t *testing.T) {
	texts := func(file string) (promised, measured []string) {
		plan := harness.DefaultPlan()
		require.NoError(t, bringImage(&plan, file, runCommand(screen{ci: &ci{}})))
		system, err := wiring.System(plan)
		require.NoError(t, err)
		kept, besides, err := harness.Promised(plan, nil, system)
		require.NoError(t, err)
		for _, each := range kept {
			promised = append(promised, each.Text)
		}
		for _, each := range besides {
			measured = append(measured, each.Text)
		}
		return promised, measured
	}
	const linearizable, served, leaders = "reads and writes are linearizable", "whoever reaches a quorum is served", "no two leaders in one term"
	promised, _ := texts(etcdFile)
	require.Subset(t, promised, []string{linearizable, served, leaders})
	promised, measured := texts(etcdChanged(t, "own", "nodes: any", "nodes: own", "  term: {at: /header/raft_term}\n", ""))
	require.Contains(t, promised, linearizable)
	require.NotContains(t, promised, served)
	require.NotContains(t, promised, leaders)
	require.Subset(t, measured, []string{served, leaders})
}

// A comparison has images beside other systems, each with the line that makes its run alone.
func TestImagesInAComparison(t *testing.T) {
	comparison := harness.Comparison{Base: harness.DefaultPlan(), Systems: []string{"cpstore"}, Workloads: []string{"register", "watches"},
		Faults: []string{"pause"}}
	command := compareCommand(screen{ci: &ci{}})
	require.NoError(t, command.Flags().Parse([]string{"--image", etcdFile, "--systems", "cpstore", "--nodes", "3", "--parallel", "2"}))
	require.NoError(t, imagesBeside(&comparison, []string{etcdFile}, command))
	plans, leftOut := wiring.Plans(comparison)
	require.Equal(t, []string{"etcd cannot carry the workload watches"}, leftOut)
	require.Len(t, plans, 3)
	require.Equal(t, "cpstore-register-pause-docker", plans[0].Name())
	require.Nil(t, plans[0].Custom)
	require.Equal(t, "etcd-register-pause-docker", plans[1].Name())
	require.Equal(t, "cleave run --image "+etcdFile+" --workload register --faults pause --nodes=3 --seed 1", plans[1].Command())
	require.NoError(t, check(plans[1]))

	require.NoError(t, imagesBeside(&comparison, []string{etcdFile}, compareCommand(screen{ci: &ci{}})))
	require.Equal(t, []string{"etcd"}, comparison.Systems, "alone")
	code, _, stderr := cleave("compare", "--image", filepath.Join(t.TempDir(), "absent.yaml"))
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "no such file")
}

// etcdImage skips where the image is not there.
func etcdImage(t *testing.T) string {
	t.Helper()
	binary := contained(t)
	if err := docker.Check(t.Context(), []string{"cleave/etcd:3.6"}, docker.Options{}); err != nil {
		t.Skip(err)
	}
	return binary
}

// etcd keeps what it promises while its leader is cut off; under the same schedule reads that its nodes answer by
// themselves are found to be out of date. A folder is judged without an engine, and a replay makes its run again.
func TestBroughtImage(t *testing.T) {
	binary := etcdImage(t)
	t.Parallel()
	store := t.TempDir()
	run := func(arguments ...string) (string, int) {
		command := exec.Command(binary, append(arguments, "--store", store)...)
		output, err := command.CombinedOutput()
		if err != nil {
			require.IsType(t, &exec.ExitError{}, err)
		}
		require.Empty(t, leftBy(t, command.Process.Pid))
		return string(output), command.ProcessState.ExitCode()
	}
	size := []string{"--nodes", "3", "--clients", "6", "--warmup", "2s", "--duration", "26s", "--quiet", "13s"}
	output, code := run(append(size, "run", "--image", etcdFile, "--faults", "isolate-leader")...)
	require.Equal(t, exitValid, code, output)
	kept := filepath.Join(t.TempDir(), "kept")
	require.NoError(t, os.Rename(theFolder(t, store), kept))

	local := etcdChanged(t, "local-reads", `{"key": "{{base64 .Key}}"}'`, `{"key": "{{base64 .Key}}", "serializable": true}'`)
	output, code = run(append(size, "run", "--image", local, "--schedule", filepath.Join(kept, "schedule.json"))...)
	require.Equal(t, exitInvalid, code, output)
	require.Contains(t, output, "✗ BROKEN  reads and writes are linearizable")

	output, code = run("replay", kept)
	require.Equal(t, exitValid, code, output)
	require.Contains(t, output, "the schedule was the same, the verdict before was valid")

	for verb, want := range map[string]int{"check": exitValid, "report": exitValid, "replay": exitUsage} {
		command := exec.Command(binary, verb, kept)
		command.Env = append(os.Environ(), "DOCKER_HOST=unix:///nowhere/docker.sock")
		output, _ := command.CombinedOutput() // its exit code says more
		require.Equal(t, want, command.ProcessState.ExitCode(), "%s: %s", verb, output)
	}
}

// A client program lives in its client's place in the network: it reaches nodes, and faults cut it off.
func TestBroughtClientProgram(t *testing.T) {
	binary := etcdImage(t)
	t.Parallel()
	store, program := t.TempDir(), filepath.Join(t.TempDir(), "client")
	output, err := exec.Command("go", "build", "-o", program, "../../systems/image/testdata/client").CombinedOutput()
	require.NoError(t, err, "%s", output)
	text, err := os.ReadFile(etcdFile)
	require.NoError(t, err)
	before, _, found := strings.Cut(string(text), "\n  http:\n")
	require.True(t, found)
	file := filepath.Join(filepath.Dir(program), "etcd.yaml")
	require.NoError(t, os.WriteFile(file, []byte(before+"\n  program: {run: [./client]}\n"), 0o644))
	command := short(binary, store, "--image", file, "--faults", "isolate-leader", "--duration", "24s", "--quiet", "12s")
	output, err = command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	history, err := os.ReadFile(filepath.Join(theFolder(t, store), "history.jsonl"))
	require.NoError(t, err)
	require.Contains(t, string(history), `"type":"ok","process":0,"client":"c1","f":"read"`)
	require.Regexp(t, `"error":"(connection lost|no connection|timeout)"`, string(history), "the fault has cut it off")
}
