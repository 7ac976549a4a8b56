package zkclient

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cleave/systems/zkwire"
)

// store is a small ZooKeeper for tests, shared by all servers: everything is committed at once.
type store struct {
	nodes    map[string]znode
	zxid     int64
	sessions map[int64]string // their passwords
	opened   int64
	watches  []armedWatch
}

type znode struct {
	data []byte
	stat zkwire.Stat
	made int // children ever created
}

// armedWatch is a watch of a connection; which ops fire it is fixed by kind.
type armedWatch struct {
	deliver func(zkwire.Event) // the connection
	owner   uint64
	path    string
	kind    string // data, child, persistent, recursive
}

func newStore() *store {
	return &store{nodes: map[string]znode{"/": {}}, sessions: map[int64]string{}}
}

// parent is the znode above a path.
func parent(path string) string {
	if at := strings.LastIndexByte(path, '/'); at > 0 {
		return path[:at]
	}
	return "/"
}

func (s *store) children(path string) (names []string) {
	prefix := strings.TrimSuffix(path, "/") + "/"
	for each := range s.nodes {
		if name, below := strings.CutPrefix(each, prefix); below && name != "" && !strings.Contains(name, "/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	slices.Reverse(names) // no order that a client may rely on
	return names
}

// open makes a session.
func (s *store) open() (id int64, password string) {
	s.opened++
	id = -0x7000000000000000 + s.opened // as of a server with a high number: ids may be negative
	s.sessions[id] = fmt.Sprintf("password of %5d", s.opened)[:16]
	return id, s.sessions[id]
}

// end forgets a session and its ephemerals.
func (s *store) end(session int64) {
	delete(s.sessions, session)
	s.zxid++
	var owned []string
	for path, node := range s.nodes {
		if node.stat.EphemeralOwner == session {
			owned = append(owned, path)
		}
	}
	slices.Sort(owned)
	for _, path := range owned {
		s.removeNode(path)
	}
}

// apply answers a request of a session.
func (s *store) apply(session int64, q *zkwire.Request) zkwire.Reply {
	p := zkwire.Reply{Xid: q.Xid}
	node, found := s.nodes[q.Path]
	switch q.Op {
	case zkwire.OpCreate, zkwire.OpDelete, zkwire.OpSetData:
		s.zxid++
		var result zkwire.Result
		result, p.Code = s.write(session, q)
		p.Path, p.Stat = result.Path, result.Stat
	case zkwire.OpMulti:
		s.zxid++
		p.Results = s.multi(session, q.Operations)
	case zkwire.OpMultiRead:
		for i := range q.Operations {
			p.Results = append(p.Results, s.readOne(&q.Operations[i]))
		}
	case zkwire.OpExists, zkwire.OpGetData, zkwire.OpGetChildren, zkwire.OpGetChildren2:
		p.Data, p.Stat, p.Names = node.data, node.stat, s.children(q.Path)
		if !found {
			p.Code = zkwire.NoNode
		}
	case zkwire.OpSync, zkwire.OpQuorumSync:
		p.Path = q.Path
	case zkwire.OpCloseSession:
		s.end(session)
	case zkwire.OpAddWatch, zkwire.OpSetWatches, zkwire.OpSetWatches2:
	default:
		p.Code = zkwire.Unimplemented
	}
	p.Zxid = s.zxid
	return p
}

func (s *store) readOne(q *zkwire.Request) zkwire.Result {
	node, found := s.nodes[q.Path]
	switch {
	case !found:
		return zkwire.Result{Op: zkwire.OpError, Code: zkwire.NoNode}
	case q.Op == zkwire.OpGetChildren:
		return zkwire.Result{Op: q.Op, Names: s.children(q.Path)}
	}
	return zkwire.Result{Op: q.Op, Data: node.data, Stat: node.stat}
}

// multi does all or nothing. It fires no watches: no test needs it.
func (s *store) multi(session int64, operations []zkwire.Request) (results []zkwire.Result) {
	before, watches := maps.Clone(s.nodes), s.watches
	s.watches = nil
	defer func() { s.watches = watches }()
	for i := range operations {
		result, code := s.write(session, &operations[i])
		result.Op = operations[i].Op
		if code == zkwire.OK {
			results = append(results, result)
			continue
		}
		s.nodes = before
		results = make([]zkwire.Result, len(operations))
		for at := range results {
			results[at] = zkwire.Result{Op: zkwire.OpError}
			if at > i {
				results[at].Code = zkwire.RuntimeInconsistency
			}
		}
		results[i].Code = code
		break
	}
	return results
}

func (s *store) write(session int64, q *zkwire.Request) (zkwire.Result, zkwire.Code) {
	if q.Op == zkwire.OpCreate {
		return s.createNode(session, q)
	}
	node, found := s.nodes[q.Path]
	switch {
	case !found:
		return zkwire.Result{}, zkwire.NoNode
	case q.Version >= 0 && q.Version != node.stat.Version:
		return zkwire.Result{}, zkwire.BadVersion
	case q.Op == zkwire.OpDelete && len(s.children(q.Path)) > 0:
		return zkwire.Result{}, zkwire.NotEmpty
	case q.Op == zkwire.OpDelete:
		s.removeNode(q.Path)
	case q.Op == zkwire.OpSetData:
		node.data = q.Data
		node.stat.Version++
		node.stat.Mzxid = s.zxid
		s.nodes[q.Path] = node
		s.fire(zkwire.EventDataChanged, q.Path)
	}
	return zkwire.Result{Stat: node.stat}, zkwire.OK
}

func (s *store) createNode(session int64, q *zkwire.Request) (zkwire.Result, zkwire.Code) {
	path := q.Path
	above, found := s.nodes[parent(path)]
	if q.Flags&zkwire.FlagSequential != 0 {
		path += fmt.Sprintf("%010d", above.made)
	}
	_, there := s.nodes[path]
	switch {
	case !found:
		return zkwire.Result{}, zkwire.NoNode
	case there:
		return zkwire.Result{}, zkwire.NodeExists
	case above.stat.EphemeralOwner != 0:
		return zkwire.Result{}, zkwire.NoChildrenForEphemerals
	case len(q.ACL) == 0:
		return zkwire.Result{}, zkwire.InvalidACL
	}
	above.made++
	above.stat.Pzxid = s.zxid
	s.nodes[parent(path)] = above
	made := znode{data: q.Data, stat: zkwire.Stat{Czxid: s.zxid, Mzxid: s.zxid, Pzxid: s.zxid}}
	if q.Flags&zkwire.FlagEphemeral != 0 {
		made.stat.EphemeralOwner = session
	}
	s.nodes[path] = made
	s.fire(zkwire.EventCreated, path)
	s.fire(zkwire.EventChildren, parent(path))
	return zkwire.Result{Path: path}, zkwire.OK
}

func (s *store) removeNode(path string) {
	delete(s.nodes, path)
	above := s.nodes[parent(path)]
	above.stat.Pzxid = s.zxid
	s.nodes[parent(path)] = above
	s.fire(zkwire.EventDeleted, path)
	s.fire(zkwire.EventChildren, parent(path))
}

// fire delivers an event to each connection that waits for it, once, and takes out what is used up.
func (s *store) fire(kind zkwire.EventType, path string) {
	var told []uint64
	s.watches = slices.DeleteFunc(s.watches, func(w armedWatch) bool {
		fires, oneShot := w.path == path, true
		switch w.kind {
		case "data":
			fires = fires && kind != zkwire.EventChildren
		case "child":
			fires = fires && (kind == zkwire.EventChildren || kind == zkwire.EventDeleted)
		case "persistent":
			oneShot = false
		case "recursive":
			fires, oneShot = kind != zkwire.EventChildren && (fires || strings.HasPrefix(path, w.path+"/")), false
		}
		if fires && !slices.Contains(told, w.owner) {
			told = append(told, w.owner)
			w.deliver(zkwire.Event{Type: kind, Path: path})
		}
		return fires && oneShot
	})
}
