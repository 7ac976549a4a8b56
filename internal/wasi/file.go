package wasi

import "slices"

// readFile reads at a descriptor's place and moves it on.
func (i *Instance) readFile(d *descriptor, list, count, answer uint64) errno {
	n, err := i.readAt(d, list, count, d.offset, answer)
	d.offset += n
	return err
}

func fdPread(i *Instance, d *descriptor, a []uint64) errno {
	_, err := i.readAt(d, a[1], a[2], a[3], a[4])
	return err
}

func (i *Instance) readAt(d *descriptor, list, count, offset, answer uint64) (total uint64, err errno) {
	if !d.readable {
		return 0, errBadFile
	}
	vectors, to := i.vectors(list, count), i.bytes(answer, 4)
	content := i.folder.content(d.node)
	content = content[min(offset, uint64(len(content))):]
	for _, vector := range vectors {
		n := copy(vector, content)
		content = content[n:]
		total += uint64(n)
	}
	order.PutUint32(to, uint32(total))
	return total, success
}

// writeFile writes at a descriptor's place, or at the end if it was opened so, and moves it on.
func (i *Instance) writeFile(d *descriptor, list, count, answer uint64) errno {
	if d.flags&appendFlag != 0 {
		d.offset = uint64(len(i.folder.content(d.node)))
	}
	n, err := i.writeAt(d, list, count, d.offset, answer)
	d.offset += n
	return err
}

func fdPwrite(i *Instance, d *descriptor, a []uint64) errno {
	_, err := i.writeAt(d, a[1], a[2], a[3], a[4])
	return err
}

func (i *Instance) writeAt(d *descriptor, list, count, offset, answer uint64) (total uint64, err errno) {
	if !d.writable {
		return 0, errBadFile
	}
	data := slices.Concat(i.vectors(list, count)...)
	to := i.bytes(answer, 4)
	if offset > uint64(i.folder.limit) {
		return 0, errNoSpace
	}
	i.folder.write(d.node, offset, data)
	d.node.modified = i.env.Now()
	order.PutUint32(to, uint32(len(data)))
	if d.flags&(syncFlag|dataSyncFlag) != 0 {
		err = i.sync(d.node)
	}
	return uint64(len(data)), err
}

func fdAllocate(i *Instance, d *descriptor, a []uint64) errno {
	end := a[1] + a[2]
	if end < a[1] {
		return errInvalid
	}
	if end > uint64(len(i.folder.content(d.node))) {
		i.folder.resize(d.node, end)
	}
	return success
}

func fdFilestatSetSize(i *Instance, d *descriptor, a []uint64) errno {
	if !d.writable {
		return errBadFile
	}
	i.folder.resize(d.node, a[1])
	d.node.modified = i.env.Now()
	return success
}

func fdSeek(i *Instance, d *descriptor, a []uint64) errno {
	var from uint64
	switch a[2] {
	case 0:
	case 1:
		from = d.offset
	case 2:
		from = uint64(len(i.folder.content(d.node)))
	default:
		return errInvalid
	}
	to := int64(from + a[1])
	if to < 0 {
		return errInvalid
	}
	i.put64(a[3], uint64(to))
	d.offset = uint64(to)
	return success
}

func fdTell(i *Instance, d *descriptor, a []uint64) errno {
	i.put64(a[1], d.offset)
	return success
}

func (i *Instance) fdSync(a []uint64) errno {
	d := i.descriptor(a[0])
	if d.node == nil {
		return errInvalid
	}
	return i.sync(d.node)
}

func fdFilestatGet(i *Instance, d *descriptor, a []uint64) errno { return i.stat(d.node, a[1]) }

// stat writes what there is to know about a node; of a standard stream, nil, nothing but its type.
func (i *Instance) stat(n *node, at uint64) errno {
	to := i.bytes(at, 64)
	clear(to)
	to[16], to[24] = characterDevice, 1
	if n == nil {
		return success
	}
	order.PutUint64(to[8:], n.number)
	to[16] = directoryType
	if !n.directory() {
		to[16] = regularFile
		order.PutUint64(to[32:], uint64(len(i.folder.content(n))))
	}
	for _, field := range []int{40, 48, 56} { // of access, of change, of change of what is written here
		order.PutUint64(to[field:], uint64(n.modified))
	}
	return success
}
