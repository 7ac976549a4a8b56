package reports_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/golden"
	"cleave/reports"
)

// made is when the files of these tests are written.
var made = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func junit(t testing.TB, suites ...reports.Suite) string {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, reports.WriteJUnit(&text, made, suites))
	requireJUnit(t, text.String())
	return text.String()
}

func TestJUnit(t *testing.T) {
	text := junit(t, reports.RunSuite(fixed(t)))
	golden.Equal(t, "testdata/run.xml", text)
	require.Contains(t, text, `<property name="seed" value="7">`)
	require.Contains(t, text, `<property name="replay" value="cleave run --system cpstore`)
	junit(t, reports.ComparisonSuites(sampleComparison())...)
	junit(t, reports.ComparisonSuites(sampleWorlds())...)
	junit(t)
}

func TestJUnitOfASweep(t *testing.T) {
	sweep := sampleSweep(t)
	text := junit(t, reports.SweepSuite(sweep))
	require.Contains(t, text, "<failure")
	require.Equal(t, len(sweep.Finds), strings.Count(text, "<failure"))
	require.Contains(t, text, sweep.Finds[0].Reason)
	sweep.Differing = 2
	require.Contains(t, junit(t, reports.SweepSuite(sweep)), "2 runs were not: nothing that they show can be trusted")
	sweep.Differing = 0
	sweep.Finds, sweep.Failures, sweep.Never, sweep.Verdict = nil, nil, nil, checker.Valid
	text = junit(t, reports.SweepSuite(sweep))
	require.NotContains(t, text, "<failure")
	require.NotContains(t, text, "<error", "doubts are put up with in a valid sweep")
	sweep.Doubts, sweep.Verdict, sweep.Reasons = nil, checker.Unknown, []string{"it never tried what it is for"}
	require.Contains(t, junit(t, reports.SweepSuite(sweep)), "it never tried what it is for", "a sweep that is not valid has a case that is not")
}

// A regression fails a comparison whose promises are all kept, in the file as in the exit code.
func TestJUnitOfRegressions(t *testing.T) {
	same := changedComparison(func([]reports.Cell) {})
	before := strings.Count(junit(t, reports.ComparisonSuites(same)...), "<failure")
	changed := changedComparison(func(cells []reports.Cell) {
		set(t, cellOf(t, cells, "cpstore", "register", "halves-leader-minority"), "success", history.Read, 2)
	})
	text := junit(t, reports.ComparisonSuites(changed)...)
	require.Equal(t, before+reports.Regressions(changed), strings.Count(text, "<failure"))
	require.Positive(t, reports.Regressions(changed))
}

// What a history says is text in the file, whatever it says.
func TestHostileJUnit(t *testing.T) {
	evil := "]]></failure><x a='1'>&amp;\x00\x1b[31m\u202e\xff\ufffe\"" + strings.Repeat("long ", 1<<18)
	suite := reports.Suite{Name: "  " + evil, Properties: []reports.Option{{Name: evil, Value: evil}, {Name: "", Value: "x"}}, Cases: []reports.Case{
		{Name: evil, Class: evil, Verdict: checker.Invalid, Checker: evil, Message: evil, Text: []string{evil, evil}, Replay: evil},
		{Verdict: checker.Unknown}, {Verdict: checker.Unknown, Excused: true, Message: evil}, {Verdict: checker.Valid},
	}}
	for range 200 {
		suite.Cases[0].Text = append(suite.Cases[0].Text, evil)
	}
	text := junit(t, suite)
	require.NotContains(t, text, "\x1b")
	require.NotContains(t, text, "\u202e")
	require.Less(t, len(text), 300_000)
	require.Contains(t, text, "more lines are in the report")
}

// The schema of Ant's JUnit, as far as anything can differ: elements with their attributes, and what may stand in them, in
// order.
var schema = map[string]struct {
	attributes map[string]string // a pattern each; all are required
	children   string            // a pattern of the names, with a space after each
}{
	"testsuites": {nil, `(testsuite )*`},
	"testsuite": {map[string]string{"name": named, "package": named, "id": `\d+`, "timestamp": `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`, "hostname": named,
		"tests": `\d+`, "failures": `\d+`, "errors": `\d+`, "time": `\d+(\.\d+)?`}, `properties (testcase )*system-out system-err `},
	"properties": {nil, `(property )*`},
	"property":   {map[string]string{"name": named, "value": `(?s).*`}, ``},
	"testcase":   {map[string]string{"name": named, "classname": named, "time": `\d+(\.\d+)?`}, `((skipped|error|failure) )?`},
	"skipped":    {map[string]string{"message": `(?s).*`}, ``},
	"error":      {map[string]string{"message": `(?s).*`, "type": named}, ``},
	"failure":    {map[string]string{"message": `(?s).*`, "type": named}, ``},
	"system-out": {}, "system-err": {},
}

