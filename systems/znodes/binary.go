package znodes

import (
	"encoding/binary"

	"cleave/internal/octets"
	"cleave/systems/zkwire"
)

// reader reads what states and commands are made of.
type reader struct{ octets.Reader }

// word reads a text of which there are few different ones: the usual need no memory of their own.
func (r *reader) word() string {
	switch word := r.Bytes(); string(word) {
	case "world":
		return "world"
	case "anyone":
		return "anyone"
	case schemeDigest:
		return schemeDigest
	case schemeIP:
		return schemeIP
	case SchemeSuper:
		return SchemeSuper
	default:
		return string(word)
	}
}

func (r *reader) identity() zkwire.Identity { return zkwire.Identity{Scheme: r.word(), ID: r.word()} }

// acl reads what appendACL wrote.
func (r *reader) acl() []zkwire.ACL {
	var entries []zkwire.ACL
	for range r.Count(3) {
		entries = append(entries, zkwire.ACL{Perms: r.Int32(), Identity: r.identity()})
	}
	return entries
}

func appendACL(out []byte, entries []zkwire.ACL) []byte {
	out = binary.AppendUvarint(out, uint64(len(entries)))
	for i := range entries {
		out = binary.AppendVarint(out, int64(entries[i].Perms))
		out = octets.AppendText(out, entries[i].Scheme)
		out = octets.AppendText(out, entries[i].ID)
	}
	return out
}
