package cpstore

import (
	"slices"
	"strings"
	"time"

	"go.etcd.io/raft/v3/raftpb"

	"cleave/systems/zkwire"
	"cleave/systems/znodes"
	"cleave/world"
)

// The planted bugs that only one checker finds, or only one kind of fault. What they do stands here, and
// where they do it in the code that they spoil.
const (
	BugEndlessSession   = "endless-session"
	BugDeafFollower     = "deaf-follower"
	BugLazyCommit       = "lazy-commit"
	BugHalfOpen         = "half-open"
	BugUnorderedEvents  = "unordered-events"
	BugLostPersistent   = "lost-persistent"
	BugReadCache        = "read-cache"
	BugDatagramForward  = "datagram-forward"
	BugImpatientForward = "impatient-forward"
	BugPauseDetector    = "pause-detector"
	BugSheddingEvents   = "shedding-events"
	BugSlowDisk         = "slow-disk"
	BugMuteWhenFull     = "mute-when-full"
	BugSyncAgain        = "sync-again"
	BugLateGoodbye      = "late-goodbye"
)

func loneBugs() []world.Bug {
	return []world.Bug{
		{Name: BugEndlessSession, Workload: "discovery", Checker: "no-ghost", Faults: "flapping",
			Breaks: "A new leader does not time the sessions that it takes over until it hears of them: one whose client has died never ends."},
		{Name: BugDeafFollower, Workload: "sessions", Checker: "continuity", Faults: "none",
			Every:  2 * time.Second, // so that some write nothing for the time of a session
			Breaks: "A follower tells the leader of those clients alone that write: one that only reads loses its session."},
		{Name: BugLazyCommit, Workload: "multi", Checker: "convergence", Faults: "none",
			Breaks: "A follower whose clients wait for nothing takes up what was committed only with the next entry: the last one it never shows."},
		{Name: BugHalfOpen, Workload: "sessions", Checker: "no-dead-owner", Faults: "clients-cut-off",
			Breaks: "To a follower a client is alive for as long as its connection is open: one that dies behind a cut leaves it open for ever."},
		{Name: znodes.BugSlowRemoval, Workload: "sessions", Checker: "ephemerals", Faults: "none",
			Breaks: "What a session owned that was closed is removed only with the next transaction."},
		{Name: BugUnorderedEvents, Workload: "watches", Checker: "event-order", Faults: "none",
			Clients: 20, Every: 100 * time.Millisecond, // so that several changes are applied at once
			Breaks: "The events of transactions that are applied together are sent the last first."},
		{Name: BugLostPersistent, Workload: "watches", Checker: "no-missed-event", Faults: "flapping",
			Breaks: "A server that takes a client over sets its watches anew, but for those that are to stay."},
		{Name: BugLateGoodbye, Workload: "watches", Checker: "no-missed-event", Faults: "loss",
			Breaks: "Of many events at once for a client, those of watches that stay are dropped, and its connection ended; but one more answer comes first."},
		{Name: znodes.BugFiresTwice, Workload: "watches", Checker: "one-shot", Faults: "none",
			Breaks: "A watch that is to fire once is not used up by a change of the data."},
		{Name: BugReadCache, Workload: "register", Checker: "sequential", Faults: "none",
			Breaks: "A server answers reads from a copy that is up to 50 ms old, unless the client has just synced."},
		{Name: BugDatagramForward, Workload: "register", Checker: "sequential", Faults: "duplicate",
			Every: 50 * time.Millisecond, Jitter: 20 * time.Millisecond, // so that another write may come between the two
			Breaks: "Followers forward writes in datagrams without a number, so that one may be carried out twice."},
		{Name: BugImpatientForward, Workload: "register", Checker: "sequential", Faults: "slow-link",
			Clients: 60, // more than the links carry
			Breaks:  "Forwarded writes are long, and a follower that sees others' come through and its own not takes that for lost and forwards it again."},
		{Name: BugPauseDetector, Workload: "sessions", Checker: "availability", Faults: "clock-drift",
			Breaks: "A leader whose wall clock gains on its timers a little takes that for a pause, and ends all sessions; of a large jump it knows better."},
		{Name: BugSheddingEvents, Workload: "watches", Checker: "event-before-data", Faults: "slow-node",
			Breaks: "A leader that comes to its timers a little late believes that it has too much to do, and drops the events of watches."},
		{Name: BugSlowDisk, Workload: "watches", Checker: "event-before-data", Faults: "slow-sync",
			Breaks: "A leader whose last sync took long drops the events of watches, to catch up."},
		{Name: BugMuteWhenFull, Workload: "register", Checker: "availability", Faults: "full-disk",
			Breaks: "A leader whose disk has no room left waits for some, and goes on sending heartbeats; of any other error it ends."},
		{Name: BugSyncAgain, Workload: "register", Checker: "availability", Faults: "failing-sync",
			Breaks: "A leader whose sync has failed means to do it again, and goes on sending heartbeats; of a full disk it ends.",
			Origin: "PostgreSQL until 11.2 did a sync again that had failed, and took the second one's success for that of the first."},
	}
}

