package recipes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// scheduler is distributed job scheduling as elastic-job does it: a job is due at every trigger, in several shards. Its
// instances list themselves and elect a leader, who divides the shards among them; each runs its own when they are due,
// by its own clock.
//
//	job/config           "17…"     when the first trigger is, by the clock of who came first
//	job/instances/c1.1   ephemeral
//	job/leader/…-w-…     ephemeral   the election
//	job/sharding         "c1.1 c2.1 c1.1 …", or "" as long as the shards are to be divided anew
//	job/running/3-17-c2.1   ephemeral   shard 3 runs for trigger 17
//	job/ran/17-3         shard 3 was begun for trigger 17, once and for all
//
// A run is begun by one transaction: if the division is still the one that the instance knows, make it running, and mark the
// trigger as run. The leader takes the division back before he waits until nothing runs, and makes a new one then. So no
// shard runs at two places at a time, and none twice for a trigger; what an instance did not come to, who has the shard next
// makes up for, if it is not too late.
type scheduler struct {
	*kit
	job    string // its key, "" before it has joined
	wanted bool   // it is to be an instance
	id     string // its name, in this session
	made   bool   // the persistent nodes are there, and began is known
	began  time.Duration
	told   bool // the list of instances is known to be as wanted
	asking bool // for that
	clock  bool // it looks at its clock
	round  int  // counts connections: what was asked on an earlier one is of no interest

	shards  [Shards]shard
	version int32          // of the division that it knows
	clean   bool           // nothing of an earlier connection is left
	open    map[string]run // what was begun and not answered, by name
	head    *foreman
}

// shard is what an instance knows of one.
type shard struct {
	own     bool
	from    int64   // the first trigger that it looks at
	settled []int64 // triggers that it was begun for, by whomever
	asked   bool    // one is to begin
	current *run    // the one that runs, nil if none does
}

// run is a shard at a trigger.
type run struct {
	shard   int
	trigger int64
}

// What a job is like.
const (
	Shards = 6

	triggerTime  = 2 * time.Second        // from one trigger to the next
	firstTrigger = 4 * time.Second        // from the making of a job to its first
	tardiness    = 8 * time.Second        // what is late by more is left out
	work         = 500 * time.Millisecond // of a shard
	clockTick    = 100 * time.Millisecond // how often an instance looks at its clock
)

func newScheduler(k *kit) zkclient.Application {
	s := &scheduler{kit: k, open: map[string]run{}}
	s.head = newForeman(s)
	return s
}

// Has tells which functions are its own: join and leave a job, and list its instances.
func (s *scheduler) Has(function history.Function) bool {
	return has(function, history.Join, history.Leave, history.Children)
}

// Invoke starts a request.
func (s *scheduler) Invoke(request history.Request, done func(history.Completion)) {
	t := s.begin(request, done, nil)
	if request.Function == history.Children {
		s.list(t)
		return
	}
	s.job, s.wanted, s.told = request.Key, request.Function == history.Join, false
	s.head.place.parent = s.node("leader")
	if !s.clock {
		s.clock = true
		s.tick()
	}
	s.enlist()
	t.ok(history.Nothing, s.Seen())
}

// node is a znode of the job.
func (s *scheduler) node(name string) string { return path(s.job) + "/" + name }

// step asks for something. Without an answer it is asked again on the next connection, by whoever wants it.
func (s *scheduler) step(q zkwire.Request, handle func(*zkwire.Reply)) {
	round := s.round
	s.Ask(q, func(p *zkwire.Reply) {
		if p != nil && s.round == round {
			handle(p)
		}
	})
}

// enlist sees to its name in the list of instances, and to its place among those who may lead.
func (s *scheduler) enlist() {
	if s.told || s.asking || s.job == "" || !s.Session.Attached() {
		return
	}
	s.asking = true
	if !s.made {
		s.prepare()
		return
	}
	instance, wanted := s.node("instances/"+s.id), s.wanted
	q := zkclient.Remove(instance)
	if wanted {
		q = zkclient.Create(instance, []byte{}, zkwire.FlagEphemeral)
		s.head.place.join()
	} else {
		s.head.place.leave()
	}
	s.step(q, func(p *zkwire.Reply) {
		s.asking = false
		s.told = wanted == s.wanted && (p.Code == zkwire.OK || p.Code == zkwire.NodeExists || p.Code == zkwire.NoNode)
	})
}