// named is a token of XML's schemas that is not empty.
const named = `\S+( \S+)*`

// requireJUnit requires that a text is of the schema, and that its counts are right.
func requireJUnit(t testing.TB, text string) {
	t.Helper()
	type open struct {
		name, children string
	}
	decoder, stack := xml.NewDecoder(strings.NewReader(text)), []open{{}}
	counts := map[string]int{}
	for {
		next, err := decoder.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		switch token := next.(type) {
		case xml.StartElement:
			rules, known := schema[token.Name.Local]
			require.True(t, known, token.Name.Local)
			require.Len(t, token.Attr, len(rules.attributes), token.Name.Local)
			for _, attribute := range token.Attr {
				require.Regexp(t, `^`+rules.attributes[attribute.Name.Local]+`$`, attribute.Value, "%s of %s", attribute.Name.Local, token.Name.Local)
				if count, err := strconv.Atoi(attribute.Value); err == nil && token.Name.Local == "testsuite" {
					counts[attribute.Name.Local] += count
				}
			}
			counts["<"+token.Name.Local] += 1
			stack[len(stack)-1].children += token.Name.Local + " "
			stack = append(stack, open{name: token.Name.Local})
		case xml.EndElement:
			require.Regexp(t, `^`+schema[token.Name.Local].children+`$`, stack[len(stack)-1].children, token.Name.Local)
			stack = stack[:len(stack)-1]
		}
	}
	require.Equal(t, "testsuites ", stack[0].children)
	require.Equal(t, counts["<testcase"], counts["tests"])
	require.Equal(t, counts["<failure"], counts["failures"])
	require.Equal(t, counts["<error"], counts["errors"])
}

// One annotation for each kind of find, not more than a step's page shows.
func TestAnnotations(t *testing.T) {
	of := func(number int, verdict checker.Verdict) reports.Case {
		return reports.Case{Class: "cpstore.register.fault" + strconv.Itoa(number), Name: fmt.Sprintf("promise %d", number%15), Verdict: verdict,
			Message: "100% wrong", Replay: "cleave replay x"}
	}
	var suite reports.Suite
	for i := range 60 {
		suite.Cases = append(suite.Cases, of(i, checker.Invalid))
	}
	suite.Cases = append(suite.Cases, of(3, checker.Unknown), of(3, checker.Valid), reports.Case{Verdict: checker.Unknown, Excused: true})
	all := reports.Annotations([]reports.Suite{suite})
	require.Len(t, all, 11)
	require.Equal(t, "::error title=cpstore%3A promise 0::100%25 wrong (and 3 times more)%0Acleave replay x", all[0].GitHub())
	require.Equal(t, "::error title=and 6 kinds more::they are all in the report", all[9].GitHub())
	require.Equal(t, "::warning title=cpstore%3A promise 3::100%25 wrong%0Acleave replay x", all[10].GitHub())
	require.Empty(t, reports.Annotations(nil))

	evil := reports.Annotation{Broken: true, Title: "a\n::add-mask::b,c:d%0A\x1b", Message: "\r\n::stop-commands::x"}
	require.Len(t, strings.Split(evil.GitHub(), "\n"), 1)
	require.NotContains(t, evil.GitHub(), "\r")

	text, err := reports.GitLabAnnotations(all, "https://gitlab.example/jobs/7/artifacts/browse")
	require.NoError(t, err)
	var read map[string][]map[string]map[string]string
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, "BROKEN: cpstore: promise 0", read["cleave"][0]["external_link"]["label"])
}

func TestMarkdownRun(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, reports.MarkdownRun(&text, fixed(t)))
	golden.Equal(t, "testdata/run.md", text.String())
}

// A page that is cut says so, stays within its bound, and is cut between lines and not within a block of them.
func TestBounded(t *testing.T) {
	page := "# title\n\n" + strings.Repeat("a line with an ö in it\n", 50) + "```text\n" + strings.Repeat(" x\n", 50) + "```\n" + strings.Repeat("end\n", 50)
	for most := range len(page) + 2 {
		bounded := reports.Bounded(page, most, "index.md")
		require.LessOrEqual(t, len(bounded), most)
		if most >= len(page) {
			require.Equal(t, page, bounded)
			continue
		}
		kept, note, _ := strings.Cut(bounded, "\n*The rest, ")
		require.True(t, strings.HasPrefix(page, kept))
		require.Zero(t, strings.Count(kept, "```")%2, kept)
		if bounded != "" {
			left, err := strconv.Atoi(strings.ReplaceAll(regexp.MustCompile(`^[\d,]+`).FindString(note), ",", ""))
			require.NoError(t, err)
			require.Equal(t, len(page)-len(kept), left)
		}
	}
}
