package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// reversed answers with the letters of a script the other way round.
func reversed(script []string) string {
	letters := []rune(strings.Join(script, "/"))
	for i, j := 0, len(letters)-1; i < j; i, j = i+1, j-1 {
		letters[i], letters[j] = letters[j], letters[i]
	}
	return string(letters) + "\n"
}

func ExampleAnswered() {
	fmt.Print(Answered("# a comment\nab\n# another one\ncd\n----\nwhat was said before,\n# of some lines\n\nx\n----\nx\n", reversed))
	// Output:
	// # a comment
	// ab
	// # another one
	// cd
	// ----
	// dc/ba
	//
	// x
	// ----
	// x
}

// failing is a test that notes whether it failed, and goes on.
type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Helper()               {}
func (f *failing) Errorf(string, ...any) { f.failed = true }
func (f *failing) FailNow()              { f.failed = true }

// A file that differs, or that is not there, fails the test; with -rewrite both are written.
func TestEqual(t *testing.T) {
	path := filepath.Join(t.TempDir(), "testdata", "said.txt")
	fails := func(said string) bool {
		test := &failing{TB: t}
		Equal(test, path, said)
		return test.failed
	}
	defer func(given bool) { *rewrite = given }(*rewrite)
	for _, said := range []string{"one\n", "two\n"} {
		*rewrite = false
		require.True(t, fails(said))
		*rewrite = true
		require.False(t, fails(said))
		*rewrite = false
		require.False(t, fails(said))
	}
	require.True(t, fails("two"))
}

// Every file is a test of its own, and each script of it is answered.
func TestScripts(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"one.txt": "ab\n----\nba\n", "two.txt": "c\n----\nc\n\nd\n----\nd\n", "three.md": "ab\n----\nwrong\n"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	var seen []string
	Scripts(t, filepath.Join(folder, "*.txt"), func(t *testing.T, script []string) string {
		_, name, _ := strings.Cut(t.Name(), "/")
		seen = append(seen, name+" "+strings.Join(script, " "))
		return reversed(script)
	})
	require.Equal(t, []string{"one ab", "two c", "two d"}, seen)
}
