package harness

import (
	"cleave/internal/byhand"
	"cleave/nemesis"
)

// SchemaOfSchedules is the JSON Schema of schedules written by hand, as text: for editors that complete and check
// while one writes.
func SchemaOfSchedules() ([]byte, error) {
	zero := 0
	whole := func(description string) byhand.Schema {
		return byhand.Schema{Type: byhand.Kinds{"integer"}, Minimum: &zero, Description: description}
	}
	object := func(title string, required []string, properties map[string]byhand.Schema) byhand.Schema {
		return byhand.Schema{Title: title, Type: byhand.Kinds{"object"}, Required: required, Properties: properties, Additional: &byhand.Additional{}}
	}
	root := object("", nil, map[string]byhand.Schema{
		"seed": whole("Decides latencies, losses and elections; left out, it is the plan's."),
		"faults": {Type: byhand.Kinds{"array"}, Description: "What is done to the system. Faults may overlap.", Items: new(object("A fault",
			[]string{"kind", "start"}, map[string]byhand.Schema{
				"kind":     {Enum: nemesis.Names(), Description: "What is done; see: cleave list --faults."},
				"start":    timeSchema("Since the start of the run: after its warm-up, before its quiet phase."),
				"duration": timeSchema("How long it lasts; left out, as long as the kind usually does, or until the quiet phase."),
				"period":   timeSchema("On for so long, off for so long, and again; left out, as the kind has it."),
				"offset":   timeSchema("Of kinds that move clocks, how far; left out, as the kind has it."),
				"draw":     whole("Decides what the kind leaves open, such as which follower; left out, it follows from the seed."),
				"target":   targetSchema(),
			}))},
		"operations": {Type: byhand.Kinds{"array"}, Description: "What clients ask; left out, what the plan's workload makes of the seed.",
			Items: new(object("An operation", []string{"at", "client", "f"}, map[string]byhand.Schema{
				"at":     timeSchema("Not before this time; later if the client is busy."),
				"client": {Type: byhand.Kinds{"string"}, Pattern: "^c[1-9][0-9]*$", Description: "Who asks."},
				"f":      {Type: byhand.Kinds{"string"}, Description: "What is asked, such as read, write, register, lookup."},
				"key":    {Type: byhand.Kinds{"string"}, Description: "About what."},
				"value":  {Description: "With what: nothing, a whole number, a text, or a list of these."},
				"must":   {Type: byhand.Kinds{"boolean"}, Description: "Also if the client was busy for long."},
			}))},
	})
	return root.Text("A schedule of faults for cleave")
}

// timeSchema is that of times as time.ParseDuration reads them.
func timeSchema(description string) byhand.Schema {
	return byhand.Schema{Type: byhand.Kinds{"string"},
		Pattern: `^[-+]?(0|([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+$`, Description: description + ` Such as "12.5s".`}
}

func targetSchema() byhand.Schema {
	roles := make([]string, len(nemesis.Roles))
	for i, role := range nemesis.Roles {
		roles[i] = string(role)
	}
	name := byhand.Schema{Type: byhand.Kinds{"string"}, Pattern: "^n[1-9][0-9]?$"}
	return byhand.Schema{Description: "Whom it hits, looked up when it starts; left out, whom the kind hits.", AnyOf: []byhand.Schema{
		{Enum: roles}, {Type: byhand.Kinds{"string"}, Pattern: "^n[1-9][0-9]?( *, *n[1-9][0-9]?)*$"}, {Type: byhand.Kinds{"array"}, Items: &name, MinItems: 1}}}
}
