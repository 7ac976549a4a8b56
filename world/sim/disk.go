package sim

import (
	"errors"
	"slices"
	"sort"
	"time"

	"cleave/history"
	"cleave/internal/rng"
)

// disk keeps the files of one endpoint through its crashes. It implements world.Disk.
//
// A file has its current content, which the process sees, and what of it is durable. A crash keeps
// the durable part and, of what was appended after it, nothing or the bytes up to any place:
//
//	current   |############|++++++++|
//	durable   |############|
//	after     |############|+++        torn at a byte, in half of the crashes; else nothing more
type disk struct {
	owner   *endpoint
	files   []*file // sorted by name
	full    int     // faults that leave no room on it
	failing int     // faults that have its syncs fail
	failed  error   // why a write was not taken: until a restart no more are, as what was lost is not known
	lag     time.Duration
	flips   []flip // bits that are turned around
	image   []*file
	doom    *uint64 // the next sync is the end of the process: decides when, and what stays
	syncs   uint64  // syncs so far, which key their durations
	floor   history.Time
	crashes uint64
}

type file struct {
	name       string
	current    []byte
	durable    []byte
	generation uint64 // raised by Replace: content of an older generation is no prefix of a newer one
	safe       uint64 // generation of durable
	exists     bool   // durable exists
}

// Files gives the names of all files.
func (d *disk) Files() (names []string) {
	for _, f := range d.files {
		names = append(names, f.name)
	}
	return names
}

// Read gives the current content.
func (d *disk) Read(name string) []byte {
	if f := d.find(name, false); f != nil {
		return slices.Clip(f.current)
	}
	return nil
}

// Append adds to the current content.
func (d *disk) Append(name string, data []byte) {
	f := d.find(name, true)
	f.current = append(f.current, data...)
	d.look(len(data))
}

// Sync makes the current content durable, later.
func (d *disk) Sync(name string, done func(error)) {
	f := d.find(name, true)
	d.flush(f, slices.Clip(f.current), done)
}

// Replace puts new content in place of the old, later and in one step.
func (d *disk) Replace(name string, data []byte, done func(error)) {
	f := d.find(name, true)
	f.generation++
	f.current = slices.Clip(data)
	d.flush(f, f.current, done)
}

// Remove deletes a file at once.
func (d *disk) Remove(name string) {
	if at, found := d.search(name); found {
		d.files[at].generation++ // a flush under way must not bring it back
		d.files = slices.Delete(d.files, at, at+1)
	}
}

// flush makes content durable when the disk gets to it. Flushes finish in order.
func (d *disk) flush(f *file, content []byte, done func(error)) {
	w, generation := d.owner.world, f.generation
	took := w.options.Sync.Pick(rng.Mix(d.owner.key, diskKey, d.syncs)) + d.lag
	d.syncs++
	d.floor = max(d.floor, w.now+history.Time(took))
	d.look(len(content))
	d.meetDoom()
	w.own(d.floor, syncEvent, d.owner).action = func() {
		d.look(len(content))
		if d.failing > 0 {
			d.fail("sync-failed", errSync)
		}
		if failed := d.failed; failed != nil {
			d.owner.hear(done, failed)
			return
		}
		if generation >= f.safe {
			f.durable, f.safe, f.exists = content, generation, true
		}
		d.owner.hear(done, nil)
	}
}

// look sees whether a write finds room. The first that does not is noted.
func (d *disk) look(size int) {
	if d.full > 0 && size > 0 {
		d.fail("no-space", errNoSpace)
	}
}

func (d *disk) fail(kind string, cause error) {
	if d.failed == nil {
		d.failed = cause
		d.owner.Note(kind, cause.Error())
	}
}

// errNoSpace is what a full disk says, as Linux does.
var errNoSpace = errors.New("no space left on device")

// crash loses what was not durable.
func (d *disk) crash() {
	d.crashes++
	d.floor, d.failed = 0, nil
	kept := d.files[:0]
	for _, f := range d.files {
		left := slices.Clone(f.durable)
		if f.generation == f.safe && len(f.current) > len(f.durable) {
			left = append(left, d.torn(f)...)
		}
		if f.exists || len(left) > 0 {
			kept = append(kept, &file{name: f.name, current: left, durable: left, exists: true})
		}
	}
	d.files = kept
}

// torn is what a crash leaves of the bytes that were never synced.
func (d *disk) torn(f *file) []byte {
	unsynced := f.current[len(f.durable):]
	if d.doom != nil {
		return unsynced[:rng.Below(rng.Mix(*d.doom, rng.Text(f.name)), uint64(len(unsynced))+1)]
	}
	random := rng.Mix(d.owner.key, crashKey, d.crashes, rng.Text(f.name))
	if random&1 == 0 {
		return nil
	}
	left := unsynced[:rng.Below(random>>1, uint64(len(unsynced))+1)]
	if len(left) > 0 && len(left) < len(unsynced) {
		d.owner.Mark("a write was torn by a crash")
	}
	return left
}

func (d *disk) search(name string) (int, bool) {
	return sort.Find(len(d.files), func(i int) int {
		switch {
		case name < d.files[i].name:
			return -1
		case name > d.files[i].name:
			return 1
		}
		return 0
	})
}

func (d *disk) find(name string, make bool) *file {
	at, found := d.search(name)
	if found {
		return d.files[at]
	}
	if !make {
		return nil
	}
	f := &file{name: name}
	d.files = slices.Insert(d.files, at, f)
	return f
}

// The names of a node's decisions that are not drawn from its own stream.
const (
	diskKey = iota + 1
	crashKey
	randomKey
)
