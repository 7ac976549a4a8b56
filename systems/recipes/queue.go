package recipes

import (
	"slices"
	"strconv"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// queue is the distributed queue (ZooKeeper Recipes, "Queues"): an element is a numbered node, and to delete the node of
// the lowest number is to take it. Of all who try, one is answered that it has.
//
// When the answer to a delete is lost nobody knows whether the element was taken, and the operation is of unknown
// outcome: to try again would find it gone, and lose it.
type queue struct {
	*kit
	again func() // what BugRetriesDelete does with the next connection
}

func newQueue(k *kit) zkclient.Application { return &queue{kit: k} }

// Has tells which functions are its own.
func (q *queue) Has(function history.Function) bool {
	return has(function, history.Enqueue, history.Dequeue, history.Children)
}

// Invoke starts a request.
func (q *queue) Invoke(request history.Request, done func(history.Completion)) {
	t := q.begin(request, done, nil)
	switch request.Function {
	case history.Enqueue:
		q.enqueue(t)
	case history.Dequeue:
		q.dequeue(t, children(path(request.Key)))
	default:
		q.list(t)
	}
}

func (q *queue) enqueue(t *task) {
	value, isInteger := t.request.Value.AsInteger()
	if !isInteger {
		t.failed(zkclient.ErrorNotInteger)
		return
	}
	node := path(t.request.Key) + "/" + q.Environment().Name() + "-n-"
	t.change(zkclient.Create(node, zkclient.Decimal(value), zkwire.FlagSequential), func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.OK:
			t.ok(history.Nothing, p.Zxid)
		case zkwire.NoNode:
			q.parents(node, func() { q.enqueue(t) }, func(*zkwire.Reply) { t.failed(zkclient.ErrorConnectionLoss) })
		default:
			t.failed(p.Code.String())
		}
	})
}

// dequeue takes the first of what a listing shows. An empty one is looked at again after a sync: the server may have
// been behind.
func (q *queue) dequeue(t *task, listing zkwire.Request) {
	t.ask(listing, func(p *zkwire.Reply) {
		if p.Code != zkwire.OK && p.Code != zkwire.NoNode {
			t.failed(p.Code.String())
			return
		}
		if places := placesIn(p.Names); len(places) > 0 {
			q.takeFirst(t, places)
			return
		}
		q.synced(listing, func(p *zkwire.Reply) {
			switch {
			case t.over:
			case p == nil:
				t.failed(zkclient.ErrorConnectionLoss)
			case p.Code != zkwire.OK && p.Code != zkwire.NoNode:
				t.failed(p.Code.String())
			case len(placesIn(p.Names)) > 0:
				q.takeFirst(t, placesIn(p.Names))
			default:
				t.ok(history.Nothing, p.Zxid)
			}
		})
	})
}

// takeFirst reads and deletes the first of some places that is still there.
func (q *queue) takeFirst(t *task, places []place) {
	if len(places) == 0 {
		q.dequeue(t, children(path(t.request.Key)))
		return
	}
	node := path(t.request.Key) + "/" + places[0].name
	t.ask(zkclient.Get(node), func(p *zkwire.Reply) {
		value, err := strconv.ParseInt(string(p.Data), 10, 64)
		switch {
		case p.Code == zkwire.NoNode:
			q.takeFirst(t, slices.Delete(places, 0, 1))
		case p.Code != zkwire.OK:
			t.failed(p.Code.String())
		case err != nil:
			t.failed(zkclient.ErrorBadReply)
		default:
			q.take(t, places, node, value)
		}
	})
}

// take deletes the node of an element, which makes it this client's.
func (q *queue) take(t *task, places []place, node string, value int64) {
	if q.bug == BugRetriesDelete {
		q.insist(t, places, node, value)
		return
	}
	t.change(zkclient.Remove(node), func(p *zkwire.Reply) {
		switch {
		case p.Code == zkwire.OK, p.Code == zkwire.NoNode && q.bug == BugTakesUnasked:
			t.ok(history.Integer(value), p.Zxid)
		case p.Code == zkwire.NoNode:
			q.takeFirst(t, slices.Delete(places, 0, 1))
		default:
			t.failed(p.Code.String())
		}
	})
}

// insist is BugRetriesDelete: it deletes again what it may have deleted, and takes the next if somebody else has, which may
// have been itself.
func (q *queue) insist(t *task, places []place, node string, value int64) {
	q.again = nil
	q.Ask(zkclient.Remove(node), func(p *zkwire.Reply) {
		switch {
		case t.over:
		case p == nil:
			q.again = func() { q.insist(t, places, node, value) }
		case p.Code == zkwire.OK:
			t.ok(history.Integer(value), p.Zxid)
		default:
			q.takeFirst(t, slices.Delete(places, 0, 1))
		}
	})
}

// Attached goes on with what BugRetriesDelete has left.
func (q *queue) Attached(bool) {
	if q.again != nil {
		q.again()
	}
}

// Suspended has nothing to let go: what was asked has failed.
func (q *queue) Suspended() {}

// Expired has nothing to lose.
func (q *queue) Expired() {}

// Event is not waited for.
func (q *queue) Event(zkwire.Event) {}
