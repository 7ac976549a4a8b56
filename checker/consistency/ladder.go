package consistency

import (
	"fmt"
	"strings"

	"cleave/checker/evidence"
	"cleave/history"
)

// Rung is a model and what was found of it.
type Rung struct {
	Model   Model
	Finding evidence.Finding
	// Since is the model that settled it, if that was another one: a weaker one that is broken, or a
	// stronger one that holds.
	Since Model
}

// Ladder is what was found of every model, the stronger before the weaker.
type Ladder struct {
	Rungs []Rung
	// Problem says why there are no rungs: values that were written twice, for instance.
	Problem string
}

// Climb judges operations on registers by every model, as Check does. Linearizability is the caller's to judge: its
// finding is taken as it is, and saves the search for a sequential order if it holds; the zero finding says that
// nothing is known of it.
func Climb(operations []history.Operation, linearizable evidence.Finding, steps int) Ladder {
	r, problem := read(operations)
	if problem != nil && problem.State == evidence.Undecided {
		return Ladder{Problem: problem.Reason}
	}
	found := map[Model]Rung{}
	models := Models()
	for i := len(models) - 1; i > 0; i-- {
		model, stronger := models[i], evidence.Finding{}
		if model.Implies(Sequential) {
			stronger = linearizable
		}
		if problem != nil {
			found[model] = Rung{Model: model, Finding: *problem}
			continue
		}
		found[model] = rung(r, model, found, stronger, steps)
	}
	if above := found[OrderedSequential]; above.Finding.State == evidence.Holds && found[Sequential].Finding.State == evidence.Undecided {
		found[Sequential] = Rung{Sequential, evidence.Holding(Sequential.Means()), OrderedSequential}
	}
	found[Linearizable] = top(found[OrderedSequential], linearizable)
	ladder := Ladder{}
	for _, model := range models {
		if found[model].Finding.State != "" {
			ladder.Rungs = append(ladder.Rungs, found[model])
		}
	}
	return ladder
}

// rung finds out about a model, by what is known of others if that is enough.
func rung(r *record, model Model, found map[Model]Rung, stronger evidence.Finding, steps int) Rung {
	for _, weaker := range Models() {
		if below, known := found[weaker]; known && model.Implies(weaker) && below.Finding.State == evidence.Broken {
			since := below.Since
			if since == "" {
				since = weaker
			}
			return Rung{model, below.Finding, since}
		}
	}
	if stronger.State == evidence.Holds {
		return Rung{model, evidence.Holding(model.Means()), Linearizable}
	}
	return Rung{Model: model, Finding: decide(r, model.judge(steps), model.Means())}
}

// top is what the caller found of linearizability, unless something weaker is broken.
func top(below Rung, linearizable evidence.Finding) Rung {
	if below.Finding.State == evidence.Broken && linearizable.State != evidence.Broken {
		since := below.Since
		if since == "" {
			since = below.Model
		}
		return Rung{Linearizable, below.Finding, since}
	}
	return Rung{Model: Linearizable, Finding: linearizable}
}

// Strongest are the models that hold and that no model implies which holds, too. There may be two, such as
// causally convergent and PRAM, or none.
func (l Ladder) Strongest() []Rung {
	var strongest []Rung
	for _, rung := range l.Rungs {
		if rung.Finding.State != evidence.Holds {
			continue
		}
		weaker := false
		for _, above := range strongest {
			weaker = weaker || above.Model.Implies(rung.Model)
		}
		if !weaker {
			strongest = append(strongest, rung)
		}
	}
	return strongest
}

// Above are the rungs that would be the next stronger ones: none of those that they imply is among them, and they
// do not hold.
func (l Ladder) Above() []Rung {
	var above []Rung
	for i := len(l.Rungs) - 1; i >= 0; i-- {
		rung := l.Rungs[i]
		if rung.Finding.State == evidence.Holds {
			continue
		}
		minimal := true
		for _, other := range above {
			minimal = minimal && !rung.Model.Implies(other.Model)
		}
		if minimal {
			above = append(above, rung)
		}
	}
	return above
}

// String names the strongest models that hold, and why no stronger one does: in a sentence.
func (l Ladder) String() string {
	if l.Problem != "" {
		return "undecided: " + l.Problem
	}
	names := make([]string, 0, 2)
	for _, rung := range l.Strongest() {
		names = append(names, string(rung.Model))
	}
	text := "none of the models"
	if len(names) > 0 {
		text = strings.Join(names, " and ")
	}
	above := l.Above()
	for i, rung := range above {
		if i > 0 && above[i-1].Finding.State == rung.Finding.State && above[i-1].Finding.Reason == rung.Finding.Reason {
			continue // said of another one
		}
		word := "not"
		if rung.Finding.State == evidence.Undecided {
			word = "undecided"
		}
		text += fmt.Sprintf("; %s %s: %s", word, rung.Model, rung.Finding.Reason)
	}
	return text
}
