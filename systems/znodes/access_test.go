package znodes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

func TestDigest(t *testing.T) {
	// The example of ZooKeeper's administrator's guide.
	require.Equal(t, zkwire.Identity{Scheme: "digest", ID: "super:xQJmxLMiHGwaqBvst5y6rkB6HQs="}, DigestIdentity("super:admin"))
	require.Equal(t, "no colon", DigestIdentity("no colon").ID[:8])
	options := Options{Super: DigestIdentity("super:admin").ID}
	require.Equal(t, []zkwire.Identity{{Scheme: "super"}, DigestIdentity("super:admin")}, options.Identities("super:admin"))
	require.Equal(t, []zkwire.Identity{alice}, options.Identities("alice:secret"))
	require.Len(t, Options{}.Identities("super:admin"), 1)
}

func TestWellFormed(t *testing.T) {
	good := []zkwire.Identity{anyone, {Scheme: "digest", ID: "a:b"}, {Scheme: "digest", ID: ":b"}, {Scheme: "digest", ID: "a:b::"},
		{Scheme: "ip", ID: "10.0.0.1"}, {Scheme: "ip", ID: "010.0.0.1/8"}, {Scheme: "ip", ID: "10.0.0.1/0"}, {Scheme: "ip", ID: "10.0.0.1/32"}}
	for _, id := range good {
		require.True(t, wellFormed(id), id)
	}
	bad := []zkwire.Identity{{}, {Scheme: "world", ID: "someone"}, {Scheme: "world"}, {Scheme: "super"}, {Scheme: "sasl", ID: "a:b"},
		{Scheme: "digest", ID: ""}, {Scheme: "digest", ID: "a"}, {Scheme: "digest", ID: "a:"}, {Scheme: "digest", ID: "a:b:c"}, {Scheme: "digest", ID: ":"},
		{Scheme: "ip", ID: ""}, {Scheme: "ip", ID: "10.0.0"}, {Scheme: "ip", ID: "10.0.0.256"}, {Scheme: "ip", ID: "10.0.0.1/33"},
		{Scheme: "ip", ID: "10.0.0.1/"}, {Scheme: "ip", ID: "10.0.0.1/-1"}, {Scheme: "ip", ID: "host"}, {Scheme: "ip", ID: "1.2.3.4.5"},
		{Scheme: "ip", ID: "-1.2.3.4"}, {Scheme: "ip", ID: "::1"}, {Scheme: "ip", ID: "2001:db8::/32"}, {Scheme: "ip", ID: "::ffff:1.2.3.4"}}
	for _, id := range bad {
		require.False(t, wellFormed(id), id)
	}
}

func TestMatches(t *testing.T) {
	ip := func(id string) zkwire.Identity { return zkwire.Identity{Scheme: "ip", ID: id} }
	rows := []struct {
		is, named zkwire.Identity
		match     bool
	}{
		{alice, alice, true}, {alice, bob, false},
		{ip("10.1.2.3"), ip("10.1.2.3"), true}, {ip("10.1.2.3"), ip("10.1.2.4"), false},
		{ip("10.1.2.3"), ip("10.1.0.0/16"), true}, {ip("10.1.2.3"), ip("10.1.77.5/16"), true}, {ip("10.2.2.3"), ip("10.1.0.0/16"), false},
		{ip("10.1.2.130"), ip("10.1.2.128/25"), true}, {ip("10.1.2.127"), ip("10.1.2.128/25"), false},
		{ip("1.2.3.4"), ip("9.9.9.9/0"), true}, {ip("1.2.3.4"), ip("::/0"), false}, {ip("::1"), ip("0.0.0.0/0"), false},
		{ip("::1"), ip("::1"), false}, {ip("2001:db8::7"), ip("2001:db8::/32"), false},
		{ip("nonsense"), ip("0.0.0.0/0"), false}, {ip("1.2.3.4"), ip("nonsense"), false},
		{zkwire.Identity{Scheme: "ip", ID: alice.ID}, alice, false},
	}
	for _, row := range rows {
		require.Equal(t, row.match, matches([]zkwire.Identity{row.is}, row.named), "%v %v", row.is, row.named)
	}
	require.True(t, matches([]zkwire.Identity{ip("1.1.1.1"), bob, alice}, alice), "any identity will do")
}

func TestMay(t *testing.T) {
	s := New(Options{})
	acl := []zkwire.ACL{{Perms: zkwire.PermRead, Identity: anyone}, {Perms: zkwire.PermWrite, Identity: alice}}
	require.True(t, s.May(nil, acl, zkwire.PermRead))
	require.False(t, s.May(nil, acl, zkwire.PermWrite))
	require.True(t, s.May([]zkwire.Identity{alice}, acl, zkwire.PermWrite))
	require.False(t, s.May([]zkwire.Identity{alice}, acl, zkwire.PermAdmin))
	require.True(t, s.May(nil, acl, zkwire.PermAdmin|zkwire.PermRead), "one of the bits is enough")
	require.True(t, s.May([]zkwire.Identity{{Scheme: SchemeSuper}}, acl, zkwire.PermAdmin))
	require.True(t, s.May(nil, nil, zkwire.PermAdmin), "no ACL forbids nothing")
	require.True(t, New(Options{SkipACL: true}).May(nil, acl, zkwire.PermAdmin))
}

func TestAdmit(t *testing.T) {
	s := New(Options{})
	auth := entry(zkwire.PermRead, "auth", "whatever")
	digest := zkwire.ACL{Perms: zkwire.PermAll, Identity: bob}
	ids := []zkwire.Identity{{Scheme: "ip", ID: "1.2.3.4"}, {Scheme: SchemeSuper}, alice, bob}
	list, code := s.access.admit([]zkwire.ACL{digest, auth, digest, auth}, ids)
	require.Equal(t, zkwire.OK, code)
	require.Equal(t, []zkwire.ACL{digest, {Perms: zkwire.PermRead, Identity: alice}, {Perms: zkwire.PermRead, Identity: bob}}, list.entries)
	for _, bad := range [][]zkwire.ACL{nil, {}, {entry(1, "world", "me")}, {digest, entry(1, "", "")}, {entry(1, "super", "")}} {
		_, code = s.access.admit(bad, ids)
		require.Equal(t, zkwire.InvalidACL, code, bad)
	}
	_, code = s.access.admit([]zkwire.ACL{auth}, ids[:2])
	require.Equal(t, zkwire.InvalidACL, code, "an address proves nothing")
}

// Equal ACLs are kept once, and no longer than a node has them.
func TestAccessListsAreShared(t *testing.T) {
	d := newDesk(Options{})
	before := len(d.access.lists)
	for _, path := range []string{"/a", "/b"} {
		d.must(createOf(path, 0, only(alice)))
	}
	require.Len(t, d.access.lists, before+1)
	require.Same(t, d.nodes["/a"].access, d.nodes["/b"].access)
	d.ids = []zkwire.Identity{alice}
	d.must(setACLOf("/a", only(bob), -1))
	require.Len(t, d.access.lists, before+2)
	d.must(deleteOf("/a", -1))
	d.must(deleteOf("/b", -1))
	require.Len(t, d.access.lists, before)
	require.Equal(t, zkwire.NoAuth, d.code(createOf("/zookeeper/config/x", 0, only(alice))))
	require.Len(t, d.access.lists, before, "a refused create leaves nothing")
}
