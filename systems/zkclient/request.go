package zkclient

import (
	"cleave/systems/zkwire"
)

// everybody is the access list of all that this client makes.
func everybody() []zkwire.ACL {
	return []zkwire.ACL{{Perms: zkwire.PermAll, Identity: zkwire.Identity{Scheme: "world", ID: "anyone"}}}
}

func get(path string) zkwire.Request { return zkwire.Request{Op: zkwire.OpGetData, Path: path} }

func exists(path string) zkwire.Request { return zkwire.Request{Op: zkwire.OpExists, Path: path} }

func set(path string, data []byte, version int32) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpSetData, Path: path, Data: data, Version: version}
}

func create(path string, data []byte, flags int32) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpCreate, Path: path, Data: data, ACL: everybody(), Flags: flags}
}

func remove(path string) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpDelete, Path: path, Version: AnyVersion}
}

// failure is what a reply says went wrong. That of a multi says it in its results: the code of the
// operation to blame comes first, after zeros.
func failure(p *zkwire.Reply) zkwire.Code {
	for _, result := range p.Results {
		if result.Op == zkwire.OpError && result.Code != zkwire.OK {
			return result.Code
		}
	}
	return p.Code
}
