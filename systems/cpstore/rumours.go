package cpstore

import (
	"encoding/binary"
	"slices"
	"time"

	"cleave/internal/octets"
)

// outlook is what a node with one of the bugs of sparing.go knows of the others. Ten times a second each tells
// all others whom it hears, and what it was told of the rest, so that each knows of all to whom a way leads:
//
//	n1 ── n1 hears n2 ──▶ n2 ── n2 hears n1 n3, n1 hears n2 ──▶ n3
//
// It goes by datagrams, two at a time, so that what a line loses, or has overtaken, can be seen too.
type outlook struct {
	node     *node
	sparing  *sparing
	others   []acquaintance // all nodes by place, this one too
	absences []absence      // that have ended, the oldest first
	self     rumour
	sentAt   [64]time.Duration // of the last beats, by number
	company  int               // beats for which somebody has been heard
	deserted uint64            // beats for which this leader has had no client, having had some
	gain     time.Duration     // of the wall clock on the timers
	jumped   time.Duration     // how far that moved in the last beat
	window   window
	windows  [2]window     // the last ones that were full
	steady   int           // beats for which the belief has held
	until    time.Duration // when reads are answered as usual again
}

const (
	beatEvery   = 100 * time.Millisecond
	noPart      = 0                      // with which a datagram begins, so that nobody takes it for a frame
	beatPair    = 2                      // datagrams at a time
	beatSilent  = 350 * time.Millisecond // without word for so long, a node is not heard
	beatMemoir  = 20                     // beats for which a node tells that it was alone
	beatDesert  = 30                     // beats after which a leader without a client says so, and a quarter of those until it is used to it
	beatWindow  = 80                     // beats over which lost datagrams are counted
	beatMemory  = 20 * time.Second       // for absences,
	beatBriefly = 6 * time.Second        // and for those of one that begins again and again
)

// rumour is what a node says of itself. Its places are counted from 0.
type rumour struct {
	Place, Boot, Member            uint64
	Beat                           uint64 // datagrams sent since its start
	Hears                          uint64 // a bit for each place
	Alone                          uint64 // beats for which it has heard nobody, just now or a moment ago
	Clients, Guests                uint64 // a bit for each that it serves, and served when all were heard
	Leads, Torn, Outside, Deserted bool
	Again                          bool // its disk was not empty
}

func (r *rumour) append(out []byte) []byte {
	for _, number := range []uint64{r.Place, r.Boot, r.Member, r.Beat, r.Hears, r.Alone, r.Clients, r.Guests} {
		out = binary.AppendUvarint(out, number)
	}
	for _, flag := range []bool{r.Leads, r.Torn, r.Outside, r.Deserted, r.Again} {
		out = octets.AppendBool(out, flag)
	}
	return out
}

func readRumour(in *octets.Reader) (r rumour) {
	for _, number := range []*uint64{&r.Place, &r.Boot, &r.Member, &r.Beat, &r.Hears, &r.Alone, &r.Clients, &r.Guests} {
		*number = in.Uvarint()
	}
	for _, flag := range []*bool{&r.Leads, &r.Torn, &r.Outside, &r.Deserted, &r.Again} {
		*flag = in.Bool()
	}
	return r
}

// acquaintance is what is known of one node.
type acquaintance struct {
	said   rumour        // by itself, or as others tell it
	told   time.Duration // when
	direct rumour        // by itself
	heard  time.Duration // when
	seen   uint64        // a bit for each of the 64 datagrams up to direct.Beat
	trip   time.Duration // the way there and back
}

// absence is a time in which a node was not heard, or was started again.
type absence struct {
	before, after rumour
	from, to      time.Duration
	rumoured      bool // others knew more of it meanwhile
}

func (a *absence) restarted() bool       { return a.before.Boot != a.after.Boot }
func (a *absence) length() time.Duration { return a.to - a.from }

