package zkwire

import "encoding/binary"

func appendInt32(out []byte, number int32) []byte {
	return binary.BigEndian.AppendUint32(out, uint32(number))
}

func appendInt64(out []byte, number int64) []byte {
	return binary.BigEndian.AppendUint64(out, uint64(number))
}

// appendBuffer writes nil as null.
func appendBuffer(out, value []byte) []byte {
	if value == nil {
		return appendInt32(out, -1)
	}
	out = appendInt32(out, int32(len(value)))
	return append(out, value...)
}

func appendText(out []byte, value string) []byte {
	out = appendInt32(out, int32(len(value)))
	return append(out, value...)
}

// appendTexts writes a vector of strings, nil as an empty one: the server never writes null.
func appendTexts(out []byte, values []string) []byte {
	out = appendInt32(out, int32(len(values)))
	for _, value := range values {
		out = appendText(out, value)
	}
	return out
}

func appendACLs(out []byte, values []ACL) []byte {
	out = appendInt32(out, int32(len(values)))
	for i := range values {
		out = appendInt32(out, values[i].Perms)
		out = appendIdentity(out, values[i].Identity)
	}
	return out
}

func appendIdentity(out []byte, who Identity) []byte {
	out = appendText(out, who.Scheme)
	return appendText(out, who.ID)
}

func appendIdentities(out []byte, values []Identity) []byte {
	out = appendInt32(out, int32(len(values)))
	for _, value := range values {
		out = appendIdentity(out, value)
	}
	return out
}

func appendStat(out []byte, s *Stat) []byte {
	out = appendInt64(out, s.Czxid)
	out = appendInt64(out, s.Mzxid)
	out = appendInt64(out, s.Ctime)
	out = appendInt64(out, s.Mtime)
	out = appendInt32(out, s.Version)
	out = appendInt32(out, s.Cversion)
	out = appendInt32(out, s.Aversion)
	out = appendInt64(out, s.EphemeralOwner)
	out = appendInt32(out, s.DataLength)
	out = appendInt32(out, s.NumChildren)
	return appendInt64(out, s.Pzxid)
}
