package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cleave/history"
)

// The longest texts that are shown whole, in characters. What a history says is not trusted to be
// short.
const (
	longName     = 120
	longSentence = 600
)

// name makes a short text of unknown origin fit to be shown.
func name(text string) string { return clean(text, longName) }

// sentence makes a long text of unknown origin fit to be shown.
func sentence(text string) string { return clean(text, longSentence) }

// clean cuts a text to a number of characters, says how much was left out, and makes visible what
// would be invisible or would turn the line around: control characters, marks of writing direction,
// bytes that are no UTF-8. Escaping for HTML is left to the template.
func clean(text string, limit int) string {
	var out strings.Builder
	count := 0
	for i, r := range text {
		if count == limit {
			fmt.Fprintf(&out, "… (%s more bytes not shown)", thousands(len(text)-i))
			break
		}
		count++
		out.WriteString(visible(r))
	}
	return out.String()
}

// clip makes a text fit a place of its own in a drawing: what is left out is told by an ellipsis, and in
// full elsewhere.
func clip(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return clean(text, limit)
	}
	return clean(string(runes[:limit-1]), limit) + "…"
}

func visible(r rune) string {
	switch {
	case r < ' ':
		return string('\u2400' + r) // the picture of the control character
	case r == 0x7f:
		return "\u2421"
	case r == utf8.RuneError || unicode.IsPrint(r):
		return string(r)
	}
	return fmt.Sprintf("⟨U+%04X⟩", r)
}

// join cleans and joins a list of names, of which it shows at most a dozen.
func join(names []string) string {
	const most = 12
	parts := make([]string, 0, most)
	for i, one := range names {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		parts = append(parts, name(one))
	}
	return strings.Join(parts, " ")
}

// thousands writes a number with commas.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// plural writes a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// clock writes an instant of the run.
func clock(t history.Time) string {
	if t == history.Forever {
		return "never"
	}
	return fmt.Sprintf("%.3f s", t.Seconds())
}

// duration writes a number of milliseconds, to three digits or so.
func duration(milliseconds float64) string {
	seconds := milliseconds / 1000
	switch {
	case math.IsNaN(milliseconds) || math.IsInf(milliseconds, 0):
		return "?"
	case milliseconds == 0:
		return "0 s"
	case milliseconds < 0.995:
		return fmt.Sprintf("%.2f ms", milliseconds)
	case milliseconds < 9.95:
		return fmt.Sprintf("%.1f ms", milliseconds)
	case milliseconds < 999.5:
		return fmt.Sprintf("%.0f ms", milliseconds)
	case seconds < 9.995:
		return fmt.Sprintf("%.2f s", seconds)
	case seconds < 119.95:
		return fmt.Sprintf("%.1f s", seconds)
	}
	return fmt.Sprintf("%s min %d s", thousands(int(math.Round(seconds))/60), int(math.Round(seconds))%60)
}

// percent writes a ratio. It says 0% and 100% only when they are exact.
func percent(ratio float64) string {
	switch {
	case math.IsNaN(ratio) || math.IsInf(ratio, 0):
		return "?"
	case ratio > 0 && ratio < 0.001:
		return "<0.1%"
	case ratio < 1 && ratio > 0.999:
		return ">99.9%"
	case ratio == 0, ratio == 1:
		return fmt.Sprintf("%.0f%%", 100*ratio)
	}
	return fmt.Sprintf("%.1f%%", 100*ratio)
}
