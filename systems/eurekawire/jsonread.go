package eurekawire

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonSource reads JSON (RFC 8259). What it hands out may share the document's memory.
type jsonSource struct {
	data  string
	at    int
	depth int
}

func jsonDocument(body []byte, root string, visit func(source) error) error {
	s := &jsonSource{data: string(body)}
	found := false
	s.space()
	err := s.object(func(name string) error {
		if name != root {
			return nil
		}
		found = true
		return visit(s)
	})
	if err != nil {
		return err
	}
	if s.space(); s.at < len(s.data) {
		return s.malformed("something follows the document")
	}
	if !found {
		return bad("the document has no %q", root)
	}
	return nil
}

func (s *jsonSource) malformed(what string) error {
	return bad("malformed JSON at byte %d: %s", s.at, what)
}

func (s *jsonSource) repeats() bool { return false }

// peek is the byte at the cursor, 0 at the end.
func (s *jsonSource) peek() byte {
	if s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

func (s *jsonSource) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

func (s *jsonSource) enter() error {
	if s.depth++; s.depth > deepest {
		return s.malformed("nested too deeply")
	}
	s.at++
	s.space()
	return nil
}

func (s *jsonSource) leave() {
	s.depth--
	s.at++
}

// object reads an object.
func (s *jsonSource) object(visit func(name string) error) error {
	if s.peek() != '{' {
		return s.malformed("want an object")
	}
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		if first && s.peek() == '}' {
			break
		}
		name, err := s.name()
		if err != nil {
			return err
		}
		if err := s.visit(func() error { return visit(name) }); err != nil {
			return err
		}
		if s.peek() == '}' {
			break
		}
		if s.peek() != ',' {
			return s.malformed("want , or }")
		}
		s.at++
		s.space()
	}
	s.leave()
	return nil
}

// name reads a member's name and what stands before its value.
func (s *jsonSource) name() (string, error) {
	if s.peek() != '"' {
		return "", s.malformed("want a name")
	}
	name, err := s.str()
	if err != nil {
		return "", err
	}
	if s.space(); s.peek() != ':' {
		return "", s.malformed("want :")
	}
	s.at++
	s.space()
	return name, nil
}

// visit sees to it that the value at the cursor is read.
func (s *jsonSource) visit(visit func() error) error {
	start := s.at
	if err := visit(); err != nil {
		return err
	}
	if s.at == start {
		if err := s.skip(); err != nil {
			return err
		}
	}
	s.space()
	return nil
}

func (s *jsonSource) array(visit func() error) error {
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		if first && s.peek() == ']' {
			break
		}
		if err := s.visit(visit); err != nil {
			return err
		}
		if s.peek() == ']' {
			break
		}
		if s.peek() != ',' {
			return s.malformed("want , or ]")
		}
		s.at++
		s.space()
	}
	s.leave()
	return nil
}

func (s *jsonSource) skip() error {
	switch s.peek() {
	case '{':
		return s.object(func(string) error { return nil })
	case '[':
		return s.array(func() error { return nil })
	case '"':
		_, err := s.str()
		return err
	}
	_, err := s.literal()
	return err
}

func (s *jsonSource) members(visit func(name string) error) error {
	switch {
	case s.peek() == '{':
		return s.object(visit)
	case s.peek() == '[' || s.null():
		return s.skip()
	}
	return visit("$")
}

func (s *jsonSource) children(visit func(name string) error) error {
	if s.peek() == '{' {
		return s.object(visit)
	}
	return s.skip()
}

func (s *jsonSource) each(visit func() error) error {
	switch {
	case s.peek() == '[':
		return s.array(visit)
	case s.null():
		return s.skip()
	}
	return visit()
}

func (s *jsonSource) null() bool { return s.peek() == 'n' }

func (s *jsonSource) text() (string, bool, error) {
	switch s.peek() {
	case '"':
		text, err := s.str()
		return text, true, err
	case '{', '[':
		return "", true, s.skip()
	}
	text, err := s.literal()
	return text, text != "null", err
}

// literal reads a number, true, false or null.
func (s *jsonSource) literal() (string, error) {
	end := s.at
	for end < len(s.data) && strings.IndexByte(" \t\r\n,:]}[{\"", s.data[end]) < 0 {
		end++
	}
	text := s.data[s.at:end]
	if text != "true" && text != "false" && text != "null" && !isNumber(text) {
		return "", s.malformed("want a value")
	}
	s.at = end
	return text, nil
}

// isNumber tells whether a text is a number of JSON.
func isNumber(text string) bool {
	text = strings.TrimPrefix(text, "-")
	whole := digits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	text = text[whole:]
	if fraction, ok := strings.CutPrefix(text, "."); ok {
		n := digits(fraction)
		if n == 0 {
			return false
		}
		text = fraction[n:]
	}
	if text == "" {
		return true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return false
	}
	text = text[1:]
	if text != "" && (text[0] == '+' || text[0] == '-') {
		text = text[1:]
	}
	return text != "" && digits(text) == len(text)
}

// digits is how many digits a text begins with.
func digits(text string) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}

// str reads a string.
func (s *jsonSource) str() (string, error) {
	start := s.at + 1
	for at := start; at < len(s.data); at++ {
		switch c := s.data[at]; {
		case c == '"':
			s.at = at + 1
			return s.data[start:at], nil
		case c == '\\' || c >= utf8.RuneSelf:
			return s.escaped(start, at)
		case c < ' ':
			s.at = at
			return "", s.malformed("a control character in a string")
		}
	}
	return "", s.malformed("a string without end")
}

// escaped reads on in a string that began at start, from where it is no longer plain. Bytes that are
// not UTF-8, and halves of surrogate pairs, become U+FFFD.
func (s *jsonSource) escaped(start, at int) (string, error) {
	out := []byte(s.data[start:at])
	for at < len(s.data) {
		c := s.data[at]
		switch {
		case c == '"':
			s.at = at + 1
			return string(out), nil
		case c < ' ':
			s.at = at
			return "", s.malformed("a control character in a string")
		case c == '\\':
			r, size := unescape(s.data[at:])
			if size == 0 {
				s.at = at
				return "", s.malformed("an unknown escape")
			}
			out = utf8.AppendRune(out, r)
			at += size
		default:
			r, size := utf8.DecodeRuneInString(s.data[at:])
			out = utf8.AppendRune(out, r)
			at += size
		}
	}
	return "", s.malformed("a string without end")
}

// unescape reads the escape that a text begins with, and how long it is, 0 if it is none.
func unescape(text string) (rune, int) {
	if len(text) < 2 {
		return 0, 0
	}
	if text[1] == 'u' {
		first, ok := hex4(text[2:])
		if !ok {
			return 0, 0
		}
		if utf16.IsSurrogate(first) && strings.HasPrefix(text[6:], `\u`) {
			second, ok := hex4(text[8:])
			if pair := utf16.DecodeRune(first, second); ok && pair != utf8.RuneError {
				return pair, 12
			}
		}
		return first, 6
	}
	at := strings.IndexByte(`"\/bfnrt`, text[1])
	if at < 0 {
		return 0, 0
	}
	return rune("\"\\/\b\f\n\r\t"[at]), 2
}

// hex4 reads the four hexadecimal digits that a text begins with.
func hex4(text string) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	value := rune(0)
	for _, c := range []byte(text[:4]) {
		switch {
		case c >= '0' && c <= '9':
			value = value<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			value = value<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			value = value<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return value, true
}
