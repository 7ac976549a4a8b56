package serve

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"cleave/reports"
)

// index is what is known of a store. A folder is read again when its time of change says so, which is one look at each
// folder: 10,000 take some hundredths of a second.
type index struct {
	root     *os.Root
	path     string
	rest     time.Duration // for how long what is known is good enough
	patience time.Duration // for how long an answer waits for a look that takes longer

	walking sync.Mutex // one look at a time
	folders map[string]*folder

	mutex   sync.Mutex
	looking chan struct{} // closed when the look under way has ended; nil if there is none
	looked  time.Time
	entries []*entry
	version int // counts what has changed
}

// folder is a folder of the store as it was last read.
type folder struct {
	changed, read time.Time
	below         []string // folders in it
	entry         *entry   // nil if it is none
}

// What a store may have at most, so that a stray folder does not keep us busy.
const (
	mostDepth   = 8
	mostFolders = 300_000
)

func newIndex(root *os.Root, path string) *index {
	const rest, patience = 200 * time.Millisecond, 50 * time.Millisecond
	return &index{root: root, path: path, rest: rest, patience: patience, folders: map[string]*folder{}}
}

// all are the entries as they are now, and the number of that state; or as they were a moment ago, if looking takes long.
func (x *index) all() ([]*entry, int) {
	select {
	case <-x.look():
	case <-time.After(x.patience):
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	return x.entries, x.version
}

// look has somebody look at the store, if nobody does and what is known is not good enough. What it gives is closed when
// that has ended.
func (x *index) look() <-chan struct{} {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	if x.looking != nil {
		return x.looking
	}
	done := make(chan struct{})
	if time.Since(x.looked) < x.rest {
		close(done)
		return done
	}
	x.looking = done
	go func() {
		x.refresh()
		x.mutex.Lock()
		x.looking = nil
		x.mutex.Unlock()
		close(done)
	}()
	return done
}

// find is the entry of a path.
func (x *index) find(path string) (*entry, bool) {
	all, _ := x.all()
	at := slices.IndexFunc(all, func(e *entry) bool { return e.Path == path })
	if at < 0 {
		return nil, false
	}
	return all[at], true
}

// refresh looks at the store.
func (x *index) refresh() {
	x.walking.Lock()
	defer x.walking.Unlock()
	w := walk{index: x, folders: make(map[string]*folder, len(x.folders))}
	w.visit(".", nil, 0)
	for _, e := range w.entries {
		e.sum()
		e.index()
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	if w.changed || len(w.folders) != len(x.folders) {
		x.version++
	}
	x.folders, x.entries, x.looked = w.folders, w.entries, time.Now()
}

// walk is one look at a store.
type walk struct {
	*index
	folders map[string]*folder
	entries []*entry
	changed bool
}

// visit looks at a folder and those in it. What a folder is part of is the entry above it.
func (w *walk) visit(at string, above *entry, depth int) {
	if depth > mostDepth || len(w.folders) >= mostFolders {
		return
	}
	info, err := os.Lstat(filepath.Join(w.path, filepath.FromSlash(at))) // only for its time: os.Root would take ten times as long
	if err != nil || !info.IsDir() {
		return
	}
	known := w.index.folders[at]
	if known == nil || known.stale(info.ModTime()) {
		known = w.read(at, info.ModTime())
	}
	w.folders[at] = known
	inside := above
	if known.entry != nil {
		inside = w.take(*known.entry, above)
	}
	for _, name := range known.below {
		w.visit(path.Join(at, name), inside, depth+1)
	}
}

// take puts an entry into the list.
func (w *walk) take(e entry, above *entry) *entry {
	if above != nil {
		e.Inside = above.Path
		above.contain(&e)
	}
	w.entries = append(w.entries, &e)
	return &e
}

// stale tells whether a folder must be read again: it has changed, or it may have since it was read at all but the same
// time, or what is in it is under way.
func (f *folder) stale(changed time.Time) bool {
	const granularity = 2 * time.Second // of the times of some disks
	return !f.changed.Equal(changed) || f.read.Sub(changed) < granularity || f.entry != nil && !f.entry.ended && time.Since(f.entry.alive) < time.Hour
}

func (w *walk) read(at string, changed time.Time) *folder {
	old := w.index.folders[at]
	f := &folder{changed: changed, read: time.Now()}
	listed, err := fs.ReadDir(w.root.FS(), at)
	if err != nil {
		return f // it is gone, or not ours to read
	}
	names := make(map[string]fs.DirEntry, len(listed))
	for _, one := range listed {
		names[one.Name()] = one
	}
	if at != "." { // a store is none itself, though it may be the folder of one
		f.entry = readEntry(w.root, at, names, changed)
	}
	if f.entry != nil && !f.entry.ended {
		f.entry.alive = lastSign(names, changed)
	}
	w.changed = w.changed || old == nil || !old.entry.says(f.entry)
	for _, one := range listed {
		logs := f.entry != nil && f.entry.Kind == aRun && one.Name() == "nodes"
		if one.IsDir() && !logs && !strings.HasPrefix(one.Name(), ".") {
			f.below = append(f.below, one.Name())
		}
	}
	return f
}

// says tells whether an entry says the same in the list as another; nil is none.
func (e *entry) says(other *entry) bool {
	if e == nil || other == nil {
		return e == other
	}
	return e.ended == other.ended && e.Verdict == other.Verdict && e.Finding == other.Finding
}

// lastSign is when a folder under way was last written to.
func lastSign(names map[string]fs.DirEntry, last time.Time) time.Time {
	for _, name := range []string{historyFile, reports.ProgressFile, sweepFile} {
		if one := names[name]; one != nil {
			if info, err := one.Info(); err == nil {
				last = later(last, info.ModTime())
			}
		}
	}
	return last
}
