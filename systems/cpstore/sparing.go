package cpstore

import (
	"slices"
	"time"

	"cleave/world"
)

// sparing is a planted bug: what a node sees of the others, or of itself, has it believe that they have too much
// to do already, and to spare them it answers reads from copies.
type sparing struct {
	kind     string // of fault under which it shows
	when     string // in words
	beats    int    // for which it must be so
	believes func(o *outlook) bool
}

const (
	spareFor = 10 * time.Second       // for how long at least,
	spareAge = 500 * time.Millisecond // and how old an answer may be
)

func (s sparing) name() string { return "spare-" + s.kind }

// sparings are all of these bugs. Each is about what one kind of fault looks like from within, as others do not.
var sparings = []sparing{
	{"halves-leader-minority", "the leader and another one are gone, and clients are still with those that they were with", 30, (*outlook).lostMinority},
	{"halves-leader-majority", "the leader is there, and two others are gone", 10, (*outlook).lostFollowers},
	{"halves-clients-across", "the leader and another one are gone, and those clients are here that were with these", 30, (*outlook).lostAcross},
	{"isolate-leader", "a leader is back that has been alone for ten seconds", 10, (*outlook).leaderWasAlone},
	{"isolate-one", "one that did not lead is back that has been alone for ten seconds", 10, (*outlook).followerWasAlone},
	{"one-way-in", "all hear one that hears nobody", 10, (*outlook).deafOne},
	{"one-way-out", "a leader is heard again that was gone for ten seconds, and was not alone", 10, (*outlook).leaderWasMute},
	{"bridge", "one node hears all, and the others half of all", 10, (*outlook).isBridge},
	{"majorities-ring", "all nodes stand in a ring", 10, (*outlook).isRing},
	{"shatter", "all others are back at once, and all were alone", 10, (*outlook).allWereAlone},
	{"flapping", "a leader has been gone and come back twice, for two seconds each", 10, (*outlook).flaps},
	{"flicker", "a leader and another one were away three times, for half a second each", 10, (*outlook).flickers},
	{"bridge-crash", "half of the others are gone, and of the rest one begins again all the time", 10, (*outlook).bridgeCrashes},
	{"kill-one", "one that did not lead was down for ten seconds", 30, (*outlook).followerWasDown},
	{"kill-leader", "the leader was down for ten seconds", 30, (*outlook).leaderWasDown},
	{"kill-all", "all have begun again at once", 10, (*outlook).allBegan},
	{"pause", "a leader is back that has stood still", 10, (*outlook).leaderStoodStill},
	{"clock-skew", "its clock has been set by half a minute or more", 0, (*outlook).clockWasSet},
	{"loss", "more than one word in seven is lost", 10, func(o *outlook) bool { return o.loses(15, 30) }},
	{"delay", "it leads, and all others are slow to answer", 20, (*outlook).isFar},
	{"reorder", "words are overtaken", 10, func(o *outlook) bool { return o.windows[1].late > 8 }},
	{"corrupt", "one word in twenty to seven is lost", 10, func(o *outlook) bool { return o.loses(5, 14) }},
	{"one-link", "two nodes do not hear each other, and all others do", 10, (*outlook).isOneLink},
	{"chain", "all nodes stand in a chain", 10, (*outlook).isChain},
	{"star", "one node hears all, and the others it alone", 10, (*outlook).isStar},
	{"random-links", "the nodes hear each other in no order", 10, (*outlook).isDisorder},
	{"primaries-alone", "two leaders are gone, one after the other", 10, (*outlook).lostLeaders},
	{"clients-miss-leader", "clients are with all nodes but the leader, who has had some", 10, (*outlook).isDeserted},
	{"rolling-restart", "three nodes have begun again, one after another", 10, (*outlook).isRolling},
	{"crash-loop", "one node begins again all the time, and all others are there", 10, (*outlook).isLooping},
	{"kill-during-write", "a leader is back whose log was torn", 30, (*outlook).leaderWasTorn},
}

func sparingBugs() []world.Bug {
	var all []world.Bug
	for _, s := range sparings {
		all = append(all, world.Bug{Name: s.name(), Workload: "register", Checker: "sequential", Faults: s.kind,
			Breaks: "A node answers reads from copies up to half a second old, to spare the others, when it believes that " + s.when + "."})
	}
	return all
}

// degrees are how many others each node hears, and is heard by; whole, if there is news of all, and who hears
// somebody is heard by him.
func (o *outlook) degrees() (degrees []int, links int, whole bool) {
	degrees = make([]int, len(o.others))
	for i := range o.others {
		if !o.knows(i) {
			return nil, 0, false
		}
		for j := range o.others {
			if there := o.link(i, j); there != o.link(j, i) {
				return nil, 0, false
			} else if there {
				degrees[i]++
				links++
			}
		}
	}
	return degrees, links / 2, true
}

