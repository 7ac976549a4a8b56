package reports

import (
	"fmt"
	"html/template"
	"io"
	"strings"
)

// Claims is all that the page of the literature's claims shows.
type Claims struct {
	Title, Version, Command string
	// Lead says what was run, in sentences.
	Lead   []string
	Themes []ClaimTheme
}

// ClaimTheme is a group of claims.
type ClaimTheme struct {
	Title  string
	Claims []Claim
}

// Claim is a sentence, and what runs say of it.
type Claim struct {
	ID        string
	Says      string // the sentence
	Document  string // where it stands
	Quote     string // what that says
	Verdict   string // "supported", "refuted" or "inconclusive"; in containers also "agrees", "differs" and "not seen"
	Because   string // why, if it is not "supported"
	Precisely string // the wording under which it is true
	Precise   string // what runs say of that: "supported", "refuted" or "inconclusive"
	// Alarm says that it did not end as it always had; "" if it did.
	Alarm          string
	Worded, Bounds []ClaimEvidence
	Runs           []ClaimRun
}

// ClaimEvidence is a number that runs gave, with its spread.
type ClaimEvidence struct {
	Shows, Where, Must string
	Held               string // in how many of how many runs
	Least, Mid, Most   string
	Verdict            string
	Telling            string // which run says most
	Tally              string // instead of a spread: how many runs said what
	// Dots are where the runs' values stand, and Band where they are to be, all from 0 to 1000; no dots: no picture.
	Dots []int
	Band [2]int
}

// ClaimRun is a plan that a claim's evidence is from.
type ClaimRun struct{ Name, Replay, Link string }

// WriteClaims writes the page of claims: a single HTML file without script or outside reference. It errors only if out
// does.
func WriteClaims(out io.Writer, claims Claims) error {
	return write(out, "claims.html", newClaimsView(claims))
}

// claimsView is the page as data; every text in it is clean.
type claimsView struct {
	Style          template.CSS
	Title, Command string
	Lead           []string
	Tally          []claimTally
	Themes         []claimThemeView
	Footer         []Option
}

// claimTally is how many claims ended so.
type claimTally struct {
	mark
	Count int
}

type claimThemeView struct {
	ID, Title string
	Claims    []claimView
}

type claimView struct {
	mark
	Claim
	PreciseMark mark
	Parts       []claimPart
}

// claimPart is the evidence for one of a claim's two wordings.
type claimPart struct {
	Title string
	Rows  []claimRow
}

type claimRow struct {
	mark
	ClaimEvidence
	Picture *drawing
}

// ofClaim is the verdict on a claim as it is shown. A refuted sentence is a finding, and not a failure.
func ofClaim(verdict string) mark {
	switch verdict {
	case "supported", "agrees":
		return mark{"good", "✓", name(verdict)}
	case "refuted", "differs":
		return mark{"bad", "✗", name(verdict)}
	}
	return mark{"unsure", "?", name(verdict)}
}

func newClaimsView(c Claims) claimsView {
	v := claimsView{Style: style(), Title: name(c.Title), Command: clean(c.Command, 4000), Footer: []Option{{"cleave", name(c.Version)}}}
	for _, line := range c.Lead {
		v.Lead = append(v.Lead, sentence(line))
	}
	v.Tally = tallyOf(c)
	for number, theme := range c.Themes {
		t := claimThemeView{ID: fmt.Sprintf("theme-%d", number+1), Title: name(theme.Title)}
		for _, claim := range theme.Claims {
			t.Claims = append(t.Claims, newClaimView(claim))
		}
		v.Themes = append(v.Themes, t)
	}
	return v
}

func tallyOf(c Claims) (tally []claimTally) {
	for _, verdict := range []string{"supported", "agrees", "refuted", "differs", "inconclusive", "not seen"} {
		count := 0
		for _, theme := range c.Themes {
			for _, claim := range theme.Claims {
				if claim.Verdict == verdict {
					count++
				}
			}
		}
		if count > 0 {
			tally = append(tally, claimTally{ofClaim(verdict), count})
		}
	}
	return tally
}

func newClaimView(c Claim) claimView {
	for _, text := range []*string{&c.Says, &c.Document, &c.Quote, &c.Because, &c.Precisely, &c.Alarm} {
		*text = sentence(*text)
	}
	c.ID = anchor(c.ID)
	runs := c.Runs
	c.Runs = nil
	for _, run := range runs {
		c.Runs = append(c.Runs, ClaimRun{name(run.Name), clean(run.Replay, 1000), relative(run.Link)})
	}
	v := claimView{mark: ofClaim(c.Verdict), Claim: c, PreciseMark: ofClaim(c.Precise)}
	for _, part := range []struct {
		title string
		all   []ClaimEvidence
	}{{"As it is worded", c.Worded}, {"As it is true", c.Bounds}} {
		p := claimPart{Title: part.title}
		for _, e := range part.all {
			p.Rows = append(p.Rows, newClaimRow(e))
		}
		v.Parts = append(v.Parts, p)
	}
	return v
}

// anchor makes an identifier fit for a link: small letters, digits and hyphens.
func anchor(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, clean(strings.ToLower(text), longName))
}

func newClaimRow(e ClaimEvidence) claimRow {
	for _, text := range []*string{&e.Shows, &e.Where, &e.Must, &e.Held, &e.Least, &e.Mid, &e.Most, &e.Telling, &e.Tally} {
		*text = sentence(*text)
	}
	return claimRow{mark: ofClaim(e.Verdict), ClaimEvidence: e, Picture: spreadOf(e)}
}

// The layout of the picture of a spread.
const (
	spreadWidth  = 180.0
	spreadHeight = 22.0
	spreadScale  = 1000 // of what Dots and Band are parts
	mostDots     = 1000
)

// spreadOf draws a dot for each run, and shaded where the numbers are to be; nil if there is nothing to draw.
func spreadOf(e ClaimEvidence) *drawing {
	if len(e.Dots) == 0 {
		return nil
	}
	d := &drawing{Width: spreadWidth, Height: spreadHeight,
		Title: fmt.Sprintf("%s: from %s to %s, half of the runs up to %s; to be %s", e.Shows, e.Least, e.Most, e.Mid, e.Must)}
	const margin = 5.0
	x := func(part int) float64 {
		return margin + (spreadWidth-2*margin)*float64(min(max(part, 0), spreadScale))/spreadScale
	}
	if e.Band[1] >= e.Band[0] {
		from, to := x(e.Band[0]), x(e.Band[1])
		d.rect("spread-band", from-3, 2, to-from+6, spreadHeight-4, "")
	}
	d.line("base", margin, spreadHeight/2, spreadWidth-2*margin, 0)
	var dots strings.Builder
	for i, dot := range e.Dots[:min(len(e.Dots), mostDots)] {
		// Runs that gave the same stand beside each other, a little up and down.
		fmt.Fprintf(&dots, "M%g %gh0", round(x(dot)), spreadHeight/2+float64(i%5-2)*2)
	}
	d.path("spread-dot", &dots)
	return d
}
