package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"cleave/checker"
)

// The elements of JUnit's XML, as Ant writes it and everybody reads it: every attribute and element that its schema
// wants is there, and none besides.
type (
	junitFile struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Package    string          `xml:"package,attr"`
		ID         int             `xml:"id,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Hostname   string          `xml:"hostname,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Time       string          `xml:"time,attr"`
		Properties junitProperties `xml:"properties"`
		Cases      []junitCase     `xml:"testcase"`
		Out        string          `xml:"system-out"`
		Err        string          `xml:"system-err"`
	}
	junitProperties struct {
		Properties []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Time    string        `xml:"time,attr"`
		Skipped *junitSkipped `xml:"skipped"`
		Error   *junitProblem `xml:"error"`
		Failure *junitProblem `xml:"failure"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",cdata"`
	}
)

// WriteJUnit writes suites as JUnit's XML: a broken promise is a failure, whose text is the evidence in words; one that
// could not be judged is an error, or skipped where that is put up with. made is when. It errors only if out does.
func WriteJUnit(out io.Writer, made time.Time, suites []Suite) error {
	var file junitFile
	for i, suite := range suites {
		file.Suites = append(file.Suites, junitSuiteOf(suite, i, made))
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	if err := encoder.Encode(file); err != nil {
		return fmt.Errorf("writing JUnit's XML: %w", err)
	}
	_, err := io.WriteString(out, "\n")
	return err
}

func junitSuiteOf(suite Suite, number int, made time.Time) junitSuite {
	s := junitSuite{Name: token(suite.Name), Package: "cleave", ID: number, Timestamp: made.UTC().Format("2006-01-02T15:04:05"),
		Hostname: "localhost", Tests: len(suite.Cases), Time: fmt.Sprintf("%.3f", suite.Seconds)}
	for _, property := range suite.Properties {
		if property.Value != "" {
			s.Properties.Properties = append(s.Properties.Properties, junitProperty{token(property.Name), clean(property.Value, longCommand)})
		}
	}
	for _, one := range suite.Cases {
		c := junitCase{Name: token(one.Name), Class: token(one.Class), Time: "0"}
		switch {
		case one.Verdict == checker.Valid:
		case one.Excused:
			c.Skipped = &junitSkipped{sentence(one.Message)}
		case one.Verdict == checker.Invalid:
			c.Failure = problemOf(one)
			s.Failures++
		default:
			c.Error = problemOf(one)
			s.Errors++
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

// The longest command line, and the most lines of evidence, that are given whole.
const (
	longCommand       = 4000
	mostEvidenceLines = 80
)

func problemOf(one Case) *junitProblem {
	lines := []string{sentence(one.Message)}
	for i, line := range one.Text {
		if i == mostEvidenceLines {
			lines = append(lines, fmt.Sprintf("(%d more lines are in the report)", len(one.Text)-i))
			break
		}
		lines = append(lines, sentence(line))
	}
	if one.Replay != "" {
		lines = append(lines, "", "again: "+clean(one.Replay, longCommand))
	}
	return &junitProblem{Message: sentence(one.Message), Type: token(one.Checker), Text: strings.Join(lines, "\n")}
}

// token is a text without spaces at its ends or doubled, and not empty: what schemas want of names.
func token(text string) string {
	words := strings.Join(strings.Fields(clean(text, longSentence)), " ")
	if words == "" {
		return "-"
	}
	return words
}