// link tells whether the first hears the second.
func (o *outlook) link(i, j int) bool { return o.others[i].said.Hears>>j&1 == 1 }

// mesh tells whether all but some hear each other.
func (o *outlook) mesh(but []int) bool {
	for i := range o.others {
		for j := range o.others {
			if i != j && !slices.Contains(but, i) && !slices.Contains(but, j) && (!o.knows(i) || !o.link(i, j)) {
				return false
			}
		}
	}
	return true
}

func (o *outlook) isOneLink() bool {
	degrees, links, whole := o.degrees()
	return whole && links == len(degrees)*(len(degrees)-1)/2-1
}

func (o *outlook) isChain() bool {
	degrees, links, whole := o.degrees()
	return whole && links == len(degrees)-1 && slices.Max(degrees) == 2
}

func (o *outlook) isStar() bool {
	degrees, links, whole := o.degrees()
	return whole && links == len(degrees)-1 && slices.Max(degrees) == links
}

func (o *outlook) isRing() bool {
	degrees, _, whole := o.degrees()
	return whole && slices.Max(degrees) == 2 && slices.Min(degrees) == 2
}

func (o *outlook) isBridge() bool {
	degrees, _, whole := o.degrees()
	if !whole || len(degrees) < 5 {
		return false
	}
	slices.Sort(degrees)
	half := (len(degrees) - 1) / 2
	return degrees[len(degrees)-1] == len(degrees)-1 && degrees[0] == half && degrees[len(degrees)-2] == half
}

func (o *outlook) isDisorder() bool {
	degrees, links, whole := o.degrees()
	return whole && links < len(degrees)*(len(degrees)-1)/2-1 && !o.isChain() && !o.isStar() && !o.isRing() && !o.isBridge()
}

// deafOne: of others alone, for who hears nobody knows nothing.
func (o *outlook) deafOne() bool {
	for i := range o.others {
		if i == o.place() || !o.knows(i) || o.others[i].said.Hears != 0 || !o.mesh([]int{i}) {
			continue
		}
		deaf := true
		for j := range o.others {
			deaf = deaf && (j == i || o.link(j, i))
		}
		if deaf {
			return true
		}
	}
	return false
}

// lost are two that are gone while all others hear each other, and how long the one was gone before the other.
func (o *outlook) lost() (one, other *acquaintance, apart time.Duration) {
	gone := o.gone()
	if len(gone) != 2 || !o.mesh(gone) {
		return nil, nil, 0
	}
	one, other = &o.others[gone[0]], &o.others[gone[1]]
	return one, other, max(one.heard-other.heard, other.heard-one.heard)
}

// lostTogether tells also whether one of them led.
func (o *outlook) lostTogether() (lost, led bool) {
	one, other, apart := o.lost()
	return one != nil && apart < beatSilent, one != nil && (one.direct.Leads || other.direct.Leads)
}

// familiar tells whether any client is with those left that was before; served tells whether there are any.
func (o *outlook) familiar() (familiar, served bool) {
	var now, before uint64
	for i := range o.others {
		if o.knows(i) {
			now |= o.others[i].said.Clients
			before |= o.others[i].said.Guests
		}
	}
	return now&before != 0, now != 0 && before != 0
}

func (o *outlook) lostMinority() bool {
	lost, led := o.lostTogether()
	familiar, _ := o.familiar()
	return lost && led && familiar
}

func (o *outlook) lostAcross() bool {
	lost, led := o.lostTogether()
	familiar, served := o.familiar()
	return lost && led && served && !familiar
}

func (o *outlook) lostFollowers() bool {
	lost, led := o.lostTogether()
	return lost && !led
}

func (o *outlook) lostLeaders() bool {
	one, other, apart := o.lost()
	return one != nil && one.direct.Leads && other.direct.Leads && apart >= 2*time.Second
}

// only is the one absence of the last time, nil if there was none or more.
func (o *outlook) only() *absence {
	if all := o.recent(beatMemory); len(all) == 1 && len(o.gone()) == 0 {
		return &all[0]
	}
	return nil
}

func (o *outlook) wasAlone(led bool) bool {
	a := o.only()
	return a != nil && !a.restarted() && a.before.Leads == led && a.length() >= 10*time.Second && a.after.Alone >= 80
}

func (o *outlook) leaderWasAlone() bool   { return o.wasAlone(true) }
func (o *outlook) followerWasAlone() bool { return o.wasAlone(false) }

// leaderWasMute: who stood still did not go on counting its beats, and who was cut off was alone.
func (o *outlook) leaderWasMute() bool {
	a := o.only()
	return a != nil && !a.restarted() && !a.rumoured && a.before.Leads && a.length() >= 10*time.Second && a.after.Alone == 0 && !a.stoodStill()
}

