package verify

import (
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// invariants are what can be judged of an object besides its consistency: less than linearizability, and with numbers.
var invariants = map[string]struct {
	checker checker.Checker
	models  []string
}{
	"queue":            {checker.Queue{}, []string{"fifo-queue"}},
	"set-full":         {checker.SetFull{}, []string{"set"}},
	"counter-bounds":   {checker.CounterBounds{}, []string{"counter"}},
	"mutual-exclusion": {checker.Exclusion{}, []string{"lock", "fenced-lock"}},
	"fencing-tokens":   {checker.FencingTokens{}, []string{"fenced-lock"}},
	"converging":       {checker.Converging{Functions: []history.Function{history.Read, history.Write, history.CAS}}, []string{"register", "cas-register"}},
	"constant-total":   {checker.Bank{Open: true, Debt: true}, []string{"bank"}},
	"monotonic-prefix": {checker.GrowingLists{Functions: []history.Function{history.Read}}, []string{"log"}},
	"unique-ids":       {checker.UniqueIDs{Functions: []history.Function{history.Generate}}, []string{"generator"}},
}

// transfer is others' function, which no model has: it moves money between two accounts.
const transfer history.Function = "transfer"

// Object is what has no sequential specification: it is judged by one of the invariants alone.
type Object struct {
	Name      string
	Summary   string // what it is, in a few words
	Functions []history.Function
	Invariant string
}

// Objects are all of them.
var Objects = []Object{
	{"bank", "accounts: read gives all balances, as a list or by account", []history.Function{history.Read, transfer}, "constant-total"},
	{"log", "a list that grows: read gives the whole", []history.Function{history.Append, history.Read}, "monotonic-prefix"},
	{"generator", "ids: generate gives one that was never given", []history.Function{history.Generate}, "unique-ids"},
}

func objectNamed(name string) (Object, bool) {
	at := slices.IndexFunc(Objects, func(o Object) bool { return o.Name == name })
	if at < 0 {
		return Object{}, false
	}
	return Objects[at], true
}

// object finds the checker of an object.
func (q Question) object(object Object, answer *Answer) (judge, error) {
	if answer.Consistency = q.Consistency; answer.Consistency == "" {
		answer.Consistency = object.Invariant
	}
	if answer.Consistency != object.Invariant {
		return judge{}, fmt.Errorf("a %s is judged by %s alone, not by %.40q", object.Name, object.Invariant, answer.Consistency)
	}
	return judge{checker: invariants[object.Invariant].checker, accepts: object.accepts}, nil
}

// accepts errs with the first operation that an object does not have.
func (o Object) accepts(operations []history.Operation) error {
	names := make([]string, len(o.Functions))
	for i, function := range o.Functions {
		names[i] = string(function)
	}
	for i := range operations {
		if !slices.Contains(o.Functions, operations[i].Function) {
			return fmt.Errorf("operation #%d: a %s knows %s, but not %.40s", operations[i].ID, o.Name, strings.Join(names, ", "), operations[i].Function)
		}
	}
	return nil
}
