package image

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// TestMain is also the client program of the tests below: it keeps one register, and does as the key says.
func TestMain(m *testing.M) {
	if os.Getenv("CLEAVE_TEST_CLIENT") == "" {
		os.Exit(m.Run())
	}
	values := map[string]json.RawMessage{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked struct {
			ID            int64
			F, Key        string
			Node, Address string
			Value         json.RawMessage
		}
		if json.Unmarshal(lines.Bytes(), &asked) != nil {
			os.Exit(3)
		}
		answer := func(format string, values ...any) {
			fmt.Printf(`{"id":%d,`+format+"}\n", append([]any{asked.ID}, values...)...)
		}
		switch asked.Key {
		case "exit":
			os.Exit(2)
		case "hang":
			time.Sleep(time.Minute)
		case "nonsense":
			fmt.Println("hello")
		case "flood":
			fmt.Println(strings.Repeat("x", longestLine+1))
		case "late":
			fmt.Println(`{"id":0,"type":"ok","value":99}`)
			answer(`"type":"ok","value":1`)
		case "where":
			answer(`"type":"ok","value":"%s %s %s"`, asked.Node, asked.Address, strings.Join(os.Args[1:], " "))
		case "unsent":
			answer(`"type":"fail","error":"no connection"`)
		case "unknown":
			answer(`"type":"info","error":"who knows"`)
		default:
			if asked.F == "write" {
				values[asked.Key] = asked.Value
				answer(`"type":"ok","version":4`)
			} else {
				value, found := values[asked.Key]
				if !found {
					value = json.RawMessage("null")
				}
				answer(`"type":"ok","node":"n9","value":%s`, value)
			}
		}
	}
}

const withProgram = `{nodes: any, timeout: 1s,
  program: {run: [PROGRAM, "{{.Client}}", "{{.Name}}", "{{len .Others}}"], environment: {CLEAVE_TEST_CLIENT: "yes"}}}`

// A program is asked a line at a time, and what it does wrong ends one operation.
func TestPrograms(t *testing.T) {
	own, err := os.Executable()
	require.NoError(t, err)
	u := newTown("", "").client(t, parsed(t, small(withProgram, "PROGRAM", own)))
	ok := func(value history.Value, node string, version int64) history.Completion {
		return history.Completion{Outcome: history.Ok, Value: value, Node: node, Version: version}
	}
	unknown := func(reason string) history.Completion {
		return history.Completion{Outcome: history.Info, Error: reason}
	}
	write := func(key string) history.Completion { return asked(t, u, history.Write, key, history.Integer(5)) }
	read := func(key string) history.Completion { return asked(t, u, history.Read, key, history.Nothing) }
	require.Equal(t, ok(history.Nothing, "n9", 0), read("x"))
	require.Equal(t, ok(history.Nothing, "n1", 4), write("x"))
	require.Equal(t, ok(history.Integer(5), "n9", 0), read("x"))
	require.Equal(t, ok(history.Text("n1 10.64.0.1:80 c1 n1 1"), "n1", 0), read("where"))
	require.Equal(t, ok(history.Integer(1), "n1", 0), read("late"), "an answer to another operation is none")
	require.Equal(t, history.Completion{Outcome: history.Fail, Node: "n2", Error: "no connection"}, write("unsent"), "the next one was asked too")
	require.Equal(t, history.Completion{Outcome: history.Info, Node: "n1", Error: "who knows"}, write("unknown"))
	require.Equal(t, unknown("bad answer"), write("nonsense"))
	require.Equal(t, history.Fail, read("nonsense").Outcome)
	require.Equal(t, ok(history.Integer(5), "n9", 0), read("x"), "it is the same program still")

	require.Equal(t, unknown("the client program has ended"), write("exit"))
	require.Equal(t, ok(history.Nothing, "n9", 0), read("x"), "it was started again")
	require.Equal(t, unknown("the client program has ended"), write("flood"))
	require.Equal(t, ok(history.Nothing, "n2", 4), write("x"))
	began := time.Now()
	require.Equal(t, unknown("timeout"), write("hang"))
	require.Less(t, time.Since(began), 5*time.Second)
	require.Equal(t, ok(history.Nothing, "n9", 0), read("x"), "it was killed")
}

// A program is started in the client's place in the network, and ends with it.
func TestWhereAProgramLives(t *testing.T) {
	own, err := os.Executable()
	require.NoError(t, err)
	f := parsed(t, small(withProgram, "PROGRAM", own))
	entered := 0
	edge := world.Edge{Enter: func(action func() error) error { entered++; return action() }}
	u, err := f.Deployment("", nil).User("c1", "n1", SamplePlaces(2), edge)
	require.NoError(t, err)
	running := u.(*user).speaker.(*program).running
	require.Equal(t, 1, entered)
	require.NoError(t, u.Close())
	require.NotNil(t, running.command.ProcessState)
	require.NoError(t, u.Close(), "again")
}

// A program that reads nothing and answers nothing is given up in time, though a process that it has started lives on
// and holds its pipes.
func TestAProgramThatLeavesAnotherBehind(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "wrapper")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\nsleep 30 &\necho $! >>\"$0.children\"\nwait\necho done\n"), 0o755))
	u := newTown("").client(t, parsed(t, small(withProgram, "PROGRAM", path)))
	began := time.Now()
	for _, key := range []string{"x", strings.Repeat("more than a pipe holds", 10_000)} {
		got := asked(t, u, history.Write, key, history.Integer(5))
		require.Equal(t, history.Completion{Outcome: history.Info, Error: "timeout"}, got)
	}
	require.NoError(t, u.Close())
	require.Less(t, time.Since(began), 10*time.Second)
	children, err := os.ReadFile(path + ".children")
	require.NoError(t, err)
	for _, child := range strings.Fields(string(children)) {
		require.Eventually(t, func() bool {
			words, _ := os.ReadFile("/proc/" + child + "/cmdline") // nothing, too, of one that nobody has buried yet
			return len(words) == 0
		}, 10*time.Second, 10*time.Millisecond, "process %s is still there", child)
	}
}

// A program that is not there is told before anything is made.
func TestAProgramThatIsNotThere(t *testing.T) {
	f := parsed(t, small(withProgram, "PROGRAM", "./absent"))
	folder := t.TempDir()
	_, err := f.Found(folder)
	require.ErrorContains(t, err, "client.program.run: ")
	_, err = f.Deployment(folder, nil).User("c1", "n1", SamplePlaces(1), world.Edge{})
	require.ErrorContains(t, err, "theirs: the client program cannot be started")
	require.NoError(t, os.WriteFile(folder+"/absent", []byte("#!/bin/sh\ncat >/dev/null\n"), 0o755))
	_, err = f.Found(folder)
	require.NoError(t, err)
	_, err = etcd(t).Found(folder)
	require.NoError(t, err)
}
