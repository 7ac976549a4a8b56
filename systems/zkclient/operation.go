package zkclient

import (
	"cleave/history"
	"cleave/systems/zkwire"
	"cleave/world"
)

// operation is one request of the workload, from Invoke to its completion.
type operation struct {
	client     *client
	request    history.Request
	done       func(history.Completion)
	timer      world.Timer
	begun      bool // a connection was there, and the first request went out on it
	unresolved bool // a write was sent and is not answered
	over       bool
	instance   *instance // register and deregister
}

// prepare checks the request, and completes at once what needs no server. It tells whether anything
// is left to do.
func (o *operation) prepare() bool {
	if wrong := Wrong(o.request); wrong != "" {
		o.failed(wrong)
		return false
	}
	switch o.request.Function {
	case history.Register, history.Deregister:
		o.instance = o.client.desire(o)
	case history.Die:
		o.die()
	}
	return !o.over
}

// start begins, now that a server is there.
func (o *operation) start() {
	o.begun = true
	switch o.request.Function {
	case history.Read:
		o.read()
	case history.SyncRead:
		o.syncRead(zkwire.OpSync)
	case history.QuorumRead:
		o.syncRead(zkwire.OpQuorumSync)
	case history.Stat:
		o.stat(Get(o.path()))
	case history.Watch:
		o.watch()
	case history.Write:
		o.write()
	case history.CAS:
		o.compareAndSet()
	case history.Remove:
		o.remove()
	case history.CreateSequential:
		o.createSequential()
	case history.Own:
		o.own()
	case history.Owners:
		o.owners()
	case history.MultiWrite, history.MultiFail:
		o.multi()
	case history.Check:
		o.check()
	case history.Pair:
		o.readPair()
	case history.Lookup:
		o.lookup()
	case history.Register:
		o.instance.ensure()
	case history.Deregister:
		o.deregister()
	case history.Close:
		o.closeSession()
	}
}

// attached is called when the client has a server again.
func (o *operation) attached() {
	switch {
	case o.request.Function == history.Home:
		if o.client.current == 0 {
			o.ok(history.Nothing, o.client.seen)
		}
	case !o.begun:
		o.start()
	}
}

// ask sends a part of the operation; the reply counts only while the operation lasts.
func (o *operation) ask(q zkwire.Request, handle func(*zkwire.Reply)) {
	o.client.ask(q, func(p *zkwire.Reply) {
		if !o.over {
			handle(p)
		}
	})
}

// change sends the part of the operation that it is judged by: while it is not answered, or answered
// with something that is no clear refusal, nobody knows whether it was done.
func (o *operation) change(q zkwire.Request, handle func(*zkwire.Reply)) {
	o.unresolved = true
	o.ask(q, func(p *zkwire.Reply) {
		o.unresolved = !refusal(failure(p))
		handle(p)
	})
}

// ok completes the operation.
func (o *operation) ok(value history.Value, zxid int64) {
	o.complete(history.Completion{Outcome: history.Ok, Value: value, Version: zxid})
}

// refused completes the operation with what the store said.
func (o *operation) refused(code zkwire.Code) { o.failed(code.String()) }

// acknowledged completes the operation with what the store said, which may be that all is well.
func (o *operation) acknowledged(p *zkwire.Reply) {
	if p.Code == zkwire.OK {
		o.ok(history.Nothing, p.Zxid)
	} else {
		o.refused(p.Code)
	}
}

// pursued tells whether the client goes on trying when the operation is over: what was not done in its
// time may well be done later.
func (o *operation) pursued() bool {
	return o.request.Function == history.Register || o.request.Function == history.Deregister
}

// failed completes the operation with an error.
func (o *operation) failed(reason string) {
	if !o.begun && reason == ErrorTimeout {
		reason = ErrorNotConnected
	}
	result := outcome(o.request.Function, o.unresolved || o.pursued(), reason)
	if o.pursued() && reason == ErrorNotConnected {
		result = history.Info
	}
	if o.request.Function == history.Close && result == history.Info {
		o.client.abandon() // a client that asked to close is done with its session, whatever became of it
	}
	o.complete(history.Completion{Outcome: result, Error: reason})
}

func (o *operation) complete(completion history.Completion) {
	if o.over {
		return
	}
	o.over = true
	if o.timer != nil {
		o.timer.Stop()
	}
	if o.instance != nil {
		o.instance.operation = nil
	}
	c := o.client
	if c.operation == o {
		c.operation = nil
	}
	if o.begun || o.request.Function == history.Home {
		completion.Node = c.servers[c.current]
	}
	if completion.Error == ErrorConnectionLoss || completion.Error == ErrorTimeout {
		completion.Node = "" // nobody answered
	}
	o.done(completion)
}

// path is the znode that the operation's key names.
func (o *operation) path() string { return "/" + o.request.Key }
