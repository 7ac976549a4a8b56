package znodes

import (
	"crypto/sha1"
	"encoding/base64"
	"strings"

	"cleave/systems/zkwire"
)

// Options are what an ensemble has agreed on before it starts. They are no part of the state but for
// Config: every node must have the same.
type Options struct {
	ExtendedTypes bool   // TTL nodes are allowed: zookeeper.extendedTypesEnabled
	Super         string // the digest id of the superuser, "super:<hash>"; "" for none
	SkipACL       bool   // nobody is refused anything: zookeeper.skipACL
	Config        []byte // the data of /zookeeper/config in a fresh tree; nil for a server by itself
	Bug           string // one of the planted bugs, "" for none
}

// The bugs that can be planted. Those with a number are named after the issue of ZooKeeper's whose
// damage they do.
const (
	// BugMultiOneByOne keeps the operations of a failing multi that came before the culprit.
	BugMultiOneByOne = "multi-one-by-one"
	// BugSequenceReuse numbers sequential nodes by the children there are, not those there ever were,
	// so that a number comes again after a deletion.
	BugSequenceReuse = "sequence-reuse"
	// Bug1367 restores a snapshot without the table of who owns which ephemeral nodes: a session of
	// before the snapshot ends, and its nodes stay on that server.
	Bug1367 = "zk-1367"
	// Bug2355 makes a server that was restored from a snapshot forget the last node of an ending
	// session that owns several.
	Bug2355 = "zk-2355"
	// Bug4466 makes a standard watch replace the persistent one that its owner has on the same path.
	Bug4466 = "zk-4466"
	// BugSlowRemoval removes what a closed session owned only when the next transaction comes.
	BugSlowRemoval = "slow-removal"
	// BugFiresTwice leaves a watch that is to fire once where it is when the data changes.
	BugFiresTwice = "fires-twice"
)

// SchemeSuper is the scheme of the identity that may do everything.
const SchemeSuper = "super"

// DigestIdentity is who somebody is that knows "user:password": user:base64(sha1(user:password)), as
// ZooKeeper's digest scheme has it.
func DigestIdentity(credentials string) zkwire.Identity {
	user, _, _ := strings.Cut(credentials, ":")
	hash := sha1.Sum([]byte(credentials))
	return zkwire.Identity{Scheme: "digest", ID: user + ":" + base64.StdEncoding.EncodeToString(hash[:])}
}

// Identities are what a connection gains by the credentials of the digest scheme: its digest, and the
// superuser's identity before it if the digest is Super.
func (o Options) Identities(credentials string) []zkwire.Identity {
	digest := DigestIdentity(credentials)
	if o.Super != "" && digest.ID == o.Super {
		return []zkwire.Identity{{Scheme: SchemeSuper}, digest}
	}
	return []zkwire.Identity{digest}
}
