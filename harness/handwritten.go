package harness

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cleave/history"
	"cleave/internal/byhand"
	"cleave/internal/rng"
	"cleave/nemesis"
	"cleave/workloads"
)

// draft is a schedule as somebody wrote it: what was left out is filled in from the plan.
type draft struct {
	Schedule
	seeded, planned bool                    // the seed was said, the operations were
	undrawn, open   []int                   // faults without a draw, without a duration
	stand           []*yaml.Node            // where faults stand; nil in JSON
	places          []map[string]*yaml.Node // of operations: where their fields stand, and they themselves, ""
}

// complete fills in what was left out: the plan's seed, draws that follow from it, durations to the end of the
// time for faults, and operations as the plan has them.
func (d *draft) complete(plan Plan, operations []workloads.Planned) Schedule {
	s := d.Schedule
	if !d.seeded {
		s.Seed = plan.Seed
	}
	s.Faults = slices.Clone(s.Faults)
	for _, i := range d.undrawn {
		s.Faults[i].Draw = rng.Mix(s.Seed, uint64(i))
	}
	for _, i := range d.open {
		s.Faults[i].Duration = max(nemesis.Duration(plan.Window().End)-s.Faults[i].Start, 1)
	}
	if !d.planned {
		s.Operations = operations
	}
	return s
}

