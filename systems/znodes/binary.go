package znodes

import (
	"encoding/binary"

	"cleave/systems/zkwire"
)

// reader takes fields off the front of bytes. After the first field that is not there it is bad and
// gives zeros. What it returns shares the memory of what it reads.
type reader struct {
	data []byte
	bad  bool
}

// end tells whether everything was read and was good.
func (r *reader) end() bool { return !r.bad && len(r.data) == 0 }

func (r *reader) fail() {
	r.bad = true
	r.data = nil
}

func (r *reader) byte() byte {
	if len(r.data) == 0 {
		r.fail()
		return 0
	}
	first := r.data[0]
	r.data = r.data[1:]
	return first
}

func (r *reader) uvarint() uint64 {
	if len(r.data) > 0 && r.data[0] < 0x80 { // most are small
		first := r.data[0]
		r.data = r.data[1:]
		return uint64(first)
	}
	number, size := binary.Uvarint(r.data)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.data = r.data[size:]
	return number
}

func (r *reader) varint() int64 {
	number, size := binary.Varint(r.data)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.data = r.data[size:]
	return number
}

// int32 reads a number that must fit.
func (r *reader) int32() int32 {
	number := r.varint()
	if int64(int32(number)) != number {
		r.fail()
		return 0
	}
	return int32(number)
}

// bytes reads a length and so many bytes; nil if there are none.
func (r *reader) bytes() []byte {
	length := r.uvarint()
	if r.bad || length > uint64(len(r.data)) {
		r.fail()
		return nil
	}
	if length == 0 {
		return nil
	}
	value := r.data[:length:length]
	r.data = r.data[length:]
	return value
}

func (r *reader) text() string { return string(r.bytes()) }

// count reads how many elements follow, each of at least size bytes, so that a false count cannot ask
// for more memory than the message has.
func (r *reader) count(size int) int {
	count := r.uvarint()
	if r.bad || count > uint64(len(r.data)/size) {
		r.fail()
		return 0
	}
	return int(count)
}

// word reads a text of which there are few different ones: the usual need no memory of their own.
func (r *reader) word() string {
	switch word := r.bytes(); string(word) {
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
	for range r.count(3) {
		entries = append(entries, zkwire.ACL{Perms: r.int32(), Identity: r.identity()})
	}
	return entries
}

func appendACL(out []byte, entries []zkwire.ACL) []byte {
	out = appendUvarint(out, uint64(len(entries)))
	for i := range entries {
		out = appendVarint(out, int64(entries[i].Perms))
		out = appendText(out, entries[i].Scheme)
		out = appendText(out, entries[i].ID)
	}
	return out
}

func appendUvarint(out []byte, number uint64) []byte { return binary.AppendUvarint(out, number) }

func appendVarint(out []byte, number int64) []byte { return binary.AppendVarint(out, number) }

func appendBytes(out, value []byte) []byte {
	out = binary.AppendUvarint(out, uint64(len(value)))
	return append(out, value...)
}

func appendText(out []byte, value string) []byte {
	out = binary.AppendUvarint(out, uint64(len(value)))
	return append(out, value...)
}
