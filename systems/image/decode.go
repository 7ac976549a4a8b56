package image

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"cleave/internal/byhand"
)

// largestFile bounds a file, in bytes.
const largestFile = 1 << 20

// Parse reads a file in YAML or JSON, strictly, and fills in what it leaves out. An error says line and column:
// of an unknown field or word, a wrong type, a template or an expression that is none, or what does not go together.
func Parse(text []byte) (File, error) {
	document, err := parseYAML(text)
	if err != nil {
		return File{}, err
	}
	var f File
	d := decoder{places: map[string]*yaml.Node{"": document}}
	if err := d.read(document, reflect.ValueOf(&f).Elem(), ""); err != nil {
		return File{}, err
	}
	f = f.fully()
	var found wrong
	if err := f.validate(); errors.As(err, &found) {
		return File{}, byhand.At(d.place(found.path), "%s: %w", found.path, found.cause)
	} else if err != nil {
		return File{}, byhand.At(document, "%w", err)
	}
	return f, nil
}

// wrong is what is the matter with a field, which is named by its path, such as client.http.functions.
type wrong struct {
	path  string
	cause error
}

// Error says which and what.
func (w wrong) Error() string { return w.path + ": " + w.cause.Error() }

func parseYAML(text []byte) (*yaml.Node, error) {
	if len(text) > largestFile {
		return nil, byhand.Misplaced{Line: 1, Column: 1, Cause: fmt.Errorf("a file of %d bytes; %d are allowed", len(text), largestFile)}
	}
	return byhand.Parse(text, "system")
}

// decoder puts a document into a value, by the tags of its fields, and remembers where each was said.
type decoder struct{ places map[string]*yaml.Node }

// place is where a field, or the nearest around it, is in the file.
func (d *decoder) place(path string) *yaml.Node {
	for {
		if node, found := d.places[path]; found {
			return node
		}
		path = path[:max(strings.LastIndexByte(path, '.'), 0)]
	}
}

// scalar is a value that reads itself from text.
type scalar interface{ read(text string) error }

// read reads a part of the document into a value of the same shape.
func (d *decoder) read(node *yaml.Node, into reflect.Value, path string) error {
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		return byhand.At(node, "anchors and aliases are not read here")
	}
	if own, is := into.Addr().Interface().(scalar); is {
		text, err := plain(node)
		if err == nil {
			err = placed(node, own.read(text))
		}
		return err
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return d.read(node, into.Elem(), path)
	case reflect.Struct:
		return d.readFields(node, into, path)
	case reflect.Map:
		return d.readMap(node, into, path)
	case reflect.Slice:
		return d.readItems(node, into, path)
	case reflect.Int:
		return readNumber(node, into)
	case reflect.Bool:
		yes, err := byhand.Yes(node)
		into.SetBool(yes)
		return err
	}
	text, err := plain(node)
	into.SetString(text)
	return err
}

func placed(node *yaml.Node, err error) error {
	if err == nil {
		return nil
	}
	return byhand.At(node, "%w", err)
}

// readFields reads a mapping with known names, each at most once. Nothing at all is a struct without fields said.
func (d *decoder) readFields(node *yaml.Node, into reflect.Value, path string) error {
	fields := fieldsOf(into.Type())
	said := map[string]bool{}
	err := d.pairs(node, path, said, func(name, value *yaml.Node, at_ string) error {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name.Value })
		if i < 0 {
			return byhand.At(name, "unknown field %.60q%s; there are: %s", name.Value, of(path), listed(fields))
		}
		if err := d.read(value, into.Field(i), at_); err != nil {
			return err
		}
		if words := fields[i].words; len(words) > 0 && !slices.Contains(words, into.Field(i).String()) {
			return byhand.At(value, "%s: %.60q; there are: %s", name.Value, value.Value, strings.Join(words, ", "))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range fields {
		if f.needed && !said[f.name] {
			return byhand.At(node, "%s is not said%s", f.name, of(path))
		}
	}
	return nil
}

// readMap reads a mapping with names of any kind.
func (d *decoder) readMap(node *yaml.Node, into reflect.Value, path string) error {
	into.Set(reflect.MakeMap(into.Type()))
	return d.pairs(node, path, map[string]bool{}, func(name, value *yaml.Node, at_ string) error {
		item := reflect.New(into.Type().Elem()).Elem()
		err := d.read(value, item, at_)
		into.SetMapIndex(reflect.ValueOf(name.Value), item)
		return err
	})
}

// pairs goes through a mapping.
func (d *decoder) pairs(node *yaml.Node, path string, said map[string]bool, read func(name, value *yaml.Node, path string) error) error {
	if node.Kind != yaml.MappingNode {
		return byhand.At(node, "fields with values are wanted here, not %s", byhand.Shape(node))
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		switch {
		case name.Kind != yaml.ScalarNode:
			return byhand.At(name, "a name is wanted here, not %s", byhand.Shape(name))
		case said[name.Value]:
			return byhand.At(name, "%.60s is said twice", name.Value)
		}
		said[name.Value] = true
		below := strings.TrimPrefix(path+"."+name.Value, ".")
		d.places[below] = value
		if err := read(name, value, below); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) readItems(node *yaml.Node, into reflect.Value, path string) error {
	if node.Kind != yaml.SequenceNode {
		return byhand.At(node, "a list is wanted here, not %s", byhand.Shape(node))
	}
	into.Set(reflect.MakeSlice(into.Type(), len(node.Content), len(node.Content)))
	for i, item := range node.Content {
		below := fmt.Sprintf("%s.%d", path, i)
		d.places[below] = item
		if err := d.read(item, into.Index(i), below); err != nil {
			return err
		}
	}
	return nil
}

func readNumber(node *yaml.Node, into reflect.Value) error {
	number, err := strconv.ParseInt(node.Value, 10, 32)
	if node.Kind != yaml.ScalarNode || node.ShortTag() != "!!int" || err != nil || number < 0 {
		return byhand.At(node, "a whole number from 0 is wanted here, not %s", byhand.Shape(node))
	}
	into.SetInt(number)
	return nil
}

// plain is a text; numbers and the like are taken as they are written.
func plain(node *yaml.Node) (string, error) {
	if node.Kind != yaml.ScalarNode || node.ShortTag() == "!!null" || node.ShortTag() == "!!binary" {
		return "", byhand.At(node, "a text is wanted here, not %s", byhand.Shape(node))
	}
	return node.Value, nil
}

func of(path string) string {
	if path == "" {
		return ""
	}
	return " of " + path
}

// field is one of a struct's, as its tags say.
type field struct {
	name   string
	needed bool
	words  []string
	doc    string
	kind   reflect.Type
}

// fieldsOf are the fields of a struct, in order: field i is that of the struct.
func fieldsOf(kind reflect.Type) []field {
	all := make([]field, kind.NumField())
	for i := range all {
		f := kind.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		all[i] = field{name: name, needed: f.Tag.Get("need") != "", doc: f.Tag.Get("doc"), kind: f.Type}
		if words := f.Tag.Get("enum"); words != "" {
			all[i].words = strings.Split(words, ",")
		}
	}
	return all
}

func listed(fields []field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}
