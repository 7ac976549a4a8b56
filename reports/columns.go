package reports

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"cleave/checker"
)

// screen writes lines to a terminal and keeps the first error.
type screen struct {
	out   io.Writer
	color bool
	err   error
}

// The colours of a terminal, only ever beside words.
var terminalColors = []struct{ class, code string }{{"good", "32"}, {"bad", "1;31"}, {"unsure", "33"}, {"bold", "1"}, {"soft", "2"}}

func (s *screen) line(text string) {
	if s.err != nil {
		return
	}
	_, s.err = io.WriteString(s.out, strings.TrimRight(text, " ")+"\n")
}

// paint colours a text, if colour is wanted.
func (s *screen) paint(class, text string) string {
	if s.color {
		for _, known := range terminalColors {
			if known.class == class {
				return "\x1b[" + known.code + "m" + text + "\x1b[0m"
			}
		}
	}
	return text
}

// wrapped writes a text over as many lines as it needs, each indented.
func (s *screen) wrapped(text string, indent, width int) {
	for _, line := range wrap(text, width-indent) {
		s.line(strings.Repeat(" ", indent) + line)
	}
}

// cells is how many columns of a terminal a text takes.
func cells(text string) int {
	total := 0
	for _, r := range text {
		total += runeCells(r)
	}
	return total
}

func runeCells(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000):
		return 2
	}
	return 1
}

// fit cuts a text to a width, with an ellipsis, and pads it to that width.
func fit(text string, width int) string {
	if cells(text) > width {
		text = prefix(text, width-1) + "…"
	}
	return text + strings.Repeat(" ", max(width-cells(text), 0))
}

// prefix is as much of a text as fits a width.
func prefix(text string, width int) string {
	used := 0
	for i, r := range text {
		if used += runeCells(r); used > width {
			return text[:i]
		}
	}
	return text
}

// wrap breaks a text at spaces into lines of at most a width; a longer word is broken anywhere.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for cells(word) > width {
			head := prefix(word, width)
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, head), word[len(head):]
		}
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// command breaks a command line at spaces outside quotes, such that a shell still reads it as one.
func command(text string, width int) []string {
	var lines []string
	line, quote := "", rune(0)
	start := 0
	words := []string{}
	for i, r := range text {
		switch {
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case r == quote:
			quote = 0
		case r == ' ' && quote == 0:
			words, start = append(words, text[start:i]), i+1
		}
	}
	for _, word := range append(words, text[start:]) {
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= width-2:
			line += " " + word
		default:
			lines, line = append(lines, line+" \\"), "    "+word
		}
	}
	return append(lines, line)
}

// verdictWord is a promise's verdict, painted and padded to nine columns.
func (s *screen) verdictWord(m mark) string {
	return s.paint(m.Class, fit(fmt.Sprintf("%s %s", m.Icon, m.Word), 9))
}

// columnOf makes a number fit a column, at its right side.
func columnOf(text string, width int) string {
	fitted := strings.TrimRight(fit(text, width), " ")
	return strings.Repeat(" ", max(width-cells(fitted), 0)) + fitted
}

// sideColumns are the sides that a terminal shows.
var sideColumns = []string{string(checker.Majority), string(checker.Minority), string(checker.CutOff)}
