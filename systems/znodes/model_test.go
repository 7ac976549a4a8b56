package znodes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cleave/systems/zkwire"
)

// model is the tree as plainly as it can be said: a map, copied whole where something may have to be
// undone. It knows the create kinds, versions and two ACLs, and that all paths are good ones.
type model struct {
	nodes map[string]modelNode
	zxid  int64
}

type modelNode struct {
	data    string
	acl     []zkwire.ACL
	stat    zkwire.Stat // but for Cversion, DataLength and NumChildren
	created int32
	kind    kind
}

func newModel(zxid int64) *model {
	m := &model{nodes: map[string]modelNode{}, zxid: zxid}
	for _, path := range []string{"/", "/zookeeper", "/zookeeper/quota"} {
		m.nodes[path] = modelNode{acl: open}
	}
	m.nodes["/zookeeper/config"] = modelNode{acl: readOnly, stat: zkwire.Stat{Aversion: -1}}
	return m
}

func (m *model) children(path string) []string {
	names := []string{}
	for other := range m.nodes {
		if other != "/" && parentOf(other) == path {
			names = append(names, nameOf(other))
		}
	}
	slices.Sort(names)
	return names
}

func (m *model) stat(path string) zkwire.Stat {
	node := m.nodes[path]
	stat := node.stat
	stat.NumChildren = int32(len(m.children(path)))
	stat.Cversion = 2*node.created - stat.NumChildren
	stat.DataLength = int32(len(node.data))
	return stat
}

func (m *model) may(path string, perm int32) bool {
	return granted(nil, m.nodes[path].acl, perm)
}

// apply carries out one operation, and gives what the reply must be.
func (m *model) apply(q *zkwire.Request, session int64, now int64) zkwire.Result {
	switch q.Op {
	case zkwire.OpDelete:
		return zkwire.Result{Op: q.Op, Code: m.delete(q)}
	case zkwire.OpCreate, zkwire.OpCreateContainer:
		return m.create(q, session, now)
	}
	node, there := m.nodes[q.Path]
	perm := map[zkwire.Op]int32{zkwire.OpSetData: zkwire.PermWrite, zkwire.OpCheck: zkwire.PermRead, zkwire.OpSetACL: zkwire.PermAdmin}[q.Op]
	version := node.stat.Version
	if q.Op == zkwire.OpSetACL {
		version = node.stat.Aversion
	}
	switch {
	case !there:
		return zkwire.Result{Op: q.Op, Code: zkwire.NoNode}
	case !m.may(q.Path, perm):
		return zkwire.Result{Op: q.Op, Code: zkwire.NoAuth}
	case q.Version != -1 && q.Version != version:
		return zkwire.Result{Op: q.Op, Code: zkwire.BadVersion}
	case q.Op == zkwire.OpCheck:
		return zkwire.Result{Op: q.Op}
	case q.Op == zkwire.OpSetACL:
		node.acl = q.ACL
		node.stat.Aversion++
	default:
		node.data, node.stat.Mzxid, node.stat.Mtime = string(q.Data), m.zxid, now
		node.stat.Version++
	}
	m.nodes[q.Path] = node
	return zkwire.Result{Op: q.Op, Stat: m.stat(q.Path)}
}

func (m *model) create(q *zkwire.Request, session, now int64) zkwire.Result {
	path, parentPath := q.Path, parentOf(q.Path)
	parent, there := m.nodes[parentPath]
	if q.Flags&zkwire.FlagSequential != 0 {
		path = fmt.Sprintf("%s%010d", path, parent.created)
	}
	op, code := zkwire.OpCreate, zkwire.OK
	if q.Op != zkwire.OpCreate {
		op = zkwire.OpCreate2
	}
	_, exists := m.nodes[path]
	switch {
	case !there:
		code = zkwire.NoNode
	case !m.may(parentPath, zkwire.PermCreate):
		code = zkwire.NoAuth
	case exists:
		code = zkwire.NodeExists
	case parent.kind == ephemeral:
		code = zkwire.NoChildrenForEphemerals
	}
	if code != zkwire.OK {
		return zkwire.Result{Op: op, Code: code}
	}
	node := modelNode{data: string(q.Data), acl: q.ACL,
		stat: zkwire.Stat{Czxid: m.zxid, Mzxid: m.zxid, Pzxid: m.zxid, Ctime: now, Mtime: now}}
	switch {
	case q.Op == zkwire.OpCreateContainer:
		node.kind = container
	case q.Flags&zkwire.FlagEphemeral != 0:
		node.kind, node.stat.EphemeralOwner = ephemeral, session
	}
	parent.created++
	parent.stat.Pzxid = m.zxid
	m.nodes[parentPath], m.nodes[path] = parent, node
	r := zkwire.Result{Op: op, Path: path}
	if op == zkwire.OpCreate2 {
		r.Stat = m.stat(path)
	}
	return r
}

func (m *model) delete(q *zkwire.Request) zkwire.Code {
	node, there := m.nodes[q.Path]
	_, parentThere := m.nodes[parentOf(q.Path)]
	switch {
	case q.Path == "/" || q.Path == "/zookeeper":
		return zkwire.BadArguments
	case !parentThere:
		return zkwire.NoNode
	case !m.may(parentOf(q.Path), zkwire.PermDelete):
		return zkwire.NoAuth
	case !there:
		return zkwire.NoNode
	case q.Version != -1 && q.Version != node.stat.Version:
		return zkwire.BadVersion
	case len(m.children(q.Path)) > 0:
		return zkwire.NotEmpty
	}
	m.remove(q.Path)
	return zkwire.OK
}

func (m *model) remove(path string) {
	delete(m.nodes, path)
	parent := m.nodes[parentOf(path)]
	parent.stat.Pzxid = m.zxid
	m.nodes[parentOf(path)] = parent
}

// multi carries out all or nothing.
func (m *model) multi(operations []zkwire.Request, session, now int64) []zkwire.Result {
	before := maps.Clone(m.nodes)
	var results []zkwire.Result
	for i := range operations {
		r := m.apply(&operations[i], session, now)
		if r.Code == zkwire.OK {
			results = append(results, r)
			continue
		}
		m.nodes = before
		results = make([]zkwire.Result, len(operations))
		for j := range results {
			results[j] = zkwire.Result{Op: zkwire.OpError}
			if j > i {
				results[j].Code = zkwire.RuntimeInconsistency
			}
		}
		results[i].Code = r.Code
		return results
	}
	return results
}

func (m *model) end(session int64) {
	var owned []string
	for path, node := range m.nodes {
		if node.kind == ephemeral && node.stat.EphemeralOwner == session {
			owned = append(owned, path)
		}
	}
	for _, path := range owned {
		m.remove(path)
	}
}

// due is what Due must list.
func (m *model) due() []string {
	var due []string
	for path, node := range m.nodes {
		if node.kind == container && node.created > 0 && len(m.children(path)) == 0 {
			due = append(due, path)
		}
	}
	slices.Sort(due)
	return due
}

// below is what getAllChildrenNumber must give.
func (m *model) below(path string) (count int32) {
	for other := range m.nodes {
		if other != "/" && strings.HasPrefix(other, strings.TrimSuffix(path, "/")+"/") {
			count++
		}
	}
	return count
}
