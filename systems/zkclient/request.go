package zkclient

import (
	"strconv"

	"cleave/history"
	"cleave/systems/zkwire"
)

// anyVersion in a change means that no particular one is expected.
const anyVersion int32 = -1

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
	return zkwire.Request{Op: zkwire.OpDelete, Path: path, Version: anyVersion}
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

// decimal is an integer as znodes hold it.
func decimal(number int64) []byte { return strconv.AppendInt(nil, number, 10) }

// integer reads the integer that a znode holds. An empty znode holds nothing.
func integer(data []byte) (value history.Value, good bool) {
	if len(data) == 0 {
		return history.Nothing, true
	}
	number, err := strconv.ParseInt(string(data), 10, 64)
	return history.Integer(number), err == nil
}

// ancestors are the znodes above a path, from the top: "/a" and "/a/b" of "/a/b/c".
func ancestors(path string) (above []string) {
	for at := 1; at < len(path); at++ {
		if path[at] == '/' {
			above = append(above, path[:at])
		}
	}
	return above
}
