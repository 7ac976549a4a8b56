package eurekawire

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Metadata's keys are names of XML elements. Of a key, ASCII letters, digits, _, - and . are written
// as they are, and any other character as _. and four hexadecimal digits of UTF-16, as XStream does
// ("a b" is a_.0020b), and so is a _ before a dot, and what no name may begin with. The empty key is
// the name "_.". Unlike XStream's, a _ is not doubled: other clients than Java's know nothing of it.

// appendXMLName appends the name that stands for a key.
func appendXMLName(out []byte, key string) []byte {
	if key == "" {
		return append(out, "_."...)
	}
	for at, r := range key {
		switch {
		case isNameStart(r) && !strings.HasPrefix(key[at:], "_."), at > 0 && isNamePart(r):
			out = append(out, byte(r))
		case r > 0xFFFF:
			first, second := utf16.EncodeRune(r)
			out = appendEscapedUnit(appendEscapedUnit(out, first), second)
		default:
			out = appendEscapedUnit(out, r)
		}
	}
	return out
}

func isNameStart(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
}

// isNamePart is what stands in a name besides what it may begin with.
func isNamePart(r rune) bool {
	return r >= '0' && r <= '9' || r == '-' || r == '.'
}

func appendEscapedUnit(out []byte, unit rune) []byte {
	const hexadecimal = "0123456789ABCDEF"
	return append(out, '_', '.', hexadecimal[unit>>12&15], hexadecimal[unit>>8&15], hexadecimal[unit>>4&15], hexadecimal[unit&15])
}

// xmlKey is the key that a name stands for. A name with an escape that is none stands for itself.
func xmlKey(name string) string {
	if !strings.Contains(name, "_.") {
		return name
	}
	if name == "_." {
		return ""
	}
	var out []byte
	for at := 0; at < len(name); {
		first, ok := escapedUnit(name[at:])
		switch {
		case !ok:
			out = append(out, name[at])
			at++
			continue
		case utf16.IsSurrogate(first):
			if second, ok := escapedUnit(name[at+6:]); ok && utf16.DecodeRune(first, second) != utf8.RuneError {
				first = utf16.DecodeRune(first, second)
				at += 6
			}
		}
		out = utf8.AppendRune(out, first)
		at += 6
	}
	return string(out)
}

func escapedUnit(name string) (rune, bool) {
	digits, ok := strings.CutPrefix(name, "_.")
	if !ok {
		return 0, false
	}
	return hex4(digits)
}
