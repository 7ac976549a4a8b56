package models

import "cleave/history"

// Leader is the model of an office whose terms are numbered and grow, each with one leader. Nobody leads
// at the start.
//
//	lead 3          the client leads term 3: it is above all terms before, or the client's own already
//	read = [3 c1]   c1 leads, in term 3; nothing: there was no leader yet
func Leader() Model {
	shapes := []Shape{
		{history.Lead, number, anything, "the client takes the office, in the term of the argument"},
		{history.Read, none, row("[term leader]", number, text).or(none), "gives the latest term and its leader; nothing if there was none"},
	}
	return Model{
		Name: "leader", Summary: "an office with growing terms, each with one leader",
		Shapes: shapes, Describe: byClient(describe(shapes, false)),
		ByClient: true,
		Init:     func() State { return State{} },
		Step:     step(stepLeader).orNothing,
		Observes: func(operation history.Operation) bool { return operation.Function == history.Read },
		Brings:   bringsLeader, Needs: resultOf(history.Read), Forgets: true,
	}
}

// stepLeader: the state is nothing, or [term leader].
func stepLeader(state State, operation history.Operation) (bool, State) {
	if operation.Function == history.Read {
		return gave(operation, state.Value), state
	}
	office := history.List(operation.Argument, history.Text(operation.Client))
	latest, led := state.Value.AsList()
	return !led || compare(operation.Argument, latest[0]) > 0 || office.Equal(state.Value), Holding(office)
}

func bringsLeader(operation history.Operation) []history.Value {
	if operation.Function != history.Lead {
		return nil
	}
	return []history.Value{history.List(operation.Argument, history.Text(operation.Client))}
}
