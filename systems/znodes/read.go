package znodes

import (
	"slices"
	"strings"

	"cleave/systems/zkwire"
)

// Read answers a read from the state as it is: exists, getData, getACL, getChildren, getChildren2,
// getEphemerals (of the session), getAllChildrenNumber and multiRead. Names come in order; ZooKeeper
// promises none. Xid and Zxid are left 0. Any other operation is Unimplemented.
func (s *State) Read(q *zkwire.Request, ids []zkwire.Identity, session int64) zkwire.Reply {
	switch q.Op {
	case zkwire.OpExists:
		return s.exists(q.Path)
	case zkwire.OpGetEphemerals:
		return zkwire.Reply{Names: s.ephemeralsBelow(q.Path, session)}
	case zkwire.OpMultiRead:
		return s.multiRead(q.Operations, ids)
	case zkwire.OpGetACL:
		return s.getACL(q.Path, ids)
	case zkwire.OpGetData, zkwire.OpGetChildren, zkwire.OpGetChildren2, zkwire.OpGetAllChildrenNumber:
	default:
		return zkwire.Reply{Code: zkwire.Unimplemented}
	}
	node, code := s.readable(q.Path, ids, zkwire.PermRead)
	if code != zkwire.OK {
		return zkwire.Reply{Code: code}
	}
	switch q.Op {
	case zkwire.OpGetData:
		return zkwire.Reply{Data: node.data, Stat: node.stat()}
	case zkwire.OpGetChildren:
		return zkwire.Reply{Names: node.names()}
	case zkwire.OpGetChildren2:
		return zkwire.Reply{Names: node.names(), Stat: node.stat()}
	}
	number := s.descendants(node)
	if q.Path == "" {
		number++ // ZooKeeper counts the paths that begin with a slash, "/" itself among them
	}
	return zkwire.Reply{Number: number}
}

// readable finds a node for somebody who has one of the permissions. Paths are not validated: a bad
// one is that of no node.
func (s *State) readable(path string, ids []zkwire.Identity, perms int32) (*znode, zkwire.Code) {
	node := s.find(path)
	switch {
	case node == nil:
		return nil, zkwire.NoNode
	case !s.May(ids, node.access.entries, perms):
		return nil, zkwire.NoAuth
	}
	return node, zkwire.OK
}

// exists needs no permission.
func (s *State) exists(path string) zkwire.Reply {
	if strings.IndexByte(path, 0) >= 0 {
		return zkwire.Reply{Code: zkwire.BadArguments}
	}
	node := s.find(path)
	if node == nil {
		return zkwire.Reply{Code: zkwire.NoNode}
	}
	return zkwire.Reply{Stat: node.stat()}
}

func (s *State) getACL(path string, ids []zkwire.Identity) zkwire.Reply {
	node, code := s.readable(path, ids, zkwire.PermRead|zkwire.PermAdmin)
	if code != zkwire.OK {
		return zkwire.Reply{Code: code}
	}
	shown := node.access.entries
	if !s.May(ids, shown, zkwire.PermAdmin) {
		shown = masked(shown)
	}
	return zkwire.Reply{ACL: shown, Stat: node.stat()}
}

// ephemeralsBelow lists a session's own nodes whose paths begin with a prefix; a blank prefix or "/"
// is that of all.
func (s *State) ephemeralsBelow(prefix string, session int64) []string {
	trimmed := strings.TrimFunc(prefix, func(c rune) bool { return c <= ' ' })
	all := trimmed == "" || trimmed == rootPath
	names := []string{}
	for _, path := range s.OwnedBy(session) {
		if all || strings.HasPrefix(path, prefix) {
			names = append(names, path)
		}
	}
	return names
}

// multiRead answers each of its reads by itself.
func (s *State) multiRead(operations []zkwire.Request, ids []zkwire.Identity) zkwire.Reply {
	results := slices.Grow([]zkwire.Result(nil), len(operations))
	for i := range operations {
		q := &operations[i]
		if q.Op != zkwire.OpGetData && q.Op != zkwire.OpGetChildren {
			return zkwire.Reply{Code: zkwire.MarshallingError}
		}
		one := s.Read(q, ids, 0)
		result := zkwire.Result{Op: q.Op, Data: one.Data, Stat: one.Stat, Names: one.Names}
		if one.Code != zkwire.OK {
			result = zkwire.Result{Op: zkwire.OpError, Code: one.Code}
		}
		results = append(results, result)
	}
	return zkwire.Reply{Results: results}
}

// Find tells of a node what the watches of a client that comes back are judged by.
func (s *State) Find(path string) (czxid, mzxid, pzxid int64, found bool) {
	node := s.find(path)
	if node == nil {
		return 0, 0, 0, false
	}
	return node.czxid, node.mzxid, node.pzxid, true
}

// ACL gives a node's ACL, nil if there is no such node. The caller must not change it.
func (s *State) ACL(path string) []zkwire.ACL {
	if node := s.find(path); node != nil {
		return node.access.entries
	}
	return nil
}

// Nodes counts the znodes as ZooKeeper does: the root twice, since its path is also "". A fresh tree
// has 5.
func (s *State) Nodes() int { return len(s.nodes) + 1 }

// Ephemerals counts the ephemeral znodes.
func (s *State) Ephemerals() int { return s.ephemerals }

// DataSize is the size of all paths and data in bytes, ZooKeeper's approximate_data_size.
func (s *State) DataSize() int64 { return s.dataSize }
