package zkscript

import "strings"

// origin begins the lines of a golden file that say where it comes from; they are no part of the
// transcript.
const origin = "#! "

// Golden is a transcript as a file, under lines that say where it comes from.
func Golden(provenance []string, transcript string) string {
	var text strings.Builder
	for _, line := range provenance {
		text.WriteString(origin + line + "\n")
	}
	return text.String() + transcript
}

// Transcript is what a golden file holds without the lines that say where it comes from.
func Transcript(golden string) string {
	var text strings.Builder
	for line := range strings.Lines(golden) {
		if !strings.HasPrefix(line, origin) {
			text.WriteString(line)
		}
	}
	return text.String()
}

// Config gives the lines of zoo.cfg that a script wants the server to have.
func Config(script string) (lines []string) {
	for line := range strings.Lines(script) {
		if setting, found := strings.CutPrefix(strings.TrimSpace(line), "config "); found {
			lines = append(lines, setting)
		}
	}
	return lines
}

// ByHand tells whether a script's transcript is written by hand, because the real server cannot play
// it or because ours differs on purpose.
func ByHand(script string) bool { return says(script, "by-hand") }

// Slow tells whether a script takes more than a minute.
func Slow(script string) bool { return says(script, "slow") }

func says(script, word string) bool {
	for line := range strings.Lines(script) {
		if strings.TrimSpace(line) == word {
			return true
		}
	}
	return false
}
