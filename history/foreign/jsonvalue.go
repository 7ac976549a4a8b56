package foreign

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"cleave/history"
)

// mostDeep is how deep lists may be nested.
const mostDeep = 32

var errShort = errors.New("the line is cut short")

// jsonScanner reads JSON from a line. It is strict, and quick on what histories are made of: short texts of plain
// characters and integers.
type jsonScanner struct {
	text  []byte
	at    int
	texts *interned
}

// space passes blanks over and gives the next byte, 0 at the end.
func (s *jsonScanner) space() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// expect passes one byte over.
func (s *jsonScanner) expect(c byte) error {
	switch got := s.space(); {
	case s.at >= len(s.text):
		return errShort
	case got != c:
		return fmt.Errorf("column %d: wanted %q, not %q", s.at+1, c, got)
	}
	s.at++
	return nil
}

// string reads a string, quotes included, and gives its bytes, valid until the line is.
func (s *jsonScanner) string() ([]byte, error) {
	if err := s.expect('"'); err != nil {
		return nil, err
	}
	start := s.at
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.text[start : s.at-1], nil
		case c == '\\' || c < ' ' || c >= utf8.RuneSelf:
			return s.quoted(start)
		}
	}
	return nil, errShort
}

// quoted reads the rest of a string that has more in it than plain characters.
func (s *jsonScanner) quoted(start int) ([]byte, error) {
	for ; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			var text string
			if !utf8.Valid(s.text[start:s.at]) {
				return nil, fmt.Errorf("column %d: a string that is no UTF-8", start)
			}
			if err := json.Unmarshal(s.text[start-1:s.at], &text); err != nil {
				return nil, fmt.Errorf("column %d: a bad string: %w", start, err)
			}
			return []byte(text), nil
		}
	}
	return nil, errShort
}

// surelyFits is how many digits a number of 64 bits can have, whatever they are.
const surelyFits = 18

// integer reads a number without a fraction.
func (s *jsonScanner) integer() (int64, error) {
	s.space()
	start, plain, number := s.at, true, int64(0)
	for ; s.at < len(s.text); s.at++ {
		c := s.text[s.at]
		if c == '-' {
			plain = false
		} else if c < '0' || c > '9' {
			break
		}
		number = number*10 + int64(c-'0')
	}
	digits := s.text[start:s.at]
	if s.at < len(s.text) && (s.text[s.at] == '.' || s.text[s.at] == 'e' || s.text[s.at] == 'E') {
		return 0, fmt.Errorf("column %d: a number with a fraction or exponent; numbers here are integers", start+1)
	}
	if len(digits) == 0 {
		if s.at >= len(s.text) {
			return 0, errShort
		}
		return 0, fmt.Errorf("column %d: wanted a number", start+1)
	}
	if plain && len(digits) <= surelyFits {
		return number, nil
	}
	number, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("column %d: %.30q is no integer of 64 bits", start+1, digits)
	}
	return number, nil
}

// value reads null, an integer, a string, true, false or a list of these. True and false are texts.
func (s *jsonScanner) value(deep int) (history.Value, error) {
	switch c := s.space(); {
	case s.at >= len(s.text):
		return history.Nothing, errShort
	case c == '"':
		text, err := s.string()
		if err != nil {
			return history.Nothing, err
		}
		return history.Text(s.texts.text(text)), nil
	case c == '[':
		return s.list(deep)
	case c == 'n' || c == 't' || c == 'f':
		return s.word()
	case c == '{':
		return history.Nothing, fmt.Errorf("column %d: a value is null, an integer, a string or a list, not an object", s.at+1)
	}
	number, err := s.integer()
	return history.Integer(number), err
}

func (s *jsonScanner) list(deep int) (history.Value, error) {
	if deep >= mostDeep {
		return history.Nothing, fmt.Errorf("column %d: lists nested deeper than %d", s.at+1, mostDeep)
	}
	s.at++
	var list []history.Value
	if s.space() == ']' {
		s.at++
		return history.List(list...), nil
	}
	for {
		element, err := s.value(deep + 1)
		if err != nil {
			return history.Nothing, err
		}
		list = append(list, element)
		switch c := s.space(); {
		case s.at >= len(s.text):
			return history.Nothing, errShort
		case c == ']':
			s.at++
			return history.List(list...), nil
		case c != ',':
			return history.Nothing, fmt.Errorf("column %d: wanted , or ] in a list, not %q", s.at+1, c)
		}
		s.at++
	}
}

// word reads null, true or false.
func (s *jsonScanner) word() (history.Value, error) {
	for _, word := range [...]string{"null", "true", "false"} {
		rest := s.text[s.at:]
		if len(rest) >= len(word) && string(rest[:len(word)]) == word {
			s.at += len(word)
			if word == "null" {
				return history.Nothing, nil
			}
			return history.Text(word), nil
		}
		if len(rest) < len(word) && word[:len(rest)] == string(rest) {
			return history.Nothing, errShort
		}
	}
	return history.Nothing, fmt.Errorf("column %d: a value is null, an integer, a string or a list, not %.10q", s.at+1, s.text[s.at:])
}
