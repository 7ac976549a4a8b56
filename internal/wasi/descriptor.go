package wasi

// maxOpen is how many descriptors a program may have open, and maxPath how many bytes a path may have.
const (
	maxOpen = 1024
	maxPath = 4096
)

// kind is what a descriptor stands for.
type kind int

const (
	standardInput kind = iota
	standardOutput
	standardError
	aDirectory
	aFile
)

// The numbers that WASI gives file types, flags and rights.
const (
	characterDevice = 2
	directoryType   = 3
	regularFile     = 4

	appendFlag      = 1
	dataSyncFlag    = 2
	nonBlockingFlag = 4
	syncFlag        = 16

	readRight     = 1 << 1
	setFlagsRight = 1 << 3
	writeRight    = 1 << 6
	pollRight     = 1 << 27
	everyRight    = 1<<30 - 1
)

// descriptor is an open file, directory or standard stream.
type descriptor struct {
	kind     kind
	node     *node
	offset   uint64
	flags    uint16
	readable bool
	writable bool

	nonBlocking bool
	listing     []entry // what fd_readdir hands out, as it was when the reading began
	preopened   bool
}

// openStandard opens what every program has: the standard streams, and the root of its disk.
func (i *Instance) openStandard() {
	i.stderr.log = true
	i.folder.load(i)
	i.open = []*descriptor{
		{kind: standardInput, nonBlocking: i.program.polls}, {kind: standardOutput}, {kind: standardError},
		{kind: aDirectory, node: i.folder.root, preopened: true},
	}
	if i.program.polls {
		i.open[0].flags = nonBlockingFlag
	}
}

// find is an open descriptor, nil if there is none.
func (i *Instance) find(number uint64) *descriptor {
	if number >= uint64(len(i.open)) {
		return nil
	}
	return i.open[number]
}

// descriptor is an open descriptor. It panics with errBadFile if there is none.
func (i *Instance) descriptor(number uint64) *descriptor {
	if d := i.find(number); d != nil {
		return d
	}
	panic(errBadFile)
}

// add gives a descriptor the lowest number that is free.
func (i *Instance) add(d *descriptor) uint32 {
	for number, old := range i.open {
		if old == nil {
			i.open[number] = d
			return uint32(number)
		}
	}
	if len(i.open) >= maxOpen {
		panic(errTooManyOpen)
	}
	i.open = append(i.open, d)
	return uint32(len(i.open) - 1)
}

// onAny makes a host function of one that acts on any descriptor, the first argument; onFile of one that
// acts on a file alone.
func onAny(act func(*Instance, *descriptor, []uint64) errno) func(*Instance, []uint64) errno {
	return func(i *Instance, a []uint64) errno { return act(i, i.descriptor(a[0]), a) }
}

func onFile(act func(*Instance, *descriptor, []uint64) errno) func(*Instance, []uint64) errno {
	return func(i *Instance, a []uint64) errno {
		d := i.descriptor(a[0])
		switch d.kind {
		case aFile:
			return act(i, d, a)
		case aDirectory:
			return errBadFile
		}
		return errSeekPipe
	}
}

func nothing(*Instance, *descriptor, []uint64) errno { return success }

func (i *Instance) fdClose(a []uint64) errno {
	i.descriptor(a[0])
	i.open[a[0]] = nil
	return success
}

func (i *Instance) fdRenumber(a []uint64) errno {
	from, to := i.descriptor(a[0]), a[1]
	i.descriptor(to)
	i.open[a[0]] = nil
	i.open[to] = from
	return success
}

func (i *Instance) fdFdstatGet(a []uint64) errno {
	d, to := i.descriptor(a[0]), i.bytes(a[1], 24)
	clear(to)
	rights := uint64(everyRight)
	switch d.kind {
	case aFile:
		to[0] = regularFile
	case aDirectory:
		to[0] = directoryType
	default: // without the rights to seek and tell, a C library takes it for a terminal and flushes each line
		to[0], rights = characterDevice, readRight|writeRight|setFlagsRight|pollRight
	}
	order.PutUint16(to[2:], d.flags)
	order.PutUint64(to[8:], rights)
	order.PutUint64(to[16:], everyRight)
	return success
}

func (i *Instance) fdFdstatSetFlags(a []uint64) errno {
	d := i.descriptor(a[0])
	d.flags = uint16(a[1])
	d.nonBlocking = d.flags&nonBlockingFlag != 0
	return success
}

func (i *Instance) fdPrestatGet(a []uint64) errno {
	if !i.descriptor(a[0]).preopened {
		return errBadFile
	}
	to := i.bytes(a[1], 8)
	clear(to)
	order.PutUint32(to[4:], uint32(len(rootName)))
	return success
}

func (i *Instance) fdPrestatDirName(a []uint64) errno {
	if !i.descriptor(a[0]).preopened {
		return errBadFile
	}
	if a[2] < uint64(len(rootName)) {
		return errNameTooLong
	}
	copy(i.bytes(a[1], a[2]), rootName)
	return success
}
