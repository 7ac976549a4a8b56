package cpstore

// Stat is what the store tells of a znode besides its data, as ZooKeeper's Stat.
type Stat struct {
	CreatedZxid    int64 // czxid: the transaction that created it
	ModifiedZxid   int64 // mzxid: the one that last set its data
	CreatedTime    int64 // ctime: nanoseconds on the clock of the node that proposed it
	ModifiedTime   int64 // mtime
	Version        int32 // how often the data was set
	ChildVersion   int32 // cversion: how often the list of children changed
	ACLVersion     int32 // aversion: always 0, there are no access lists
	EphemeralOwner int64 // the session that it lives with, 0 for a persistent node
	DataLength     int32
	ChildCount     int32 // numChildren
	ChildrenZxid   int64 // pzxid: the last creation or deletion of a child
}

func (s *Stat) append(out []byte) []byte {
	for _, number := range [...]int64{s.CreatedZxid, s.ModifiedZxid, s.CreatedTime, s.ModifiedTime, int64(s.Version),
		int64(s.ChildVersion), int64(s.ACLVersion), s.EphemeralOwner, int64(s.DataLength), int64(s.ChildCount), s.ChildrenZxid} {
		out = appendVarint(out, number)
	}
	return out
}

func (r *reader) stat() Stat {
	return Stat{CreatedZxid: r.varint(), ModifiedZxid: r.varint(), CreatedTime: r.varint(), ModifiedTime: r.varint(),
		Version: r.int32(), ChildVersion: r.int32(), ACLVersion: r.int32(), EphemeralOwner: r.varint(),
		DataLength: r.int32(), ChildCount: r.int32(), ChildrenZxid: r.varint()}
}
