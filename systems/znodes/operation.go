package znodes

import "cleave/systems/zkwire"

// The checks of this file come in the order of ZooKeeper's PrepRequestProcessor, so that a request
// with several faults gets the same code.

// anyVersion as the expected version matches every version.
const anyVersion = -1

// longestTTL is the most milliseconds that a fleeting node may live: ZooKeeper keeps them in 40 bits.
const longestTTL = 1<<40 - 1

// perform carries out one operation, by itself or in a multi. The result's Op is what a multi's reply
// says of it; Code is OK or why nothing was done.
func (s *State) perform(q *zkwire.Request, x *transaction) zkwire.Result {
	switch q.Op {
	case zkwire.OpDelete:
		return zkwire.Result{Op: zkwire.OpDelete, Code: s.deleteNode(q, x)}
	case zkwire.OpSetData:
		stat, code := s.setData(q, x)
		return zkwire.Result{Op: zkwire.OpSetData, Code: code, Stat: stat}
	case zkwire.OpSetACL:
		stat, code := s.setACL(q, x)
		return zkwire.Result{Op: zkwire.OpSetACL, Code: code, Stat: stat}
	case zkwire.OpCheck:
		_, code := s.check(q, x, zkwire.PermRead)
		return zkwire.Result{Op: zkwire.OpCheck, Code: code}
	}
	path, stat, code := s.create(q, x)
	if q.Op == zkwire.OpCreate {
		return zkwire.Result{Op: zkwire.OpCreate, Code: code, Path: path}
	}
	return zkwire.Result{Op: zkwire.OpCreate2, Code: code, Path: path, Stat: stat}
}

// nature is what a create asks for. Only the operation makes a node a container or gives it a time to
// live: ZooKeeper makes a persistent node of a plain create whose flags say container.
func (s *State) nature(q *zkwire.Request, session int64) (node znode, sequential bool, code zkwire.Code) {
	if q.Flags < zkwire.FlagPersistent || q.Flags > zkwire.FlagPersistentSequentTTL {
		return node, false, zkwire.BadArguments
	}
	timed := q.Flags == zkwire.FlagTTL || q.Flags == zkwire.FlagPersistentSequentTTL
	sequential = q.Flags == zkwire.FlagSequential || q.Flags == zkwire.FlagEphemeralSequential || q.Flags == zkwire.FlagPersistentSequentTTL
	switch {
	case timed && !s.options.ExtendedTypes:
		return node, false, zkwire.Unimplemented
	case timed != (q.Op == zkwire.OpCreateTTL), timed && (q.TTL <= 0 || q.TTL > longestTTL):
		return node, false, zkwire.BadArguments
	case timed:
		node.kind, node.owner = fleeting, q.TTL
	case q.Op == zkwire.OpCreateContainer:
		node.kind = container
	case q.Flags == zkwire.FlagEphemeral, q.Flags == zkwire.FlagEphemeralSequential:
		node.kind, node.owner = ephemeral, session
	}
	return node, sequential, zkwire.OK
}

// create adds a node, and gives the path it got.
func (s *State) create(q *zkwire.Request, x *transaction) (string, zkwire.Stat, zkwire.Code) {
	node, sequential, code := s.nature(q, x.session)
	if code != zkwire.OK {
		return "", zkwire.Stat{}, code
	}
	path := q.Path
	parentPath, good := above(path)
	if !good {
		return "", zkwire.Stat{}, zkwire.BadArguments
	}
	access, code := s.access.admit(q.ACL, x.identities)
	if code != zkwire.OK {
		return "", zkwire.Stat{}, code
	}
	parent := s.find(parentPath)
	switch {
	case parent == nil:
		return "", zkwire.Stat{}, zkwire.NoNode
	case !s.May(x.identities, parent.access.entries, zkwire.PermCreate):
		return "", zkwire.Stat{}, zkwire.NoAuth
	}
	if sequential {
		path = sequenced(path, s.nextNumber(parent))
	}
	switch {
	case !validPath(path):
		return "", zkwire.Stat{}, zkwire.BadArguments
	case s.nodes[path] != nil:
		return "", zkwire.Stat{}, zkwire.NodeExists
	case parent.kind == ephemeral:
		return "", zkwire.Stat{}, zkwire.NoChildrenForEphemerals
	}
	node.fields = fields{data: q.Data, access: access, czxid: x.zxid, mzxid: x.zxid, pzxid: x.zxid, ctime: x.time, mtime: x.time}
	s.attach(path, &node)
	changed := parent.fields
	changed.created++
	changed.pzxid = x.zxid
	s.change(parent, changed)
	x.changed(zkwire.EventCreated, path, &node, parent)
	return path, node.stat(), zkwire.OK
}