// The measures of these bugs.
const (
	readAge      = 50 * time.Millisecond  // BugReadCache: how old an answer may be
	forwardLook  = 50 * time.Millisecond  // BugImpatientForward: between two looks whether a write comes through,
	forwardLooks = 5                      // how many there are once the leader has it,
	forwardSize  = 1000                   // and how many bytes it is longer than it need be
	leastPause   = 50 * time.Millisecond  // BugPauseDetector: what counts as a pause,
	mostPause    = 5 * time.Second        // and what as a clock that was set
	leastLag     = 400 * time.Microsecond // BugSheddingEvents: what counts as too much to do,
	mostLag      = 50 * time.Millisecond  // and what as a pause
	leastSync    = 40 * time.Millisecond  // BugSlowDisk: what counts as slow,
	mostSync     = time.Second            // and what as a pause
	mostAtOnce   = 3                      // BugLateGoodbye: how many events of one instant a client is told
)

// flaws is what a node keeps for these bugs.
type flaws struct {
	tickDue  time.Duration // BugSheddingEvents: when the next tick should come
	shedding bool          // it drops events
	began    time.Duration // BugSlowDisk: when the last sync did
	gain     time.Duration // BugPauseDetector: of the wall clock on the timers, as last seen
	lost     time.Duration // and how long it was paused, as it believes
	copies   map[string]readCopy
	late     []lateNotice
}

type readCopy struct {
	reply zkwire.Reply
	until time.Duration
}

type lateNotice struct {
	link  *link
	event zkwire.Event
}

// overlookCommit is BugLazyCommit: word of a commit, without an entry, is not taken in.
func (n *node) overlookCommit(m *raftpb.Message) {
	if n.cluster.Bug != BugLazyCommit || len(n.pending) > 0 || n.state.Term() != m.Term {
		return
	}
	if m.Type == raftpb.MsgHeartbeat || m.Type == raftpb.MsgApp && len(m.Entries) == 0 {
		m.Commit = 0
	}
}

// hearOpen is BugHalfOpen: whoever has a connection to this follower is alive.
func (n *node) hearOpen() {
	if n.cluster.Bug != BugHalfOpen {
		return
	}
	for _, l := range n.links {
		n.hear(l, true)
	}
}

// copyAge is how old an answer to a read may be: with BugReadCache, and the bugs of sparing.go.
func (n *node) copyAge() time.Duration {
	switch {
	case n.cluster.Bug == BugReadCache:
		return readAge
	case n.outlook.spares():
		return spareAge
	}
	return 0
}

