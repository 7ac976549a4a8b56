package recipes

import (
	"slices"
	"strings"

	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// foreman is the part of an instance that divides the shards of its job while it leads: it takes the division back,
// waits until no shard runs, and makes a new one.
//
//	sharding: "c1.1 c2.1 …" ──▶ "" ──(nothing below running)──▶ "c1.1 c3.1 …"
//
// Each step is made on the condition that the division is still what it saw, so two who believe that they lead do no harm.
type foreman struct {
	of    *scheduler
	place *contender
	busy  bool // it is at it
	again bool // and something has changed meanwhile
}

func newForeman(s *scheduler) *foreman {
	f := &foreman{of: s, place: &contender{kit: s.kit, kind: "w"}}
	f.place.changed = f.divide
	return f
}

// divide sees whether the shards are to be divided anew, and takes the next step of it.
func (f *foreman) divide() {
	switch {
	case !f.place.first || !f.of.Session.Attached():
	case f.busy:
		f.again = true
	default:
		f.busy, f.again = true, false
		f.survey()
	}
}

// survey asks who there is, and how the shards are divided.
func (f *foreman) survey() {
	s := f.of
	q := children(s.node("instances"))
	q.Watch = true
	s.step(q, func(p *zkwire.Reply) {
		ids := slices.Sorted(slices.Values(p.Names))
		s.step(zkclient.Get(s.node("sharding")), func(p *zkwire.Reply) {
			now, wanted := string(p.Data), division(ids)
			switch {
			case p.Code != zkwire.OK || wanted == "" || now == wanted:
				f.finished()
			case s.bug == BugReshardsAtOnce:
				f.write(wanted, p.Stat.Version)
			case now != "":
				f.write("", p.Stat.Version)
			default:
				f.whenNothingRuns(wanted, p.Stat.Version)
			}
		})
	})
}

// division gives each shard an instance, in turn.
func division(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	owners := make([]string, Shards)
	for i := range owners {
		owners[i] = ids[i%len(ids)]
	}
	return strings.Join(owners, " ")
}

// whenNothingRuns makes the new division, or waits for the end of what runs.
func (f *foreman) whenNothingRuns(wanted string, version int32) {
	q := children(f.of.node("running"))
	q.Watch = true
	f.of.step(q, func(p *zkwire.Reply) {
		if p.Code == zkwire.OK && len(p.Names) == 0 {
			f.write(wanted, version)
		} else {
			f.finished()
		}
	})
}

// write changes the division, if it is still what it was, and takes the next step. Where it was not, its server is behind, or
// somebody else leads.
func (f *foreman) write(text string, version int32) {
	f.of.step(zkclient.Set(f.of.node("sharding"), []byte(text), version), func(p *zkwire.Reply) {
		if p.Code == zkwire.OK {
			f.again = true
			f.finished()
			return
		}
		f.of.Environment().After(retry, f.divide)
		f.finished()
	})
}

func (f *foreman) finished() {
	f.busy = false
	if f.again {
		f.divide()
	}
}
