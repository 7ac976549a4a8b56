package byhand

import "encoding/json"

// Schema is a part of a JSON Schema, 2020-12 (json-schema.org/draft/2020-12).
type Schema struct {
	Schema      string            `json:"$schema,omitempty"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Type        Kinds             `json:"type,omitempty"`
	Minimum     *int              `json:"minimum,omitempty"`
	Pattern     string            `json:"pattern,omitempty"`
	Enum        []string          `json:"enum,omitempty"`
	AnyOf       []Schema          `json:"anyOf,omitempty"`
	Items       *Schema           `json:"items,omitempty"`
	MinItems    int               `json:"minItems,omitempty"`
	Required    []string          `json:"required,omitempty"`
	Properties  map[string]Schema `json:"properties,omitempty"`
	Additional  *Additional       `json:"additionalProperties,omitempty"`
}

// Kinds are names of JSON's types, of which one is wanted.
type Kinds []string

// MarshalJSON writes one as itself.
func (k Kinds) MarshalJSON() ([]byte, error) {
	if len(k) == 1 {
		return json.Marshal(k[0])
	}
	return json.Marshal([]string(k))
}

// Additional is what fields without a name in the schema are: of one kind, or, if that is nil, none at all.
type Additional struct{ Kind *Schema }

// MarshalJSON writes false for none.
func (a Additional) MarshalJSON() ([]byte, error) {
	if a.Kind == nil {
		return []byte("false"), nil
	}
	return json.Marshal(a.Kind)
}

// Text is the schema of a whole file, with a title.
func (s Schema) Text(title string) ([]byte, error) {
	s.Schema, s.Title = "https://json-schema.org/draft/2020-12/schema", title
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}
