package consistency

import (
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
)

// Model is a consistency model of registers: what sessions may see of each other's writes.
type Model string

// The models, each after those that it implies none of. See Implies for how they stand to each other.
const (
	Linearizable      Model = "linearizable"
	OrderedSequential Model = "ordered sequential"
	Sequential        Model = "sequential"
	Convergent        Model = "causally convergent"
	Causal            Model = "causal"
	PRAM              Model = "PRAM"
	WritesFollowReads Model = "writes follow reads"
	MonotonicWrites   Model = "monotonic writes"
	ReadYourWrites    Model = "read your writes"
	MonotonicReads    Model = "monotonic reads"
)

// Models lists all models, each before those that it implies.
func Models() []Model {
	return []Model{Linearizable, OrderedSequential, Sequential, Convergent, Causal, PRAM,
		WritesFollowReads, MonotonicWrites, ReadYourWrites, MonotonicReads}
}

// implied are the models that a model implies directly.
var implied = map[Model][]Model{
	Linearizable:      {OrderedSequential},
	OrderedSequential: {Sequential},
	Sequential:        {Convergent, PRAM},
	Convergent:        {Causal, MonotonicReads},
	Causal:            {WritesFollowReads, MonotonicWrites, ReadYourWrites},
	PRAM:              {MonotonicWrites, ReadYourWrites, MonotonicReads},
}

// Implies tells whether every history that satisfies one model satisfies another; a model implies itself.
func (m Model) Implies(other Model) bool {
	return m == other || slices.ContainsFunc(implied[m], func(weaker Model) bool { return weaker.Implies(other) })
}

// Means is what a model promises, in a sentence.
func (m Model) Means() string {
	return map[Model]string{
		Linearizable:      "every operation takes effect at an instant while its client waits for it",
		OrderedSequential: "writes take effect while their clients wait, reads may be old, and no session goes back",
		Sequential:        "one order of all operations, that of each session kept, explains every answer",
		Convergent:        "sessions see causes before effects, and agree on which value replaced which",
		Causal:            "sessions see causes before effects",
		PRAM:              "every session sees the writes of each other session in their order",
		WritesFollowReads: "who has seen a write never sees again what its writer had read before",
		MonotonicWrites:   "who has seen a write never sees again what its writer had written before",
		ReadYourWrites:    "a session sees its own last write, or what it had not seen before that",
		MonotonicReads:    "a session does not come back to a value that it saw replaced",
	}[m]
}

// judges are the algorithms. Steps bounds the search for an order of operations on several keys.
func (m Model) judge(steps int) judge {
	return map[Model]judge{
		OrderedSequential: sequential(true, steps),
		Sequential:        sequential(false, steps),
		Convergent:        convergent,
		Causal:            causal,
		PRAM:              pram,
		WritesFollowReads: writesFollowReads,
		MonotonicWrites:   monotonicWrites,
		ReadYourWrites:    readYourWrites,
		MonotonicReads:    monotonicReads,
	}[m]
}

// Check judges operations on registers, in order of invocation, by a model; Linearizable is left to others, and
// undecided here. No value may be written to a key twice, nor nothing at all: then it is undecided, too.
//
// A session is what one client does, whichever processes do it; where a history names no clients, each process
// is one. What failed is left out, and so is a read of unknown outcome. Any other operation of unknown outcome
// comes after what its client did before, and before nothing; unless somebody saw its value it is left out.
// Steps bounds the search for a sequential order; past it the answer is undecided.
func Check(model Model, operations []history.Operation, steps int) evidence.Finding {
	if model == Linearizable {
		return evidence.Undecidable("linearizability is judged elsewhere")
	}
	r, problem := read(operations)
	if problem != nil {
		return *problem
	}
	return decide(r, model.judge(steps), string(model)+": "+model.Means())
}
