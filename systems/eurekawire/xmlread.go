package eurekawire

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
)

// xmlSource reads XML. encoding/xml expands no entities but XML's own five and characters by number,
// and knows nothing of other files; document types are refused all the same.
type xmlSource struct {
	decoder *xml.Decoder
	depth   int // elements that are open
	unread  bool
	element xml.StartElement // the value at the cursor, unless it is plain
	plain   bool
	value   string // a plain value: an attribute, or the text of an element
}

func xmlDocument(body []byte, root string, visit func(source) error) error {
	valid := bytes.ToValidUTF8(body, []byte("\uFFFD"))
	s := &xmlSource{decoder: xml.NewDecoder(bytes.NewReader(valid))}
	found := false
	for {
		token, err := s.next()
		if err == io.EOF && found {
			return nil
		}
		if err == io.EOF {
			return bad("the document has no <%s>", root)
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 {
				return s.malformed("text outside the document")
			}
		case xml.StartElement:
			if found || token.Name.Local != root {
				return bad("the document is not one <%s>, there is %s", root, excerpt(token.Name.Local))
			}
			found = true
			if err := s.visit(token, func() error { return visit(s) }); err != nil {
				return err
			}
		}
	}
}

func (s *xmlSource) malformed(what string) error {
	return bad("malformed XML at byte %d: %s", s.decoder.InputOffset(), what)
}

func (s *xmlSource) repeats() bool { return true }

// next is the next token that says something.
func (s *xmlSource) next() (xml.Token, error) {
	for {
		token, err := s.decoder.Token()
		if err == io.EOF {
			return nil, err
		}
		if err != nil {
			return nil, bad("malformed XML: %s", err)
		}
		switch token.(type) {
		case xml.Directive:
			return nil, s.malformed("document types are refused")
		case xml.StartElement:
			if s.depth++; s.depth > deepest {
				return nil, s.malformed("nested too deeply")
			}
			return token, nil
		case xml.EndElement:
			s.depth--
			return token, nil
		case xml.CharData:
			return token, nil
		}
	}
}

// visit puts the cursor on an element and sees to it that it is read.
func (s *xmlSource) visit(element xml.StartElement, visit func() error) error {
	s.element, s.plain, s.unread = element, false, true
	if err := visit(); err != nil {
		return err
	}
	if s.unread {
		_, _, err := s.text()
		return err
	}
	return nil
}

// visitPlain puts the cursor on a plain value.
func (s *xmlSource) visitPlain(value, name string, visit func(name string) error) error {
	s.plain, s.value, s.unread = true, value, true
	err := visit(name)
	s.unread = false
	return err
}

func (s *xmlSource) each(visit func() error) error { return visit() }

func (s *xmlSource) text() (string, bool, error) {
	s.unread = false
	if s.plain {
		return s.value, true, nil
	}
	text, err := s.content(nil)
	return text, true, err
}

func (s *xmlSource) children(visit func(name string) error) error {
	s.unread = false
	if s.plain {
		return nil
	}
	_, err := s.content(visit)
	return err
}

func (s *xmlSource) members(visit func(name string) error) error {
	if s.plain {
		return visit("$")
	}
	for _, attribute := range s.element.Attr {
		if err := s.visitPlain(attribute.Value, "@"+attribute.Name.Local, visit); err != nil {
			return err
		}
	}
	text, err := s.content(visit)
	if err != nil || strings.TrimSpace(text) == "" {
		s.unread = false
		return err
	}
	return s.visitPlain(text, "$", visit)
}

// content reads the open element to its end, and gives its own text. Without a visit, what is inside
// of it is skipped.
func (s *xmlSource) content(visit func(name string) error) (string, error) {
	var text []byte
	for level := s.depth; ; {
		token, err := s.next()
		if err != nil {
			return "", unfinished(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			if s.depth == level {
				text = append(text, token...)
			}
		case xml.EndElement:
			if s.depth < level {
				s.unread = false
				return string(text), nil
			}
		case xml.StartElement:
			if visit == nil {
				continue
			}
			name := xmlKey(token.Name.Local)
			if err := s.visit(token, func() error { return visit(name) }); err != nil {
				return "", err
			}
		}
	}
}

// unfinished makes the end of the bytes inside an element an error.
func unfinished(err error) error {
	if err == io.EOF {
		return bad("malformed XML: the document ends early")
	}
	return err
}
