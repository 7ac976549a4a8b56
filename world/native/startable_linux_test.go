package native

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whether a file can be started is told without anything of it being run, and leaves no process.
func TestStartable(t *testing.T) {
	mark, script := filepath.Join(t.TempDir(), "mark"), filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\ntouch %s\n", mark), 0o755))
	before := below(os.Getpid())
	require.NoError(t, Startable(script))
	require.NoFileExists(t, mark)
	require.Len(t, below(os.Getpid()), len(before), "no child is left")
	require.ErrorContains(t, Startable(mark), mark+" cannot be started: no such file or directory")
}
