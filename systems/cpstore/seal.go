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

// A snapshot's file is the encoded state and a seal:
//
//	state | index (8 bytes) | term (8 bytes) | "cps1" | CRC-32C of all before (4 bytes)
//
// all little-endian. The seal comes last so that a large state need not be moved to put it in front.
const (
	sealSize = 24
	sealMark = "cps1"
)

// sealSnapshot makes the content of a snapshot's file. It writes into spare memory behind encoded, if
// there is some.
func sealSnapshot(at position, encoded []byte) []byte {
	out := binary.LittleEndian.AppendUint64(encoded, at.index)
	out = binary.LittleEndian.AppendUint64(out, at.term)
	out = append(out, sealMark...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

// openSnapshot takes sealSnapshot's work apart. The state shares the memory of the file.
func openSnapshot(file []byte) (at position, encoded []byte, err error) {
	size := len(file) - sealSize
	if size < 0 || string(file[size+16:size+20]) != sealMark ||
		binary.LittleEndian.Uint32(file[size+20:]) != crc32.Checksum(file[:size+20], castagnoli) {
		return position{}, nil, errSnapshot
	}
	at, encoded = unseal(file)
	return at, encoded, nil
}

// unseal takes a snapshot's file apart without looking at its checksum. It has the size of a seal at least.
func unseal(file []byte) (at position, encoded []byte) {
	size := len(file) - sealSize
	at = position{index: binary.LittleEndian.Uint64(file[size:]), term: binary.LittleEndian.Uint64(file[size+8:])}
	return at, file[:size:size]
}
