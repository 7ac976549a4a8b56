package wasi

import (
	"bytes"
	"slices"
	"strings"
)

// pathRename moves a file, or a directory with all that is in it. It is done when it is durable: the content
// replaces what the new name held, and then the old name goes. A crash before that leaves the old name, or
// both; never neither. A directory's files come over one by one.
func (i *Instance) pathRename(a []uint64) errno {
	from, to := i.resolve(a[0], a[1], a[2]), i.resolve(a[3], a[4], a[5])
	if err := i.renamable(from, to); err != success {
		return err
	}
	if from.name == to.name {
		return success
	}
	moved := []*node{from.node}
	if from.node.directory() {
		moved = append(moved, i.folder.below(from.node)...)
	}
	newName := func(n *node) string { return to.name + strings.TrimPrefix(n.name, from.name) }
	if err := i.replaceAll(moved, newName); err != success {
		return err
	}
	if to.node != nil {
		i.folder.remove(to.node)
	}
	for _, n := range moved {
		i.folder.disk.Remove(n.name)
		n.name, n.copy, n.copied = newName(n), nil, false
	}
	slices.SortFunc(i.folder.nodes, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	return success
}

// renamable tells what speaks against a rename.
func (i *Instance) renamable(from, to path) errno {
	switch {
	case from.node == nil:
		return errNoEntry
	case from.name == "" || from.node.directory() && strings.HasPrefix(to.name, from.name+"/"):
		return errInvalid
	case to.node == nil && to.slashed && !from.node.directory():
		return errNoDirectory
	case to.node == nil:
		return success
	case from.node.directory() && !to.node.directory():
		return errNoDirectory
	case !from.node.directory() && to.node.directory():
		return errIsDirectory
	case to.node.directory() && len(i.folder.below(to.node)) > 0 && from.name != to.name:
		return errNotEmpty
	}
	return success
}

// replaceAll puts the content of nodes under their new names, and waits until all of it is durable.
func (i *Instance) replaceAll(moved []*node, newName func(*node) string) errno {
	return i.awaitDisk(func(done func(error)) {
		left, failed := len(moved), error(nil)
		for _, n := range moved {
			if i.dead { // a kill in the middle of a write: what is on the disk now is the next life's
				return
			}
			i.folder.disk.Replace(newName(n), bytes.Clone(i.folder.content(n)), func(err error) {
				if err != nil {
					failed = err
				}
				if left--; left == 0 {
					done(failed)
				}
			})
		}
	})
}
