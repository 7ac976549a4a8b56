package foreign

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"cleave/history"
)

// formKind is what an EDN form is.
type formKind uint8

const (
	formNil formKind = iota
	formInteger
	formNumber  // any other number: 1.5, 1/2, 1M, ##NaN
	formText    // "text", and \a with its mark
	formKeyword // :a, without its colon
	formWord    // a symbol, true
	formList    // (1 2), [1 2] or #{1 2}
	formMap     // {:a 1}: keys and values in turn
	formClosed  // a closing bracket: no form
	formSkip    // #_ x or a comment: no form
)

// form is a piece of EDN (github.com/edn-format/edn).
type form struct {
	kind   formKind
	text   string
	number int64
	list   []form
}

// ednReader reads EDN forms from a stream, one after the other.
type ednReader struct {
	input *bufio.Reader
	line  int // from 1
	size  int // bytes of the form under way
	most  int // that a form may have
	texts *interned
	word  []byte
}

func newEDNReader(input io.Reader, most int) *ednReader {
	return &ednReader{input: bufio.NewReaderSize(input, 1<<18), line: 1, most: most, texts: newInterned()}
}

// byte reads one, counting lines, within the bound for one form.
func (r *ednReader) byte() (byte, error) {
	c, err := r.input.ReadByte()
	if err != nil {
		return 0, err
	}
	if c == '\n' {
		r.line++
	}
	if r.size++; r.size > r.most {
		return 0, fmt.Errorf("a form of more than %d bytes", r.most)
	}
	return c, nil
}

// back gives the last byte back.
func (r *ednReader) back(c byte) {
	if c == '\n' {
		r.line--
	}
	r.size--
	_ = r.input.UnreadByte() // a byte has just been read
}

func blank(c byte) bool {
	return c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
}

// open skips blanks and comments and gives the next byte; io.EOF if there is none.
func (r *ednReader) open() (byte, error) {
	for {
		c, err := r.byte()
		for err == nil && c == ';' {
			for err == nil && c != '\n' {
				c, err = r.byte()
			}
		}
		if err != nil || !blank(c) {
			return c, err
		}
	}
}

// form reads the next form. The end of the input before it is io.EOF, within it io.ErrUnexpectedEOF.
func (r *ednReader) form(deep int) (form, error) {
	for {
		c, err := r.open()
		if err != nil {
			return form{}, err
		}
		f, err := r.from(c, deep)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil || f.kind != formSkip {
			return f, err
		}
	}
}

// from reads the form that begins with a byte.
func (r *ednReader) from(c byte, deep int) (form, error) {
	switch c {
	case '"':
		text, err := r.string()
		return form{kind: formText, text: text}, err
	case '(', '[':
		list, err := r.until(map[byte]byte{'(': ')', '[': ']'}[c], deep)
		return form{kind: formList, list: list}, err
	case '{':
		list, err := r.until('}', deep)
		if err == nil && len(list)%2 != 0 {
			err = errors.New("a map with a key without a value")
		}
		return form{kind: formMap, list: list}, err
	case ')', ']', '}':
		return form{kind: formClosed, number: int64(c)}, nil
	case '#':
		return r.dispatch(deep)
	case '^': // metadata, and what it is about
		if deep >= mostDeep {
			return form{}, fmt.Errorf("forms nested deeper than %d", mostDeep)
		}
		if _, err := r.form(deep + 1); err != nil {
			return form{}, err
		}
		return r.form(deep)
	case '\\':
		return r.character()
	}
	return r.bare(c)
}

// until reads forms to a closing bracket.
func (r *ednReader) until(closing byte, deep int) ([]form, error) {
	if deep >= mostDeep {
		return nil, fmt.Errorf("forms nested deeper than %d", mostDeep)
	}
	var list []form
	for {
		f, err := r.form(deep + 1)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		switch {
		case err != nil:
			return nil, err
		case f.kind != formClosed:
			list = append(list, f)
		case byte(f.number) != closing:
			return nil, fmt.Errorf("%q closes what %q should", byte(f.number), closing)
		default:
			return list, nil
		}
	}
}

// dispatch reads what follows #: a set, a form to be passed over, or a tag, whose form stands for itself.
func (r *ednReader) dispatch(deep int) (form, error) {
	c, err := r.byte()
	if err != nil {
		return form{}, err
	}
	if deep >= mostDeep {
		return form{}, fmt.Errorf("forms nested deeper than %d", mostDeep)
	}
	switch c {
	case '{':
		list, err := r.until('}', deep)
		return form{kind: formList, list: list}, err
	case '"': // a regular expression
		text, err := r.string()
		return form{kind: formText, text: text}, err
	case '#': // ##NaN
		return r.bare(c)
	case '_':
		_, err := r.form(deep + 1)
		return form{kind: formSkip}, err
	}
	if _, err := r.bare(c); err != nil {
		return form{}, err
	}
	return r.form(deep + 1)
}

