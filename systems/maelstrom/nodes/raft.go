package main

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"

	"cleave/systems/maelstrom/node"
)

// The times of elections. A node that has heard of no leader for one to two of them wants to lead.
const (
	electionTime = 400 * time.Millisecond
	beat         = 100 * time.Millisecond
)

// entry is one of the log: a call, and the term of the leader that took it. One without a kind is a leader's first.
type entry struct {
	Term                 int64           `json:"term"`
	Kind                 string          `json:"kind,omitempty"`
	Key, Value, From, To json.RawMessage `json:",omitempty"`
}

// record is one of the journal: a term with a vote in it, or entries that take the place of all from a position on.
type record struct {
	Term    int64   `json:"term"`
	Vote    string  `json:"vote,omitempty"`
	At      int     `json:"at,omitempty"`
	Entries []entry `json:"entries,omitempty"`
}

// raft is a node of a replicated store (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", USENIX ATC
// 2014, figure 2; without changes of membership and snapshots). All calls go through the log, reads too.
type raft struct {
	*node.Node
	journal   *node.Journal
	term      int64
	vote      string
	log       []entry // its first has position 1
	committed int
	applied   int
	values    map[string]json.RawMessage

	leader  string              // of this term, if it is known
	heardAt int                 // counts what resets the time of the next election
	votes   map[string]bool     // nil: it is no candidate
	next    map[string]int      // by follower, the position of the next entry that it needs; nil: it does not lead
	match   map[string]int      // and up to where it surely has all
	waiting map[int]*node.Call  // by position, who waits for the entry there
	reads   func(r *raft) bool  // whether this leader answers reads by itself, a mistake
	sending map[string]struct{} // followers that have not answered yet
}

// replicates is the right one.
func replicates(n *node.Node) { newRaft(n, func(*raft) bool { return false }) }

// readsAlone has the leader answer reads from what it has, though it may have been replaced long ago.
func readsAlone(n *node.Node) { newRaft(n, func(r *raft) bool { return r.next != nil }) }

func newRaft(n *node.Node, reads func(*raft) bool) {
	r := &raft{Node: n, values: map[string]json.RawMessage{}, waiting: map[int]*node.Call{}, reads: reads}
	n.Patience = beat * 2
	journal, err := node.OpenJournal("raft", func(text json.RawMessage) {
		var kept record
		must(json.Unmarshal(text, &kept))
		r.term, r.vote = kept.Term, kept.Vote
		if kept.At > 0 {
			r.log = append(r.log[:kept.At-1], kept.Entries...)
		}
	})
	must(err)
	r.journal = journal
	n.Ready(r.wait)
	n.Every(beat, func() {
		if r.next != nil {
			r.replicateAll()
		}
	})
	n.Handle("vote", r.askedToVote)
	n.Handle("append", r.askedToAppend)
	serve(n, r.call)
}

// wait has the node want to lead when it hears of no leader for long.
func (r *raft) wait() {
	r.heardAt++
	heard := r.heardAt
	r.After(electionTime+time.Duration(rand.Int64N(int64(electionTime))), func() {
		if heard == r.heardAt && r.next == nil {
			r.stand()
		}
	})
}

// keep writes a term and a vote down.
func (r *raft) keep() { must(r.journal.Add(record{Term: r.term, Vote: r.vote})) }

// extend puts entries into the log, from a position on, and writes them down.
func (r *raft) extend(at int, entries ...entry) {
	r.log = append(r.log[:at-1], entries...)
	must(r.journal.Add(record{Term: r.term, Vote: r.vote, At: at, Entries: entries}))
}

// termAt is the term of the entry at a position, 0 before the first.
func (r *raft) termAt(position int) int64 {
	if position == 0 {
		return 0
	}
	return r.log[position-1].Term
}

// majority tells whether so many nodes are one.
func (r *raft) majority(nodes int) bool { return 2*nodes > len(r.Nodes()) }

// follow goes into a later term, without a vote, or learns who leads this one. Whoever waits is told nothing: nobody knows.
func (r *raft) follow(term int64, leader string) {
	if term > r.term {
		r.term, r.vote = term, ""
		r.keep()
	}
	if r.next != nil {
		r.next = nil
		r.waiting = map[int]*node.Call{}
		r.wait()
	}
	r.leader, r.votes = leader, nil
}

// stand asks for votes.
func (r *raft) stand() {
	r.term, r.vote, r.leader, r.votes = r.term+1, r.ID(), "", map[string]bool{r.ID(): true}
	r.keep()
	r.wait()
	r.elected()
	term, last := r.term, len(r.log)
	for _, name := range r.Others() {
		r.Ask(name, "vote", node.Fields{"term": term, "last": last, "last_term": r.termAt(last)}, func(answer node.Answer, _ *node.Error) {
			var said struct {
				Term    int64
				Granted bool
			}
			if !answer.Read(&said) {
				return
			}
			if said.Term > r.term {
				r.follow(said.Term, "")
			} else if said.Granted && term == r.term && r.votes != nil {
				r.votes[name] = true
				r.elected()
			}
		})
	}
}

// elected begins to lead, if a majority has voted for this node.
func (r *raft) elected() {
	if !r.majority(len(r.votes)) {
		return
	}
	r.votes, r.leader, r.next, r.match, r.sending = nil, r.ID(), map[string]int{}, map[string]int{}, map[string]struct{}{}
	for _, name := range r.Others() {
		r.next[name] = len(r.log) + 1
	}
	r.extend(len(r.log)+1, entry{Term: r.term})
	r.replicateAll()
}

