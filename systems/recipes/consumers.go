package recipes

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// consumers is the balancing of a topic's partitions among the members of a group, as Kafka's consumers did until 0.8 and
// MetaQ's do: every member lists itself, watches the list, computes from it the same ranges as all others, releases what
// is no longer in its own, and claims the rest, again and again where another has not released it yet.
//
//	consumers/g/ids/c1.1    ephemeral           ┐ partitions 0 to 5
//	consumers/g/ids/c2.1    ephemeral           ┘ and 6 to 11
//	consumers/g/owners/7    ephemeral, "c2.1"     who consumes it
//	consumers/g/offsets/7   persistent, "42"      its next message
//
// A message is handled, and then the offset moved on, on the condition that nobody else has: handled at least once, and
// committed once.
type consumers struct {
	*kit
	group   string           // its key, "" before it has joined
	wanted  bool             // it is to be a member
	id      string           // its name in the list, in this session
	listed  bool             // it is in the list
	claimed [Partitions]bool // there may be an owner's node of this session
	held    [Partitions]bool // as far as it knows, there is
	last    int              // the partition that it last consumed from

	made    bool // the persistent nodes are there
	watched bool // the list has been watched once
	round   int  // counts connections: what was asked on an earlier one is of no interest
	left    int  // answers that the balancing under way still waits for, 0 if none is
	again   bool // another is due after it
	refused bool // somebody else had what it claimed
	waiting bool // to try again
	vigil   bool // it watches its session
}

// Partitions is how many parts the topic of a group has.
const Partitions = 12

// handling is how long a consumer works on a message.
const handling = 60 * time.Millisecond

func newConsumers(k *kit) zkclient.Application { return &consumers{kit: k} }

// Has tells which functions are its own: join and leave a group, and consume a message.
func (c *consumers) Has(function history.Function) bool {
	return has(function, history.Join, history.Leave, history.Consume)
}

// Invoke starts a request.
func (c *consumers) Invoke(request history.Request, done func(history.Completion)) {
	t := c.begin(request, done, nil)
	if request.Function == history.Consume {
		c.consume(t)
		return
	}
	if c.wanted && c.group != request.Key {
		t.failed(zkclient.ErrorBadRequest) // it takes part in one group at a time
		return
	}
	c.group, c.wanted = request.Key, request.Function == history.Join
	c.balance()
	t.ok(history.Nothing, c.Seen())
}

// node is a znode of the group.
func (c *consumers) node(kind string, partition int) string {
	return fmt.Sprintf("%s/%s/%d", path(c.group), kind, partition)
}

// balance brings what it holds in line with the list of members.
func (c *consumers) balance() {
	switch {
	case c.group == "" || !c.Session.Attached(): // when it is
	case c.left > 0:
		c.again = true
	default:
		c.again, c.refused = false, false
		c.await(1)
		c.enlist()
	}
}

// await is for answers to come, and for answers that came: after the last, what was refused or has changed is seen to.
func (c *consumers) await(answers int) {
	if c.left += answers; c.left > 0 {
		return
	}
	switch {
	case c.again:
		c.balance()
	case c.refused && !c.waiting && c.bug != BugGivesUp:
		c.waiting = true
		c.Environment().After(retry, func() {
			c.waiting = false
			c.balance()
		})
	}
}

// step asks for a part of the balancing. Without an answer it ends with the connection.
func (c *consumers) step(q zkwire.Request, handle func(*zkwire.Reply)) {
	round := c.round
	c.Ask(q, func(p *zkwire.Reply) {
		if p != nil && c.round == round {
			handle(p)
		}
	})
}

// enlist sees to its name in the list, and goes on with what that gives it.
func (c *consumers) enlist() {
	parent := path(c.group) + "/ids"
	name := parent + "/" + c.id
	switch {
	case !c.made:
		missing := append(zkclient.Ancestors(name), path(c.group)+"/owners", path(c.group)+"/offsets")
		c.make(missing, func() { c.made = true; c.enlist() }, func(p *zkwire.Reply) { c.failed(p) })
	case c.wanted && !c.listed:
		c.step(zkclient.Create(name, []byte{}, zkwire.FlagEphemeral), func(p *zkwire.Reply) {
			if c.listed = p.Code == zkwire.OK || p.Code == zkwire.NodeExists; c.listed {
				c.enlist()
			} else {
				c.failed(p)
			}
		})
	case !c.wanted:
		c.step(zkclient.Remove(name), func(*zkwire.Reply) { c.listed = false; c.rearrange(nil) })
	default:
		q := children(parent)
		q.Watch = c.bug != BugDeaf || !c.watched
		c.watched = true
		c.step(q, func(p *zkwire.Reply) { c.rearrange(p.Names) })
	}
}

// failed ends a balancing that the store refused: the session is about to end, or there will be another try.
func (c *consumers) failed(p *zkwire.Reply) {
	if p != nil {
		c.refused = true
		c.await(-1)
	}
}

// rearrange releases and claims by the list of members.
func (c *consumers) rearrange(members []string) {
	first, end := c.share(members)
	for partition := range Partitions {
		switch own := partition >= first && partition < end; {
		case own && !c.held[partition]:
			c.await(1)
			c.claim(partition)
		case !own && c.claimed[partition]:
			c.await(1)
			c.release(partition)
		}
	}
	c.await(-1)
}

// share is its range of partitions: the members in order of name have equal ones, but for the first few, which have one
// more if it does not come out even. Who is not a member has none.
func (c *consumers) share(members []string) (first, end int) {
	members = slices.Sorted(slices.Values(members))
	at, is := slices.BinarySearch(members, c.id)
	if !is {
		return 0, 0
	}
	each, more := Partitions/len(members), Partitions%len(members)
	if c.bug == BugRoundsUp && more > 0 {
		each, more = each+1, 0
		return min(at*each, Partitions), min((at+1)*each, Partitions)
	}
	first = at*each + min(at, more)
	if end = first + each; at < more {
		end++
	}
	return first, end
}

