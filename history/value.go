package history

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Value is an argument or a result: nothing, an integer, a text, or a list of values. The zero
// Value is nothing (JSON null). Values are immutable.
type Value struct {
	kind   valueKind
	number int64
	text   string
	list   []Value
}

type valueKind uint8

const (
	kindNothing valueKind = iota
	kindInteger
	kindText
	kindList
)

// Nothing is the absent value, as read from a key that was never written.
var Nothing = Value{}

// Integer makes a Value of a number.
func Integer(number int64) Value { return Value{kind: kindInteger, number: number} }

// Text makes a Value of a string.
func Text(text string) Value { return Value{kind: kindText, text: text} }

// List makes a Value of several. The list is taken over, not copied.
func List(values ...Value) Value { return Value{kind: kindList, list: values} }

// Texts makes a list of strings a Value.
func Texts(texts []string) Value {
	list := make([]Value, len(texts))
	for i, text := range texts {
		list[i] = Text(text)
	}
	return List(list...)
}

// IsNothing tells whether the value is absent.
func (v Value) IsNothing() bool { return v.kind == kindNothing }

// AsInteger gives the number, and whether the value is one.
func (v Value) AsInteger() (int64, bool) { return v.number, v.kind == kindInteger }

// AsText gives the string, and whether the value is one.
func (v Value) AsText() (string, bool) { return v.text, v.kind == kindText }

// AsList gives the elements, and whether the value is a list. The caller must not change them.
func (v Value) AsList() ([]Value, bool) { return v.list, v.kind == kindList }

// Equal tells whether two values are the same, lists element by element.
func (v Value) Equal(other Value) bool {
	if v.kind != other.kind || v.number != other.number || v.text != other.text || len(v.list) != len(other.list) {
		return false
	}
	for i := range v.list {
		if !v.list[i].Equal(other.list[i]) {
			return false
		}
	}
	return true
}

// String shows the value for people: nil, 7, text, [1 2].
func (v Value) String() string {
	switch v.kind {
	case kindInteger:
		return strconv.FormatInt(v.number, 10)
	case kindText:
		return v.text
	case kindList:
		parts := make([]string, len(v.list))
		for i, element := range v.list {
			parts[i] = element.String()
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	return "nil"
}

// append writes the value as JSON.
func (v Value) append(line []byte) []byte {
	switch v.kind {
	case kindInteger:
		return strconv.AppendInt(line, v.number, 10)
	case kindText:
		return appendText(line, v.text)
	case kindList:
		line = append(line, '[')
		for i, element := range v.list {
			if i > 0 {
				line = append(line, ',')
			}
			line = element.append(line)
		}
		return append(line, ']')
	}
	return append(line, "null"...)
}

// MarshalJSON writes null, a number, a string or an array.
func (v Value) MarshalJSON() ([]byte, error) { return v.append(nil), nil }

// UnmarshalJSON reads what MarshalJSON writes. Fractions, booleans and objects are errors.
func (v *Value) UnmarshalJSON(data []byte) error {
	switch {
	case string(data) == "null":
		*v = Nothing
		return nil
	case len(data) > 0 && data[0] == '"':
		v.kind = kindText
		return json.Unmarshal(data, &v.text)
	case len(data) > 0 && data[0] == '[':
		v.kind = kindList
		return json.Unmarshal(data, &v.list)
	}
	number, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		return fmt.Errorf("a value is null, an integer, a string or an array of values, not %.40s", data)
	}
	*v = Integer(number)
	return nil
}

// appendText writes a JSON string. Plain ASCII, nearly all there is, takes the short way.
func appendText(line []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // a string always marshals
			return append(line, quoted...)
		}
	}
	line = append(line, '"')
	line = append(line, text...)
	return append(line, '"')
}
