package zkwire

import "encoding/binary"

// reader takes fields off the front of a payload. After the first field that is not there it is bad
// and gives zeros. Buffers that it returns share the payload's memory, strings do not.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) fail() {
	r.bad = true
	r.data = nil
}

func (r *reader) int32() int32 {
	if len(r.data) < 4 {
		r.fail()
		return 0
	}
	number := binary.BigEndian.Uint32(r.data)
	r.data = r.data[4:]
	return int32(number)
}

func (r *reader) int64() int64 {
	if len(r.data) < 8 {
		r.fail()
		return 0
	}
	number := binary.BigEndian.Uint64(r.data)
	r.data = r.data[8:]
	return int64(number)
}

// bool takes any byte but 0 for true, as Java does.
func (r *reader) bool() bool {
	if len(r.data) == 0 {
		r.fail()
		return false
	}
	value := r.data[0] != 0
	r.data = r.data[1:]
	return value
}

// buffer reads a length and so many bytes. The length -1 gives nil, 0 an empty buffer.
func (r *reader) buffer() []byte {
	length := r.int32()
	if r.bad || length == -1 {
		return nil
	}
	if length < 0 || int(length) > len(r.data) {
		r.fail()
		return nil
	}
	value := r.data[:length:length]
	r.data = r.data[length:]
	return value
}

// text reads a string that may be null, which is as good as empty.
func (r *reader) text() string { return string(r.buffer()) }

// path reads a string that may not be null: ZooKeeper's server stumbles over a null path and answers
// as if the body were malformed.
func (r *reader) path() string {
	value := r.buffer()
	if value == nil {
		r.fail()
	}
	return string(value)
}

// word reads a string that is mostly one of few, for which it asks for no memory.
func (r *reader) word() string {
	value := r.buffer()
	switch string(value) {
	case "world":
		return "world"
	case "anyone":
		return "anyone"
	case "digest":
		return "digest"
	case "ip":
		return "ip"
	case "auth":
		return "auth"
	}
	return string(value)
}

// count reads how many elements follow, each of size bytes at least, so that a false count cannot
// ask for more memory than a small multiple of the payload. Negative is none, as in Java.
func (r *reader) count(size int) int {
	count := int(r.int32())
	if r.bad || count <= 0 {
		return 0
	}
	if count > len(r.data)/size {
		r.fail()
		return 0
	}
	return count
}

// texts reads a vector of strings; nil if there are none.
func (r *reader) texts() []string {
	count := r.count(4)
	if count == 0 {
		return nil
	}
	all := make([]string, count)
	for i := range all {
		all[i] = r.text()
	}
	return all
}

// paths reads a vector of paths, of which neither it nor they may be null; nil if there are none.
func (r *reader) paths() []string {
	if len(r.data) >= 4 && int32(binary.BigEndian.Uint32(r.data)) == -1 {
		r.fail()
		return nil
	}
	count := r.count(4)
	if count == 0 {
		return nil
	}
	all := make([]string, count)
	for i := range all {
		all[i] = r.path()
	}
	return all
}

// acls reads a vector of ACLs; nil if there are none.
func (r *reader) acls() []ACL {
	count := r.count(12)
	if count == 0 {
		return nil
	}
	all := make([]ACL, count)
	for i := range all {
		all[i] = ACL{Perms: r.int32(), Identity: r.identity()}
	}
	return all
}

func (r *reader) identity() Identity { return Identity{Scheme: r.word(), ID: r.word()} }

func (r *reader) identities() []Identity {
	count := r.count(8)
	if count == 0 {
		return nil
	}
	all := make([]Identity, count)
	for i := range all {
		all[i] = r.identity()
	}
	return all
}

func (r *reader) stat() Stat {
	return Stat{Czxid: r.int64(), Mzxid: r.int64(), Ctime: r.int64(), Mtime: r.int64(),
		Version: r.int32(), Cversion: r.int32(), Aversion: r.int32(), EphemeralOwner: r.int64(),
		DataLength: r.int32(), NumChildren: r.int32(), Pzxid: r.int64()}
}
