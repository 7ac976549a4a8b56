package tidy

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheHouseIsTidy(t *testing.T) {
	module, err := Load(root(t))
	if err != nil {
		t.Fatal(err)
	}
	findings := Check(module)
	for _, finding := range findings {
		t.Log(finding)
	}
	if len(findings) > 0 {
		t.Fatalf("%d findings in %d files", len(findings), len(module.Files))
	}
}

// root walks up from the test's folder to the one with go.mod.
func root(t *testing.T) string {
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for folder != filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		folder = filepath.Dir(folder)
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// A sample is a module of one file that a rule looks at, and what it must find there: the line and
// the beginning of each finding, such as "3: a goroutine"; nothing for a good one.
type sample struct {
	path, source string
	want         []string
}

func finds(want ...string) []string { return want }

func expect(t *testing.T, rule rule, samples ...sample) {
	t.Helper()
	for _, s := range samples {
		module := &Module{Name: "cleave", positions: token.NewFileSet()}
		module.add(s.path, s.source)
		module.typing = newTyping(module, ".")
		matches(t, s.path+":\n"+s.source, check(module, rule), s.want)
	}
}

func matches(t *testing.T, about string, got []Finding, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.HasPrefix(fmt.Sprintf("%d: %s", got[i].Line, got[i].What), want[i]) {
			t.Errorf("%s\nfound %v\nwanted %q", about, got, want)
			return
		}
		if got[i].Mend == "" {
			t.Errorf("%v does not say how to mend it", got[i])
		}
	}
}

func Example() {
	module := &Module{Name: "cleave", positions: token.NewFileSet()}
	module.add("history/event.go", "package history\n\nimport \"cleave/world\"\n\nvar _ world.World\n")
	for _, finding := range check(module, imports) {
		fmt.Println(finding)
	}
	// Output: history/event.go:3: history imports world: imports point down only: history may import no other room
}
