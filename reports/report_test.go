package reports_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/golden"
	"cleave/reports"
)

func runPage(t testing.TB, run reports.Run) string {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, reports.WriteRun(&page, run))
	return page.String()
}

func comparisonPage(t testing.TB, comparison reports.Comparison) string {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, reports.WriteComparison(&page, comparison))
	return page.String()
}

func TestTerminal(t *testing.T) {
	var run, comparison bytes.Buffer
	require.NoError(t, reports.TerminalRun(&run, fixed(t), false))
	golden.Equal(t, "testdata/run.txt", run.String())
	require.NoError(t, reports.TerminalComparison(&comparison, sampleComparison(), false))
	golden.Equal(t, "testdata/comparison.txt", comparison.String())
	require.LessOrEqual(t, widest(run.String()), 80)
	require.LessOrEqual(t, widest(comparison.String()), 80)
	require.NotContains(t, run.String()+comparison.String(), "\x1b")
}

func widest(text string) int {
	most := 0
	for line := range strings.SplitSeq(text, "\n") {
		most = max(most, utf8.RuneCountInString(line))
	}
	return most
}

// Colour adds nothing but colour.
func TestTerminalColor(t *testing.T) {
	var plain, colored bytes.Buffer
	require.NoError(t, reports.TerminalRun(&plain, fixed(t), false))
	require.NoError(t, reports.TerminalRun(&colored, fixed(t), true))
	require.Contains(t, colored.String(), "\x1b[")
	require.Equal(t, plain.String(), regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(colored.String(), ""))
}

// fixed is the sample with measures that do not depend on any checker.
func fixed(t testing.TB) reports.Run {
	run := sampleReport(t)
	run.Measured = []checker.Result{{Checker: "availability", Verdict: checker.Valid, Reason: "measured on 2794 operations", Measures: []checker.Measure{
		share("minority", history.Read, 1), share("minority", history.Write, 0.0004), share("majority", history.Write, 0.9996), share("majority", "", 1),
		long("longest outage", "minority", 29.87), long("longest outage", "majority", 1.3), long("latency p99", "majority", 0.0239),
		{Name: "something new", Value: 1234567, Unit: checker.Count},
	}}}
	return run
}

func TestRunPageSays(t *testing.T) {
	page := runPage(t, fixed(t))
	for _, words := range []string{
		"INVALID: 2 of 5 promises BROKEN", "quorum reads and writes are linearizable", "c2 read 5 at 12.087-12.095 s, but 7 had been written",
		"quorum-read → 5", "write 7", "end unknown", `href="porcupine.html"`, "cleave run --system cpstore", "halves-leader-minority", "4,213",
		"n2 panicked", "leads term 3", "minority side", "something new", "1,234,567", "&lt;0.1%", "&gt;99.9%", "9f2c77e1a0b34d55", "184223",
		"Not promised, only measured", "9.712 to 9.731 s",
	} {
		require.True(t, strings.Contains(page, words), words)
	}
	root := parse(t, page)
	require.Equal(t, 1, strings.Count(page, `class="op-ok op-culprit"`), "exactly the answer that does not fit is pointed at")
	requireWellFormed(t, root)
	require.Less(t, len(page), 1<<20)
}

func TestVerdictsInWords(t *testing.T) {
	for verdict, words := range map[checker.Verdict]string{
		checker.Valid: "VALID: 2 of 2 promises kept", checker.Unknown: "UNKNOWN: 1 of 2 promises could not be judged",
		checker.Invalid: "INVALID: 1 of 2 promises BROKEN",
	} {
		run := reports.Run{Verdict: verdict, Promises: []checker.Result{{Checker: "one", Verdict: checker.Valid},
			{Checker: "two", Promise: "the other", Verdict: verdict, Reason: "because"}}}
		page := runPage(t, run)
		require.Contains(t, page, words)
		require.Equal(t, verdict != checker.Valid, strings.Contains(page, "<li>the other: because</li>"))
	}
	require.Contains(t, runPage(t, reports.Run{}), "UNKNOWN: nothing was promised, so nothing was judged")
}

func TestComparisonPageSays(t *testing.T) {
	page := comparisonPage(t, sampleComparison())
	for _, words := range []string{
		"48 runs: 41 valid (every promise kept), 2 invalid (a promise BROKEN), 5 unknown.",
		"clients there were answered 100% of reads, 1.3% of quorum reads and 1.3% of writes [nothing for up to 28.4 s]. " +
			"Answers were up to 28.2 s out of date (halves-leader-minority).",
		"✗ 1 of 4 BROKEN", "? 1 of 4 unknown", "not run", "21.0%", ", oldest 31.2 s", `href="runs/cpstore-register-bridge/report.html"`,
		"n5 down", "on and off",
	} {
		require.True(t, strings.Contains(page, words), words)
	}
	requireWellFormed(t, parse(t, page))
}

