package isolation

import (
	"cmp"
	"slices"
)

// examples are the anomalies found, the gravest first: by how weak the weakest model is that each rules out.
func (j *judge) examples() []Example {
	var all []Example
	for _, one := range j.found.first {
		all = append(all, j.single(one))
	}
	for _, r := range j.classes.reports {
		all = append(all, j.cycle(r))
	}
	gravity := func(e Example) int {
		rank := 0
		for _, model := range e.RulesOut {
			rank = max(rank, slices.Index(Models(), model))
		}
		return rank
	}
	slices.SortStableFunc(all, func(a, b Example) int { return cmp.Compare(gravity(b), gravity(a)) })
	return all
}

// single is an anomaly that is no cycle.
func (j *judge) single(one finding) Example {
	var against []Model
	for i := range definitions {
		if slices.Contains(definitions[i].forbids, one.anomaly) {
			against = append(against, definitions[i].model)
		}
	}
	example := Example{Anomaly: one.anomaly, Count: j.found.count[one.anomaly], RulesOut: weakest(against), Explanation: j.tell(one)}
	for _, transaction := range one.transactions {
		example.Transactions = append(example.Transactions, int(transaction))
	}
	return example
}

// cycle is an anomaly that is one, without the nodes that stand for many edges.
func (j *judge) cycle(r *report) Example {
	var against []Model
	for i := range definitions {
		if d := &definitions[i]; r.family <= d.cycles && r.scope <= d.order {
			against = append(against, d.model)
		}
	}
	example := Example{Anomaly: cycleNames[r.family] + suffixes[r.scope], Count: len(r.numbers), RulesOut: weakest(against)}
	hops := j.joined(j.classes.witness(r))
	first := j.first(hops)
	for i := range hops {
		hop := hops[(first+i)%len(hops)]
		reason := j.reason(hop)
		example.Transactions = append(example.Transactions, int(hop.from))
		example.Edges = append(example.Edges, Edge{int(hop.from), int(hop.to), relationNames[hop.label.relation()], reason})
		example.Explanation = append(example.Explanation, j.name(hop.from)+" before "+j.name(hop.to)+": "+reason)
	}
	return example
}

var relationNames = [...]string{ww: "ww", wr: "wr", rw: "rw", process: "process", realtime: "realtime"}

// joined makes one hop of those from a transaction to the next.
func (j *judge) joined(hops []hop) []hop {
	inner := func(node int32) bool { return node >= j.classes.transactions }
	for inner(hops[0].from) {
		hops = append(hops[1:], hops[0])
	}
	var all []hop
	for _, next := range hops {
		if inner(next.from) {
			all[len(all)-1].to = next.to
		} else {
			all = append(all, next)
		}
	}
	return all
}

// first is where a cycle is told from: its first transaction.
func (j *judge) first(hops []hop) int {
	least := 0
	for i := range hops {
		if hops[i].from < hops[least].from {
			least = i
		}
	}
	return least
}
