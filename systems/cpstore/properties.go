package cpstore

import (
	"fmt"
	"strconv"
	"strings"
)

// property is one key and value of a file in Java's properties syntax.
type property struct {
	key, value string
	line       int // where it begins, from 1
}

// name is the key as it can be shown.
func (p *property) name() string {
	return fmt.Sprintf("%.100s", strings.Trim(strconv.QuoteToGraphic(p.key), `"`))
}

// parseProperties reads Java's properties syntax: "key=value", "key: value" or "key value" a line;
// comments after # or !; a backslash at the end goes on in the next line, and elsewhere begins an
// escape. Spaces after a value go, as in ZooKeeper. The error says a line number first.
func parseProperties(text string) ([]property, error) {
	var all []property
	for line := 1; text != ""; {
		logical, begins := "", line
		for more := true; more && text != ""; line++ {
			var natural string
			natural, text = firstLine(text)
			natural = strings.TrimLeft(natural, " \t\f")
			if logical == "" && (strings.HasPrefix(natural, "#") || strings.HasPrefix(natural, "!")) {
				natural = ""
			}
			if natural, more = continues(natural); logical == "" && natural == "" {
				begins = line + 1
			}
			logical += natural
		}
		if logical == "" {
			continue
		}
		key, value := splitProperty(logical)
		p := property{line: begins}
		var err error
		if p.key, err = unescape(key); err == nil {
			p.value, err = unescape(value)
		}
		if err != nil {
			return nil, fmt.Errorf("%d: %w", begins, err)
		}
		p.value = strings.TrimSpace(p.value)
		all = append(all, p)
	}
	return all, nil
}

// firstLine cuts a line off, which ends with \n, \r or \r\n.
func firstLine(text string) (line, rest string) {
	end := strings.IndexAny(text, "\r\n")
	if end < 0 {
		return text, ""
	}
	line, rest = text[:end], text[end+1:]
	if text[end] == '\r' {
		rest = strings.TrimPrefix(rest, "\n")
	}
	return line, rest
}

// continues takes off a last backslash that is not itself escaped.
func continues(line string) (string, bool) {
	slashes := len(line) - len(strings.TrimRight(line, `\`))
	if slashes%2 == 0 {
		return line, false
	}
	return line[:len(line)-1], true
}

// splitProperty cuts at the first separator that is not escaped: =, : or spaces, with spaces around it.
func splitProperty(line string) (key, value string) {
	end := 0
	for end < len(line) && !strings.ContainsRune("=: \t\f", rune(line[end])) {
		if line[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(line))
	value = strings.TrimLeft(line[end:], " \t\f")
	if value != "" && (value[0] == '=' || value[0] == ':') {
		value = strings.TrimLeft(value[1:], " \t\f")
	}
	return line[:end], value
}

// unescape undoes \t, \n, \r, \f and \uXXXX; any other escaped character stands for itself.
func unescape(text string) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		i++
		switch text[i] {
		case 't':
			out.WriteByte('\t')
		case 'n':
			out.WriteByte('\n')
		case 'r':
			out.WriteByte('\r')
		case 'f':
			out.WriteByte('\f')
		case 'u':
			code, err := strconv.ParseUint(text[i+1:min(i+5, len(text))], 16, 16)
			if err != nil || i+5 > len(text) {
				return "", fmt.Errorf(`\u wants four hexadecimal digits`)
			}
			out.WriteRune(rune(code))
			i += 4
		default:
			out.WriteByte(text[i])
		}
	}
	return out.String(), nil
}
