package verify

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/checker/consistency"
	"cleave/checker/isolation"
	"cleave/history"
	"cleave/models"
)

// judge is a checker, and what it can be given.
type judge struct {
	checker checker.Checker
	accepts func([]history.Operation) error
	whole   bool // all keys must be judged together
	timed   bool // what an operation means hangs on when it was asked and answered
}

// judge finds the checker that answers a question about a history, of which it sees a part.
func (q Question) judge(p part, answer *Answer) (judge, error) {
	name := q.Model
	if name == "" {
		var why string
		var err error
		if name, why, err = infer(p); err != nil {
			return judge{}, err
		}
		answer.Told = why
	}
	answer.Model = name
	if name == ListAppend || name == RWRegister {
		return q.transactional(name, answer)
	}
	if object, known := objectNamed(name); known {
		return q.object(object, answer)
	}
	model, known := models.Named(name)
	if !known {
		return judge{}, fmt.Errorf("unknown model %.40q; there are: %s", name, strings.Join(Models(), ", "))
	}
	if answer.Consistency = q.Consistency; answer.Consistency == "" {
		answer.Consistency = string(consistency.Linearizable)
	}
	functions := make([]history.Function, len(model.Shapes))
	for i, shape := range model.Shapes {
		functions[i] = shape.Function
	}
	if found, named := invariants[answer.Consistency]; named {
		if !slices.Contains(found.models, name) {
			return judge{}, fmt.Errorf("%s is judged of a %s, not of a %s", answer.Consistency, strings.Join(found.models, " or "), name)
		}
		return judge{checker: found.checker, accepts: within(model)}, nil
	}
	weaker, err := parse(answer.Consistency)
	switch {
	case err != nil:
		return judge{}, err
	case weaker == consistency.Linearizable:
		return judge{checker.Linearizable{Model: model, Functions: functions}, within(model), model.Whole, model.Timed}, nil
	case !model.IsRegister:
		return judge{}, fmt.Errorf("%s is judged of registers, and linearizable alone of a %s", answer.Consistency, name)
	}
	return judge{checker: checker.Consistent{Model: weaker, Functions: functions}, accepts: within(model), whole: true}, nil
}

// within is what a model accepts; of a counter only amounts whose sum is a number of 64 bits, in whatever order.
func within(model models.Model) func([]history.Operation) error {
	return func(operations []history.Operation) error {
		if err := model.AcceptsAll(operations); err != nil || model.Name != "counter" {
			return err
		}
		sums := map[string]uint64{}
		for i := range operations {
			o := &operations[i]
			amount, _ := o.Argument.AsInteger()
			if o.Function != history.Add {
				continue
			}
			if amount < 0 {
				amount = -amount // the least number stays negative, and is too large below
			}
			if sums[o.Key] += uint64(amount); uint64(amount) > math.MaxInt64 || sums[o.Key] > math.MaxInt64 {
				return fmt.Errorf("operation #%d: the amounts that are added up to here make no number of 64 bits", o.ID)
			}
		}
		return nil
	}
}

// Models are all models.
func Models() []string {
	names := slices.Concat(models.Names(), []string{ListAppend, RWRegister})
	for _, object := range Objects {
		names = append(names, object.Name)
	}
	return names
}

// Consistencies are the consistencies of single operations and of transactions, the strongest of each first, with hyphens
// where there may be blanks; and the invariants of other objects.
func Consistencies() []string {
	var names []string
	for _, model := range consistency.Models() {
		names = append(names, flagged(model))
	}
	for _, model := range isolation.Models() {
		names = append(names, string(model))
	}
	return append(names, slices.Sorted(maps.Keys(invariants))...)
}

// flagged is a model's name as flags have it.
func flagged(model consistency.Model) string {
	return strings.ToLower(strings.ReplaceAll(string(model), " ", "-"))
}

// parse finds a consistency of single operations.
func parse(name string) (consistency.Model, error) {
	for _, model := range consistency.Models() {
		if flagged(model) == name || string(model) == name {
			return model, nil
		}
	}
	if _, err := isolation.ParseModel(name); err == nil {
		return "", fmt.Errorf("%s is a consistency of transactions, of which this history has none", name)
	}
	return "", fmt.Errorf("unknown consistency %.40q; there are: %s", name, strings.Join(Consistencies(), ", "))
}

// transactional finds the checker of transactions.
func (q Question) transactional(name string, answer *Answer) (judge, error) {
	if answer.Consistency = q.Consistency; answer.Consistency == "" {
		answer.Consistency = string(isolation.StrictSerializable)
	}
	model, err := isolation.ParseModel(answer.Consistency)
	if err != nil {
		return judge{}, err
	}
	accepts := func(operations []history.Operation) error { return areTransactions(name, operations) }
	return judge{checker: checker.Isolated{Consistency: model}, accepts: accepts, whole: true}, nil
}

// areTransactions errs with the first operation that is no transaction of a kind.
func areTransactions(name string, operations []history.Operation) error {
	write := map[string]string{ListAppend: "append", RWRegister: "w"}[name]
	for i := range operations {
		operation := &operations[i]
		steps, isList := operation.Argument.AsList()
		if operation.Function != history.Txn || !isList {
			return fmt.Errorf("operation #%d: a %s knows txn with a list of [function key value], but not %.40s %.60s",
				operation.ID, name, operation.Function, operation.Argument)
		}
		for _, step := range steps {
			parts, _ := step.AsList()
			if len(parts) != 3 || parts[0].String() != "r" && parts[0].String() != write {
				return fmt.Errorf("operation #%d: a step of a %s is [r key value] or [%s key value], not %.60s", operation.ID, name, write, step)
			}
		}
	}
	return nil
}
