package znodes

import (
	"time"

	"cleave/systems/zkwire"
)

var (
	open     = []zkwire.ACL{{Perms: zkwire.PermAll, Identity: anyone}}
	readOnly = []zkwire.ACL{{Perms: zkwire.PermRead, Identity: anyone}}
	alice    = DigestIdentity("alice:secret")
	bob      = DigestIdentity("bob:secret")
)

func entry(perms int32, scheme, id string) zkwire.ACL {
	return zkwire.ACL{Perms: perms, Identity: zkwire.Identity{Scheme: scheme, ID: id}}
}

func only(id zkwire.Identity) []zkwire.ACL {
	return []zkwire.ACL{{Perms: zkwire.PermAll, Identity: id}}
}

// desk is a state with a client at it, whose requests go through the bytes of a log entry.
type desk struct {
	*State
	session int64
	ids     []zkwire.Identity
	now     int64 // milliseconds
}

func newDesk(options Options) *desk {
	d := &desk{State: New(options), now: 1000}
	d.session = d.open()
	return d
}

func (d *desk) open() int64 {
	return d.apply(Command{Kind: CommandOpen, Timeout: time.Second, Password: []byte("pw")}).Session.ID
}

func (d *desk) apply(c Command) Result {
	c.Time = d.now * int64(time.Millisecond)
	decoded, good := DecodeCommand(c.Encode())
	if !good {
		panic("a command that does not decode")
	}
	return d.Apply(1, &decoded)
}

func (d *desk) do(q zkwire.Request) Result {
	attachment := uint64(1)
	if session, found := d.Session(d.session); found {
		attachment = session.Attachment
	}
	return d.apply(Command{Kind: CommandWrite, Session: d.session, Attachment: attachment, Identities: d.ids, Request: q.Append(nil)})
}

func (d *desk) code(q zkwire.Request) zkwire.Code { return d.do(q).Reply.Code }

// create makes a node with the open ACL, and must succeed.
func (d *desk) create(path string, flags int32) string {
	return d.must(createOf(path, flags, open)).Reply.Path
}

func (d *desk) must(q zkwire.Request) Result {
	r := d.do(q)
	if r.Reply.Code != zkwire.OK {
		panic(q.Path + ": " + r.Reply.Code.String())
	}
	for _, one := range r.Reply.Results {
		if one.Code != zkwire.OK {
			panic("in a multi: " + one.Code.String())
		}
	}
	return r
}

func (d *desk) stat(path string) zkwire.Stat {
	return d.Read(&zkwire.Request{Op: zkwire.OpExists, Path: path}, d.ids, d.session).Stat
}

func (d *desk) there(path string) bool {
	_, _, _, found := d.Find(path)
	return found
}

func createOf(path string, flags int32, acl []zkwire.ACL) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpCreate2, Path: path, Data: []byte(path), ACL: acl, Flags: flags}
}

func containerOf(path string) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpCreateContainer, Path: path, ACL: open, Flags: zkwire.FlagContainer}
}

func ttlOf(path string, ttl int64) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpCreateTTL, Path: path, ACL: open, Flags: zkwire.FlagTTL, TTL: ttl}
}

func deleteOf(path string, version int32) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpDelete, Path: path, Version: version}
}

func setOf(path, data string, version int32) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpSetData, Path: path, Data: []byte(data), Version: version}
}

func setACLOf(path string, acl []zkwire.ACL, version int32) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpSetACL, Path: path, ACL: acl, Version: version}
}

func checkOf(path string, version int32) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpCheck, Path: path, Version: version}
}

func multiOf(operations ...zkwire.Request) zkwire.Request {
	return zkwire.Request{Op: zkwire.OpMulti, Operations: operations}
}

func pathsOf(changes []Change) (all []string) {
	for _, one := range changes {
		all = append(all, one.Path)
	}
	return all
}
