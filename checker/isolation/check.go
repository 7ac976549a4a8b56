package isolation

import (
	"fmt"
	"strings"
)

// Verdict is a judgement, as in package checker.
type Verdict string

// The verdicts.
const (
	Valid     Verdict = "valid"
	Undecided Verdict = "unknown"
	Invalid   Verdict = "invalid"
)

// Result is what was found.
type Result struct {
	Verdict Verdict
	Reason  string // one sentence
	// Found are the anomalies, the gravest first, each with one example.
	Found []Example
	// Strongest are the models that hold and that no other that holds implies. RuledOut are all that do not
	// hold, and Open those that could not be decided, each from the strongest on.
	Strongest, RuledOut, Open []Model
}

// Example shows an anomaly.
type Example struct {
	Anomaly Anomaly
	Count   int // how many were found; of cycles, how many components of the graph have them
	// RulesOut are the weakest models that it rules out.
	RulesOut []Model
	// Transactions are positions in Transactions.List; those of a cycle are in its order.
	Transactions []int
	Edges        []Edge // of a cycle: from each transaction to the next, and from the last to the first
	Explanation  []string
}

// Edge is why one transaction comes before another.
type Edge struct {
	From, To int
	Relation string // ww, wr, rw, process or realtime
	Reason   string
}

// Options are what a check is told.
type Options struct {
	// Consistency is the model that decides the verdict; "" is StrictSerializable.
	Consistency Model
	// WritesFollowReads says of registers that a version written by a transaction that had read the key comes
	// after what it read, even where dirty writes are allowed. It makes G0 visible in registers.
	WritesFollowReads bool
	// Memory bounds what the check may take besides the history, in bytes, roughly; 0 is no bound. Past it, no
	// cycles are looked for: what other anomalies rule out is decided, and the rest is open.
	Memory int64
}

// Check judges transactions: which anomalies they show, which models these rule out, and whether the one
// asked for holds. It takes time and memory in proportion to the history (the sorting of calls apart), and
// always answers. The verdict is unknown if values are not unique, or if it hangs on the order of writes that
// nobody read (see Open). Source: Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental
// Observations", VLDB 2020; the differences are told in doc.go.
func Check(t *Transactions, options Options) Result {
	if options.Consistency == "" {
		options.Consistency = StrictSerializable
	}
	v, err := newVersions(t)
	if err != nil {
		return Result{Verdict: Undecided, Reason: err.Error(), Open: Models()}
	}
	j := &judge{versions: v, options: options, undecided: "depends on the order of writes, which no read tells"}
	if t.Kind == Register {
		j.scanRegisters(&j.found)
	} else {
		j.orderLists(&j.found)
		j.scanLists(&j.found)
	}
	switch need := t.memory(); {
	case options.Memory > 0 && need > options.Memory:
		j.leave(fmt.Sprintf("was not looked into: cycles take about %d MB, and %d are allowed", need/1e6, options.Memory/1e6))
	case t.Kind == Register:
		j.registers()
	default:
		j.lists()
	}
	return j.result()
}

// memory is about what the graph takes, with cycles in it, in bytes. (Measured: 0.64 GB for a million
// transactions with four steps each.)
func (t *Transactions) memory() int64 {
	transactions, steps := int64(len(t.List)), int64(len(t.Steps))
	return (2*steps+4*transactions)*17 + (2*transactions+int64(t.Keys))*180 + int64(t.Values)*14
}

// leave looks for no cycles.
func (j *judge) leave(why string) {
	j.classes, j.undecided = &classes{}, why
	for family := range j.open {
		for scope := range j.open[family] {
			j.open[family][scope] = true
		}
	}
}

// judge is one check.
type judge struct {
	*versions
	options Options
	found   findings
	classes *classes
	// open tells in which families and scopes it is not known whether there must be a cycle.
	open      [families][scopes]bool
	undecided string // what is said of a model that is open
}

func (j *judge) lists() {
	w := newWeaver(j.versions)
	tails := w.listEdges()
	order := j.byCall()
	w.processes(order)
	w.timeline(order)
	j.classes = classify(w.graph())
	j.decideSnapshots(w, tails)
}

// standing is what is known of a model.
func (j *judge) standing(model Model) standing {
	d := definitionOf(model)
	worst := holds
	switch {
	case j.classes.found[d.cycles][d.order]:
		worst = ruledOut
	case j.open[d.cycles][d.order]:
		worst = undecided
	}
	for _, one := range j.found.first {
		for _, forbidden := range d.forbids {
			if one.anomaly == forbidden {
				worst = ruledOut
			}
		}
	}
	for _, weaker := range d.implies {
		worst = max(worst, j.standing(weaker))
	}
	return worst
}

func (j *judge) result() Result {
	var r Result
	var hold []Model
	for _, model := range Models() {
		switch j.standing(model) {
		case holds:
			hold = append(hold, model)
		case undecided:
			r.Open = append(r.Open, model)
		default:
			r.RuledOut = append(r.RuledOut, model)
		}
	}
	r.Strongest = strongest(hold)
	r.Found = j.examples()
	r.Verdict, r.Reason = j.verdict(r)
	return r
}

func (j *judge) verdict(r Result) (Verdict, string) {
	asked := j.options.Consistency
	best := "not even " + string(ReadUncommitted) + " holds"
	switch len(r.Strongest) {
	case 0:
		if j.standing(ReadUncommitted) == undecided {
			best = "nothing is known to hold"
		}
	case 1:
		best = string(r.Strongest[0]) + " holds"
	default:
		best = listed(r.Strongest) + " hold"
	}
	switch j.standing(asked) {
	case holds:
		return Valid, fmt.Sprintf("%d transactions: %s", len(j.List), best)
	case undecided:
		return Undecided, fmt.Sprintf("whether %s holds %s; %s", asked, j.undecided, best)
	}
	for _, example := range r.Found {
		for _, model := range example.RulesOut {
			if asked.Implies(model) {
				return Invalid, fmt.Sprintf("%s, which %s forbids: %s; %s", example.Anomaly, asked, meaning(example.Anomaly), best)
			}
		}
	}
	panic("isolation: a model is ruled out by no anomaly")
}

// meaning says in one clause what an anomaly is.
func meaning(anomaly Anomaly) string {
	base := anomaly
	for _, suffix := range suffixes[1:] {
		base = Anomaly(strings.TrimSuffix(string(base), string(suffix)))
	}
	return meanings[base]
}

// listed joins names for a sentence.
func listed(models []Model) string {
	names := make([]string, len(models))
	for i, model := range models {
		names[i] = string(model)
	}
	return strings.Join(names, " and ")
}
