package image

import (
	"encoding/json"
	"reflect"
)

// schema is a part of a JSON Schema, 2020-12.
type schema struct {
	Schema      string            `json:"$schema,omitempty"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Type        kinds             `json:"type,omitempty"`
	Minimum     *int              `json:"minimum,omitempty"`
	Pattern     string            `json:"pattern,omitempty"`
	Enum        []string          `json:"enum,omitempty"`
	Items       *schema           `json:"items,omitempty"`
	Required    []string          `json:"required,omitempty"`
	Properties  map[string]schema `json:"properties,omitempty"`
	Additional  *additional       `json:"additionalProperties,omitempty"`
}

// kinds are names of JSON's types, of which one is wanted.
type kinds []string

// MarshalJSON writes one as itself.
func (k kinds) MarshalJSON() ([]byte, error) {
	if len(k) == 1 {
		return json.Marshal(k[0])
	}
	return json.Marshal([]string(k))
}

// additional is what fields without a name in the schema are: of one kind, or none at all.
type additional struct{ kind *schema }

// MarshalJSON writes false for none.
func (a additional) MarshalJSON() ([]byte, error) {
	if a.kind == nil {
		return []byte("false"), nil
	}
	return json.Marshal(a.kind)
}

// Schema is the JSON Schema of files, as text: for editors that complete and check while one writes. It is made of
// the tags of File.
func Schema() ([]byte, error) {
	root := schemaOf(reflect.TypeFor[File]())
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "A system in containers for cleave run --image"
	text, err := json.MarshalIndent(root, "", "  ")
	return append(text, '\n'), err
}

// schemaOf is the schema of what is read into a type.
func schemaOf(kind reflect.Type) schema {
	switch kind {
	case reflect.TypeFor[Duration]():
		return schema{Type: kinds{"string"}, Pattern: `^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`}
	case reflect.TypeFor[Size]():
		return schema{Type: kinds{"string"}, Pattern: "^[0-9]+(kB|MB|GB|B)$"}
	}
	switch kind.Kind() {
	case reflect.Pointer:
		return schemaOf(kind.Elem())
	case reflect.Slice:
		items := schemaOf(kind.Elem())
		return schema{Type: kinds{"array"}, Items: &items}
	case reflect.Map:
		values := schemaOf(kind.Elem())
		return schema{Type: kinds{"object"}, Additional: &additional{&values}}
	case reflect.Bool:
		return schema{Type: kinds{"boolean"}}
	case reflect.Int:
		zero := 0
		return schema{Type: kinds{"integer"}, Minimum: &zero}
	case reflect.Struct:
		return schemaOfFields(kind)
	}
	return schema{Type: kinds{"string", "number", "boolean"}} // taken as they are written
}

func schemaOfFields(kind reflect.Type) schema {
	made := schema{Type: kinds{"object"}, Properties: map[string]schema{}, Additional: &additional{}}
	for _, f := range fieldsOf(kind) {
		property := schemaOf(f.kind)
		property.Description, property.Enum = f.doc, f.words
		made.Properties[f.name] = property
		if f.needed {
			made.Required = append(made.Required, f.name)
		}
	}
	return made
}
