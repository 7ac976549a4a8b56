package isolation

import (
	"fmt"
	"strconv"

	"cleave/checker/evidence"
	"cleave/history"
)

// FromOperations makes Transactions of the operations whose function is history.Txn: the transaction at a
// position is the operation there; another function's stands as one that failed and has no steps. An argument
// is a list of steps [function key value], with "r", "w" (registers) and "append" (lists); the result is the
// same list with the values that were read, nothing for a register or list that was never written. Without a
// result, what was read is unknown. An error names the operation and what is wrong with it: not a list of
// steps, an unknown function, a result of another length, writes and appends in one history.
func FromOperations(operations []history.Operation) (*Transactions, error) {
	kind, err := kindOf(operations)
	if err != nil {
		return nil, err
	}
	r := &reader{Builder: NewBuilder(kind), keys: map[evidence.Identity]int{}, processes: map[int]int{}, values: []history.Value{history.Nothing}}
	r.List = make([]Transaction, 0, len(operations))
	for i := range operations {
		if err := r.operation(&operations[i]); err != nil {
			return nil, fmt.Errorf("operation %d of process %d: %w", operations[i].ID, operations[i].Process, err)
		}
	}
	t, err := r.Done()
	if err != nil {
		return nil, err
	}
	t.Names = Names{
		Transaction: func(at int) string { return "T" + strconv.Itoa(operations[at].ID) },
		Key:         func(key int) string { return r.names[key] },
		Value:       func(value int) string { return r.values[value].String() },
		Process:     func(process int) string { return strconv.Itoa(r.callers[process]) },
	}
	return t, nil
}

// kindOf tells by the first write what the objects are, or else by the first read of a list.
func kindOf(operations []history.Operation) (Kind, error) {
	kind, known := Register, false
	for i := range operations {
		o := &operations[i]
		steps, _ := stepsOf(o).AsList()
		for _, step := range steps {
			parts, _ := step.AsList()
			if o.Function != history.Txn || len(parts) != 3 {
				continue
			}
			name, _ := parts[0].AsText()
			_, list := parts[2].AsList()
			switch {
			case name == "append" && known && kind == Register, name == "w" && known && kind == ListAppend:
				return 0, fmt.Errorf("operation %d of process %d: %s, but other steps are of another kind of object", o.ID, o.Process, step)
			case name == "append" || name == "r" && list:
				kind, known = ListAppend, true
			case name == "w":
				kind, known = Register, true
			}
		}
	}
	return kind, nil
}

// stepsOf are what is known of an operation's steps: of one that is ok its result, if it has one.
func stepsOf(o *history.Operation) history.Value {
	if o.Outcome == history.Ok && !o.Result.IsNothing() {
		return o.Result
	}
	return o.Argument
}

// reader numbers keys, values and processes as they come.
type reader struct {
	*Builder
	keys      map[evidence.Identity]int
	names     []string
	processes map[int]int
	callers   []int                         // by number of a process, its own
	values    []history.Value               // by Value
	numbers   []map[int64]Value             // by key
	texts     []map[evidence.Identity]Value // by key, for values that are no numbers
	longest   []struct {                    // by key: the longest list read so far
		raw  []history.Value
		from int
	}
}

func (r *reader) operation(o *history.Operation) error {
	process, known := r.processes[o.Process]
	if !known {
		process = len(r.processes)
		r.processes[o.Process] = process
		r.callers = append(r.callers, o.Process)
	}
	outcome := Failed
	switch {
	case o.Function != history.Txn:
	case o.Outcome == history.Ok:
		outcome = Committed
	case o.Outcome == history.Info:
		outcome = Unknown
	}
	r.Begin(process, o.Invoked, o.Completed, outcome)
	if o.Function != history.Txn {
		return nil
	}
	asked, isList := o.Argument.AsList()
	steps, _ := stepsOf(o).AsList()
	if !isList {
		return fmt.Errorf("%.60s is not a list of steps [function key value]", o.Argument)
	}
	if len(steps) != len(asked) {
		return fmt.Errorf("%d steps were asked for, and %d answered", len(asked), len(steps))
	}
	for _, step := range steps {
		if err := r.step(step, outcome == Committed && !o.Result.IsNothing()); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) step(step history.Value, answered bool) error {
	parts, _ := step.AsList()
	if len(parts) != 3 {
		return fmt.Errorf("%.60s is not a step [function key value]", step)
	}
	key := r.key(parts[1])
	switch name, _ := parts[0].AsText(); {
	case name == "append" || name == "w":
		if parts[2].IsNothing() {
			return fmt.Errorf("%.60s writes nothing", step)
		}
		r.Write(key, r.value(key, parts[2]))
	case name != "r":
		return fmt.Errorf("the function of %.60s is neither r nor w nor append", step)
	case !answered:
		r.Builder.step(Step{Key: int32(key), Length: Unread})
	case r.Kind == ListAppend:
		list, isList := parts[2].AsList()
		if !isList && !parts[2].IsNothing() {
			return fmt.Errorf("%.60s reads no list", step)
		}
		r.list(key, list)
	case parts[2].IsNothing():
		r.ReadRegister(key, Initial)
	default:
		r.ReadRegister(key, r.value(key, parts[2]))
	}
	return nil
}

func (r *reader) key(name history.Value) int {
	key, known := r.keys[evidence.Identify(name)]
	if !known {
		key = len(r.names)
		r.keys[evidence.Identify(name)] = key
		r.names = append(r.names, name.String())
		r.numbers, r.texts = append(r.numbers, map[int64]Value{}), append(r.texts, map[evidence.Identity]Value{})
		r.longest = append(r.longest, struct {
			raw  []history.Value
			from int
		}{})
	}
	return key
}

func (r *reader) value(key int, value history.Value) Value {
	number, isNumber := value.AsInteger()
	id, known := Value(0), false
	if isNumber {
		id, known = r.numbers[key][number]
	} else {
		id, known = r.texts[key][evidence.Identify(value)]
	}
	if known {
		return id
	}
	id = Value(len(r.values))
	r.values = append(r.values, value)
	if isNumber {
		r.numbers[key][number] = id
	} else {
		r.texts[key][evidence.Identify(value)] = id
	}
	return id
}

// list is a read of a list. Most have the beginning of the longest so far, which need not be looked up again.
func (r *reader) list(key int, list []history.Value) {
	from, before := len(r.Elements), r.longest[key]
	for at, value := range list {
		if at < len(before.raw) && value.Equal(before.raw[at]) {
			r.Elements = append(r.Elements, r.Elements[before.from+at])
		} else {
			r.Elements = append(r.Elements, r.value(key, value))
		}
	}
	r.Values = max(r.Values, len(r.values)-1)
	r.Builder.step(Step{Key: int32(key), Value: Value(from), Length: int32(len(list))})
	if len(list) > len(before.raw) {
		r.longest[key].raw, r.longest[key].from = list, from
	}
}
