package znodes

import (
	"slices"
	"strings"

	"cleave/systems/zkwire"
)

// accessList is the ACL of all the znodes that have the same. Its entries never change.
type accessList struct {
	entries []zkwire.ACL
	key     string // the entries as bytes
	uses    int    // how many znodes have it
}

// accessTable keeps one accessList for each distinct ACL in use: nearly all znodes have the open one.
type accessTable struct {
	open  *accessList // world:anyone may do everything
	lists map[string]*accessList
}

func newAccessTable() accessTable {
	t := accessTable{lists: map[string]*accessList{}}
	t.open = t.intern([]zkwire.ACL{{Perms: zkwire.PermAll, Identity: anyone}})
	t.retain(t.open)
	return t
}

// intern finds the list of some entries, or makes one, which counts once a znode retains it.
func (t *accessTable) intern(entries []zkwire.ACL) *accessList {
	if t.open != nil && isOpen(entries) {
		return t.open
	}
	key := appendACL(make([]byte, 0, 128), entries)
	if known := t.lists[string(key)]; known != nil {
		return known
	}
	return &accessList{entries: entries, key: string(key)}
}

func (t *accessTable) retain(list *accessList) {
	if list.uses == 0 {
		t.lists[list.key] = list
	}
	list.uses++
}

func (t *accessTable) release(list *accessList) {
	list.uses--
	if list.uses == 0 {
		delete(t.lists, list.key)
	}
}

func isOpen(entries []zkwire.ACL) bool {
	return len(entries) == 1 && entries[0].Perms == zkwire.PermAll && entries[0].Identity == anyone
}

// admit makes the list of a new ACL, as ZooKeeper's fixupACL: entries that come again are left out,
// "auth" stands for everybody whom the connection has proved to be, and every id must have its
// scheme's form.
func (t *accessTable) admit(entries []zkwire.ACL, ids []zkwire.Identity) (*accessList, zkwire.Code) {
	if isOpen(entries) {
		return t.open, zkwire.OK
	}
	var fixed []zkwire.ACL
	for i, entry := range entries {
		switch {
		case slices.Contains(entries[:i], entry):
		case entry.Scheme == schemeAuth:
			before := len(fixed)
			for _, id := range ids {
				if id.Scheme == schemeDigest { // the one scheme that proves anything
					fixed = append(fixed, zkwire.ACL{Perms: entry.Perms, Identity: id})
				}
			}
			if len(fixed) == before {
				return nil, zkwire.InvalidACL
			}
		case wellFormed(entry.Identity):
			fixed = append(fixed, entry)
		default:
			return nil, zkwire.InvalidACL
		}
	}
	if len(fixed) == 0 {
		return nil, zkwire.InvalidACL
	}
	return t.intern(fixed), zkwire.OK
}

// May tells whether somebody with some identities may do to a znode with an ACL what one of the bits
// of perm allows. An empty ACL forbids nothing, as in ZooKeeper.
func (s *State) May(ids []zkwire.Identity, acl []zkwire.ACL, perm int32) bool {
	return s.options.SkipACL || len(acl) == 0 || granted(ids, acl, perm)
}

func granted(ids []zkwire.Identity, acl []zkwire.ACL, perm int32) bool {
	for i := range acl {
		if acl[i].Perms&perm != 0 && (acl[i].Identity == anyone || matches(ids, acl[i].Identity)) {
			return true
		}
	}
	return slices.ContainsFunc(ids, func(id zkwire.Identity) bool { return id.Scheme == SchemeSuper })
}

// masked is an ACL as those see it who may read but not administer the znode: without the hashes.
func masked(acl []zkwire.ACL) []zkwire.ACL {
	shown := slices.Clone(acl)
	for i := range shown {
		if user, _, hashed := strings.Cut(shown[i].ID, ":"); hashed && shown[i].Scheme == schemeDigest {
			shown[i].ID = user + ":x"
		}
	}
	return shown
}