// copied answers from a copy.
func (n *node) copied(l *link, q *zkwire.Request, age time.Duration) zkwire.Reply {
	known, there := n.flaws.copies[q.Path]
	if !there || n.env.Elapsed() > known.until {
		known = readCopy{n.state.Read(q, l.identities, l.session), n.env.Elapsed() + age}
		if n.flaws.copies == nil {
			n.flaws.copies = map[string]readCopy{}
		}
		n.flaws.copies[q.Path] = known
	}
	return known.reply
}

// proposeImpatiently is BugImpatientForward: the leader says that it has a write, and the wait begins.
func (n *node) proposeImpatiently(leader *peer, c znodes.Command) (encoded []byte) {
	c.Identities = append(slices.Clip(c.Identities), zkwire.Identity{Scheme: "comment", ID: strings.Repeat(" ", forwardSize)})
	leader.frame = appendAskPart(leader.frame, c.ID)
	return c.Encode()
}

// wait looks again and again whether others' writes come through and this one does not.
func (n *node) wait(id uint64, looks int) {
	before := n.applied
	n.env.After(forwardLook, func() {
		at := n.findPending(id)
		switch {
		case at < 0 || n.pending[at].encoded == nil || n.applied == before:
		case looks > 1:
			n.wait(id, looks-1)
		default:
			n.proposeAgain(id, n.pending[at].encoded)
		}
	})
}

// believedTime is BugPauseDetector: the time of sessions, with the pauses that there seem to have been.
func (n *node) believedTime() time.Duration {
	gain := n.env.Now() - n.env.Elapsed()
	if by := gain - n.flaws.gain; by >= leastPause && by <= mostPause && n.role.leading {
		n.flaws.lost += n.options.MaxSessionTimeout
	}
	n.flaws.gain = gain
	return n.env.Elapsed() + n.flaws.lost
}

// watchLoad is BugSheddingEvents.
func (n *node) watchLoad() {
	lag := n.env.Elapsed() - n.flaws.tickDue
	if n.cluster.Bug == BugSheddingEvents {
		n.flaws.shedding = lag >= leastLag && lag <= mostLag
	}
	n.flaws.tickDue = n.env.Elapsed() + n.options.Tick
}

// watchDisk is BugSlowDisk.
func (n *node) watchDisk() {
	if took := n.env.Elapsed() - n.flaws.began; n.cluster.Bug == BugSlowDisk {
		n.flaws.shedding = took >= leastSync && took <= mostSync && n.role.leading
	}
}

// overrun is BugLateGoodbye: who has been told enough is told no more by watches that stay, and is to connect anew.
func (n *node) overrun(owner uint64) bool {
	l := n.linkOf[owner]
	if l == nil {
		return false
	}
	l.leaving = l.leaving || l.toldAt == n.env.Elapsed() && l.told >= mostAtOnce
	return l.leaving
}

// count is BugLateGoodbye: it counts the events of an instant.
func (n *node) count(l *link) {
	if now := n.env.Elapsed(); l.toldAt != now {
		l.toldAt, l.told = now, 0
	}
	l.told++
}

// muted tells whether a leader that cannot write does as if nothing were: BugMuteLeader, BugMuteWhenFull and BugSyncAgain.
func (n *node) muted(err error) bool {
	full := strings.Contains(err.Error(), "no space")
	switch n.cluster.Bug {
	case BugMuteLeader:
		return n.role.leading
	case BugMuteWhenFull:
		return n.role.leading && full
	case BugSyncAgain:
		return n.role.leading && !full
	}
	return false
}

// notifyLate is BugUnorderedEvents: all that a turn has to tell a client, the last first, but before the
// client is answered.
func (n *node) notifyLate(l *link) {
	if len(n.flaws.late) == 0 {
		return
	}
	for _, notice := range slices.Backward(n.flaws.late) {
		if l == nil || notice.link == l {
			n.notify(notice.link, notice.event)
		}
	}
	n.flaws.late = slices.DeleteFunc(n.flaws.late, func(notice lateNotice) bool { return l == nil || notice.link == l })
}
