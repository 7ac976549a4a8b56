package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files under testdata anew; read the difference before you keep it")

// Equal fails the test unless the file at a path holds what was said; with -rewrite it writes the file.
func Equal(t testing.TB, path, said string) {
	t.Helper()
	if *rewrite {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(said), 0o644))
		return
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(text), said, path)
}

// Replay reads the file at a path and fails the test unless it is just as play says that it ought to be.
func Replay(t testing.TB, path string, play func(text string) string) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	Equal(t, path, play(string(text)))
}

// Scripts runs the scripts of each file that matches a pattern of filepath.Glob, a file a subtest: answer is given
// the lines of one script, comments left out, and says what belongs below them.
func Scripts(t *testing.T, pattern string, answer func(t *testing.T, script []string) string) {
	t.Helper()
	Files(t, pattern, func(t *testing.T, path string) {
		Replay(t, path, func(text string) string {
			return Answered(text, func(script []string) string { return answer(t, script) })
		})
	})
}

// Files runs a subtest for each file that matches a pattern of filepath.Glob, called as the file is without its
// ending. A pattern that no file matches fails the test.
func Files(t *testing.T, pattern string, test func(t *testing.T, path string)) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, paths, pattern)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), func(t *testing.T) { test(t, path) })
	}
}

// Answered is a file of scripts as it ought to be: below each script stands what answer says of its lines.
func Answered(text string, answer func(script []string) string) string {
	var out, script []string
	skipping := false
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		switch {
		case line == "----":
			out = append(out, line, strings.TrimRight(answer(script), "\n"))
			script, skipping = nil, true
			continue
		case line == "":
			skipping = false
		case !skipping && !strings.HasPrefix(line, "#"):
			script = append(script, line)
		}
		if !skipping {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}