// stoodStill tells whether the node was there and did nothing.
func (a *absence) stoodStill() bool {
	beats := time.Duration((a.after.Beat - a.before.Beat) / beatPair)
	return !a.restarted() && beats*beatEvery < a.length()/4
}

// window counts the datagrams of some beats: how many there should have been, how many came, and how many of
// those after later ones.
type window struct{ beats, expected, came, late, absences int }

func newOutlook(n *node) *outlook {
	at := slices.IndexFunc(sparings, func(s sparing) bool { return s.name() == n.cluster.Bug })
	if at < 0 {
		return nil
	}
	return &outlook{node: n, sparing: &sparings[at], others: make([]acquaintance, len(n.peers))}
}

// awake is called first of all when the node starts: it is heard even if it finds that it cannot go on.
func (o *outlook) awake() {
	if o != nil {
		o.self.Again = len(o.node.env.Disk().Files()) > 0
		o.gain = o.node.env.Now() - o.node.env.Elapsed()
		o.beat()
	}
}

// beat tells the others, and thinks.
func (o *outlook) beat() {
	n := o.node
	n.env.After(beatEvery, o.beat)
	o.observe()
	var rows []byte
	for i := range o.others {
		if p := &o.others[i]; i != o.place() && p.said.Boot != 0 && o.knows(i) {
			rows = p.said.append(rows)
		}
	}
	for range beatPair {
		o.self.Beat++
		o.sentAt[o.self.Beat%uint64(len(o.sentAt))] = n.env.Elapsed()
		for i := range n.peers {
			if p := &o.others[i]; i != o.place() {
				word := binary.AppendUvarint([]byte{noPart}, p.direct.Beat)
				word = binary.AppendUvarint(word, uint64(n.env.Elapsed()-p.heard))
				n.env.Send(n.peers[i].name, append(o.self.append(word), rows...))
			}
		}
		rows = nil // the second says nothing new of others
	}
	o.others[o.place()] = acquaintance{said: o.self, told: n.env.Elapsed(), direct: o.self, heard: n.env.Elapsed()}
	o.think()
}

func (o *outlook) place() int { return int(o.node.id) - 1 }

// think spares the others for a while once what the bug has this node believe has been so for some beats.
func (o *outlook) think() {
	if o.steady++; !o.sparing.believes(o) {
		o.steady = 0
	}
	if o.steady > o.sparing.beats {
		o.until = o.node.env.Elapsed() + spareFor
	}
}

// spares tells whether reads are answered from copies.
func (o *outlook) spares() bool { return o != nil && o.node.env.Elapsed() < o.until }

// observe brings up to date what this node says of itself.
func (o *outlook) observe() {
	n, s := o.node, &o.self
	s.Place, s.Boot, s.Member, s.Hears = uint64(o.place()), n.boot, n.member, 0
	for i := range o.others {
		if o.hears(i) {
			s.Hears |= 1 << i
		}
	}
	if s.Hears == 0 {
		if o.company > 0 {
			s.Alone = 0
		}
		o.company = 0
		s.Alone++
	} else if o.company++; o.company > beatMemoir {
		s.Alone = 0
	}
	s.Leads, s.Outside = n.role.leading, n.outside()
	s.Torn = n.journal != nil && n.journal.torn
	o.count()
	gain := n.env.Now() - n.env.Elapsed()
	o.jumped, o.gain = gain-o.gain, gain
	if o.window.beats++; o.window.beats == beatWindow {
		o.windows = [2]window{o.windows[1], o.window}
		o.window = window{}
	}
	o.absences = slices.DeleteFunc(o.absences, func(a absence) bool { return n.env.Elapsed()-a.to > beatMemory })
}

