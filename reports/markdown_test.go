package reports_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/golden"
	"cleave/reports"
)

func TestMarkdown(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, reports.MarkdownComparison(&out, sampleComparison()))
	golden.Equal(t, "testdata/comparison.md", out.String())
	require.ErrorContains(t, reports.MarkdownComparison(brokenPipe{}, sampleComparison()), "the pipe is broken")
	require.NoError(t, reports.MarkdownComparison(&bytes.Buffer{}, reports.Comparison{}))
}

// No text becomes markup or breaks a table: every row of a table has as many columns as its head.
func TestMarkdownIsOfOnePiece(t *testing.T) {
	hostile := "a|b\n\n# c <script>x</script> [d](e) `f` *g* \\"
	var out bytes.Buffer
	require.NoError(t, reports.MarkdownComparison(&out, hostileComparison(hostile)))
	text, command, _ := strings.Cut(out.String(), "\nMade by `")
	require.NotContains(t, text, "<script")
	require.Equal(t, 1, strings.Count(command, "`"), "the command is code to its end: %s", command)
	require.NotContains(t, out.String(), "\n# c")
	bars := regexp.MustCompile(`(^|[^\\])\|`)
	columns := 0
	for _, line := range strings.Split(out.String(), "\n") {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		found := len(bars.FindAllString(line, -1))
		if columns != 0 {
			require.Equal(t, columns, found, line)
		}
		columns = found
	}
}
