package wasi

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"cleave/world"
)

// rootName is where the program sees its disk.
const rootName = "/"

// folder is the tree that a program sees of its disk, which is flat: a file's name there is its path, without
// the first slash, and a directory is an empty file whose name ends in a slash. A directory without one is
// there too, as long as a file is in it when the program starts.
type folder struct {
	disk  world.Disk
	root  *node
	nodes []*node // but the root, sorted by name
	used  int64   // bytes in files
	limit int64
	made  uint64 // nodes so far
}

// node is a file or a directory.
//
// What is added at the end of a file goes to the disk at once; any other change is made to a copy, which
// replaces the file at the next sync:
//
//	disk   |############|++++|            durable | appended
//	copy   |##~~~~######|++++|++          if there is one, what the program sees
type node struct {
	name     string // on the disk
	copy     []byte
	copied   bool
	gone     bool // removed, but open still: the copy is all there is
	number   uint64
	modified time.Duration
}

func (n *node) directory() bool { return n.name == "" || strings.HasSuffix(n.name, "/") }

// load reads which files there are.
func (f *folder) load(i *Instance) {
	f.disk, f.limit = i.env.Disk(), i.limits.Disk
	f.root = &node{modified: i.env.Now()}
	for _, name := range f.disk.Files() {
		for at := range name {
			if name[at] == '/' && at < len(name)-1 && f.find(name[:at]) == nil {
				f.insert(name[:at+1], i.env.Now())
			}
		}
		if f.find(strings.TrimSuffix(name, "/")) == nil {
			f.used += int64(len(f.disk.Read(name)))
			f.insert(name, i.env.Now())
		}
	}
}

// find is what has a path, without slashes at its ends; nil if nothing has.
func (f *folder) find(path string) *node {
	if path == "" {
		return f.root
	}
	if at, found := f.search(path); found {
		return f.nodes[at]
	}
	if at, found := f.search(path + "/"); found {
		return f.nodes[at]
	}
	return nil
}

func (f *folder) search(name string) (int, bool) {
	return slices.BinarySearchFunc(f.nodes, name, func(n *node, name string) int { return strings.Compare(n.name, name) })
}

func (f *folder) insert(name string, now time.Duration) *node {
	at, _ := f.search(name)
	f.made++
	n := &node{name: name, number: f.made, modified: now}
	f.nodes = slices.Insert(f.nodes, at, n)
	return n
}

// remove takes a node out of the tree, not off the disk. Who has it open still sees it.
func (f *folder) remove(n *node) {
	if !n.directory() {
		content := f.content(n)
		f.used -= int64(len(content))
		n.copy = slices.Clip(content)
	}
	n.gone = true
	if at, found := f.search(n.name); found {
		f.nodes = slices.Delete(f.nodes, at, at+1)
	}
}

// below are the nodes in a directory, at any depth.
func (f *folder) below(directory *node) []*node {
	first, _ := f.search(directory.name)
	last := first
	for last < len(f.nodes) && strings.HasPrefix(f.nodes[last].name, directory.name) {
		last++
	}
	if first < last && f.nodes[first] == directory {
		first++
	}
	return f.nodes[first:last]
}

// content is what the program sees in a file. It must not be changed, but through own.
func (f *folder) content(n *node) []byte {
	if n.copied || n.gone {
		return n.copy
	}
	return f.disk.Read(n.name)
}

// own makes the copy of a file that can be changed.
func (f *folder) own(n *node) {
	if !n.copied {
		n.copy, n.copied = bytes.Clone(f.content(n)), true
	}
}

// write puts data into a file. It panics with errNoSpace beyond the limit.
func (f *folder) write(n *node, offset uint64, data []byte) {
	if len(data) == 0 {
		return
	}
	size := uint64(len(f.content(n)))
	end := offset + uint64(len(data))
	if end > size {
		f.take(n, size, end)
	}
	switch {
	case offset == size && !n.copied && !n.gone:
		f.disk.Append(n.name, data)
	default:
		f.own(n)
		if end > size {
			n.copy = append(n.copy, make([]byte, end-size)...)
		}
		copy(n.copy[offset:], data)
	}
}

// resize cuts a file, or adds zeros to it.
func (f *folder) resize(n *node, size uint64) {
	old := uint64(len(f.content(n)))
	switch {
	case size > uint64(f.limit):
		panic(errNoSpace)
	case size > old:
		f.write(n, old, make([]byte, size-old))
	case size < old:
		f.take(n, old, size)
		f.own(n)
		n.copy = n.copy[:size]
	}
}

// take accounts for a file's new size.
func (f *folder) take(n *node, old, size uint64) {
	if size > old && (size > uint64(f.limit) || f.used+int64(size-old) > f.limit) {
		panic(errNoSpace)
	}
	if !n.gone {
		f.used += int64(size) - int64(old)
	}
}

// sync makes a file, or that there is a directory, durable, and waits for it.
func (i *Instance) sync(n *node) errno {
	disk := i.folder.disk
	switch {
	case n.gone || n == i.folder.root:
		return success
	case n.copied:
		content := n.copy
		n.copy, n.copied = nil, false
		return i.awaitDisk(func(done func(error)) { disk.Replace(n.name, content, done) })
	}
	return i.awaitDisk(func(done func(error)) { disk.Sync(n.name, done) })
}
