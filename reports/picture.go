package reports

import (
	"fmt"
	"html"
	"io"
	"strings"

	"cleave/checker"
)

// pictureStyle is the style of a picture that stands alone, for light and dark.
const pictureStyle = `
svg { background: #fff; --paper: #fff; --ink: #1b1f24; --muted: #57606a; --line: #cfd6dd; --link: #0a58a8;
  --bad: #a61b14; --ok: #2b7bba; --refused: #e59b95; --info: #a86400; --soft: #e9b45a; }
@media (prefers-color-scheme: dark) { svg { background: #14181d; --paper: #14181d; --ink: #e6e9ec; --muted: #a3adb8;
  --line: #3a434d; --link: #7db8f5; --bad: #ff8a80; --ok: #5aa7e0; --refused: #8a3b36; --info: #e0a040; --soft: #6b4d1c; } }
text { font: 13px system-ui, sans-serif; fill: var(--ink); } .heading { font-weight: 700; } .label, .op-open { font-size: 12px; fill: var(--muted); }
.base { stroke: var(--line); } .guide { stroke: var(--line); stroke-dasharray: 2 4; } .band { fill: #d98e0433; }
.op-ok { fill: var(--ok); } .op-fail { fill: var(--refused); } .op-info { fill: var(--soft); stroke: var(--info); stroke-dasharray: 5 3; }
.op-culprit { stroke: var(--bad); stroke-width: 4; fill: var(--refused); } .op-end { stroke: var(--ink); stroke-width: 1.5; }
.order { fill: none; stroke: var(--link); stroke-width: 1.8; } .order-number { fill: var(--link); }
.order-digit { fill: var(--paper); font-size: 11px; font-weight: 700; }
`

// WitnessPicture writes the operations of a witness as an SVG file that stands alone: a bar each, the one that does not
// fit outlined, arrows for what must come before what, and the reasons beneath. The same witness gives the same bytes.
func WitnessPicture(out io.Writer, witness *checker.Witness, title string) error {
	const line = 18.0
	d := witnessChart("witness", witness, nil)
	told := beneath(witness)
	var w strings.Builder
	fmt.Fprintf(&w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" role="img" aria-label="%s"><style>%s</style>`,
		d.Width+20, d.Height+60+line*float64(len(told)), d.Width+20, html.EscapeString(name(title)), pictureStyle)
	fmt.Fprintf(&w, `<title>%s</title><text class="heading" x="10" y="24">%s</text><g transform="translate(10 36)">`,
		html.EscapeString(name(title)), html.EscapeString(clean(title, 120)))
	for _, s := range d.Shapes {
		w.WriteString(s.svg())
	}
	w.WriteString("</g>")
	for i, text := range told {
		fmt.Fprintf(&w, `<text x="10" y="%g">%s</text>`, round(d.Height+58+line*float64(i)), html.EscapeString(text))
	}
	w.WriteString("</svg>\n")
	_, err := io.WriteString(out, w.String())
	return err
}

// beneath are the lines beneath a picture: what happened, and why that has no order.
func beneath(witness *checker.Witness) []string {
	var lines []string
	for i, text := range witness.Explanation {
		if i == mostWitness {
			break
		}
		lines = append(lines, clean(text, 130))
	}
	for i, text := range orderLines(witness) {
		lines = append(lines, fmt.Sprintf("(%d) %s", i+1, clean(text, 126)))
	}
	return lines
}

// svg is a shape as an element, its texts escaped.
func (s shape) svg() string {
	hint := ""
	if s.Hint != "" {
		hint = "<title>" + html.EscapeString(s.Hint) + "</title>"
	}
	switch s.Kind {
	case "rect":
		return fmt.Sprintf(`<rect class="%s" x="%g" y="%g" width="%g" height="%g" rx="%g">%s</rect>`, s.Class, s.X, s.Y, s.W, s.H, s.Round, hint)
	case "line":
		return fmt.Sprintf(`<path class="%s" d="M%g %gL%g %g"/>`, s.Class, s.X, s.Y, s.W, s.H)
	case "text":
		return fmt.Sprintf(`<text class="%s" x="%g" y="%g" text-anchor="%s">%s</text>`, s.Class, s.X, s.Y, s.Anchor, html.EscapeString(s.Text))
	}
	return fmt.Sprintf(`<path class="%s" d="%s">%s</path>`, s.Class, s.Path, hint)
}
