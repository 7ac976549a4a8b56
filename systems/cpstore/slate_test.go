package cpstore

import (
	"maps"
	"slices"
)

// slate is a disk on which everything becomes durable when the test says so, in the order that the
// test likes, and which can be crashed in all ways that world.Disk allows.
type slate struct {
	pages   map[string]page
	pending []flush
	step    func() // called after everything that changes what a crash would leave
}

type page struct {
	current, durable []byte
	exists           bool // durable exists
	replacing        bool // current is no continuation of durable
}

type flush struct {
	name    string
	content []byte
	done    func(error)
}

func newSlate() *slate { return &slate{pages: map[string]page{}, step: func() {}} }

func (s *slate) Files() []string { return slices.Sorted(maps.Keys(s.pages)) }

func (s *slate) Read(name string) []byte { return slices.Clip(s.pages[name].current) }

func (s *slate) Append(name string, data []byte) {
	p := s.pages[name]
	p.current = append(slices.Clip(p.current), data...)
	s.pages[name] = p
	s.step()
}

func (s *slate) Sync(name string, done func(error)) {
	s.pending = append(s.pending, flush{name, s.pages[name].current, done})
}

func (s *slate) Replace(name string, data []byte, done func(error)) {
	p := s.pages[name]
	p.current, p.replacing = slices.Clip(data), true
	s.pages[name] = p
	s.pending = append(s.pending, flush{name, data, done})
	s.step()
}

func (s *slate) Remove(name string) {
	delete(s.pages, name)
	s.step()
}

// finish lets the write under way that was begun as the at-th become durable.
func (s *slate) finish(at int) {
	f := s.pending[at]
	s.pending = slices.Delete(s.pending, at, at+1)
	s.land(f)
	s.step()
	f.done(nil)
}

func (s *slate) land(f flush) {
	if p, has := s.pages[f.name]; has {
		p.durable, p.exists, p.replacing = f.content, true, false
		s.pages[f.name] = p
	}
}

// settle lets everything become durable.
func (s *slate) settle() {
	for len(s.pending) > 0 {
		s.finish(0)
	}
}

// unsynced is how many bytes a crash may tear.
func (s *slate) unsynced() (most int) {
	for _, p := range s.pages {
		if !p.replacing {
			most = max(most, len(p.current)-len(p.durable))
		}
	}
	return most
}

// crashed is what a crash leaves: so many of the unsynced bytes, and, if landed, the new content of
// files that are being replaced.
func (s *slate) crashed(torn int, landed bool) *slate {
	left := newSlate()
	after := &slate{pages: maps.Clone(s.pages)}
	for _, f := range s.pending {
		if landed && s.pages[f.name].replacing {
			after.land(f)
		}
	}
	for name, p := range after.pages {
		content := p.durable
		if !p.replacing {
			content = p.current[:min(len(p.durable)+torn, len(p.current))]
		}
		if p.exists || len(content) > 0 {
			left.pages[name] = page{current: content, durable: content, exists: true}
		}
	}
	return left
}

// change puts other content into a file, behind the journal's back.
func (s *slate) change(name string, content []byte) {
	s.pages[name] = page{current: content, durable: content, exists: true}
}
