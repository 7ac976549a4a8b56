package zookeeper

import (
	"errors"
	"time"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// operation is one request of the workload, from Invoke to its completion. The user's mutex guards it.
type operation struct {
	user       *user
	request    history.Request
	done       func(history.Completion)
	timer      *time.Timer
	number     int  // the connection that it is done on, all of it
	begun      bool // it is being done
	unresolved bool // a write may have been sent and is not answered
	over       bool
	completion history.Completion // when it is over
	instance   *instance          // register and deregister
}

// prepare checks the request, and ends it at once if it needs no server. Else it is under way. The mutex
// is held.
func (o *operation) prepare() {
	u := o.user
	if wrong := zkclient.Wrong(o.request); wrong != "" {
		o.end(history.Nothing, 0, reason(wrong))
		return
	}
	if u.closed {
		o.end(history.Nothing, 0, errNotConnected)
		return
	}
	u.operation = o
	o.timer = time.AfterFunc(u.options.RequestTimeout, func() { o.complete(history.Nothing, 0, errTimeout) })
	switch o.request.Function {
	case history.Die:
		o.die()
	case history.Home:
		if u.goHome() {
			o.begun = true
			o.end(history.Nothing, u.seen, nil)
		}
	case history.Register, history.Deregister:
		o.instance = u.desire(o)
	}
}

// perform does the operation, on the worker, now that a server is there.
func (o *operation) perform() {
	value, zxid, err := o.do()
	o.complete(value, zxid, err)
}

// do gives what the operation found, and the zxid of the reply that it found it in.
func (o *operation) do() (history.Value, int64, error) {
	switch o.request.Function {
	case history.Read:
		return o.read()
	case history.SyncRead:
		return o.syncRead()
	case history.QuorumRead:
		return o.quorumRead()
	case history.Stat:
		return o.stat()
	case history.Watch:
		return o.watch()
	case history.Write:
		return o.write()
	case history.CAS:
		return o.compareAndSet()
	case history.Remove:
		return o.remove(o.path())
	case history.CreateSequential:
		return o.createSequential()
	case history.Own:
		return o.own()
	case history.Owners:
		return o.owners()
	case history.MultiWrite, history.MultiFail:
		return o.multi()
	case history.Check:
		return o.check()
	case history.Pair:
		return o.readPair()
	case history.Lookup:
		return o.lookup()
	case history.Register:
		zxid, err := o.instance.ensure(o.number)
		return history.Nothing, zxid, err
	case history.Deregister:
		return o.deregister()
	case history.Close:
		return o.closeSession()
	case history.Home:
		return history.Nothing, o.user.highest(), nil
	}
	return history.Nothing, 0, errUnsupported
}

// call asks a part of the operation through the library. Once the operation is over nothing more is
// asked for it.
func (o *operation) call(ask func(*zk.Conn) error) (zxid int64, err error) {
	if o.isOver() {
		return 0, errUnsent
	}
	return o.user.call(o.number, ask)
}

// ask asks a part of the operation past the library.
func (o *operation) ask(q zkwire.Request) (*zkwire.Reply, error) {
	if o.isOver() {
		return nil, errUnsent
	}
	return o.user.ask(o.number, q)
}

// change asks for the part of the operation that it is judged by: while it is not answered, or answered
// with something that is no clear refusal, nobody knows whether it was done.
func (o *operation) change(ask func(*zk.Conn) error) (zxid int64, err error) {
	o.resolved(false)
	zxid, err = o.call(ask)
	o.resolved(err == nil || refuses(err))
	return zxid, err
}

func (o *operation) resolved(is bool) {
	o.user.mutex.Lock()
	defer o.user.mutex.Unlock()
	o.unresolved = !is
}

func (o *operation) isOver() bool {
	o.user.mutex.Lock()
	defer o.user.mutex.Unlock()
	return o.over
}

// pursued tells whether the client goes on trying when the operation is over: what was not done in its
// time may well be done later.
func (o *operation) pursued() bool {
	return o.request.Function == history.Register || o.request.Function == history.Deregister
}

// complete ends the operation, and tells whoever asked.
func (o *operation) complete(value history.Value, zxid int64, err error) {
	u := o.user
	u.mutex.Lock()
	again := o.over
	if !again {
		o.end(value, zxid, err)
	}
	u.mutex.Unlock()
	if !again {
		o.done(o.completion)
	}
}

// end fixes how the operation completes. The mutex is held.
func (o *operation) end(value history.Value, zxid int64, err error) {
	u := o.user
	o.over = true
	o.completion = history.Completion{Outcome: history.Ok, Value: value, Version: zxid}
	if err != nil {
		o.completion = o.failed(err)
	}
	if lost := o.completion.Error == zkclient.ErrorConnectionLoss || o.completion.Error == zkclient.ErrorTimeout; o.begun && !lost {
		o.completion.Node = u.servers[u.current].name
	}
	if o.timer != nil {
		o.timer.Stop()
	}
	if o.instance != nil {
		o.instance.operation = nil
	}
	if u.operation == o {
		u.operation = nil
	}
	if o.request.Function == history.Close && (err == nil || o.completion.Outcome == history.Info) && !u.closed {
		u.abandon() // a client that asked to close is done with its session, whatever became of it
	}
}

// failed is the completion with an error.
func (o *operation) failed(err error) history.Completion {
	if !o.begun && errors.Is(err, errTimeout) && !o.user.attached {
		err = errNotConnected
	}
	result := outcome(o.request.Function, o.unresolved || o.pursued(), err)
	name := meaningOf(err).reason
	if o.pursued() && name == zkclient.ErrorNotConnected {
		result = history.Info
	}
	return history.Completion{Outcome: result, Error: name}
}

// path is the znode that the operation's key names.
func (o *operation) path() string { return "/" + o.request.Key }
