package reports

import (
	"encoding/json"
	"fmt"
	"strings"

	"cleave/checker"
)

// Annotation is a kind of find, however many runs showed it.
type Annotation struct {
	Broken  bool   // a promise is broken; otherwise it could not be judged
	Title   string // what was promised
	Message string // what was found, and the line that shows it
}

// mostAnnotations is how many of each sort GitHub shows of one step.
const mostAnnotations = 10

// Annotations are the kinds of finds of suites, broken promises first, and at most ten of each sort: the last then says how
// many more there are.
func Annotations(suites []Suite) []Annotation {
	var all []Annotation
	for _, broken := range []bool{true, false} {
		all = append(all, annotationsOf(suites, broken)...)
	}
	return all
}

func annotationsOf(suites []Suite, broken bool) []Annotation {
	type kind struct {
		first Case
		count int
	}
	var kinds []*kind
	known := map[string]*kind{}
	for _, suite := range suites {
		for _, one := range suite.Cases {
			if one.Verdict == checker.Valid || one.Excused || (one.Verdict == checker.Invalid) != broken {
				continue
			}
			key := strings.SplitN(one.Class, ".", 2)[0] + "\n" + one.Name // of a system, whatever the fault
			if known[key] == nil {
				known[key] = &kind{first: one}
				kinds = append(kinds, known[key])
			}
			known[key].count++
		}
	}
	var list []Annotation
	for i, k := range kinds {
		if i == mostAnnotations-1 && len(kinds) > mostAnnotations {
			return append(list, Annotation{Broken: broken, Title: fmt.Sprintf("and %d kinds more", len(kinds)-i), Message: "they are all in the report"})
		}
		message := sentence(k.first.Message)
		if k.count > 1 {
			message += fmt.Sprintf(" (and %d times more)", k.count-1)
		}
		if k.first.Replay != "" {
			message += "\n" + clean(k.first.Replay, longCommand)
		}
		list = append(list, Annotation{broken, name(strings.SplitN(k.first.Class, ".", 2)[0]) + ": " + sentence(k.first.Name), message})
	}
	return list
}

// The signs that mean something in a workflow command of GitHub, in its text and in its properties.
var (
	commandText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// GitHub is the annotation as a workflow command: one line.
func (a Annotation) GitHub() string {
	level := "warning"
	if a.Broken {
		level = "error"
	}
	return "::" + level + " title=" + commandProperty.Replace(a.Title) + "::" + commandText.Replace(a.Message)
}

// GitLabAnnotations are annotations as a report that GitLab shows on the page of a job (artifacts:reports:annotations): a link for
// each, to an address.
func GitLabAnnotations(annotations []Annotation, address string) ([]byte, error) {
	type link struct {
		Label string `json:"label"`
		URL   string `json:"url"`
	}
	type entry struct {
		Link link `json:"external_link"`
	}
	entries := []entry{}
	for _, a := range annotations {
		label := "not judged: " + a.Title
		if a.Broken {
			label = "BROKEN: " + a.Title
		}
		entries = append(entries, entry{link{label, address}})
	}
	return json.MarshalIndent(map[string][]entry{"cleave": entries}, "", "  ")
}
