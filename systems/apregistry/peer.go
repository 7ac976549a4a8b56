package apregistry

import "time"

// peer is another node, as the one that replicates to it sees it: a queue and a connection. One batch
// is under way at a time.
type peer struct {
	node    *node
	caller  caller
	queue   *queue
	busy    bool          // a batch is under way
	pauseTo time.Duration // no batch before this, after a failure
	armed   bool          // a timer will pump
	woken   func()        // what it calls
	batch   []entry       // that which is under way, or was

	available  bool // the last that it was asked was answered
	exchanging bool
	gone       bool // it has left: nothing is for it any more
}

func newPeer(n *node, name string) *peer {
	p := &peer{
		node:   n,
		caller: caller{env: n.env, to: name, timeout: n.options.NetworkTimeout, outbox: &n.outbox, inbox: &n.inbox},
		queue:  newQueue(&n.options),

		available: true,
	}
	p.woken = p.wake
	return p
}

// task makes a task of an operation.
func (n *node) task(a Action, copy *instance) *task {
	return &task{action: a, instance: *copy, stamped: n.options.Profile == Plain || n.bug == bugSkewRevives}
}

// tell queues an operation for the peer.
func (p *peer) tell(t *task) {
	now := p.node.env.Elapsed()
	expiry := p.node.options.RenewalInterval
	if t.action != actionRegister && t.action != actionRenew {
		expiry = p.node.options.TaskExpiry
	}
	p.queue.add(entry{t, now, now + expiry})
	p.pump()
}

// pump sends the next batch if it is due, or sets a timer for when it will be.
func (p *peer) pump() {
	if p.busy || p.armed || p.gone {
		return
	}
	now := p.node.env.Elapsed()
	wait, some := p.queue.wait(now)
	if !some {
		return
	}
	if wait = max(wait, p.pauseTo-now); wait > 0 {
		p.armed = true
		p.node.env.After(wait, p.woken)
		return
	}
	p.batch = p.queue.take(now)
	p.send()
}

func (p *peer) wake() {
	p.armed = false
	p.pump()
}

func (p *peer) send() {
	if len(p.batch) == 0 {
		p.pump()
		return
	}
	p.busy = true
	p.caller.ask(&request{action: actionBatch, bytes: p.node.written.of(p.batch)}, p)
}

// heard takes the end of a batch.
func (p *peer) heard(answer *response, why failure) {
	p.busy = false
	p.delivered(p.batch, answer, why)
	p.pump()
}

// delivered settles a batch. Too slow or busy: again soon. Out of reach: again later. Refused for any
// other reason: lost.
func (p *peer) delivered(batch []entry, answer *response, why failure) {
	now := p.node.env.Elapsed()
	p.available = why == answered
	switch {
	case why == late || why == answered && answer.code == codeUnavailable:
		p.pauseTo = now + p.node.options.CongestionRetry
		p.queue.putBack(batch, now)
	case why != answered:
		p.pauseTo = now + p.node.options.NetworkRetry
		p.queue.putBack(batch, now)
	case answer.code == codeOK && len(answer.results) == len(batch):
		for i, t := range batch {
			p.settle(t.task, &answer.results[i])
		}
		p.queue.most = 0
		p.queue.delivered += int64(len(batch))
	case why == answered && answer.code == codeTooLarge && len(batch) > 1:
		p.queue.most = len(batch) / 2
		p.queue.putBack(batch, now)
	default:
		p.node.env.Logf("%s refuses %d tasks: code %d", p.caller.to, len(batch), answer.code)
		p.queue.dropped += int64(len(batch))
	}
}

// settle looks at what the peer made of one heartbeat. If it knows no such instance, or an older copy,
// it is sent this one; if its copy is newer, that is adopted here.
func (p *peer) settle(t *task, result *response) {
	revived := p.node.bug == bugSkewRevives && t.action == actionCancel
	if t.action != actionRenew && !revived || p.node.unheard[t.instance.key] {
		return
	}
	switch {
	case result.code == codeNotFound && !revived:
		p.tell(p.node.task(actionRegister, &t.instance))
	case len(result.instances) == 1:
		if !revived {
			p.node.noteRevival(&result.instances[0])
		}
		p.node.adopt(result.instances[0])
	}
}

// exchange tells the peer all that this node has, and takes what it misses. One is under way at a time.
func (p *peer) exchange(summaries []summary) {
	if p.exchanging {
		return
	}
	p.exchanging = true
	all := &request{action: actionExchange, replicated: true, summaries: summaries}
	p.caller.askWithin(p.node.options.SyncTimeout, all, hears(func(answer *response, why failure) {
		p.exchanging, p.available = false, why == answered
		if why == answered && answer.code == codeOK {
			p.node.exchanged += p.node.registry.merge(answer.instances, answer.ages, p.node.now())
		}
	}))
}
