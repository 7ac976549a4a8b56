package image

import (
	"reflect"

	"cleave/internal/byhand"
)

// Schema is the JSON Schema of files, as text: for editors that complete and check while one writes. It is made of
// the tags of File.
func Schema() ([]byte, error) {
	return schemaOf(reflect.TypeFor[File]()).Text("A system in containers for cleave run --image")
}

// schemaOf is the schema of what is read into a type.
func schemaOf(kind reflect.Type) byhand.Schema {
	switch kind {
	case reflect.TypeFor[Duration]():
		return byhand.Schema{Type: byhand.Kinds{"string"}, Pattern: `^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`}
	case reflect.TypeFor[Size]():
		return byhand.Schema{Type: byhand.Kinds{"string"}, Pattern: "^[0-9]+(kB|MB|GB|B)$"}
	}
	switch kind.Kind() {
	case reflect.Pointer:
		return schemaOf(kind.Elem())
	case reflect.Slice:
		items := schemaOf(kind.Elem())
		return byhand.Schema{Type: byhand.Kinds{"array"}, Items: &items}
	case reflect.Map:
		values := schemaOf(kind.Elem())
		return byhand.Schema{Type: byhand.Kinds{"object"}, Additional: &byhand.Additional{Kind: &values}}
	case reflect.Bool:
		return byhand.Schema{Type: byhand.Kinds{"boolean"}}
	case reflect.Int:
		zero := 0
		return byhand.Schema{Type: byhand.Kinds{"integer"}, Minimum: &zero}
	case reflect.Struct:
		return schemaOfFields(kind)
	}
	return byhand.Schema{Type: byhand.Kinds{"string", "number", "boolean"}} // taken as they are written
}

func schemaOfFields(kind reflect.Type) byhand.Schema {
	made := byhand.Schema{Type: byhand.Kinds{"object"}, Properties: map[string]byhand.Schema{}, Additional: &byhand.Additional{}}
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
