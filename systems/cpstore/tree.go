package cpstore

import "slices"

// anyVersion as the expected version matches every version.
const anyVersion = -1

// tree holds the znodes. The map is only ever asked for one path; every walk goes by the sorted
// children.
type tree struct {
	nodes map[string]*znode
}

type znode struct {
	data                      []byte
	createdZxid, modifiedZxid int64
	createdTime, modifiedTime int64
	version                   int32
	created                   int32 // children ever created: ZooKeeper's stored cversion
	owner                     int64 // the session of an ephemeral node, else 0
	childrenZxid              int64
	children                  []string // names, sorted
}

// moment is when a change happens: its transaction and the proposer's clock.
type moment struct {
	zxid int64
	time int64
}

func newTree() *tree { return &tree{nodes: map[string]*znode{"/": {}}} }

// stat counts a deletion as a change of the children too: twice the creations, less those still
// there.
func (z *znode) stat() Stat {
	children := int32(len(z.children))
	return Stat{CreatedZxid: z.createdZxid, ModifiedZxid: z.modifiedZxid, CreatedTime: z.createdTime, ModifiedTime: z.modifiedTime,
		Version: z.version, ChildVersion: 2*z.created - children, EphemeralOwner: z.owner,
		DataLength: int32(len(z.data)), ChildCount: children, ChildrenZxid: z.childrenZxid}
}

// get finds a node.
func (t *tree) get(path string) (data []byte, stat Stat, code Code) {
	node := t.nodes[path]
	if node == nil {
		return nil, Stat{}, CodeNoNode
	}
	return node.data, node.stat(), CodeOK
}

// list gives the sorted names of a node's children. The caller must not change them.
func (t *tree) list(path string) ([]string, Code) {
	node := t.nodes[path]
	if node == nil {
		return nil, CodeNoNode
	}
	return node.children, CodeOK
}

// create adds a node, for a session if owner is not 0, and gives the path it got.
func (t *tree) create(path string, data []byte, owner int64, sequential bool, now moment) (string, Stat, Code) {
	if !validPath(path, sequential) {
		return "", Stat{}, CodeBadArguments
	}
	if path == "/" && !sequential {
		return "", Stat{}, CodeNodeExists
	}
	parentPath, _ := split(path)
	parent := t.nodes[parentPath]
	if parent == nil {
		return "", Stat{}, CodeNoNode
	}
	if parent.owner != 0 {
		return "", Stat{}, CodeNoChildrenForEphemerals
	}
	if sequential {
		path = sequenced(path, parent.created)
	}
	if t.nodes[path] != nil {
		return "", Stat{}, CodeNodeExists
	}
	node := &znode{data: data, createdZxid: now.zxid, modifiedZxid: now.zxid, createdTime: now.time, modifiedTime: now.time,
		owner: owner, childrenZxid: now.zxid}
	t.attach(path, node)
	parent.created++
	parent.childrenZxid = now.zxid
	return path, node.stat(), CodeOK
}

// attach puts a node under its parent, which is there.
func (t *tree) attach(path string, node *znode) {
	parentPath, name := split(path)
	parent := t.nodes[parentPath]
	at, _ := slices.BinarySearch(parent.children, name)
	// A new slice each time would be simpler, but a service of many instances would pay for it.
	parent.children = slices.Insert(parent.children, at, name)
	t.nodes[path] = node
}

// set replaces a node's data if its version is the expected one.
func (t *tree) set(path string, data []byte, version int32, now moment) (Stat, Code) {
	node := t.nodes[path]
	switch {
	case node == nil:
		return Stat{}, CodeNoNode
	case version != anyVersion && version != node.version:
		return Stat{}, CodeBadVersion
	}
	node.data = data
	node.version++
	node.modifiedZxid, node.modifiedTime = now.zxid, now.time
	return node.stat(), CodeOK
}

// remove deletes a childless node if its version is the expected one, and tells who owned it.
func (t *tree) remove(path string, version int32, now moment) (owner int64, code Code) {
	node := t.nodes[path]
	switch {
	case path == "/":
		return 0, CodeBadArguments
	case node == nil:
		return 0, CodeNoNode
	case version != anyVersion && version != node.version:
		return 0, CodeBadVersion
	case len(node.children) > 0:
		return 0, CodeNotEmpty
	}
	parentPath, name := split(path)
	parent := t.nodes[parentPath]
	at, _ := slices.BinarySearch(parent.children, name)
	parent.children = slices.Delete(parent.children, at, at+1)
	parent.childrenZxid = now.zxid
	delete(t.nodes, path)
	return node.owner, CodeOK
}
