package zkclient

import (
	"cleave/history"
	"cleave/systems/zkwire"
)

// multi sets both halves in one transaction, which leaves a trace of its own. That of a multi-fail
// ends with a check that cannot hold, so that a store which is atomic does nothing of it.
func (o *operation) multi() {
	number, _ := o.request.Value.AsInteger()
	halves := Halves(o.path())
	q := zkwire.Request{Op: zkwire.OpMulti, Operations: []zkwire.Request{
		Set(halves[0], Decimal(number), AnyVersion),
		Set(halves[1], Decimal(number), AnyVersion),
		Create(o.path()+"/log-", []byte{}, zkwire.FlagSequential),
	}}
	if o.request.Function == history.MultiFail {
		q.Operations = append(q.Operations, zkwire.Request{Op: zkwire.OpCheck, Path: halves[0], Version: NeverVersion})
	}
	o.change(q, func(p *zkwire.Reply) {
		switch code := failure(p); {
		case code == zkwire.NoNode:
			o.makeHalves()
		case code != zkwire.OK:
			o.refused(code)
		case len(p.Results) != len(q.Operations):
			o.failed(ErrorBadReply)
		default:
			o.ok(history.Nothing, p.Zxid)
		}
	})
}

// makeHalves makes the pair, each half 0, and tries the multi again.
func (o *operation) makeHalves() {
	halves := Halves(o.path())
	o.parents(halves[0], func() {
		o.make(halves, Decimal(0), o.multi)
	})
}

// check asks for a condition alone, which a server is to refuse. It ends the connection then, and the
// client comes again at once: the server answers, so it will take the session.
func (o *operation) check() {
	o.ask(zkwire.Request{Op: zkwire.OpCheck, Path: Halves(o.path())[0], Version: AnyVersion}, func(p *zkwire.Reply) {
		if p.Code == zkwire.Unimplemented {
			o.client.leave()
			o.client.connect()
		}
		o.acknowledged(p)
	})
}

// readPair reads both halves at one instant.
func (o *operation) readPair() {
	q := zkwire.Request{Op: zkwire.OpMultiRead}
	for _, half := range Halves(o.path()) {
		q.Operations = append(q.Operations, Get(half))
	}
	o.ask(q, func(p *zkwire.Reply) {
		switch {
		case p.Code != zkwire.OK:
			o.refused(p.Code)
		case len(p.Results) != len(q.Operations):
			o.failed(ErrorBadReply)
		default:
			o.paired(p)
		}
	})
}

// paired completes with what the halves hold, nothing where there is none.
func (o *operation) paired(p *zkwire.Reply) {
	values := make([]history.Value, len(p.Results))
	for i, result := range p.Results {
		number, good := Integer(result.Data)
		switch {
		case result.Op == zkwire.OpGetData && good:
			values[i] = number
		case result.Op == zkwire.OpGetData:
			o.failed(ErrorNotInteger)
			return
		case result.Op != zkwire.OpError:
			o.failed(ErrorBadReply)
			return
		case result.Code != zkwire.NoNode:
			o.refused(result.Code)
			return
		}
	}
	o.ok(history.List(values...), p.Zxid)
}
