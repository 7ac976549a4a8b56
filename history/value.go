package history

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Value is an argument or a result: nothing, an integer, a text, or a list of values. The zero
// Value is nothing (JSON null). Values are immutable.
type Value struct {
	kind   valueKind
	number int64
	text   string
	list   *elements // of a list that is not empty
}

// elements are those of a list: texts if all are, which take less so, values otherwise.
type elements struct {
	texts  []string
	values []Value
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
func List(values ...Value) Value {
	if slices.ContainsFunc(values, func(v Value) bool { return v.kind != kindText }) {
		return Value{kind: kindList, list: &elements{values: values}}
	}
	texts := make([]string, len(values))
	for i := range values {
		texts[i] = values[i].text
	}
	return Texts(texts)
}

// Texts makes a list of strings a Value. The list is taken over, not copied.
func Texts(texts []string) Value {
	if len(texts) == 0 {
		return Value{kind: kindList}
	}
	return Value{kind: kindList, list: &elements{texts: texts}}
}

// IsNothing tells whether the value is absent.
func (v Value) IsNothing() bool { return v.kind == kindNothing }

// AsInteger gives the number, and whether the value is one.
func (v Value) AsInteger() (int64, bool) { return v.number, v.kind == kindInteger }

// AsText gives the string, and whether the value is one.
func (v Value) AsText() (string, bool) { return v.text, v.kind == kindText }

// AsList gives the elements, and whether the value is a list. The caller must not change them.
func (v Value) AsList() ([]Value, bool) {
	if v.list == nil {
		return nil, v.kind == kindList
	}
	if v.list.values != nil {
		return v.list.values, true
	}
	list := make([]Value, len(v.list.texts))
	for i, text := range v.list.texts {
		list[i] = Text(text)
	}
	return list, true
}

// AsTexts gives the elements of a list that are texts; none if the value is no list. The caller must not change
// them.
func (v Value) AsTexts() []string {
	if v.list == nil {
		return nil
	}
	texts := v.list.texts
	for _, element := range v.list.values {
		if element.kind == kindText {
			texts = append(texts, element.text)
		}
	}
	return texts
}

// Equal tells whether two values are the same, lists element by element.
func (v Value) Equal(other Value) bool {
	if v.kind != other.kind || v.number != other.number || v.text != other.text || (v.list == nil) != (other.list == nil) {
		return false
	}
	return v.list == other.list || slices.Equal(v.list.texts, other.list.texts) && slices.EqualFunc(v.list.values, other.list.values, Value.Equal)
}

// String shows the value for people: nil, 7, text, [1 2].
func (v Value) String() string {
	switch v.kind {
	case kindInteger:
		return strconv.FormatInt(v.number, 10)
	case kindText:
		return v.text
	case kindList:
		list, _ := v.AsList()
		parts := make([]string, len(list))
		for i, element := range list {
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
		list, _ := v.AsList()
		for i, element := range list {
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
		var values []Value
		err := json.Unmarshal(data, &values)
		*v = List(values...)
		return err
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
