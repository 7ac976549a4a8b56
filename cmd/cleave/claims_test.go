package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// claimed runs the command and gives its exit code, what it printed, and its page and table.
func claimed(t *testing.T, arguments ...string) (code int, printed, page, table string) {
	t.Helper()
	store := t.TempDir()
	var out, complaints bytes.Buffer
	code = execute(context.Background(), append([]string{"claims", "--store", store}, arguments...), &out, &complaints)
	found, err := filepath.Glob(filepath.Join(store, "claims", "*", claimsPage))
	require.NoError(t, err)
	if len(found) == 0 {
		return code, complaints.String(), "", ""
	}
	html, err := os.ReadFile(found[0])
	require.NoError(t, err)
	markdown, err := os.ReadFile(filepath.Join(filepath.Dir(found[0]), claimsTable))
	require.NoError(t, err)
	// the folder of the store stands in the command line alone
	return code, out.String(), string(bytes.ReplaceAll(html, []byte(store), nil)), string(markdown)
}

// Twenty seeds decide, and page and table tell of it.
func TestClaimsEndAsTheyAreKnownTo(t *testing.T) {
	arguments := []string{"--seeds", "1-20", "--claim", "stale-always-beats,minority-loses-discovery,newcomers-on-their-side"}
	code, printed, page, table := claimed(t, arguments...)
	require.Equal(t, exitValid, code, printed)
	require.Contains(t, printed, "1 supported, 2 refuted")
	require.Contains(t, page, "minority-loses-discovery")
	require.Contains(t, table, "minority-loses-discovery")
}

func TestClaimsAreTheSameOnAnyNumberOfCores(t *testing.T) {
	var pages, tables [3]string
	for _, cores := range []int{1, 2} {
		before := runtime.GOMAXPROCS(cores)
		_, _, pages[cores], tables[cores] = claimed(t, "--seeds", "1-2", "--claim", "one-system-image,stale-beats-none,watch-tells-all")
		runtime.GOMAXPROCS(before)
	}
	require.Contains(t, pages[1], "one-system-image")
	require.Equal(t, pages[1], pages[2])
	require.Equal(t, tables[1], tables[2])
}

// Two seeds contradict what is refuted, and decide nothing else.
func TestFewSeedsDecideNothing(t *testing.T) {
	code, printed, _, _ := claimed(t, "--seeds", "1-2", "--claim", "both-sides-serve,ephemeral-dies-with-client", "--evidence")
	require.Equal(t, exitInvalid, code)
	printed = strings.Join(strings.Fields(printed), " ")
	require.Contains(t, printed, "2 inconclusive")
	require.Contains(t, printed, "2 of 2 runs say something; 20 are needed")
	require.Contains(t, printed, "100%; to be 100%: 2 of 2")
}

func TestClaimsInputIsChecked(t *testing.T) {
	for _, c := range []struct {
		says      string
		arguments []string
	}{
		{"unknown claim \"no-such\"; there are: updates-ordered", []string{"--claim", "no-such"}},
		{"unknown world \"moon\"", []string{"--world", "moon"}},
		{"seeds are given as first-last", []string{"--seeds", "7"}},
		{"there may be 10000", []string{"--seeds", "1-20000"}},
		{"none of these can be put to a real system", []string{"--world", "docker", "--claim", "clocks-do-not-order"}},
	} {
		code, printed, _, _ := claimed(t, c.arguments...)
		require.Equal(t, exitUsage, code, printed)
		require.Contains(t, printed, c.says)
	}
}
