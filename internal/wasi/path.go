package wasi

import "strings"

// Flags of path_open.
const (
	createFlag    = 1
	directoryFlag = 2
	newFlag       = 4
	truncateFlag  = 8
)

// path is where something is or is to be: its name in the tree and what has it, nil if nothing.
type path struct {
	name    string // without slashes at its ends, empty for the root
	node    *node
	slashed bool // it was written with a slash at its end: it must be a directory
}

// resolve finds a path that is relative to a directory. Links there are none. It panics with an errno if
// the path is none, leads out of the disk, or goes through what is no directory.
func (i *Instance) resolve(directory, at, size uint64) path {
	d, written := i.descriptor(directory), i.text(at, size)
	switch {
	case d.kind != aDirectory:
		panic(errNoDirectory)
	case written == "":
		panic(errNoEntry)
	case strings.HasPrefix(written, "/"):
		panic(errOutside)
	case strings.Contains(written, "\x00"):
		panic(errInvalid)
	}
	name := strings.TrimSuffix(d.node.name, "/")
	for step := range strings.SplitSeq(written, "/") {
		name = i.follow(name, step)
	}
	found := path{name: name, node: i.folder.find(name), slashed: strings.HasSuffix(written, "/")}
	if found.slashed && found.node != nil && !found.node.directory() {
		panic(errNoDirectory)
	}
	return found
}

// follow goes one step on from a name that must be a directory's.
func (i *Instance) follow(name, step string) string {
	if step == "" {
		return name
	}
	switch here := i.folder.find(name); {
	case here == nil:
		panic(errNoEntry)
	case !here.directory():
		panic(errNoDirectory)
	case step == "." || step == ".." && name == "":
		if step == ".." {
			panic(errOutside)
		}
		return name
	case step == "..":
		return name[:max(0, strings.LastIndexByte(name, '/'))]
	case name == "":
		return step
	}
	return name + "/" + step
}

func (i *Instance) pathOpen(a []uint64) errno {
	at := i.resolve(a[0], a[2], a[3])
	flags, rights, answer := a[4], a[5], i.bytes(a[8], 4)
	switch {
	case at.node == nil && (flags&createFlag == 0):
		return errNoEntry
	case at.node == nil && (flags&directoryFlag != 0 || at.slashed):
		return errNoDirectory
	case at.node != nil && flags&newFlag != 0:
		return errExist
	case at.node != nil && at.node.directory() && flags&(truncateFlag|createFlag) != 0:
		return errIsDirectory
	case at.node != nil && !at.node.directory() && flags&directoryFlag != 0:
		return errNoDirectory
	}
	d := &descriptor{kind: aFile, flags: uint16(a[7]), readable: rights&readRight != 0, writable: rights&writeRight != 0}
	number := i.add(d)
	if at.node == nil {
		i.folder.disk.Append(at.name, nil)
		at.node = i.folder.insert(at.name, i.env.Now())
	} else if flags&truncateFlag != 0 {
		i.folder.resize(at.node, 0)
	}
	d.node = at.node
	if at.node.directory() {
		d.kind = aDirectory
	}
	order.PutUint32(answer, number)
	return success
}

func (i *Instance) pathFilestatGet(a []uint64) errno {
	at := i.resolve(a[0], a[2], a[3])
	if at.node == nil {
		return errNoEntry
	}
	return i.stat(at.node, a[4])
}

func (i *Instance) pathFilestatSetTimes(a []uint64) errno {
	if i.resolve(a[0], a[2], a[3]).node == nil {
		return errNoEntry
	}
	return success
}

func (i *Instance) pathCreateDirectory(a []uint64) errno {
	at := i.resolve(a[0], a[1], a[2])
	if at.node != nil {
		return errExist
	}
	i.folder.disk.Append(at.name+"/", nil)
	i.folder.insert(at.name+"/", i.env.Now())
	return success
}

func (i *Instance) pathRemoveDirectory(a []uint64) errno {
	at := i.resolve(a[0], a[1], a[2])
	switch {
	case at.node == nil:
		return errNoEntry
	case !at.node.directory():
		return errNoDirectory
	case at.name == "":
		return errInvalid
	case len(i.folder.below(at.node)) > 0:
		return errNotEmpty
	}
	i.folder.remove(at.node)
	i.folder.disk.Remove(at.node.name)
	return success
}

func (i *Instance) pathUnlinkFile(a []uint64) errno {
	at := i.resolve(a[0], a[1], a[2])
	switch {
	case at.node == nil:
		return errNoEntry
	case at.node.directory():
		return errIsDirectory
	}
	i.folder.remove(at.node)
	i.folder.disk.Remove(at.node.name)
	return success
}
