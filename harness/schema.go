package harness

import (
	"encoding/json"

	"cleave/nemesis"
)

// schema is a part of a JSON Schema, 2020-12.
type schema struct {
	Schema      string            `json:"$schema,omitempty"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Type        string            `json:"type,omitempty"`
	Minimum     *int              `json:"minimum,omitempty"`
	Pattern     string            `json:"pattern,omitempty"`
	Enum        []string          `json:"enum,omitempty"`
	AnyOf       []schema          `json:"anyOf,omitempty"`
	Items       *schema           `json:"items,omitempty"`
	MinItems    int               `json:"minItems,omitempty"`
	Required    []string          `json:"required,omitempty"`
	Properties  map[string]schema `json:"properties,omitempty"`
	Additional  *bool             `json:"additionalProperties,omitempty"`
}

// SchemaOfSchedules is the JSON Schema of schedules written by hand, as text: for editors that complete and check
// while one writes.
func SchemaOfSchedules() ([]byte, error) {
	zero, closed := 0, false
	whole := func(description string) schema {
		return schema{Type: "integer", Minimum: &zero, Description: description}
	}
	object := func(title string, required []string, properties map[string]schema) schema {
		return schema{Title: title, Type: "object", Required: required, Properties: properties, Additional: &closed}
	}
	root := object("A schedule of faults for cleave", nil, map[string]schema{
		"seed": whole("Decides latencies, losses and elections; left out, it is the plan's."),
		"faults": {Type: "array", Description: "What is done to the system. Faults may overlap.", Items: new(object("A fault",
			[]string{"kind", "start"}, map[string]schema{
				"kind":     {Enum: nemesis.Names(), Description: "What is done; see: cleave list --faults."},
				"start":    timeSchema("Since the start of the run: after its warm-up, before its quiet phase."),
				"duration": timeSchema("How long it lasts; left out, as long as the kind usually does, or until the quiet phase."),
				"period":   timeSchema("Of kinds that go on and off, the time of each; left out, as the kind has it."),
				"offset":   timeSchema("Of kinds that move clocks, how far; left out, as the kind has it."),
				"draw":     whole("Decides what the kind leaves open, such as which follower; left out, it follows from the seed."),
				"target":   targetSchema(),
			}))},
		"operations": {Type: "array", Description: "What clients ask; left out, what the plan's workload makes of the seed.",
			Items: new(object("An operation", []string{"at", "client", "f"}, map[string]schema{
				"at":     timeSchema("Not before this time; later if the client is busy."),
				"client": {Type: "string", Pattern: "^c[1-9][0-9]*$", Description: "Who asks."},
				"f":      {Type: "string", Description: "What is asked, such as read, write, register, lookup."},
				"key":    {Type: "string", Description: "About what."},
				"value":  {Description: "With what: nothing, a whole number, a text, or a list of these."},
				"must":   {Type: "boolean", Description: "Also if the client was busy for long."},
			}))},
	})
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	out, err := json.MarshalIndent(root, "", "  ")
	return append(out, '\n'), err
}

// timeSchema is that of times as time.ParseDuration reads them.
func timeSchema(description string) schema {
	return schema{Type: "string", Pattern: `^[-+]?(0|([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+$`, Description: description + ` Such as "12.5s".`}
}

func targetSchema() schema {
	roles := make([]string, len(nemesis.Roles))
	for i, role := range nemesis.Roles {
		roles[i] = string(role)
	}
	name := schema{Type: "string", Pattern: "^n[1-9][0-9]?$"}
	return schema{Description: "Whom it hits, looked up when it starts; left out, whom the kind hits.", AnyOf: []schema{
		{Enum: roles}, {Type: "string", Pattern: "^n[1-9][0-9]?( *, *n[1-9][0-9]?)*$"}, {Type: "array", Items: &name, MinItems: 1}}}
}