// string reads the rest of a string.
func (r *ednReader) string() (string, error) {
	r.word = r.word[:0]
	for {
		c, err := r.byte()
		if err != nil {
			return "", err
		}
		switch c {
		case '"':
			if !utf8.Valid(r.word) {
				return "", errors.New("a string that is no UTF-8")
			}
			return r.texts.text(r.word), nil
		case '\\':
			if c, err = r.byte(); err != nil {
				return "", err
			}
			if err := r.escape(c); err != nil {
				return "", err
			}
		default:
			r.word = append(r.word, c)
		}
	}
}

// escape adds what an escaped character of a string stands for.
func (r *ednReader) escape(c byte) error {
	if at := strings.IndexByte(`tnr"\`, c); at >= 0 {
		r.word = append(r.word, "\t\n\r\"\\"[at])
		return nil
	}
	if c != 'u' {
		return fmt.Errorf("an unknown escape \\%c in a string", c)
	}
	var digits [4]byte
	for i := range digits {
		var err error
		if digits[i], err = r.byte(); err != nil {
			return err
		}
	}
	code, err := strconv.ParseUint(string(digits[:]), 16, 16)
	if err != nil {
		return fmt.Errorf("\\u%s in a string is no character", digits)
	}
	r.word = append(r.word, string(rune(code))...)
	return nil
}

// character reads a character literal, such as \a or \newline, as a text that begins with the mark.
func (r *ednReader) character() (form, error) {
	c, err := r.byte()
	if err != nil {
		return form{}, err
	}
	_, err = r.bare(c)
	return form{kind: formText, text: `\` + string(r.word)}, err
}

// bare reads a form without brackets or quotes: nil, a number, a keyword, a symbol.
func (r *ednReader) bare(c byte) (form, error) {
	r.word = append(r.word[:0], c)
	for {
		c, err := r.byte()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return form{}, err
		}
		if blank(c) || strings.IndexByte(`()[]{}";`, c) >= 0 {
			r.back(c)
			break
		}
		r.word = append(r.word, c)
	}
	word := r.word
	if !utf8.Valid(word) {
		return form{}, errors.New("a word that is no UTF-8")
	}
	if string(word) == "nil" {
		return form{}, nil
	}
	switch {
	case word[0] == ':':
		return form{kind: formKeyword, text: r.texts.text(word[1:])}, nil
	case !numeric(word):
		return form{kind: formWord, text: r.texts.text(word)}, nil
	}
	if number, err := strconv.ParseInt(strings.TrimSuffix(string(word), "N"), 10, 64); err == nil {
		return form{kind: formInteger, number: number}, nil
	}
	return form{kind: formNumber, text: r.texts.text(word)}, nil
}

// numeric tells a number from a symbol: it begins with a digit, behind a sign or not, or is one of those with a #.
func numeric(word []byte) bool {
	if word[0] == '#' {
		return true
	}
	if len(word) > 1 && (word[0] == '-' || word[0] == '+') {
		word = word[1:]
	}
	return word[0] >= '0' && word[0] <= '9'
}

// steps takes the colons off the functions of a transaction's steps, [:append 1 2], wherever a list holds such steps:
// they are functions, and no values.
func (f form) steps() {
	for i := range f.list {
		if step := f.list[i].list; len(step) > 0 && step[0].kind == formKeyword {
			step[0].kind = formWord
		} else {
			f.list[i].steps()
		}
	}
}

// fraction is the first number in a form that is no integer of 64 bits, "" if there is none.
func (f form) fraction() string {
	if f.kind == formNumber {
		return f.text
	}
	for i := range f.list {
		if found := f.list[i].fraction(); found != "" {
			return found
		}
	}
	return ""
}

// value is the form as a value of a history: keywords are texts with their colon, so that :a is not "a"; symbols are
// texts; maps are lists of pairs.
func (f form) value() history.Value {
	switch f.kind {
	case formInteger:
		return history.Integer(f.number)
	case formText, formWord, formNumber:
		return history.Text(f.text)
	case formKeyword:
		return history.Text(":" + f.text)
	case formList:
		list := make([]history.Value, len(f.list))
		for i, element := range f.list {
			list[i] = element.value()
		}
		return history.List(list...)
	case formMap:
		list := make([]history.Value, 0, len(f.list)/2)
		for i := 0; i+1 < len(f.list); i += 2 {
			list = append(list, history.List(f.list[i].value(), f.list[i+1].value()))
		}
		return history.List(list...)
	}
	return history.Nothing
}

// String is the form in words, for texts such as errors.
func (f form) String() string { return f.value().String() }
