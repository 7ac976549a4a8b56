package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

// pairs are the znodes whose two children are only written together.
func pairs() []string { return []string{"p", "q"} }

// Multi is the workload of transactions: both halves of a pair are set at once, or a transaction is
// tried that must be refused whole, and both halves are read at once. Now and then a condition is asked
// for alone, which a server refuses, and with it its client: that must harm nobody else.
func Multi() Workload {
	return Workload{
		Name:     "multi",
		Summary:  "clients set both halves of a pair in one transaction, try some that must be refused whole, and read both",
		Plan:     planMulti,
		Promises: multiPromises,
		Measures: multiMeasures,
	}
}

// planMulti plans transactions and reads until the system is to have settled, and final reads of every
// pair by every client, each from the node beside it.
func planMulti(shape Shape) []Planned {
	all := pairs()
	mix := []choice{{history.Pair, 43}, {history.MultiWrite, 38}, {history.MultiFail, 17}, {history.Check, 2}}
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, multiKey, uint64(number))
		value := int64(number)
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
			request := history.Request{Function: pick(mix, stream), Key: all[stream.Below(int64(len(all)))]}
			value += int64(len(shape.Clients)) // no two attempts write the same, and none writes 0
			switch {
			case calm(shape, at):
				request.Function = history.Pair
			case request.Function == history.MultiWrite || request.Function == history.MultiFail:
				request.Value = history.Integer(value)
			}
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: request})
		}
		plan = append(plan, finalReads(shape, place.Client, history.Pair, all)...)
	}
	return inOrder(plan)
}

func multiPromises(_ Guarantee, c Conditions) []Promise {
	return append([]Promise{
		{"a transaction takes effect whole or not at all, and for good; a condition alone is refused", checker.Transactions{}},
	}, storePromises(c, c.Spread, history.Pair, history.MultiWrite, history.Pair)...)
}

func multiMeasures(Guarantee, Conditions) []Promise {
	return []Promise{{"are local reads of a pair linearizable too?",
		checker.Linearizable{Model: models.Register(), Functions: []history.Function{history.MultiWrite, history.Pair}}}}
}
