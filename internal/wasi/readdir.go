package wasi

import "strings"

// entrySize is the size of a directory entry before its name.
const entrySize = 24

// entry is what a directory shows of one that is in it.
type entry struct {
	name string
	node *node
}

// children are what is in a directory itself, by name.
func (f *folder) children(directory *node) (entries []entry) {
	for _, n := range f.below(directory) {
		name := strings.TrimSuffix(strings.TrimPrefix(n.name, directory.name), "/")
		if !strings.Contains(name, "/") {
			entries = append(entries, entry{name, n})
		}
	}
	return entries
}

// fdReaddir writes entries, as many as there is room for, the last perhaps cut off, from the one on that the
// cookie counts. The listing is made when the reading begins.
func (i *Instance) fdReaddir(a []uint64) errno {
	d := i.descriptor(a[0])
	if d.kind != aDirectory {
		return errNoDirectory
	}
	to, answer, cookie := i.bytes(a[1], a[2]), i.bytes(a[4], 4), a[3]
	if cookie == 0 {
		d.listing = i.folder.children(d.node)
	}
	used := 0
	for ; cookie < uint64(len(d.listing)) && used < len(to); cookie++ {
		var head [entrySize]byte
		e := d.listing[cookie]
		order.PutUint64(head[:], cookie+1)
		order.PutUint64(head[8:], e.node.number)
		order.PutUint32(head[16:], uint32(len(e.name)))
		head[20] = regularFile
		if e.node.directory() {
			head[20] = directoryType
		}
		used += copy(to[used:], head[:])
		used += copy(to[used:], e.name)
	}
	order.PutUint32(answer, uint32(used))
	return success
}