func (r *raft) askedToVote(call *node.Call) {
	var asked struct {
		Term     int64
		Last     int
		LastTerm int64 `json:"last_term"`
	}
	if !call.Read(&asked) {
		return
	}
	if asked.Term > r.term {
		r.follow(asked.Term, "")
	}
	last := len(r.log)
	newer := asked.LastTerm > r.termAt(last) || asked.LastTerm == r.termAt(last) && asked.Last >= last
	granted := asked.Term == r.term && newer && (r.vote == "" || r.vote == call.From)
	if granted {
		r.vote = call.From
		r.keep()
		r.wait()
	}
	call.Reply("vote_ok", node.Fields{"term": r.term, "granted": granted})
}

// call takes a call of a client, or has it taken by the leader. One that a node passed on is passed on no further.
func (r *raft) call(call *node.Call, asked operation) {
	switch {
	case call.Type == "read" && r.reads(r):
		r.answer(call, entry{Kind: "read", Key: asked.Key})
	case r.next != nil:
		r.extend(len(r.log)+1, entry{r.term, call.Type, asked.Key, asked.Value, asked.From, asked.To})
		r.waiting[len(r.log)] = call
		r.replicateAll()
	case r.leader == "" || slices.Contains(r.Nodes(), call.From):
		call.Refuse(node.Unavailable, "nobody leads")
	default:
		forward(r.Node, r.leader, call, asked, func(json.RawMessage) {})
	}
}

func (r *raft) replicateAll() {
	for _, name := range r.Others() {
		if _, busy := r.sending[name]; !busy {
			r.replicate(name)
		}
	}
	r.commit()
}

// replicate sends a follower what it needs, or nothing, so that it knows who leads. One answer is waited for at a time.
func (r *raft) replicate(name string) {
	term, from := r.term, r.next[name]
	entries := slices.Clone(r.log[from-1 : min(len(r.log), from+63)])
	sending := r.sending
	sending[name] = struct{}{}
	fields := node.Fields{"term": term, "before": from - 1, "before_term": r.termAt(from - 1), "entries": entries, "committed": r.committed}
	r.Ask(name, "append", fields, func(answer node.Answer, failed *node.Error) {
		delete(sending, name)
		var said struct {
			Term  int64
			Taken bool
		}
		if failed != nil || !answer.Read(&said) {
			return
		}
		if said.Term > r.term {
			r.follow(said.Term, "")
		}
		if term != r.term || r.next == nil {
			return
		}
		if !said.Taken {
			r.next[name] = max(1, min(r.next[name], from-64))
			r.replicate(name)
			return
		}
		r.match[name] = max(r.match[name], from-1+len(entries))
		r.next[name] = r.match[name] + 1
		r.commit()
		if r.next[name] <= len(r.log) {
			r.replicate(name)
		}
	})
}

// commit moves on to the last entry of this term that a majority has.
func (r *raft) commit() {
	for at := len(r.log); at > r.committed && r.termAt(at) == r.term; at-- {
		have := 1
		for _, name := range r.Others() {
			if r.match[name] >= at {
				have++
			}
		}
		if r.majority(have) {
			r.committed = at
		}
	}
	r.apply()
}

func (r *raft) askedToAppend(call *node.Call) {
	var asked struct {
		Term       int64
		Before     int
		BeforeTerm int64 `json:"before_term"`
		Entries    []entry
		Committed  int
	}
	if !call.Read(&asked) {
		return
	}
	taken := false
	if asked.Term >= r.term {
		r.follow(asked.Term, call.From)
		r.wait()
		if taken = asked.Before <= len(r.log) && r.termAt(asked.Before) == asked.BeforeTerm; taken {
			r.take(asked.Before+1, asked.Entries)
			r.committed = max(r.committed, min(asked.Committed, asked.Before+len(asked.Entries)))
			r.apply()
		}
	}
	call.Reply("append_ok", node.Fields{"term": r.term, "taken": taken})
}

// take puts entries into the log that it has not: an old message may bring fewer than there are.
func (r *raft) take(at int, entries []entry) {
	for i, one := range entries {
		if at+i > len(r.log) || r.termAt(at+i) != one.Term {
			r.extend(at+i, entries[i:]...)
			return
		}
	}
}

// apply makes the calls that are committed, and answers those who wait.
func (r *raft) apply() {
	for r.applied < r.committed {
		r.applied++
		call := r.waiting[r.applied]
		delete(r.waiting, r.applied)
		r.answer(call, r.log[r.applied-1])
	}
}

// answer makes a call, and tells whoever made it.
func (r *raft) answer(call *node.Call, made entry) {
	if call == nil {
		call = &node.Call{} // nobody hears
	}
	key := string(made.Key)
	value, exists := r.values[key]
	switch {
	case made.Kind == "":
	case made.Kind == "write":
		r.values[key] = made.Value
		call.Reply("write_ok", nil)
	case !exists:
		call.Refuse(node.KeyDoesNotExist, "there is no such key")
	case made.Kind == "read":
		call.Reply("read_ok", node.Fields{"value": value})
	case string(value) != string(made.From):
		call.Refuse(node.PreconditionFailed, "it has another value")
	default:
		r.values[key] = made.To
		call.Reply("cas_ok", nil)
	}
}
