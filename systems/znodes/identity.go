package znodes

import (
	"net/netip"
	"strconv"
	"strings"

	"cleave/systems/zkwire"
)

const (
	schemeAuth   = "auth"
	schemeDigest = "digest"
	schemeIP     = "ip"
)

var anyone = zkwire.Identity{Scheme: "world", ID: "anyone"}

// wellFormed tells whether an ACL may name an identity: anyone of the world, user:hash of the digest
// scheme, an address or address/bits of the ip scheme, and nobody of any other.
func wellFormed(id zkwire.Identity) bool {
	switch id.Scheme {
	case schemeDigest:
		// Java's split drops empty parts at the end.
		return strings.Count(strings.TrimRight(id.ID, ":"), ":") == 1
	case schemeIP:
		_, _, good := network(id.ID)
		return good
	}
	return id == anyone
}

// matches tells whether one of a connection's identities is the one an ACL names.
func matches(ids []zkwire.Identity, named zkwire.Identity) bool {
	for _, id := range ids {
		switch {
		case id.Scheme != named.Scheme:
		case id.Scheme == schemeDigest && id.ID == named.ID:
			return true
		case id.Scheme == schemeIP && within(id.ID, named.ID):
			return true
		}
	}
	return false
}

// within tells whether an address is in a network; one of IPv4 is in none of IPv6.
func within(address, named string) bool {
	is, good := parseAddress(address)
	net, bits, known := network(named)
	if !good || !known || is.BitLen() != net.BitLen() {
		return false
	}
	prefix, err := is.Prefix(bits)
	if err != nil {
		return false
	}
	return prefix.Masked() == netip.PrefixFrom(net, bits).Masked()
}

// network reads "address" or "address/bits".
func network(text string) (address netip.Addr, bits int, good bool) {
	first, second, hasBits := strings.Cut(text, "/")
	address, good = parseAddress(first)
	if !good {
		return netip.Addr{}, 0, false
	}
	bits = address.BitLen()
	if hasBits {
		number, err := strconv.Atoi(second)
		if err != nil || number < 0 || number > bits {
			return netip.Addr{}, 0, false
		}
		bits = number
	}
	return address, bits, true
}

// parseAddress reads IPv4 as ZooKeeper does, leading zeros and all. Version 3.8 refuses IPv6 in an
// ACL; later ones take it, and so do we, but for zones.
func parseAddress(text string) (netip.Addr, bool) {
	if strings.Contains(text, ":") {
		address, err := netip.ParseAddr(text)
		return address, err == nil && address.Zone() == ""
	}
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return netip.Addr{}, false
	}
	var four [4]byte
	for i, part := range parts {
		number, err := strconv.Atoi(part)
		if err != nil || number < 0 || number > 255 {
			return netip.Addr{}, false
		}
		four[i] = byte(number)
	}
	return netip.AddrFrom4(four), true
}
