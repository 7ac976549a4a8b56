package recipes

import (
	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
	"cleave/world"
)

// task is a request from its invocation to its one completion, which comes within the time of a request.
type task struct {
	kit     *kit
	request history.Request
	done    func(history.Completion)
	timer   world.Timer
	late    func(t *task) // what is done about it when its time is up
	unsure  bool          // a change was sent, and nobody knows whether it was made
	over    bool
}

// begin starts a task. When its time is up it ends by what late does, or, if that does nothing, with
// what is known of it by then.
func (k *kit) begin(request history.Request, done func(history.Completion), late func(*task)) *task {
	if k.task != nil {
		panic("recipes: a client was given a request while one is under way")
	}
	t := &task{kit: k, request: request, done: done, late: late}
	k.task = t
	t.timer = k.Environment().After(k.Options().RequestTimeout, func() {
		if t.late != nil {
			t.late(t)
		}
		t.failed(zkclient.ErrorTimeout)
	})
	return t
}

// ok completes the task.
func (t *task) ok(value history.Value, zxid int64) {
	t.complete(history.Completion{Outcome: history.Ok, Value: value, Version: zxid, Node: t.kit.Server()})
}

// failed completes the task with a reason: it is of unknown outcome if it can have changed anything.
func (t *task) failed(reason string) {
	outcome := history.Fail
	if t.unsure && t.request.Function.Mutates() {
		outcome = history.Info
	}
	t.complete(history.Completion{Outcome: outcome, Error: reason})
}

// ask sends a part of the task that changes nothing it is judged by. If the connection is lost, the task has failed.
func (t *task) ask(q zkwire.Request, handle func(*zkwire.Reply)) {
	if !t.kit.Attached() {
		t.failed(zkclient.ErrorNotConnected)
		return
	}
	t.kit.Ask(q, func(p *zkwire.Reply) {
		switch {
		case t.over:
		case p == nil:
			t.failed(zkclient.ErrorConnectionLoss)
		default:
			handle(p)
		}
	})
}

// change sends the part that the task is judged by: until it is answered, nobody knows whether it was made.
func (t *task) change(q zkwire.Request, handle func(*zkwire.Reply)) {
	t.unsure = true
	t.ask(q, func(p *zkwire.Reply) {
		t.unsure = false
		handle(p)
	})
}

func (t *task) complete(completion history.Completion) {
	if t.over {
		return
	}
	t.over = true
	t.timer.Stop()
	t.kit.task = nil
	t.done(completion)
}