// A cell whose place does not exist is counted, not lost.
func TestComparisonCountsWhatItLeavesOut(t *testing.T) {
	c := sampleComparison()
	c.Cells = append(c.Cells, sampleCell("elsewhere", "register", "none"), c.Cells[0])
	require.Contains(t, comparisonPage(t, c), "2 runs are not shown")
	require.NotContains(t, comparisonPage(t, sampleComparison()), "not shown, for want of room")
}

func TestSameInputSameBytes(t *testing.T) {
	first, comparison := runPage(t, sampleReport(t)), comparisonPage(t, sampleComparison())
	for range 5 {
		require.Equal(t, first, runPage(t, sampleReport(t)))
		require.Equal(t, comparison, comparisonPage(t, sampleComparison()))
	}
}

func TestEmpty(t *testing.T) {
	h, err := history.New(nil)
	require.NoError(t, err)
	for _, run := range []reports.Run{{}, {History: h}, {History: h, Promises: []checker.Result{{Witness: &checker.Witness{}}}}} {
		requireWellFormed(t, parse(t, runPage(t, run)))
		require.NoError(t, reports.TerminalRun(&bytes.Buffer{}, run, true))
	}
	requireWellFormed(t, parse(t, comparisonPage(t, reports.Comparison{})))
	require.NoError(t, reports.TerminalComparison(&bytes.Buffer{}, reports.Comparison{}, true))
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, fmt.Errorf("the pipe is broken") }

func TestWriteErrors(t *testing.T) {
	require.ErrorContains(t, reports.WriteRun(brokenPipe{}, fixed(t)), "the pipe is broken")
	require.ErrorContains(t, reports.WriteComparison(brokenPipe{}, sampleComparison()), "the pipe is broken")
	require.ErrorContains(t, reports.TerminalRun(brokenPipe{}, fixed(t), false), "the pipe is broken")
	require.ErrorContains(t, reports.TerminalComparison(brokenPipe{}, sampleComparison(), false), "the pipe is broken")
}

// hostile is what a history might be made to say.
const hostile = `</script><img src=x onerror=alert(1)>"'` + "`{{.}}" + "\x00\x1b[31m\u202e\u2066\ufeff\xff" +
	"--></style>]]> javascript:alert(1) http://evil.example/ "

// fill puts a text into every string of a value, however deep.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem(), text)
		}
	}
}

// hostileRun is the sample with every text hostile but the types and outcomes of events.
func hostileRun(t testing.TB, text string) reports.Run {
	run := sampleReport(t)
	for i := range run.History.Events {
		event := &run.History.Events[i]
		event.Client, event.Key, event.Node, event.Error, event.Function = text, text, text, text, history.Function(text)
		event.Value = history.List(history.Text(text))
		if event.Note != nil {
			event.Note.Detail, event.Note.Node = text, text
		}
		if event.Fault != nil {
			stage := event.Fault.Stage
			fill(reflect.ValueOf(event.Fault), text)
			event.Fault.Stage = stage
		}
		if event.Run != nil {
			fill(reflect.ValueOf(event.Run), text)
		}
	}
	h, err := history.New(run.History.Events)
	require.NoError(t, err)
	run.History = h
	for _, result := range run.Promises {
		if result.Witness != nil {
			for i := range result.Witness.Operations {
				result.Witness.Operations[i].Argument = history.Text(text)
				result.Witness.Operations[i].Result = history.Texts([]string{text, text})
			}
		}
	}
	saved := run.History
	run.History = nil
	verdict := run.Verdict
	fill(reflect.ValueOf(&run).Elem(), text)
	run.History, run.Verdict = saved, verdict
	return run
}

func hostileComparison(text string) reports.Comparison {
	c := sampleComparison()
	fill(reflect.ValueOf(&c).Elem(), text)
	for i := range c.Cells {
		for j := range c.Cells[i].Measured {
			for k := range c.Cells[i].Measured[j].Measures {
				m := &c.Cells[i].Measured[j].Measures[k]
				m.Name, m.Side, m.Phase, m.Value = "success", "minority", "faults", math.NaN()
			}
		}
	}
	return c
}