// claim makes the owner's node of a partition. If there is one, it may be its own, whose creation was not answered.
func (c *consumers) claim(partition int) {
	c.claimed[partition] = true
	c.step(zkclient.Create(c.node("owners", partition), []byte(c.id), zkwire.FlagEphemeral), func(p *zkwire.Reply) {
		if p.Code == zkwire.OK {
			c.hold(partition)
			c.await(-1)
			return
		}
		c.inspect(partition, func(own bool) {
			if c.claimed[partition] = own; own {
				c.hold(partition)
			} else {
				c.refused = true
			}
			c.await(-1)
		})
	})
}

// release lets go of a partition, and removes the owner's node if that is of this session.
func (c *consumers) release(partition int) {
	c.yield(partition)
	c.inspect(partition, func(own bool) {
		if c.claimed[partition] = own; !own {
			c.await(-1)
			return
		}
		c.step(zkclient.Remove(c.node("owners", partition)), func(p *zkwire.Reply) {
			if c.claimed[partition] = p.Code != zkwire.OK && p.Code != zkwire.NoNode; c.claimed[partition] {
				c.refused = true
			}
			c.await(-1)
		})
	})
}

// inspect tells whether the owner's node of a partition is of this session.
func (c *consumers) inspect(partition int, then func(own bool)) {
	c.step(zkclient.Exists(c.node("owners", partition)), func(p *zkwire.Reply) {
		then(p.Code == zkwire.OK && p.Stat.EphemeralOwner == c.ID())
	})
}

// hold consumes a partition from now on, as long as the session must be alive.
func (c *consumers) hold(partition int) {
	if c.held[partition] {
		return
	}
	c.held[partition] = true
	c.holds(fmt.Sprintf("%s/%d", c.group, partition))
	if !c.vigil {
		c.vigil = true
		c.watchSession()
	}
}

func (c *consumers) yield(partition int) {
	if c.held[partition] {
		c.held[partition] = false
		c.yields(fmt.Sprintf("%s/%d", c.group, partition))
	}
}

// watchSession lets all go when no server has answered for as long as a session lives, and claims it again.
func (c *consumers) watchSession() {
	alive := c.AliveUntil() - c.Environment().Elapsed()
	if alive <= 0 && c.bug != BugKeepsConsuming {
		c.yieldAll()
		c.balance()
	}
	c.Environment().After(max(alive, retry), c.watchSession)
}

func (c *consumers) yieldAll() {
	for partition := range Partitions {
		c.yield(partition)
	}
}

// consume handles the next message of one of its partitions, of each in turn, and commits that it has.
func (c *consumers) consume(t *task) {
	for i := range Partitions {
		if partition := (c.last + 1 + i) % Partitions; c.held[partition] {
			c.last = partition
			c.read(t, partition)
			return
		}
	}
	t.failed("no partition")
}

func (c *consumers) read(t *task, partition int) {
	t.ask(zkclient.Get(c.node("offsets", partition)), func(p *zkwire.Reply) {
		offset, good := zkclient.Integer(p.Data)
		number, _ := offset.AsInteger()
		version := p.Stat.Version
		switch {
		case p.Code == zkwire.NoNode:
			number, version = 0, unmade
		case p.Code != zkwire.OK:
			t.failed(p.Code.String())
			return
		case !good:
			t.failed(zkclient.ErrorNotInteger)
			return
		}
		c.Environment().After(handling, func() { c.commit(t, partition, number, version) })
	})
}

// unmade is the version of a node that is not there.
const unmade = -2

// noteHandled says that a message was handled: "consumers/g/7 42".
const noteHandled = "handled"

// commit moves the offset on, if it is still what it was.
func (c *consumers) commit(t *task, partition int, number int64, version int32) {
	if t.over {
		return
	}
	c.Environment().Note(noteHandled, fmt.Sprintf("%s/%d %d", c.group, partition, number))
	next := strconv.AppendInt(nil, number+1, 10)
	q := zkclient.Set(c.node("offsets", partition), next, version)
	switch {
	case version == unmade:
		q = zkclient.Create(c.node("offsets", partition), next, zkwire.FlagPersistent)
	case c.bug == BugBlindCommit:
		q.Version = zkclient.AnyVersion
	}
	t.change(q, func(p *zkwire.Reply) {
		if p.Code == zkwire.OK {
			t.ok(history.List(history.Integer(int64(partition)), history.Integer(number)), p.Zxid)
		} else {
			t.failed(p.Code.String())
		}
	})
}

// Attached takes up what it had, or begins anew.
func (c *consumers) Attached(fresh bool) {
	if fresh {
		c.kit.ids++
		c.id = fmt.Sprintf("%s.%d", c.Environment().Name(), c.kit.ids)
	}
	c.balance()
}

// Suspended lets all go: the store may end the session without a word reaching this client.
func (c *consumers) Suspended() {
	c.round++
	c.left, c.listed = 0, false
	if c.bug != BugKeepsConsuming {
		c.yieldAll()
	}
}

// Expired has lost all.
func (c *consumers) Expired() {
	c.round++
	c.left, c.listed, c.watched = 0, false, false
	c.yieldAll()
	c.claimed = [Partitions]bool{}
}

// Died has forgotten that it was a member.
func (c *consumers) Died() { c.wanted = false }

// Event looks again when members have come or gone.
func (c *consumers) Event(event zkwire.Event) {
	if event.Type == zkwire.EventChildren && event.Path == path(c.group)+"/ids" {
		c.balance()
	}
}
