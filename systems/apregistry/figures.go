package apregistry

import "encoding/binary"

// Figures is what a node knows of itself, for its dashboard and its metrics. Times are milliseconds since
// 1970 by the node's clock; counts are since its boot.
type Figures struct {
	Profile          Profile
	SelfPreservation bool   // whether missing heartbeats stop the eviction
	Preserving       bool   // whether they do now
	Listable         bool   // whether lists may be read
	Version          uint64 // grows with every change of the registry

	Boot, Now     int64 // when it opened, and the time there
	Registered    int64 // instances in the registry
	Expected      int64 // clients that should send heartbeats
	Threshold     int64 // heartbeats that the last whole bucket must exceed; in the plain profile instances that must be heard
	Renews        int64 // heartbeats of the last whole bucket; in the plain profile instances that are heard
	Registrations int64
	Renewals      int64
	Cancels       int64
	Evictions     int64
	Replications  int64 // tasks taken from peers
	Exchanged     int64 // copies taken from peers by anti-entropy

	Peers                        []PeerFigures
	LastRegistered, LastCanceled []Event // the last thousand of each, the latest first
}

// PeerFigures is how the replication to one peer goes.
type PeerFigures struct {
	Name      string
	Available bool  // the last that it was asked was answered
	Queued    int64 // tasks that wait
	Delivered int64
	Expired   int64 // lost because they were too old
	Dropped   int64 // lost because the queue was full, or the peer refused them
}

// Event is a registration or a cancel, in milliseconds since 1970.
type Event struct {
	At      int64
	App, ID string
}

func (f *Figures) numbers() [12]*int64 {
	return [...]*int64{&f.Boot, &f.Now, &f.Registered, &f.Expected, &f.Threshold, &f.Renews,
		&f.Registrations, &f.Renewals, &f.Cancels, &f.Evictions, &f.Replications, &f.Exchanged}
}

func (p *PeerFigures) numbers() [4]*int64 {
	return [...]*int64{&p.Queued, &p.Delivered, &p.Expired, &p.Dropped}
}

func appendFigures(out []byte, f *Figures) []byte {
	out = append(out, byte(f.Profile), truth(f.SelfPreservation), truth(f.Preserving), truth(f.Listable))
	out = binary.AppendUvarint(out, f.Version)
	for _, number := range f.numbers() {
		out = binary.AppendVarint(out, *number)
	}
	out = binary.AppendUvarint(out, uint64(len(f.Peers)))
	for i := range f.Peers {
		p := &f.Peers[i]
		out = append(appendText(out, p.Name), truth(p.Available))
		for _, number := range p.numbers() {
			out = binary.AppendVarint(out, *number)
		}
	}
	return appendEvents(appendEvents(out, f.LastRegistered), f.LastCanceled)
}

func appendEvents(out []byte, events []Event) []byte {
	out = binary.AppendUvarint(out, uint64(len(events)))
	for _, event := range events {
		out = binary.AppendVarint(out, event.At)
		out = appendText(appendText(out, event.App), event.ID)
	}
	return out
}

func (d *decoder) figures() *Figures {
	f := &Figures{Profile: Profile(d.Byte()), SelfPreservation: d.Bool(), Preserving: d.Bool(), Listable: d.Bool(), Version: d.Uvarint()}
	if f.Profile >= profiles {
		d.Fail()
	}
	for _, number := range f.numbers() {
		*number = d.Varint()
	}
	for range d.Count(6) {
		p := PeerFigures{Name: d.text(), Available: d.Bool()}
		for _, number := range p.numbers() {
			*number = d.Varint()
		}
		f.Peers = append(f.Peers, p)
	}
	f.LastRegistered, f.LastCanceled = d.events(), d.events()
	return f
}

func (d *decoder) events() []Event {
	var events []Event
	for range d.Count(3) {
		events = append(events, Event{At: d.Varint(), App: d.text(), ID: d.text()})
	}
	return events
}

// recent remembers the last events, up to a thousand.
type recent struct {
	events []Event
	next   int // the oldest, once all places are taken
}

const recents = 1000

func (r *recent) add(e Event) {
	if len(r.events) < recents {
		r.events = append(r.events, e)
		return
	}
	r.events[r.next] = e
	r.next = (r.next + 1) % recents
}

// latest gives them, the latest first.
func (r *recent) latest() []Event {
	list := make([]Event, 0, len(r.events))
	for i := range r.events {
		list = append(list, r.events[(r.next+2*len(r.events)-1-i)%len(r.events)])
	}
	return list
}