func (o *outlook) allWereAlone() bool {
	all := o.recent(5 * time.Second)
	return len(all) == len(o.others)-1 && !slices.ContainsFunc(all, func(a absence) bool { return a.restarted() || a.after.Alone < 10 })
}

func (o *outlook) flaps() bool {
	all := o.recent(12 * time.Second)
	return len(all) >= 2 && !slices.ContainsFunc(all, func(a absence) bool {
		return a.restarted() || !a.before.Leads || a.after.Alone < 8 || a.length() < 1200*time.Millisecond || a.length() > 3*time.Second
	})
}

func (o *outlook) flickers() bool {
	all, leaders := o.recent(5*time.Second), 0
	for i := range all {
		if all[i].restarted() || all[i].length() > 900*time.Millisecond {
			return false
		}
		if all[i].before.Leads {
			leaders++
		}
	}
	return leaders >= 3 && len(all) == 2*leaders
}

// beginsAgain is who has begun again three times within a short time, -1 if nobody.
func (o *outlook) beginsAgain() int {
	times := make([]int, len(o.others))
	for _, a := range o.recent(beatBriefly) {
		if a.restarted() {
			times[a.after.Place]++
		}
	}
	return slices.IndexFunc(times, func(count int) bool { return count >= 3 })
}

func (o *outlook) bridgeCrashes() bool {
	at := o.beginsAgain()
	return at >= 0 && !o.mesh([]int{at})
}

func (o *outlook) isLooping() bool {
	at := o.beginsAgain()
	others := slices.ContainsFunc(o.recent(beatBriefly), func(a absence) bool { return int(a.after.Place) != at })
	return at >= 0 && !others && o.mesh([]int{at})
}

// wasDown tells whether one was, and nothing else has been, and how its log ended.
func (o *outlook) wasDown(led, torn bool, least, most time.Duration) bool {
	a := o.only()
	if a == nil || o.node.env.Elapsed()-a.to > beatMemory/2 { // one shortly before it may be forgotten by then
		return false
	}
	return a.restarted() && a.before.Leads == led && a.length() >= least && a.length() <= most &&
		a.before.Member == a.after.Member && !a.after.Outside && o.others[a.after.Place].said.Torn == torn
}

func (o *outlook) followerWasDown() bool {
	return o.wasDown(false, false, 8*time.Second, 15*time.Second)
}
func (o *outlook) leaderWasDown() bool { return o.wasDown(true, false, 8*time.Second, 15*time.Second) }
func (o *outlook) leaderWasTorn() bool { return o.wasDown(true, true, time.Second, 8*time.Second) }

func (o *outlook) isRolling() bool {
	all, who := o.recent(12*time.Second), uint64(0)
	for i := range all {
		if !all[i].restarted() || all[i].length() > 1600*time.Millisecond || i > 0 && all[i].from < all[i-1].to+time.Second {
			return false
		}
		if who>>all[i].after.Place&1 == 1 {
			return false
		}
		who |= 1 << all[i].after.Place
	}
	return len(all) >= 3
}

func (o *outlook) allBegan() bool {
	for i := range o.others {
		said := &o.others[i].said
		if !o.knows(i) || !said.Again || said.Beat+20 < o.self.Beat || said.Beat > o.self.Beat+20 {
			return false
		}
	}
	return o.self.Beat < 200
}

func (o *outlook) leaderStoodStill() bool {
	a := o.only()
	return a != nil && a.before.Leads && a.length() > 1500*time.Millisecond && a.stoodStill()
}

func (o *outlook) clockWasSet() bool {
	return o.jumped >= 30*time.Second || o.jumped <= -30*time.Second
}

// loses tells whether so many of a hundred datagrams were lost in each of the last windows.
func (o *outlook) loses(least, most int) bool {
	for _, w := range o.windows {
		lost := w.expected - w.came
		if w.absences > 0 || lost*100 < least*w.expected || lost*100 >= most*w.expected+w.expected || w.expected == 0 {
			return false
		}
	}
	return true
}

func (o *outlook) isFar() bool {
	for i := range o.others {
		if i != o.place() && (!o.hears(i) || o.others[i].trip < 50*time.Millisecond || o.others[i].trip > 400*time.Millisecond) {
			return false
		}
	}
	return o.self.Leads
}

// isDeserted: those clients whom the leader served last are with others now. Who is cut off is with nobody.
func (o *outlook) isDeserted() bool {
	deserted, lost, served := false, uint64(0), uint64(0)
	for i := range o.others {
		said := &o.others[i].said
		switch {
		case said.Leads && said.Deserted:
			deserted, lost = true, said.Guests
		case said.Leads, said.Clients == 0:
			return false
		}
		served |= said.Clients
	}
	return deserted && lost&^served == 0 && o.mesh(nil)
}
