package znodes

import (
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

// within tells whether an address is in a network.
func within(address, named string) bool {
	is, good := parseAddress(address)
	base, bits, known := network(named)
	return good && known && (is^base)>>(32-bits) == 0
}

// network reads "address" or "address/bits".
func network(text string) (address uint32, bits int, good bool) {
	first, second, hasBits := strings.Cut(text, "/")
	address, good = parseAddress(first)
	bits = 32
	if hasBits {
		number, err := strconv.Atoi(second)
		good = good && err == nil && number >= 0 && number <= 32
		bits = number
	}
	return address, bits, good
}

// parseAddress reads IPv4 as ZooKeeper does, leading zeros and all. Version 3.8 knows nothing else: an
// ACL cannot name an IPv6 address, and who comes from one is in no network.
func parseAddress(text string) (address uint32, good bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return 0, false
	}
	for _, part := range parts {
		number, err := strconv.Atoi(part)
		if err != nil || number < 0 || number > 255 {
			return 0, false
		}
		address = address<<8 | uint32(number)
	}
	return address, true
}
