package reports

import (
	"fmt"
	"io"
	"strings"
)

// TerminalClaims writes the claims as text of at most 80 columns: verdict and sentence, and of those that are not
// supported the wording under which they are true. With evidence, every number with its spread is written too. It errors only
// if out does.
func TerminalClaims(out io.Writer, claims Claims, evidence, color bool) error {
	s := &screen{out: out, color: color}
	v := newClaimsView(claims)
	for _, theme := range v.Themes {
		s.line("")
		s.line(s.paint("bold", theme.Title))
		for _, claim := range theme.Claims {
			s.claim(claim, evidence)
		}
	}
	s.line("")
	var words []string
	for _, tally := range v.Tally {
		words = append(words, fmt.Sprintf("%d %s", tally.Count, tally.Word))
	}
	s.line(strings.Join(words, ", "))
	return s.err
}

// claimIndent is how wide the column of verdicts is.
const claimIndent = 17

func (s *screen) claim(claim claimView, evidence bool) {
	for i, line := range wrap(claim.Says+" ("+claim.ID+")", runWidth-claimIndent) {
		if i == 0 {
			s.line("  " + s.paint(claim.Class, fit(claim.Icon+" "+claim.Word, claimIndent-2)) + line)
		} else {
			s.line(strings.Repeat(" ", claimIndent) + line)
		}
	}
	if claim.Because != "" {
		s.wrapped("Rather: "+claim.Precisely, claimIndent, runWidth)
	}
	if claim.Alarm != "" {
		s.wrapped(claim.Alarm, claimIndent, runWidth)
	}
	if !evidence {
		return
	}
	for _, part := range claim.Parts {
		for _, row := range part.Rows {
			s.wrapped(fmt.Sprintf("%s %s: %s", row.Icon, row.Shows, spread(row.ClaimEvidence)), claimIndent, runWidth)
		}
	}
}

// spread is a number with its spread, what it was to be and in how many runs it was.
func spread(e ClaimEvidence) string {
	switch {
	case e.Must == "":
		return e.Held
	case e.Least == "":
		return fmt.Sprintf("to be %s: %s", e.Must, e.Held)
	case e.Least == e.Most:
		return fmt.Sprintf("%s; to be %s: %s", e.Least, e.Must, e.Held)
	}
	return fmt.Sprintf("%s / %s / %s; to be %s: %s", e.Least, e.Mid, e.Most, e.Must, e.Held)
}

// MarkdownClaims writes the claims as Markdown. It errors only if out does.
func MarkdownClaims(out io.Writer, claims Claims) error {
	v := newClaimsView(claims)
	var text strings.Builder
	for _, line := range v.Lead {
		fmt.Fprintf(&text, "%s\n\n", marked(line))
	}
	for _, theme := range v.Themes {
		fmt.Fprintf(&text, "## %s\n\n| as worded | the claim | the wording under which it is true |\n|---|---|---|\n", marked(theme.Title))
		for _, claim := range theme.Claims {
			fmt.Fprintf(&text, "| %s %s | %s | %s |\n", claim.Icon, marked(claim.Word), marked(claim.Says), marked(claim.Precisely))
		}
		text.WriteString("\n")
		for _, claim := range theme.Claims {
			markdownClaim(&text, claim)
		}
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func markdownClaim(text *strings.Builder, claim claimView) {
	fmt.Fprintf(text, "**%s** (%s): %s\n", marked(claim.ID), marked(claim.Document), marked(claim.Quote))
	if claim.Because != "" {
		fmt.Fprintf(text, "%s\n", marked(claim.Because))
	}
	if claim.Alarm != "" {
		fmt.Fprintf(text, "%s\n", marked(claim.Alarm))
	}
	text.WriteString("\n")
	for _, part := range claim.Parts {
		for _, row := range part.Rows {
			fmt.Fprintf(text, "- %s %s (%s): %s\n", row.Icon, marked(row.Shows), marked(row.Where), marked(spread(row.ClaimEvidence)))
		}
	}
	text.WriteString("\n")
}
