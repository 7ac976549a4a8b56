package zkclient

import (
	"cleave/systems/zkwire"
)

// everybody is the access list of all that this client makes.
func everybody() []zkwire.ACL {
	return []zkwire.ACL{{Perms: zkwire.PermAll, Identity: zkwire.Identity{Scheme: "world", ID: "anyone"}}}
}

// Get asks for the data of a znode, with its stat.
func Get(path string) zkwire.Request { return zkwire.Request{Op: zkwire.OpGetData, Path: path} }

// Exists asks for the stat of a znode, if it is there.
func Exists(path string) zkwire.Request { return zkwire.Request{Op: zkwire.OpExists, Path: path} }

// Set replaces the data of a znode that is of a version, or of AnyVersion.
func Set(path string, data []byte, version int32) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpSetData, Path: path, Data: data, Version: version}
}

// Create makes a znode, which everybody may use; the flags are zkwire's.
func Create(path string, data []byte, flags int32) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpCreate, Path: path, Data: data, ACL: everybody(), Flags: flags}
}

// Remove deletes a znode, whatever its version.
func Remove(path string) zkwire.Request {
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