func TestHostileTextIsShownAsText(t *testing.T) {
	for file, page := range map[string]string{"run": runPage(t, hostileRun(t, hostile)), "comparison": comparisonPage(t, hostileComparison(hostile))} {
		t.Run(file, func(t *testing.T) {
			requireWellFormed(t, parse(t, page))
			require.True(t, utf8.ValidString(page))
			for _, r := range page {
				require.True(t, r == '\n' || unicode.IsPrint(r), "%U is in the page", r)
			}
			require.True(t, strings.Contains(html.UnescapeString(page), "⟨U+202E⟩"), "marks of direction are shown")
		})
	}
	var out bytes.Buffer
	require.NoError(t, reports.TerminalRun(&out, hostileRun(t, hostile), false))
	require.NoError(t, reports.TerminalComparison(&out, hostileComparison(hostile), false))
	for _, r := range out.String() {
		require.True(t, r == '\n' || unicode.IsPrint(r), "%U is written to the terminal", r)
	}
}

func TestLongTextIsCutWithANote(t *testing.T) {
	long := strings.Repeat("many words ", 100_000)
	run, comparison := hostileRun(t, long), hostileComparison(long)
	page := runPage(t, run)
	require.True(t, strings.Contains(page, "more bytes not shown"))
	require.Less(t, len(page), 10<<20)
	require.Less(t, len(comparisonPage(t, comparison)), 10<<20)
	var out bytes.Buffer
	require.NoError(t, reports.TerminalRun(&out, run, false))
	require.LessOrEqual(t, widest(out.String()), 80)
	out.Reset()
	require.NoError(t, reports.TerminalComparison(&out, comparison, false))
	require.LessOrEqual(t, widest(out.String()), 80)
}

// A link that could lead out of the folder is not made a link.
func TestLinksStayInside(t *testing.T) {
	for link, linked := range map[string]bool{"porcupine.html": true, "../a/report.html": true, "javascript:alert(1)": false,
		"https://example.org/": false, "//example.org/": false, "/etc/passwd": false, `\\host\share`: false, "data:text/html,x": false, "": false} {
		run := fixed(t)
		run.Porcupine = link
		require.Equal(t, linked, strings.Contains(runPage(t, run), "interactive picture"), link)
	}
}

func parse(t testing.TB, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	return root
}

// harmless are all elements that a page may have.
var harmless = strings.Fields(`html head body meta link title style nav main header footer section article figure details summary
	h1 h2 h3 p ul ol li dl dt dd div span strong code pre br a table caption thead tbody tr th td svg rect path text desc
	button select option input label form output script`)

// requireWellFormed requires that a page has only harmless elements, refers to nothing outside, has
// each id once, names every picture, and has a heading for every table.
func requireWellFormed(t *testing.T, root *html.Node) {
	t.Helper()
	ids, used := map[string]bool{}, map[string]bool{}
	for node := range root.Descendants() {
		if node.Type != html.ElementNode {
			require.NotEqual(t, html.CommentNode, node.Type)
			continue
		}
		require.Contains(t, harmless, node.Data)
		for _, attribute := range node.Attr {
			require.False(t, strings.HasPrefix(attribute.Key, "on") || attribute.Key == "src", "%s has the attribute %s", node.Data, attribute.Key)
			switch attribute.Key {
			case "id":
				require.False(t, ids[attribute.Val], "the id %s is there twice", attribute.Val)
				ids[attribute.Val] = true
			case "href":
				require.NotRegexp(t, `^([a-z]+:|//|/)`, strings.TrimPrefix(attribute.Val, "data:,"))
			case "aria-labelledby":
				for _, id := range strings.Fields(attribute.Val) {
					used[id] = true
				}
			}
		}
		if node.Data == "style" {
			require.NotRegexp(t, `@import|url\(|https?:`, node.FirstChild.Data)
		}
		if node.Data == "script" {
			requireOurs(t, root, node.FirstChild.Data)
		}
	}
	for id := range used {
		require.True(t, ids[id], "nothing has the id %s", id)
	}
}

// requireOurs requires that the page's own policy lets this script run, by its hash, and nothing else.
func requireOurs(t *testing.T, root *html.Node, script string) {
	t.Helper()
	sum := sha256.Sum256([]byte(script))
	for node := range root.Descendants() {
		if node.Data == "meta" && len(node.Attr) == 2 && node.Attr[0].Val == "Content-Security-Policy" {
			require.Contains(t, node.Attr[1].Val, "script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"';")
			require.NotContains(t, node.Attr[1].Val, "unsafe")
			return
		}
	}
	require.Fail(t, "a page with a script has no policy")
}
