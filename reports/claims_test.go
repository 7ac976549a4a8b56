package reports_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"cleave/reports"
)

// unkind is a text that would like to be more than a text.
const unkind = `<script>alert(1)</script>"'&| \u202e` + "\x1b[31m"

func sampleClaims(text string) reports.Claims {
	evidence := []reports.ClaimEvidence{
		{Shows: "writes answered on the minority side " + text, Where: "cpstore, register, isolate-leader", Must: "0%", Held: "24 of 25",
			Least: "0%", Mid: "0%", Most: "3.1%", Verdict: "refuted", Telling: "most telling: seed 7", Dots: []int{0, 0, 500, 1000}},
		{Shows: "no session sees the state go back", Where: "cpstore, register, delay", Must: "kept", Held: "25 of 25",
			Tally: "kept in 25, broken in 0", Verdict: "supported"},
		{Shows: "what no run measured", Where: "cpstore, register, none", Held: "no run says anything", Verdict: "inconclusive"},
	}
	claim := func(id, says, verdict, because string) reports.Claim {
		return reports.Claim{ID: id, Says: says, Document: "A document", Quote: "It says so.", Verdict: verdict, Because: because,
			Precisely: "It does that.", Precise: "supported"}
	}
	one := claim("one", "It does this "+text, "refuted", "It does not.")
	one.Worded, one.Bounds = evidence[:1], evidence[1:]
	one.Runs = []reports.ClaimRun{{Name: "a run", Replay: "cleave run " + text, Link: "run/report.html"}, {Name: "another", Link: "https://elsewhere/"}}
	two := claim("two", "It does that.", "supported", "")
	two.Alarm = "It was found to be refuted so far."
	three := claim("three", "Perhaps.", "inconclusive", "Nobody knows.")
	return reports.Claims{Title: "Claims", Version: "test", Command: "cleave claims", Lead: []string{"Lead " + text},
		Themes: []reports.ClaimTheme{{Title: "A theme", Claims: []reports.Claim{one, two, three}}}}
}

func claimsPage(t *testing.T, claims reports.Claims) string {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, reports.WriteClaims(&page, claims))
	return page.String()
}

func TestClaimsPage(t *testing.T) {
	page := claimsPage(t, sampleClaims(""))
	for _, part := range []string{"Content-Security-Policy", "1 refuted", "1 supported", "1 inconclusive", `<details class="claim" id="one">`,
		"Rather: It does that.", "Precisely: It does that.", "24 of 25", "most telling: seed 7", "kept in 25, broken in 0", `href="run/report.html"`,
		"It was found to be refuted so far.", `class="spread-dot"`} {
		require.Contains(t, page, part)
	}
	require.NotContains(t, page, "elsewhere", "links lead to neighbouring files alone")
	require.Equal(t, page, claimsPage(t, sampleClaims("")), "the same bytes")
}

// Nothing that comes from outside is taken for markup, on the page, in Markdown or on a terminal.
func TestClaimsAreEscaped(t *testing.T) {
	page := claimsPage(t, sampleClaims(unkind))
	require.NotContains(t, page, "<script")
	require.NotContains(t, page, "\x1b")
	var markdown, text bytes.Buffer
	require.NoError(t, reports.MarkdownClaims(&markdown, sampleClaims(unkind)))
	require.NotContains(t, markdown.String(), "<script")
	require.NoError(t, reports.TerminalClaims(&text, sampleClaims(unkind), true, false))
	require.NotContains(t, text.String(), "\x1b")
}

func TestClaimsOnATerminal(t *testing.T) {
	var brief, whole bytes.Buffer
	require.NoError(t, reports.TerminalClaims(&brief, sampleClaims("and a long text that goes on and on and on"), false, false))
	require.NoError(t, reports.TerminalClaims(&whole, sampleClaims("and a long text that goes on and on and on"), true, false))
	require.NotContains(t, brief.String(), "24 of 25")
	require.Contains(t, whole.String(), "0% / 0% / 3.1%; to be 0%: 24 of 25")
	for _, line := range strings.Split(whole.String(), "\n") {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 80, line)
	}
	require.Contains(t, brief.String(), "1 supported, 1 refuted, 1 inconclusive")
}