// prepare makes what a job needs once and for all, and learns when it began.
func (s *scheduler) prepare() {
	missing := zkclient.Ancestors(s.node("running/"))
	missing = append(missing, s.node("instances"), s.node("leader"), s.node("ran"), s.node("sharding"))
	s.make(missing, func() {
		first := strconv.AppendInt(nil, int64(s.Environment().Now()+firstTrigger), 10)
		s.step(zkclient.Create(s.node("config"), first, zkwire.FlagPersistent), func(*zkwire.Reply) {
			s.step(zkclient.Get(s.node("config")), s.prepared)
		})
	}, func(*zkwire.Reply) { s.asking = false })
}

func (s *scheduler) prepared(p *zkwire.Reply) {
	s.asking = false
	began, err := strconv.ParseInt(string(p.Data), 10, 64)
	if err != nil || p.Code != zkwire.OK {
		return
	}
	s.made, s.began = true, time.Duration(began)
	s.enlist()
	s.learn()
}

// learn reads the division, and watches it.
func (s *scheduler) learn() {
	q := zkclient.Get(s.node("sharding"))
	q.Watch = true
	s.step(q, func(p *zkwire.Reply) {
		if p.Code != zkwire.OK {
			return
		}
		s.version = p.Stat.Version
		ids := strings.Fields(string(p.Data))
		for i := range s.shards {
			had := s.shards[i].own
			s.shards[i].own = len(ids) == Shards && ids[i] == s.id
			if s.bug == BugForgetsTriggers && !had {
				s.shards[i].from = s.due() + 1
			}
		}
		s.fire()
	})
}

// due is the last trigger that was due, by its own clock.
func (s *scheduler) due() int64 {
	since := s.Environment().Now() - s.began
	if since < 0 {
		return -1
	}
	return int64(since / triggerTime)
}

// tick looks at the clock, now and again.
func (s *scheduler) tick() {
	s.enlist()
	s.fire()
	s.Environment().After(clockTick, s.tick)
}

// fire begins what is due of its own shards: of each the oldest trigger that is not yet too late.
func (s *scheduler) fire() {
	alone := s.bug == BugRunsAlone
	if !s.made || !s.wanted || !alone && (!s.Session.Attached() || !s.clean) {
		return
	}
	last := s.due()
	for i := range s.shards {
		own := &s.shards[i]
		if !own.own || own.asked || own.current != nil {
			continue
		}
		first := max(own.from, last-int64(tardiness/triggerTime)+1)
		own.settled = slices.DeleteFunc(own.settled, func(trigger int64) bool { return trigger < first })
		for trigger := first; trigger <= last; trigger++ {
			if !slices.Contains(own.settled, trigger) {
				s.start(run{i, trigger})
				break
			}
		}
	}
}

// start begins a run: by one transaction, which is refused if the division is not what it was, or somebody was quicker.
func (s *scheduler) start(r run) {
	if !s.Session.Attached() || !s.clean {
		s.begun(r) // alone: a mistake
		return
	}
	own := &s.shards[r.shard]
	own.asked = true
	s.open[s.running(r)] = r
	parts := []zkwire.Request{
		{Op: zkwire.OpCheck, Path: s.node("sharding"), Version: s.version},
		zkclient.Create(s.running(r), []byte{}, zkwire.FlagEphemeral),
	}
	if s.bug != BugNoMarker {
		parts = append(parts, zkclient.Create(s.node(fmt.Sprintf("ran/%d-%d", r.trigger, r.shard)), []byte(s.id), zkwire.FlagPersistent))
	}
	s.step(zkwire.Request{Op: zkwire.OpMulti, Operations: parts}, func(p *zkwire.Reply) {
		own.asked = false
		delete(s.open, s.running(r))
		switch refusal(p) {
		case zkwire.OK:
			s.begun(r)
		case zkwire.NodeExists:
			own.settled = append(own.settled, r.trigger)
			s.fire()
		}
	})
}

// refusal is why a transaction was not carried out, or OK.
func refusal(p *zkwire.Reply) zkwire.Code {
	for _, result := range p.Results {
		if result.Op == zkwire.OpError && result.Code != zkwire.OK {
			return result.Code
		}
	}
	return p.Code
}