// fit tells which fault a plan has no nodes or no time for. An error says line and column, unless it is in JSON.
func (d *draft) fit(plan Plan) error {
	for i, fault := range d.complete(plan, nil).Faults {
		if err := fits(fault, plan); err != nil && d.stand != nil {
			return byhand.At(d.stand[i], "%w", err)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// ask tells what the clients of a plan cannot be asked. An error says line and column, or in JSON which operation it is.
func (d *draft) ask(plan Plan) error {
	workload, err := workloads.Find(plan.Workload)
	if err != nil || !d.planned {
		return err
	}
	clients := placements(plan)
	for i, planned := range d.Operations {
		wrong := workload.Misasked(planned.Request)
		if !slices.ContainsFunc(clients, func(place history.Placement) bool { return place.Client == planned.Client }) {
			wrong = &workloads.Misasked{Field: "client", Why: fmt.Sprintf("there is no client %.60q; there are c1 to c%d", planned.Client, len(clients))}
		}
		if late := time.Duration(planned.At); d.places != nil && late >= time.Duration(plan.Duration) { // one that was drawn is left out
			wrong = &workloads.Misasked{Field: "at", Why: fmt.Sprintf("at %s nobody asks any more: the run ends at %s", late, time.Duration(plan.Duration))}
		}
		switch {
		case wrong == nil:
		case d.places == nil:
			return fmt.Errorf("operation %d: %w", i, wrong)
		default:
			node := d.places[i][wrong.Field]
			if node == nil {
				node = d.places[i][""]
			}
			return byhand.At(node, "%w", wrong)
		}
	}
	return nil
}

// parseDraft reads a schedule in YAML, strictly. An error says line and column.
func parseDraft(text []byte) (draft, error) {
	document, err := byhand.Parse(text, "schedule")
	if err != nil {
		return draft{}, err
	}
	var d draft
	return d, d.read(document)
}

func (d *draft) read(node *yaml.Node) error {
	return fields(node, "a schedule", map[string]func(*yaml.Node) error{
		"seed": func(value *yaml.Node) (err error) {
			d.seeded = true
			d.Seed, err = number(value)
			return err
		},
		"faults": func(value *yaml.Node) error {
			return items(value, "faults", func(item *yaml.Node) error { return d.readFault(item) })
		},
		"operations": func(value *yaml.Node) error {
			d.planned = true
			return items(value, "operations", func(item *yaml.Node) error { return d.readOperation(item) })
		},
	})
}

// readFault reads one fault. What it leaves out is as the kind has it.
func (d *draft) readFault(node *yaml.Node) error {
	var fault nemesis.Fault
	said := map[string]bool{}
	duration := func(name string, into *nemesis.Duration) func(*yaml.Node) error {
		return func(value *yaml.Node) error {
			said[name] = true
			return readDuration(value, into)
		}
	}
	err := fields(node, "a fault", map[string]func(*yaml.Node) error{
		"kind":     func(value *yaml.Node) error { return readKind(value, &fault.Kind) },
		"start":    duration("start", &fault.Start),
		"duration": duration("duration", &fault.Duration),
		"period":   duration("period", &fault.Period),
		"offset":   duration("offset", &fault.Offset),
		"target":   func(value *yaml.Node) error { return readTarget(value, &fault.Target) },
		"draw": func(value *yaml.Node) (err error) {
			said["draw"] = true
			fault.Draw, err = number(value)
			return err
		},
	})
	switch {
	case err != nil:
		return err
	case fault.Kind == "":
		return byhand.At(node, "a fault has no kind")
	case !said["start"]:
		return byhand.At(node, "%s has no start", fault.Kind)
	}
	return d.add(node, fault, said)
}

func (d *draft) add(node *yaml.Node, fault nemesis.Fault, said map[string]bool) error {
	kind, err := nemesis.Find(fault.Kind)
	if err != nil {
		return byhand.At(node, "%w", err)
	}
	number := len(d.Faults)
	if !said["period"] {
		fault.Period = nemesis.Duration(kind.Period)
	}
	if !said["offset"] {
		fault.Offset = nemesis.Duration(kind.Offset)
	}
	if !said["draw"] {
		d.undrawn = append(d.undrawn, number)
	}
	if !said["duration"] {
		fault.Duration = nemesis.Duration(kind.Usual)
		if kind.Usual == 0 {
			d.open = append(d.open, number)
			fault.Duration = 1
		}
	}
	d.Faults, d.stand = append(d.Faults, fault), append(d.stand, node)
	if err := fault.Validate(mostNodes); err != nil {
		return byhand.At(node, "%w", err)
	}
	return nil
}

func readKind(node *yaml.Node, into *string) error {
	name, err := text(node)
	if err != nil {
		return err
	}
	if _, err := nemesis.Find(name); err != nil {
		return byhand.At(node, "%w", err)
	}
	*into = name
	return nil
}

// readTarget reads a role, or names of nodes as a list or with commas.
func readTarget(node *yaml.Node, into *nemesis.Role) error {
	if node.Kind != yaml.SequenceNode {
		name, err := text(node)
		*into = nemesis.Role(name)
		return err
	}
	var names []string
	err := items(node, "target", func(item *yaml.Node) error {
		name, err := text(item)
		names = append(names, name)
		return err
	})
	*into = nemesis.Role(strings.Join(names, ","))
	if err == nil && len(names) == 0 {
		err = byhand.At(node, "a target of no nodes hits nobody: leave it out for whom the kind hits")
	}
	return err
}

func (d *draft) readOperation(node *yaml.Node) error {
	var operation workloads.Planned
	places := map[string]*yaml.Node{"": node}
	err := fields(node, "an operation", map[string]func(*yaml.Node) error{
		"at": func(value *yaml.Node) error {
			places["at"] = value
			var since nemesis.Duration
			err := readDuration(value, &since)
			operation.At = history.Time(since)
			return err
		},
		"client": func(value *yaml.Node) (err error) {
			places["client"] = value
			operation.Client, err = text(value)
			return err
		},
		"f": func(value *yaml.Node) error {
			places["f"] = value
			name, err := text(value)
			operation.Function = history.Function(name)
			return err
		},
		"key": func(value *yaml.Node) (err error) {
			places["key"] = value
			operation.Key, err = text(value)
			return err
		},
		"value": func(value *yaml.Node) error {
			places["value"] = value
			return readValue(value, &operation.Value)
		},
		"must": func(value *yaml.Node) (err error) {
			operation.Must, err = byhand.Yes(value)
			return err
		},
	})
	if err == nil && (operation.Client == "" || operation.Function == "") {
		err = byhand.At(node, "an operation needs a client and a function \"f\"")
	}
	d.Operations, d.places = append(d.Operations, operation), append(d.places, places)
	return err
}

// fields reads a mapping, each field by its reader, at most once.
func fields(node *yaml.Node, what string, readers map[string]func(*yaml.Node) error) error {
	if node.Kind != yaml.MappingNode {
		return byhand.At(node, "%s is written as fields with values, not %s", what, byhand.Shape(node))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		read := readers[name.Value]
		switch {
		case name.Kind != yaml.ScalarNode || read == nil:
			return byhand.At(name, "unknown field %.60q of %s; there are: %s", name.Value, what, strings.Join(sortedNames(readers), ", "))
		case seen[name.Value]:
			return byhand.At(name, "%s is said twice", name.Value)
		}
		seen[name.Value] = true
		if err := read(value); err != nil {
			return err
		}
	}
	return nil
}

func sortedNames(readers map[string]func(*yaml.Node) error) []string {
	names := make([]string, 0, len(readers))
	for name := range readers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func items(node *yaml.Node, what string, read func(*yaml.Node) error) error {
	if node.Kind != yaml.SequenceNode {
		return byhand.At(node, "%s are written as a list, not %s", what, byhand.Shape(node))
	}
	for _, item := range node.Content {
		if err := read(item); err != nil {
			return err
		}
	}
	return nil
}

func text(node *yaml.Node) (string, error) {
	if node.Kind != yaml.ScalarNode || node.ShortTag() != "!!str" {
		return "", byhand.At(node, "a text is wanted here, not %s", byhand.Shape(node))
	}
	return node.Value, nil
}

func number(node *yaml.Node) (uint64, error) {
	parsed, err := strconv.ParseUint(node.Value, 0, 64)
	if node.Kind != yaml.ScalarNode || node.ShortTag() != "!!int" || err != nil {
		return 0, byhand.At(node, "a whole number from 0 is wanted here, not %s", byhand.Shape(node))
	}
	return parsed, nil
}

func readDuration(node *yaml.Node, into *nemesis.Duration) error {
	parsed, err := time.ParseDuration(node.Value)
	if node.Kind != yaml.ScalarNode || err != nil {
		return byhand.At(node, "a time is written with its unit, such as 12.5s, not %s", byhand.Shape(node))
	}
	*into = nemesis.Duration(parsed)
	return nil
}

// readValue reads what operations carry: nothing, a whole number, a text, or a list of these.
func readValue(node *yaml.Node, into *history.Value) error {
	plain, err := plainOf(node)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return byhand.At(node, "%w", err)
	}
	return nil
}

// plainOf is a value as JSON.
func plainOf(node *yaml.Node) ([]byte, error) {
	switch {
	case node.Kind == yaml.SequenceNode:
		out := []byte{'['}
		for i, item := range node.Content {
			plain, err := plainOf(item)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, plain...)
		}
		return append(out, ']'), nil
	case node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null":
		return []byte("null"), nil
	case node.Kind == yaml.ScalarNode && node.ShortTag() == "!!int":
		parsed, err := strconv.ParseInt(node.Value, 0, 64)
		if err != nil {
			return nil, byhand.At(node, "%s is no number that a value can be", byhand.Shape(node))
		}
		return strconv.AppendInt(nil, parsed, 10), nil
	case node.Kind == yaml.ScalarNode && node.ShortTag() == "!!str":
		return json.Marshal(node.Value)
	}
	return nil, byhand.At(node, "a value is nothing, a whole number, a text, or a list of these, not %s", byhand.Shape(node))
}
