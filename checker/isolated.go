package checker

import (
	"fmt"
	"slices"

	"cleave/checker/isolation"
	"cleave/history"
)

// Isolated judges transactions (operations with the function txn) by a consistency model, with package isolation.
type Isolated struct {
	Consistency isolation.Model // "" is strict serializability
}

// ConsistencyModels are the names of the models by which Isolated judges, the strongest first.
func ConsistencyModels() []string {
	names := make([]string, 0, 16)
	for _, model := range isolation.Models() {
		names = append(names, string(model))
	}
	return names
}

// IsolatedAs is the checker of a model by its name, and whether there is one.
func IsolatedAs(name string) (Isolated, bool) {
	model, err := isolation.ParseModel(name)
	return Isolated{model}, err == nil
}

// Name is that of the model.
func (i Isolated) Name() string {
	if i.Consistency == "" {
		return string(isolation.StrictSerializable)
	}
	return string(i.Consistency)
}

// Check judges all transactions together. A history whose transactions cannot be read is Unknown.
func (i Isolated) Check(h *history.History, budget Budget) Result {
	started := now()
	transactions, err := isolation.FromOperations(h.Operations)
	if err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}
	}
	found := isolation.Check(transactions, isolation.Options{Consistency: i.Consistency, Memory: budget.Memory})
	result := Result{Verdict: Verdict(found.Verdict), Reason: found.Reason}
	for _, example := range found.Found {
		result.Measures = append(result.Measures, Measure{Name: string(example.Anomaly), Value: float64(example.Count), Unit: Count})
	}
	if result.Verdict == Invalid {
		result.Witness = i.witness(h, found)
	}
	result.Methods = []Method{{Operations: len(h.Operations), Algorithm: "cycles of what depends on what (Kingsbury and Alvaro, VLDB 2020)",
		Why: "these are transactions", Verdict: result.Verdict, Took: now().Sub(started)}}
	return result
}

// witness is the first example that rules the model out.
func (i Isolated) witness(h *history.History, found isolation.Result) *Witness {
	asked := isolation.Model(i.Name())
	for _, example := range found.Found {
		if !slices.ContainsFunc(example.RulesOut, asked.Implies) {
			continue
		}
		witness := &Witness{Explanation: example.Explanation}
		for _, at := range example.Transactions {
			witness.Operations = append(witness.Operations, h.Operations[at])
		}
		slices.SortFunc(witness.Operations, func(a, b history.Operation) int { return int(a.Invoked - b.Invoked) })
		for _, edge := range example.Edges {
			reason := fmt.Sprintf("%s (%s)", edge.Reason, edge.Relation)
			witness.Order = append(witness.Order, Relation{h.Operations[edge.From].ID, h.Operations[edge.To].ID, reason})
		}
		return witness
	}
	return nil
}
