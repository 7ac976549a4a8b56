package workloads

import "cleave/history"

// Generator says what a client does next. It is a value: it is asked, and told what became of it,
// and does nothing by itself.
type Generator struct {
	waiting map[string][]Planned // by client, in order of time
	seen    map[place]history.Value
}

// place is a key as one client sees it.
type place struct{ client, key string }

// NewGenerator makes the generator of a plan.
func NewGenerator(plan []Planned) *Generator {
	g := &Generator{waiting: map[string][]Planned{}, seen: map[place]history.Value{}}
	for _, planned := range plan {
		g.waiting[planned.Client] = append(g.waiting[planned.Client], planned)
	}
	return g
}

// Next is what a free client is to do now. If there is nothing yet, wait says when to ask again; if
// there will be nothing any more, it is history.Forever.
func (g *Generator) Next(client string, now history.Time) (request history.Request, wait history.Time, found bool) {
	list := g.waiting[client]
	for len(list) > 0 && !list[0].Must && now-list[0].At > Patience {
		list = list[1:]
	}
	g.waiting[client] = list
	switch {
	case len(list) == 0:
		return history.Request{}, history.Forever, false
	case list[0].At > now:
		return history.Request{}, list[0].At, false
	}
	g.waiting[client] = list[1:]
	return g.resolve(client, list[0].Request), 0, true
}

// resolve fills in what a plan leaves open: a CAS from nothing is one from what the client saw last.
func (g *Generator) resolve(client string, request history.Request) history.Request {
	if request.Function != history.CAS {
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
	}
}
