package workloads

import "cleave/history"

// Generator says what a client does next. It is a value: it is asked, and told what became of it,
// and does nothing by itself.
type Generator struct {
	plan    []Planned
	waiting map[string]*[]int // places in the plan, by client, in order of time
	seen    map[place]history.Value
	next    map[place]int64 // of logs: the offset that a client has come to
}

// place is a key as one client sees it.
type place struct{ client, key string }

// NewGenerator makes the generator of a plan.
func NewGenerator(plan []Planned) *Generator {
	g := &Generator{plan: plan, waiting: map[string]*[]int{}, seen: map[place]history.Value{}, next: map[place]int64{}}
	for i := range plan {
		list := g.waiting[plan[i].Client]
		if list == nil {
			list = &[]int{}
			g.waiting[plan[i].Client] = list
		}
		*list = append(*list, i)
	}
	return g
}

// Next is what a free client is to do now. If there is nothing yet, wait says when to ask again; if
// there will be nothing any more, it is history.Forever.
func (g *Generator) Next(client string, now history.Time) (request history.Request, wait history.Time, found bool) {
	list := g.waiting[client]
	for list != nil && len(*list) > 0 {
		next := &g.plan[(*list)[0]]
		if next.At > now {
			return history.Request{}, next.At, false
		}
		*list = (*list)[1:]
		if next.Must || now-next.At <= Patience {
			return g.resolve(client, next.Request), 0, true
		}
	}
	return history.Request{}, history.Forever, false
}

// resolve fills in what a plan leaves open: a CAS from nothing is one from what the client saw last, and an offset that is
// nothing is where the client has come to (see kafka.go).
func (g *Generator) resolve(client string, request history.Request) history.Request {
	switch request.Function {
	case history.CAS:
	case history.Poll:
		request.Value = g.positions(client, request.Value)
		return request
	case history.CommitOffsets:
		request.Value = g.dealtWith(client, request.Value)
		return request
	default:
		return request
	}
	if change, _ := request.Value.AsList(); len(change) == 2 && change[0].IsNothing() {
		request.Value = history.List(g.seen[place{client, request.Key}], change[1])
	}
	return request
}

// Completed tells the generator what became of a client's request.
func (g *Generator) Completed(client string, request history.Request, completion history.Completion) {
	if completion.Outcome != history.Ok {
		return
	}
	at := place{client, request.Key}
	switch request.Function {
	case history.Read, history.SyncRead, history.QuorumRead:
		g.seen[at] = completion.Value
	case history.Write:
		g.seen[at] = request.Value
	case history.CAS:
		if change, _ := request.Value.AsList(); len(change) == 2 {
			g.seen[at] = change[1]
		}
	case history.Poll:
		g.polled(client, completion.Value)
	case history.ListCommitted:
		g.assigned(client, completion.Value)
	}
}