// nextNumber is what the name of a parent's next sequential child ends with.
func (s *State) nextNumber(parent *znode) int32 {
	if s.options.Bug == BugSequenceReuse {
		return int32(parent.children.count)
	}
	return parent.created
}

func (x *transaction) changed(event zkwire.EventType, path string, node, parent *znode) {
	change := Change{Type: event, Path: path, ACL: node.access.entries}
	if parent != nil {
		change.ParentACL = parent.access.entries
	}
	x.changes = append(x.changes, change)
}

// deleteNode deletes a childless node if its version is the expected one.
func (s *State) deleteNode(q *zkwire.Request, x *transaction) zkwire.Code {
	parentPath, good := above(q.Path)
	if !good || special(q.Path) {
		return zkwire.BadArguments
	}
	parent := s.find(parentPath)
	if parent == nil {
		return zkwire.NoNode
	}
	if !s.May(x.identities, parent.access.entries, zkwire.PermDelete) {
		return zkwire.NoAuth
	}
	node := s.find(q.Path)
	switch {
	case node == nil:
		return zkwire.NoNode
	case q.Version != anyVersion && q.Version != node.version:
		return zkwire.BadVersion
	case node.children.count > 0:
		return zkwire.NotEmpty
	}
	s.remove(q.Path, x)
	return zkwire.OK
}

// remove deletes a node that is there and has no children, unconditionally.
func (s *State) remove(path string, x *transaction) {
	node, parent := s.nodes[path], s.nodes[parentOf(path)]
	s.detach(path, node)
	changed := parent.fields
	changed.pzxid = x.zxid
	s.change(parent, changed)
	x.changed(zkwire.EventDeleted, path, node, parent)
}

// check finds the node whose data has the expected version, for somebody who has a permission.
func (s *State) check(q *zkwire.Request, x *transaction, perm int32) (*znode, zkwire.Code) {
	if !validPath(q.Path) {
		return nil, zkwire.BadArguments
	}
	node := s.nodes[q.Path]
	switch {
	case node == nil:
		return nil, zkwire.NoNode
	case !s.May(x.identities, node.access.entries, perm):
		return nil, zkwire.NoAuth
	case q.Version != anyVersion && q.Version != node.version:
		return nil, zkwire.BadVersion
	}
	return node, zkwire.OK
}

// setData replaces a node's data if its version is the expected one.
func (s *State) setData(q *zkwire.Request, x *transaction) (zkwire.Stat, zkwire.Code) {
	node, code := s.check(q, x, zkwire.PermWrite)
	if code != zkwire.OK {
		return zkwire.Stat{}, code
	}
	changed := node.fields
	changed.data, changed.mzxid, changed.mtime = q.Data, x.zxid, x.time
	changed.version++
	s.change(node, changed)
	x.changed(zkwire.EventDataChanged, q.Path, node, s.parent(q.Path))
	return node.stat(), zkwire.OK
}

// parent is the znode above, nil for the root's.
func (s *State) parent(path string) *znode {
	if path == rootPath {
		return nil
	}
	return s.nodes[parentOf(path)]
}

// setACL replaces a node's ACL if that has the expected version. No watch hears of it.
func (s *State) setACL(q *zkwire.Request, x *transaction) (zkwire.Stat, zkwire.Code) {
	if !validPath(q.Path) {
		return zkwire.Stat{}, zkwire.BadArguments
	}
	access, code := s.access.admit(q.ACL, x.identities)
	if code != zkwire.OK {
		return zkwire.Stat{}, code
	}
	node := s.nodes[q.Path]
	switch {
	case node == nil:
		return zkwire.Stat{}, zkwire.NoNode
	case !s.May(x.identities, node.access.entries, zkwire.PermAdmin):
		return zkwire.Stat{}, zkwire.NoAuth
	case q.Version != anyVersion && q.Version != node.aversion:
		return zkwire.Stat{}, zkwire.BadVersion
	}
	changed := node.fields
	changed.access = access
	changed.aversion++
	s.change(node, changed)
	return node.stat(), zkwire.OK
}
