package znodes

import "cleave/systems/zkwire"

// kind is what a znode lives with.
type kind uint8

const (
	persistent kind = iota // nothing: it is there until somebody deletes it
	ephemeral              // its session
	container              // its children: it goes when the last has gone
	fleeting               // its data and children: it goes when it had neither for its time to live
)

// znode is a node of the tree.
type znode struct {
	fields
	kind     kind
	owner    int64 // ephemeral: the session; fleeting: the time to live in milliseconds; else 0
	children paths // whole paths, the very strings that the tree's map has
}

// fields are what changes in a znode besides its place, so that a copy of them undoes a change.
type fields struct {
	data                []byte // nil is null
	access              *accessList
	czxid, mzxid, pzxid int64
	ctime, mtime        int64 // milliseconds since 1970
	version, aversion   int32
	created             int32 // children ever created: ZooKeeper's stored cversion
}

// stat is what clients see. They are told a child's deletion as a change of the children too: twice
// the creations, less those still there.
func (z *znode) stat() zkwire.Stat {
	children := int32(z.children.count)
	stat := zkwire.Stat{Czxid: z.czxid, Mzxid: z.mzxid, Ctime: z.ctime, Mtime: z.mtime, Version: z.version,
		Cversion: 2*z.created - children, Aversion: z.aversion, DataLength: int32(len(z.data)), NumChildren: children, Pzxid: z.pzxid}
	if z.kind == ephemeral {
		stat.EphemeralOwner = z.owner
	}
	return stat
}

// names lists the children in order.
func (z *znode) names() []string {
	all := z.children.list()
	for i, path := range all {
		all[i] = nameOf(path)
	}
	return all
}

// tree holds the znodes. The map is only ever asked for one path; every walk goes by the sorted
// children.
type tree struct {
	nodes      map[string]*znode
	access     accessTable
	owned      map[int64]*paths // the ephemeral nodes of each session that has any
	expendable paths            // containers and fleeting nodes
	ephemerals int
	dataSize   int64 // of all paths and data, in bytes

	// While a multi runs, steps has how to undo what it did, the last first.
	recording bool
	steps     []step
}

// step undoes one change: of a znode's fields, or of its place if there is a path.
type step struct {
	node     *znode
	before   fields
	path     string
	attached bool // it was attached to the path, else detached
}

func emptyTree() tree {
	return tree{nodes: map[string]*znode{}, access: newAccessTable(), owned: map[int64]*paths{}}
}

// freshTree is what a new ensemble starts with. The odd versions of the configuration's node are
// ZooKeeper's: it sets its ACL, and in an ensemble its data, to version -1.
func freshTree(config []byte) tree {
	t := emptyTree()
	for _, path := range []string{rootPath, procPath, quotaPath} {
		t.attach(path, &znode{fields: fields{data: []byte{}, access: t.access.open}})
	}
	read := t.access.intern([]zkwire.ACL{{Perms: zkwire.PermRead, Identity: anyone}})
	node := &znode{fields: fields{data: []byte{}, access: read, aversion: -1}}
	if config != nil {
		node.data, node.version = config, -1
	}
	t.attach(configPath, node)
	return t
}

// find gives the znode of a path. As in ZooKeeper, the empty path is another name of the root.
func (t *tree) find(path string) *znode {
	if path == "" {
		path = rootPath
	}
	return t.nodes[path]
}

// attach puts a node under its parent, which is there.
func (t *tree) attach(path string, node *znode) {
	t.nodes[path] = node
	if path != rootPath {
		t.nodes[parentOf(path)].children.add(path)
	}
	t.access.retain(node.access)
	t.dataSize += int64(len(path) + len(node.data))
	switch node.kind {
	case ephemeral:
		t.ephemerals++
		t.own(node.owner, path)
	case container, fleeting:
		t.expendable.add(path)
	}
	if t.recording {
		t.steps = append(t.steps, step{node: node, path: path, attached: true})
	}
}

// detach takes a childless node off its parent.
func (t *tree) detach(path string, node *znode) {
	delete(t.nodes, path)
	t.nodes[parentOf(path)].children.remove(path)
	t.access.release(node.access)
	t.dataSize -= int64(len(path) + len(node.data))
	switch node.kind {
	case ephemeral:
		t.ephemerals--
		t.disown(node.owner, path)
	case container, fleeting:
		t.expendable.remove(path)
	}
	if t.recording {
		t.steps = append(t.steps, step{node: node, path: path})
	}
}

func (t *tree) own(session int64, path string) {
	if t.owned[session] == nil {
		t.owned[session] = &paths{}
	}
	t.owned[session].add(path)
}

func (t *tree) disown(session int64, path string) {
	owned := t.owned[session]
	if owned == nil {
		return // a bug's doing: the session is gone
	}
	if owned.remove(path); owned.count == 0 {
		delete(t.owned, session)
	}
}

// change replaces a node's fields.
func (t *tree) change(node *znode, to fields) {
	if t.recording {
		t.steps = append(t.steps, step{node: node, before: node.fields})
	}
	if to.access != node.access {
		t.access.retain(to.access)
		t.access.release(node.access)
	}
	t.dataSize += int64(len(to.data) - len(node.data))
	node.fields = to
}

// record begins to note how changes are undone.
func (t *tree) record() { t.recording = true }

// settle ends what record began, and undoes all since if it is not to stay.
func (t *tree) settle(stay bool) {
	t.recording = false
	for i := len(t.steps) - 1; i >= 0 && !stay; i-- {
		switch one := &t.steps[i]; {
		case one.path == "":
			t.change(one.node, one.before)
		case one.attached:
			t.detach(one.path, one.node)
		default:
			t.attach(one.path, one.node)
		}
	}
	clear(t.steps)
	t.steps = t.steps[:0]
}

// descendants counts the nodes below one.
func (t *tree) descendants(node *znode) int32 {
	count := int32(node.children.count)
	for _, chunk := range node.children.chunks {
		for _, path := range chunk {
			if child := t.nodes[path]; child.children.count > 0 {
				count += t.descendants(child)
			}
		}
	}
	return count
}
