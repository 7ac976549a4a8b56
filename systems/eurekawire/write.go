package eurekawire

import (
	"strconv"
	"unicode/utf8"
)

// writer appends a document of either format. Names are Eureka's own and need no escaping.
type writer struct {
	out     []byte
	xml     bool
	compact bool
}

func newWriter(format Format, out []byte) *writer {
	return &writer{out: out, xml: format.isXML(), compact: format&Compact != 0}
}

// name writes what stands before a value: in JSON after a comma, unless it is the first of its
// object, which the last byte tells.
func (w *writer) name(name string) {
	if w.xml {
		w.tag(name)
		return
	}
	w.comma()
	w.out = append(append(append(w.out, '"'), name...), '"', ':')
}

func (w *writer) comma() {
	if last := w.out[len(w.out)-1]; last != '{' && last != '[' {
		w.out = append(w.out, ',')
	}
}

func (w *writer) tag(name string) {
	w.out = append(append(append(w.out, '<'), name...), '>')
}

// end writes what stands after a value: in JSON nothing.
func (w *writer) end(name string) {
	if w.xml {
		w.out = append(append(append(w.out, '<', '/'), name...), '>')
	}
}

// text writes a text.
func (w *writer) text(name, value string) {
	w.name(name)
	w.value(value)
	w.end(name)
}

// optional writes a text unless it is empty.
func (w *writer) optional(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *writer) value(value string) {
	if w.xml {
		w.out = appendXMLText(w.out, value)
	} else {
		w.out = appendQuoted(w.out, value)
	}
}

// number writes a number.
func (w *writer) number(name string, value int64) {
	w.name(name)
	w.out = strconv.AppendInt(w.out, value, 10)
	w.end(name)
}

// stamp writes a time of an instance, which in JSON is a string, unless it is 0.
func (w *writer) stamp(name string, value int64) {
	if value == 0 {
		return
	}
	w.name(name)
	if w.xml {
		w.out = strconv.AppendInt(w.out, value, 10)
	} else {
		w.out = append(strconv.AppendInt(append(w.out, '"'), value, 10), '"')
	}
	w.end(name)
}

// open begins an object, close ends it.
func (w *writer) open(name string) {
	w.name(name)
	if !w.xml {
		w.out = append(w.out, '{')
	}
}

func (w *writer) close(name string) {
	if !w.xml {
		w.out = append(w.out, '}')
	}
	w.end(name)
}

// list begins a list, which in XML is the repetition of its items' element; unlist ends it.
func (w *writer) list(name string) {
	if !w.xml {
		w.name(name)
		w.out = append(w.out, '[')
	}
}

func (w *writer) unlist() {
	if !w.xml {
		w.out = append(w.out, ']')
	}
}

// item begins an item of a list that is an object, close ends it.
func (w *writer) item(name string) {
	if w.xml {
		w.tag(name)
		return
	}
	w.comma()
	w.out = append(w.out, '{')
}

// pairs writes metadata, also where there is none.
func (w *writer) pairs(name string, pairs []Pair) {
	w.open(name)
	for _, pair := range pairs {
		if w.xml {
			w.out = append(appendXMLName(append(w.out, '<'), pair.Key), '>')
			w.out = append(appendXMLText(w.out, pair.Value), '<', '/')
			w.out = append(appendXMLName(w.out, pair.Key), '>')
			continue
		}
		w.comma()
		w.out = append(appendQuoted(w.out, pair.Key), ':')
		w.out = appendQuoted(w.out, pair.Value)
	}
	w.close(name)
}

// port writes a port: {"$":8080,"@enabled":"true"} or <port enabled="true">8080</port>.
func (w *writer) port(name string, port Port) {
	if w.xml {
		w.out = append(append(append(w.out, '<'), name...), ` enabled="`...)
		w.out = append(strconv.AppendBool(w.out, port.Enabled), `">`...)
		w.out = strconv.AppendInt(w.out, int64(port.Number), 10)
		w.end(name)
		return
	}
	w.name(name)
	w.out = strconv.AppendInt(append(w.out, `{"$":`...), int64(port.Number), 10)
	w.out = strconv.AppendBool(append(w.out, `,"@enabled":"`...), port.Enabled)
	w.out = append(w.out, `"}`...)
}

// appendQuoted appends a string of JSON. Bytes that are not UTF-8 become U+FFFD.
func appendQuoted(out []byte, text string) []byte {
	out = append(out, '"')
	done := 0
	for at := 0; at < len(text); {
		c := text[at]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			at++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(text[at:]); r != utf8.RuneError || size > 1 {
				at += size
				continue
			}
		}
		out = appendEscape(append(out, text[done:at]...), c)
		at += size
		done = at
	}
	return append(append(out, text[done:]...), '"')
}

// appendEscape appends the escape of a byte that cannot stand in a string of JSON.
func appendEscape(out []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(out, '\\', c)
	case '\n':
		return append(out, '\\', 'n')
	case '\r':
		return append(out, '\\', 'r')
	case '\t':
		return append(out, '\\', 't')
	}
	if c >= utf8.RuneSelf {
		return append(out, "\uFFFD"...)
	}
	const hexadecimal = "0123456789abcdef"
	return append(out, '\\', 'u', '0', '0', hexadecimal[c>>4], hexadecimal[c&15])
}

// appendXMLText appends the text of an element. What XML has no way to say, such as most control
// characters, and bytes that are not UTF-8, become U+FFFD.
func appendXMLText(out []byte, text string) []byte {
	done := 0
	for at := 0; at < len(text); {
		if c := text[at]; c >= ' ' && c != '&' && c != '<' && c != '>' && c < utf8.RuneSelf {
			at++
			continue
		}
		escape, size := xmlEscape(text[at:])
		if escape != "" {
			out = append(append(out, text[done:at]...), escape...)
			done = at + size
		}
		at += size
	}
	return append(out, text[done:]...)
}

// xmlEscape is what stands for the first character of a text that is not plain, "" for itself, and
// its size.
func xmlEscape(text string) (string, int) {
	switch c := text[0]; {
	case c == '&':
		return "&amp;", 1
	case c == '<':
		return "&lt;", 1
	case c == '>':
		return "&gt;", 1
	case c == '\t':
		return "&#x9;", 1
	case c == '\n':
		return "&#xA;", 1
	case c == '\r':
		return "&#xD;", 1
	case c < ' ':
		return "\uFFFD", 1
	}
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && size == 1 || r == 0xFFFE || r == 0xFFFF {
		return "\uFFFD", size
	}
	return "", size
}
