package isolation

import (
	"fmt"
	"slices"
	"strings"
)

// Model is a consistency model of transactions, by its name in flags and results.
type Model string

// The models, the strongest first.
const (
	StrictSerializable           Model = "strict-serializable"
	StrongSessionSerializable    Model = "strong-session-serializable"
	Serializable                 Model = "serializable"
	StrongSnapshotIsolation      Model = "strong-snapshot-isolation"
	StrongSessionSnapshot        Model = "strong-session-snapshot-isolation"
	SnapshotIsolation            Model = "snapshot-isolation"
	RepeatableRead               Model = "repeatable-read"
	StrongReadCommitted          Model = "strong-read-committed"
	StrongSessionReadCommitted   Model = "strong-session-read-committed"
	ReadCommitted                Model = "read-committed"
	StrongReadUncommitted        Model = "strong-read-uncommitted"
	StrongSessionReadUncommitted Model = "strong-session-read-uncommitted"
	ReadUncommitted              Model = "read-uncommitted"
)

// definition is what a model forbids: the cycles of a family under an order of transactions, and other
// anomalies; and the models that it is stronger than, itself left out, with all that these forbid.
type definition struct {
	model   Model
	cycles  family
	order   scope
	forbids []Anomaly
	implies []Model
}

// definitions are Adya's levels PL-1, PL-2, PL-2.99 and PL-3, snapshot isolation after Cerone and Gotsman
// (PODC 2016: no cycle whose rw edges are nonadjacent), and each of these with the order of sessions and of
// real time. Where there are items alone, and no predicates, PL-2.99 and PL-3 forbid the same cycles.
var definitions = []definition{
	{StrictSerializable, anyCycle, byTime, nil, []Model{StrongSessionSerializable, StrongSnapshotIsolation}},
	{StrongSessionSerializable, anyCycle, bySession, nil, []Model{Serializable, StrongSessionSnapshot}},
	{Serializable, anyCycle, plain, []Anomaly{Internal}, []Model{SnapshotIsolation, RepeatableRead}},
	{StrongSnapshotIsolation, nonadjacent, byTime, nil, []Model{StrongSessionSnapshot, StrongReadCommitted}},
	{StrongSessionSnapshot, nonadjacent, bySession, nil, []Model{SnapshotIsolation, StrongSessionReadCommitted}},
	{SnapshotIsolation, nonadjacent, plain, []Anomaly{Internal, LostUpdate}, []Model{ReadCommitted}},
	{RepeatableRead, anyCycle, plain, []Anomaly{LostUpdate}, []Model{ReadCommitted}},
	{StrongReadCommitted, readCycle, byTime, nil, []Model{StrongSessionReadCommitted, StrongReadUncommitted}},
	{StrongSessionReadCommitted, readCycle, bySession, nil, []Model{ReadCommitted, StrongSessionReadUncommitted}},
	{ReadCommitted, readCycle, plain, []Anomaly{AbortedRead, IntermediateRead, DirtyUpdate, ReorderedWrites, FutureRead, IncompatibleOrder},
		[]Model{ReadUncommitted}},
	{StrongReadUncommitted, writeCycle, byTime, nil, []Model{StrongSessionReadUncommitted}},
	{StrongSessionReadUncommitted, writeCycle, bySession, nil, []Model{ReadUncommitted}},
	{ReadUncommitted, writeCycle, plain, []Anomaly{GarbageRead, DuplicateElements}, nil},
}

// Models are all models, the strongest first.
func Models() []Model {
	models := make([]Model, len(definitions))
	for i := range definitions {
		models[i] = definitions[i].model
	}
	return models
}

// ParseModel finds a model by its name. The error lists the names.
func ParseModel(name string) (Model, error) {
	names := make([]string, len(definitions))
	for i := range definitions {
		if names[i] = string(definitions[i].model); names[i] == name {
			return definitions[i].model, nil
		}
	}
	return "", fmt.Errorf("no consistency model of transactions is called %q; there are %s", name, strings.Join(names, ", "))
}

// definitionOf finds a model's definition.
func definitionOf(model Model) definition {
	at := slices.IndexFunc(definitions, func(d definition) bool { return d.model == model })
	if at < 0 {
		panic("isolation: no model " + string(model))
	}
	return definitions[at]
}

// Implies tells whether every history that keeps the model keeps the other, too; each implies itself.
func (m Model) Implies(other Model) bool {
	if m == other {
		return true
	}
	return slices.ContainsFunc(definitionOf(m).implies, func(weaker Model) bool { return weaker.Implies(other) })
}

// strongest are the models of a list that no other of it implies.
func strongest(models []Model) []Model {
	var best []Model
	for _, model := range models {
		if !slices.ContainsFunc(models, func(other Model) bool { return other != model && other.Implies(model) }) {
			best = append(best, model)
		}
	}
	return best
}

// weakest are the models of a list that imply no other of it.
func weakest(models []Model) []Model {
	var least []Model
	for _, model := range models {
		if !slices.ContainsFunc(models, func(other Model) bool { return other != model && model.Implies(other) }) {
			least = append(least, model)
		}
	}
	return least
}

// standing is what is known of a model.
type standing uint8

const (
	holds standing = iota
	undecided
	ruledOut
)
