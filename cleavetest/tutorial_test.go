package cleavetest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block is a fenced block of Markdown.
type block struct{ language, name, text string }

// blocksOf are the fenced blocks of a page: ```go node.go has the language go and the name node.go.
func blocksOf(page string) []block {
	var all []block
	for _, match := range regexp.MustCompile("(?ms)^```(\\w+) ?(\\S*)\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		all = append(all, block{match[1], match[2], match[3]})
	}
	return all
}

// module is a module of somebody's own, in a folder that was empty.
type module struct {
	t      *testing.T
	folder string
}

func newModule(t *testing.T, name string) module {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	m := module{t, t.TempDir()}
	m.write("go.mod", "module "+name+"\n\ngo 1.26\n\nrequire cleave v0.0.0\n\nreplace cleave => "+root+"\n")
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	m.write("go.sum", string(sums))
	return m
}

func (m module) write(name, text string) {
	require.NoError(m.t, os.WriteFile(filepath.Join(m.folder, name), []byte(text), 0o644))
}

// run runs a command line, and gives what it says.
func (m module) run(line string) string {
	words := strings.Fields(line)
	command := exec.Command(words[0], words[1:]...)
	command.Dir = m.folder
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "TMPDIR="+m.t.TempDir())
	out, err := command.CombinedOutput()
	if _, exited := err.(*exec.ExitError); !exited {
		require.NoError(m.t, err)
	}
	return string(out)
}

// fleeting is what differs from one time to the next: how long things took, and names of temporary folders.
var fleeting = regexp.MustCompile(`( |\t)\(?\d+\.\d+s\)?|\(\d+ runs in [\d.]+ s\)|/\S*/cleave-\S+?-\d{5,}`)

// requireShown wants the lines of a page in what a command said, in order.
func requireShown(t *testing.T, shown, said string) {
	t.Helper()
	lines := strings.Split(fleeting.ReplaceAllString(said, ""), "\n")
	for line := range strings.Lines(fleeting.ReplaceAllString(shown, "")) {
		line = strings.TrimSpace(line)
		if line == "..." {
			continue
		}
		found := false
		for !found && len(lines) > 0 {
			found = strings.TrimSpace(lines[0]) == line
			lines = lines[1:]
		}
		require.True(t, found, "the page shows the line %q; the command said\n%s", line, said)
	}
}

func TestTheTutorialIsTrue(t *testing.T) {
	if testing.Short() {
		t.Skip("not with -short: it runs go test in a module of its own, four times")
	}
	page, err := os.ReadFile("../docs/tutorial.md")
	require.NoError(t, err)
	m := newModule(t, "example.com/register")
	files, commands := map[string]string{}, 0
	for _, b := range blocksOf(string(page)) {
		switch b.language {
		case "go":
			files[b.name] = b.text
			m.write(b.name, b.text)
		case "console":
			commands++
			command, shown, _ := strings.Cut(b.text, "\n")
			patience := "10ms"
			if strings.Contains(shown, "How this was broken") {
				patience = "1m" // enough, however slow the machine: what comes out is then the same
			}
			requireShown(t, shown, m.run(strings.TrimPrefix(command, "$ ")+" -short -cleave.shrink "+patience))
		}
	}
	require.Equal(t, 4, commands)
	for _, name := range []string{"node.go", "serve.go", "read.go"} { // in the end it is the register beside this test
		own, err := os.ReadFile(filepath.Join("register", name))
		require.NoError(t, err)
		require.Equal(t, string(own), files[name], name)
	}
}

// twenty are the lines that the README has.
const twenty = `package mine

import (
	"testing"

	"cleave/cleavetest"
	"cleave/cleavetest/register"
)

func TestPartitions(t *testing.T) {
	system := cleavetest.System{
		Node:   register.New, // func(name string, nodes []string) world.Process
		Client: cleavetest.Caller{Ask: register.Ask, Answer: register.Answer}.Client,
	}
	cleavetest.Run(t, system, cleavetest.Plan{Faults: "partitions"})
}
`

func TestTwentyLinesInAnEmptyModule(t *testing.T) {
	if testing.Short() {
		t.Skip("not with -short: it runs go test in a module of its own")
	}
	require.LessOrEqual(t, strings.Count(twenty, "\n"), 20)
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	if strings.Contains(string(readme), "cleavetest.Run(") {
		require.Contains(t, string(readme), twenty, "the README has the lines that are tested")
	}
	m := newModule(t, "example.com/mine")
	m.write("mine_test.go", strings.ReplaceAll(twenty, "register.New,", "register.NewLocal,"))
	said := m.run("go test -json -short -cleave.shrink 1s -artifacts -outputdir " + m.folder)
	for _, want := range []string{
		`"Action":"attr","Package":"example.com/mine","Test":"TestPartitions/seed=1","Key":"cleave.verdict","Value":"invalid"`,
		`"Key":"cleave.replay","Value":"go test example.com/mine -run '^TestPartitions$' -cleave.seed 1"`, "How this was broken",
	} {
		require.Contains(t, said, want)
	}
	reports, err := filepath.Glob(filepath.Join(m.folder, "_artifacts", "*", "shrunk", "report.html"))
	require.NoError(t, err)
	require.NotEmpty(t, reports, "the report is among the artifacts\n%s", said)
}
