package cpstore

import (
	"slices"
	"strconv"
	"strings"

	"cleave/history"
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
	c := o.client
	switch o.request.Function {
	case history.Read, history.SyncRead, history.QuorumRead, history.Lookup, history.Home:
	case history.Write:
		if _, integer := o.request.Value.AsInteger(); !integer {
			o.failed(errorNotInteger)
		}
	case history.CAS:
		if _, _, good := pair(o.request.Value); !good {
			o.failed(errorBadRequest)
		}
	case history.Register, history.Deregister:
		if service, name, found := strings.Cut(o.request.Key, "/"); !found || service == "" || name == "" || strings.Contains(name, "/") {
			o.failed(errorBadRequest)
		} else {
			o.instance = c.desire(o)
		}
	case history.Die:
		c.die()
		o.ok(history.Nothing, 0)
	default:
		o.failed(errorUnsupported)
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
		o.ask(request{kind: requestSync}, func(*reply) { o.read() })
	case history.QuorumRead:
		o.ask(request{kind: requestQuorumSync}, func(*reply) { o.read() })
	case history.Write:
		o.write()
	case history.CAS:
		o.compareAndSet()
	case history.Lookup:
		o.lookup()
	case history.Register:
		o.instance.ensure()
	case history.Deregister:
		o.deregister()
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
func (o *operation) ask(q request, handle func(*reply)) {
	mutates := q.kind == requestSet || q.kind == requestCreate || q.kind == requestDelete
	if mutates {
		o.unresolved = true
	}
	o.client.ask(q, func(p *reply) {
		if o.over {
			return
		}
		if mutates && p.code != CodeOK {
			o.unresolved = false // refused
		}
		handle(p)
	})
}

// ok completes the operation.
func (o *operation) ok(value history.Value, zxid int64) {
	o.complete(history.Completion{Outcome: history.Ok, Value: value, Version: zxid})
}

// refused completes the operation with what the store said.
func (o *operation) refused(code Code) { o.failed(code.String()) }

// pursued tells whether the client goes on trying when the operation is over: what was not done in its
// time may well be done later.
func (o *operation) pursued() bool {
	return o.request.Function == history.Register || o.request.Function == history.Deregister
}

// failed completes the operation with an error.
func (o *operation) failed(reason string) {
	if !o.begun && reason == errorTimeout {
		reason = errorNotConnected
	}
	result := outcome(o.request.Function, o.unresolved || o.pursued(), reason)
	if o.pursued() && reason == errorNotConnected {
		result = history.Info
	}
	if o.instance != nil && o.request.Function == history.Register && result == history.Fail {
		o.client.withdraw(o.instance) // it certainly did not happen, so it must not happen later
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
	if completion.Error == errorConnectionLoss || completion.Error == errorTimeout {
		completion.Node = "" // nobody answered
	}
	o.done(completion)
}

func (o *operation) path() string { return "/" + o.request.Key }

// value reads the integer that a znode holds.
func value(p *reply) (number int64, there, good bool) {
	if p.code != CodeOK {
		return 0, false, p.code == CodeNoNode
	}
	number, err := strconv.ParseInt(string(p.data), 10, 64)
	return number, true, err == nil
}

func (o *operation) read() {
	o.ask(request{kind: requestGet, path: o.path()}, func(p *reply) {
		number, there, good := value(p)
		switch {
		case !good && p.code != CodeOK:
			o.refused(p.code)
		case !good:
			o.failed(errorNotInteger)
		case !there:
			o.ok(history.Nothing, p.zxid)
		default:
			o.ok(history.Integer(number), p.zxid)
		}
	})
}

// write sets the value, and creates the node if it is not there yet; somebody else may be faster.
func (o *operation) write() {
	number, _ := o.request.Value.AsInteger()
	data := strconv.AppendInt(nil, number, 10)
	o.ask(request{kind: requestSet, path: o.path(), data: data, version: anyVersion}, func(p *reply) {
		if p.code == CodeNoNode {
			o.create(data)
		} else {
			o.acknowledged(p)
		}
	})
}

func (o *operation) create(data []byte) {
	o.ask(request{kind: requestCreate, path: o.path(), data: data}, func(p *reply) {
		if p.code == CodeNodeExists {
			o.write()
		} else {
			o.acknowledged(p)
		}
	})
}

func (o *operation) acknowledged(p *reply) {
	if p.code == CodeOK {
		o.ok(history.Nothing, p.zxid)
	} else {
		o.refused(p.code)
	}
}

// pair reads the argument of a CAS: what is expected, an integer or nothing, and what is to be.
func pair(argument history.Value) (from history.Value, to int64, good bool) {
	both, isList := argument.AsList()
	if !isList || len(both) != 2 {
		return history.Nothing, 0, false
	}
	_, isInteger := both[0].AsInteger()
	to, toGood := both[1].AsInteger()
	return both[0], to, toGood && (isInteger || both[0].IsNothing())
}

// compareAndSet reads here and sets there: the version makes the two one. From nothing, it creates.
func (o *operation) compareAndSet() {
	from, to, _ := pair(o.request.Value)
	data := strconv.AppendInt(nil, to, 10)
	o.ask(request{kind: requestGet, path: o.path()}, func(p *reply) {
		number, there, good := value(p)
		switch {
		case good && !there && from.IsNothing():
			o.ask(request{kind: requestCreate, path: o.path(), data: data}, o.acknowledged)
		case good && there && from.Equal(history.Integer(number)):
			o.ask(request{kind: requestSet, path: o.path(), data: data, version: p.stat.Version}, o.acknowledged)
		default:
			o.failed(errorValueDiffers)
		}
	})
}

// lookup lists a service's instances by their full ids.
func (o *operation) lookup() {
	service := o.request.Key
	o.ask(request{kind: requestChildren, path: servicePath(service)}, func(p *reply) {
		if p.code != CodeOK && p.code != CodeNoNode {
			o.refused(p.code)
			return
		}
		ids := make([]string, len(p.names))
		for i, name := range p.names {
			ids[i] = service + "/" + name
		}
		slices.Sort(ids)
		o.ok(history.Texts(ids), p.zxid)
	})
}

// deregister deletes the node, whoever's session it belongs to by now.
func (o *operation) deregister() {
	o.ask(request{kind: requestDelete, path: instancePath(o.request.Key), version: anyVersion}, func(p *reply) {
		if p.code == CodeNoNode {
			p.code = CodeOK
		}
		if p.code == CodeOK {
			o.client.removed(o.request.Key)
		}
		o.acknowledged(p)
	})
}
