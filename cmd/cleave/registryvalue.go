package main

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// scalar is a value in a configuration, and where it stands.
type scalar struct {
	text string
	line int
}

// UnmarshalYAML takes any plain value as it is written.
func (s *scalar) UnmarshalYAML(node *yaml.Node) error {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: a single value is wanted here", node.Line)
	}
	s.text, s.line = node.Value, node.Line
	return nil
}

// reading reads values and keeps the first thing that is wrong with them.
type reading struct{ err error }

func (r *reading) fail(line int, key, what string) {
	switch {
	case r.err != nil:
	case line > 0:
		r.err = fmt.Errorf(":%d: %s: %s", line, key, what)
	default:
		r.err = fmt.Errorf(": %s: %s", key, what)
	}
}

func (r *reading) wrong(s *scalar, key, what string) {
	r.fail(s.line, key, fmt.Sprintf("%.60q: %s", s.text, what))
}

// goodName is a name that may stand in logs, on pages and in metrics.
var goodName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func (r *reading) name(s *scalar, key string, to *string) {
	if s == nil {
		return
	}
	if !goodName.MatchString(s.text) {
		r.wrong(s, key, "a name has letters, digits, dots, dashes and underscores, 64 at most")
	}
	*to = s.text
}

func (r *reading) word(s *scalar, key string, to *string) {
	if s == nil {
		return
	}
	if len(s.text) > 100 || strings.ContainsAny(s.text, "\n\r") {
		r.wrong(s, key, "one line of 100 letters at most")
	}
	*to = s.text
}

func (r *reading) address(s *scalar, key string, to *string) {
	if s == nil {
		return
	}
	_, port, err := net.SplitHostPort(s.text)
	number, wrong := strconv.Atoi(port)
	if err != nil || wrong != nil || number < 0 || number > 65535 {
		r.wrong(s, key, "an address is host:port, such as 127.0.0.1:8761")
	}
	*to = s.text
}

// base is where a peer serves; one without a path is taken to serve under /eureka.
func (r *reading) base(s *scalar, key string, to *string) {
	u, err := url.Parse(s.text)
	if err == nil && u.Port() != "" {
		if port, wrong := strconv.Atoi(u.Port()); wrong != nil || port < 1 || port > 65535 {
			r.wrong(s, key, "a port is a number from 1 to 65535")
			return
		}
	}
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		r.wrong(s, key, "a url is such as http://10.0.0.2:8761/eureka")
		return
	}
	if u.Path = strings.TrimSuffix(u.Path, "/"); u.Path == "" {
		u.Path = "/eureka"
	}
	*to = u.String()
}

func (r *reading) truth(s *scalar, key string, to *bool) {
	switch {
	case s == nil:
	case s.text == "true" || s.text == "false":
		*to = s.text == "true"
	default:
		r.wrong(s, key, "true or false is wanted")
	}
}

func (r *reading) number(s *scalar, key string, least, most int64, to *int) {
	wide := int64(*to)
	r.number64(s, key, least, most, &wide)
	*to = int(wide)
}

func (r *reading) number64(s *scalar, key string, least, most int64, to *int64) {
	if s == nil {
		return
	}
	number, err := strconv.ParseInt(s.text, 10, 64)
	if err != nil || number < least || number > most {
		r.wrong(s, key, fmt.Sprintf("a whole number from %d to %d is wanted", least, most))
		return
	}
	*to = number
}

// longest is more than any interval needs.
const longest = 366 * 24 * time.Hour

func (r *reading) duration(s *scalar, key string, to *time.Duration) {
	r.span(s, key, time.Millisecond, to)
}

// pause is a duration that may be 0.
func (r *reading) pause(s *scalar, key string, to *time.Duration) { r.span(s, key, 0, to) }

func (r *reading) span(s *scalar, key string, least time.Duration, to *time.Duration) {
	if s == nil {
		return
	}
	span, err := time.ParseDuration(s.text)
	switch {
	case err != nil:
		r.wrong(s, key, "a duration is such as 30s, 500ms or 5m")
	case span < least || span > longest:
		r.wrong(s, key, fmt.Sprintf("a duration from %s to a year is wanted", least))
	default:
		*to = span
	}
}
