package tidy

import "regexp"

// The patterns are in pieces so that this file does not find itself.
var (
	unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	onePlace   = regexp.MustCompile(`(^|[^\w./-])/(wo` + `rk|ro` + `ot)(/|\b)`)
)

// leftovers finds, in code and in prose, marks of unfinished work and paths that only one machine
// has.
func leftovers(file *File, report reporter) {
	for i, line := range file.Lines {
		if mark := unfinished.FindString(line); mark != "" {
			report(i+1, mark+" marks unfinished work", "do it, or write down what is not supported")
		}
		if onePlace.MatchString(line) {
			report(i+1, "a path that only one machine has", "make it relative to the module or to a temporary folder")
		}
	}
}