// running is the node of a run.
func (s *scheduler) running(r run) string {
	return s.node(fmt.Sprintf("running/%d-%d-%s", r.shard, r.trigger, s.id))
}

// The notes of a run: "job/3 17".
const (
	noteRuns = "runs" // it has begun
	noteDone = "done" // and it is done
)

// begun runs a shard, if the session will last as long.
func (s *scheduler) begun(r run) {
	own := &s.shards[r.shard]
	own.settled = append(own.settled, r.trigger)
	env := s.Environment()
	if s.AliveUntil()-env.Elapsed() < work && s.bug != BugRunsAlone {
		s.clear(s.running(r))
		return
	}
	name := fmt.Sprintf("%s/%d", s.job, r.shard)
	own.current = &r
	s.holds(name)
	env.Note(noteRuns, fmt.Sprintf("%s %d", name, r.trigger))
	env.After(work, func() {
		if own.current != &r {
			return
		}
		env.Note(noteDone, fmt.Sprintf("%s %d", name, r.trigger))
		s.stop(r.shard)
		s.clear(s.running(r))
		s.fire()
	})
}

// stop ends what runs of a shard.
func (s *scheduler) stop(number int) {
	if own := &s.shards[number]; own.current != nil {
		own.current = nil
		s.yields(fmt.Sprintf("%s/%d", s.job, number))
	}
}

// clear removes the node of a run that is over. If the connection is lost, that is done on the next.
func (s *scheduler) clear(node string) {
	if s.Session.Attached() {
		s.step(zkclient.Remove(node), func(*zkwire.Reply) {})
	}
}

// resume sees to what an earlier connection has left: what it does not run any more it clears, what was begun and not
// answered runs now.
func (s *scheduler) resume() {
	s.step(children(s.node("running")), func(p *zkwire.Reply) {
		s.clean = true
		for _, name := range slices.Sorted(slices.Values(p.Names)) {
			node := s.node("running/" + name)
			switch r, unanswered := s.open[node]; {
			case !strings.HasSuffix(name, "-"+s.id):
			case unanswered && s.shards[r.shard].current == nil:
				s.begun(r)
			case !s.runs(node):
				s.clear(node)
			}
		}
		clear(s.open)
		s.fire()
	})
}

// runs tells whether a node is of what runs.
func (s *scheduler) runs(node string) bool {
	return slices.ContainsFunc(s.shards[:], func(own shard) bool { return own.current != nil && s.running(*own.current) == node })
}

// Attached takes up what it was at, or begins anew.
func (s *scheduler) Attached(fresh bool) {
	if fresh {
		s.kit.ids++
		s.id = fmt.Sprintf("%s.%d", s.Environment().Name(), s.kit.ids)
	}
	s.head.place.attached()
	s.enlist()
	if s.made {
		s.resume()
		s.learn()
		s.head.divide()
	} else {
		s.clean = true
	}
}

// Suspended stops what runs: the store may end the session without a word reaching this client.
func (s *scheduler) Suspended() {
	s.interrupt()
	s.head.place.suspended()
	if s.bug != BugRunsAlone {
		s.stopAll()
	}
}

// Expired has lost all.
func (s *scheduler) Expired() {
	s.interrupt()
	s.head.place.expired()
	s.stopAll()
	clear(s.open)
	for i := range s.shards {
		s.shards[i].own = false
	}
}

// Died has forgotten all, but for the session's next: it is a new process.
func (s *scheduler) Died() {
	s.wanted = false
	s.head.place.died()
	s.shards = [Shards]shard{}
}

// interrupt forgets what was asked on a connection.
func (s *scheduler) interrupt() {
	s.round++
	s.told, s.asking, s.clean, s.head.busy = false, false, false, false
	for i := range s.shards {
		s.shards[i].asked = false
	}
}

func (s *scheduler) stopAll() {
	for i := range s.shards {
		s.stop(i)
	}
}

// Event looks again at what has changed.
func (s *scheduler) Event(event zkwire.Event) {
	s.head.place.event(event)
	switch event.Path {
	case s.node("sharding"):
		s.learn()
	case s.node("instances"), s.node("running"):
		s.head.divide()
	}
}
