package cpstore

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// position is a place in raft's log.
type position struct{ index, term uint64 }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errSnapshot = errors.New("not a snapshot of the store")

// sealSnapshot makes the content of the snapshot file: a checksum, the place in the log, the state.
func sealSnapshot(at position, encoded []byte) []byte {
	out := make([]byte, 4, 24+len(encoded))
	out = appendUvarint(out, at.index)
	out = appendUvarint(out, at.term)
	out = append(out, encoded...)
	binary.LittleEndian.PutUint32(out, crc32.Checksum(out[4:], castagnoli))
	return out
}

// openSnapshot takes sealSnapshot's work apart.
func openSnapshot(file []byte) (at position, encoded []byte, err error) {
	if len(file) < 4 || binary.LittleEndian.Uint32(file) != crc32.Checksum(file[4:], castagnoli) {
		return position{}, nil, errSnapshot
	}
	r := reader{data: file[4:]}
	at = position{index: r.uvarint(), term: r.uvarint()}
	if r.bad {
		return position{}, nil, errSnapshot
	}
	return at, r.data, nil
}