// count looks who is served, and keeps who was as long as all were heard.
func (o *outlook) count() {
	s := &o.self
	s.Clients = 0
	for _, l := range o.node.links {
		if l.stage == attached {
			s.Clients |= 1 << (lastNumber(addressOf(l.connection.Peer())) % 64)
		}
	}
	if len(o.gone()) == 0 && s.Clients != 0 {
		s.Guests = s.Clients
	}
	switch {
	case !s.Leads:
		o.deserted = 0
	case s.Clients != 0:
		o.deserted = 1
	case o.deserted > 0:
		o.deserted++
	}
	s.Deserted = o.deserted > beatDesert && o.deserted < 4*beatDesert
}

// lastNumber is the number that an address ends in: near enough to know a client by.
func lastNumber(address string) (number uint64) {
	for _, c := range []byte(address) {
		if number = number*10 + uint64(c-'0'); c < '0' || c > '9' {
			number = 0
		}
	}
	return number
}

// take hears another node.
func (o *outlook) take(from string, payload []byte) {
	p := o.node.peer(from)
	if p == nil {
		return
	}
	r := octets.Reader{Data: payload}
	_ = r.Byte()
	back, held := r.Uvarint(), time.Duration(r.Uvarint())
	for first := true; len(r.Data) > 0; first = false {
		row := readRumour(&r)
		if r.Bad || row.Place >= uint64(len(o.others)) {
			return
		}
		if first {
			o.hear(&o.others[p.id-1], &row, back, held)
		}
		if int(row.Place) != o.place() {
			o.learn(&o.others[row.Place], &row, first)
		}
	}
}

// hear notes what can be seen of the line, and whether the other one was away.
func (o *outlook) hear(p *acquaintance, row *rumour, back uint64, held time.Duration) {
	now := o.node.env.Elapsed()
	if back > 0 && o.self.Beat-back < uint64(len(o.sentAt)) {
		p.trip = now - o.sentAt[back%uint64(len(o.sentAt))] - held
	}
	switch known := p.direct.Boot != 0; {
	case known && row.Boot == p.direct.Boot && row.Beat <= p.direct.Beat:
		if age := p.direct.Beat - row.Beat; age < 64 && p.seen>>age&1 == 0 {
			p.seen |= 1 << age
			o.window.late++
			o.window.came++
		}
		return
	case known && (row.Boot != p.direct.Boot || now-p.heard > beatSilent):
		o.absences = append(o.absences, absence{p.direct, *row, p.heard, now, p.told > p.heard})
		o.window.absences++
		p.seen = 1
	case known:
		skipped := row.Beat - p.direct.Beat
		o.window.expected += int(skipped)
		o.window.came++
		p.seen = p.seen<<skipped | 1
	default:
		p.seen = 1
	}
	p.direct, p.heard = *row, now
}

// learn takes what is news of a node.
func (o *outlook) learn(p *acquaintance, row *rumour, direct bool) {
	now := o.node.env.Elapsed()
	newer := row.Boot == p.said.Boot && row.Beat > p.said.Beat
	if newer || row.Boot != p.said.Boot && (direct || now-p.told > beatSilent) {
		p.said, p.told = *row, now
	}
}

// hears tells whether a node was heard just now.
func (o *outlook) hears(place int) bool {
	p := &o.others[place]
	return place != o.place() && p.direct.Boot != 0 && o.node.env.Elapsed()-p.heard <= beatSilent
}

// knows tells whether there is news of a node, from whomever.
func (o *outlook) knows(place int) bool {
	p := &o.others[place]
	return place == o.place() || p.said.Boot != 0 && o.node.env.Elapsed()-p.told <= beatSilent
}

// gone are those that were once heard, and of whom there is no news.
func (o *outlook) gone() (gone []int) {
	for i := range o.others {
		if o.others[i].direct.Boot != 0 && !o.knows(i) {
			gone = append(gone, i)
		}
	}
	return gone
}

// recent are the absences that have ended in the last time.
func (o *outlook) recent(span time.Duration) []absence {
	at := slices.IndexFunc(o.absences, func(a absence) bool { return o.node.env.Elapsed()-a.to <= span })
	if at < 0 {
		return nil
	}
	return o.absences[at:]
}
