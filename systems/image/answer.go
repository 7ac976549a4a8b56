package image

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cleave/history"
)

// response is an answer over HTTP.
type response struct {
	status int
	body   []byte
	tree   any // the body as JSON, nil if it is none
}

// newResponse reads a body as JSON if it is that.
func newResponse(status int, body []byte) response {
	r := response{status: status, body: body}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // numbers stay as they were written
	if decoder.Decode(&r.tree) != nil {
		r.tree = nil
	} else if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		r.tree = nil
	}
	return r
}

// at is what a JSON pointer leads to, as text; null is nothing. "" is the whole body.
func (r response) at(pointer string) (text string, found bool) {
	if pointer == "" {
		return string(r.body), true
	}
	here := r.tree
	for _, step := range strings.Split(pointer[1:], "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch node := here.(type) {
		case map[string]any:
			here = node[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(node) || strconv.Itoa(i) != step {
				return "", false
			}
			here = node[i]
		default:
			return "", false
		}
	}
	switch leaf := here.(type) {
	case nil:
		return "", false
	case string:
		return leaf, true
	case json.Number:
		return leaf.String(), true
	}
	whole, err := json.Marshal(here)
	return string(whole), err == nil
}

// checkPointer tells whether a text is a JSON pointer (RFC 6901, section 3), other than that of the whole.
func checkPointer(pointer string) error {
	if !strings.HasPrefix(pointer, "/") {
		return fmt.Errorf("%.60q; a JSON pointer begins with /, such as /kvs/0/value", pointer)
	}
	if strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(pointer), "~") {
		return fmt.Errorf("%.60q; in a JSON pointer ~ is written ~0, and / within a name ~1", pointer)
	}
	return nil
}

// condition is a Condition that can be tested.
type condition struct {
	Condition
	statuses []string
	matches  *regexp.Regexp
}

func (c Condition) compile() (condition, error) {
	made := condition{Condition: c}
	for _, pointer := range []string{c.At, c.Missing, c.Same} {
		if pointer == "" {
			continue
		}
		if err := checkPointer(pointer); err != nil {
			return made, err
		}
	}
	if c.Same != "" && c.At == "" {
		return made, errors.New("same: as what is at another pointer, which at names")
	}
	if c.Status != "" {
		made.statuses = strings.Split(strings.ReplaceAll(c.Status, " ", ""), ",")
	}
	for _, status := range made.statuses {
		if !statusPattern.MatchString(status) {
			return made, fmt.Errorf("status: %.40q; a status is written 200 or 2xx", status)
		}
	}
	var err error
	made.matches, err = expression(c.Matches)
	return made, err
}

var statusPattern = regexp.MustCompile(`^[1-5]([0-9]{2}|xx)$`)

// expression is a regular expression, nil for none.
func expression(text string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, nil
	}
	parsed, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("matches: %w", err)
	}
	return parsed, nil
}

// holds tells whether an answer is as the condition says.
func (c condition) holds(r response) bool {
	if len(c.statuses) > 0 && !slices.ContainsFunc(c.statuses, r.hasStatus) {
		return false
	}
	if c.Missing != "" {
		if _, found := r.at(c.Missing); found || r.tree == nil {
			return false
		}
	}
	text, found := r.at(c.At)
	switch {
	case !found, c.Equals != "" && text != c.Equals, c.matches != nil && !c.matches.MatchString(text):
		return false
	case c.Same == "":
		return true
	}
	other, found := r.at(c.Same)
	return found && other == text
}

func (r response) hasStatus(wanted string) bool {
	digits := strconv.Itoa(r.status)
	return digits == wanted || strings.HasSuffix(wanted, "xx") && digits[:1] == wanted[:1]
}

// extract is an Extract that can be applied.
type extract struct {
	Extract
	matches *regexp.Regexp
}

// compile gives nil of nil.
func (e *Extract) compile() (*extract, error) {
	if e == nil {
		return nil, nil
	}
	if e.At != "" {
		if err := checkPointer(e.At); err != nil {
			return nil, fmt.Errorf("at: %w", err)
		}
	}
	matches, err := expression(e.Matches)
	return &extract{*e, matches}, err
}

// from is what it finds in an answer.
func (e extract) from(r response) (text string, found bool) {
	text, found = r.at(e.At)
	if found && e.Base64 {
		plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		text, found = string(plain), err == nil
	}
	if !found || e.matches == nil {
		return text, found
	}
	groups := e.matches.FindStringSubmatch(text)
	if groups == nil {
		return "", false
	}
	return groups[min(1, len(groups)-1)], true
}

// number is what it finds, if that is a whole number.
func (e *extract) number(r response) (number uint64, found bool) {
	if e == nil {
		return 0, false
	}
	text, found := e.from(r)
	number, err := strconv.ParseUint(strings.TrimSpace(text), 10, 63)
	return number, found && err == nil
}

// valueOf is a text as a value of histories: a whole number if it is one.
func valueOf(text string) history.Value {
	if number, err := strconv.ParseInt(text, 10, 64); err == nil {
		return history.Integer(number)
	}
	return history.Text(text)
}

// rule is an Answer that can be tested.
type rule struct {
	Answer
	when condition
}

// rules are tried one after the other.
type rules []rule

// usualRules are what answers mean that nothing is said about.
var usualRules = rules{{Answer: Answer{Is: answerOk}, when: condition{statuses: []string{"2xx"}}}}

// What an answer can mean.
const (
	answerOk      = "ok"
	answerNothing = "nothing"
	answerFail    = "fail"
	answerInfo    = "info"
)

// meaning is what an answer means, and why. One that nothing is said about is unknown.
func (all rules) meaning(r response) (is, reason string) {
	for _, each := range all {
		if each.when.holds(r) {
			return each.Is, each.Error
		}
	}
	return answerInfo, ""
}
