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

// sealed is what the file of a snapshot holds.
type sealed struct {
	at      position
	members []byte // who belonged then (appendMembers), nil for those of the beginning
	state   []byte // encoded
}

// A snapshot's file is the encoded state and a seal:
//
//	state | index (8 bytes) | term (8 bytes) | "cps1" | CRC-32C of all before (4 bytes)
//	state | members | length of members (4 bytes) | index | term | "cps2" | CRC-32C
//
// all little-endian. The seal comes last so that a large state need not be moved to put it in front.
const (
	sealSize    = 24
	sealMark    = "cps1"
	membersMark = "cps2"
)

// sealSnapshot makes the content of a snapshot's file. It writes into spare memory behind the state, if
// there is some.
func sealSnapshot(s sealed) []byte {
	out, mark := s.state, sealMark
	if s.members != nil {
		out = append(out, s.members...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(s.members)))
		mark = membersMark
	}
	out = binary.LittleEndian.AppendUint64(out, s.at.index)
	out = binary.LittleEndian.AppendUint64(out, s.at.term)
	out = append(out, mark...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

// openSnapshot takes sealSnapshot's work apart. The state shares the memory of the file.
func openSnapshot(file []byte) (sealed, error) {
	size := len(file) - sealSize
	if size < 0 || binary.LittleEndian.Uint32(file[size+20:]) != crc32.Checksum(file[:size+20], castagnoli) {
		return sealed{}, errSnapshot
	}
	if mark := string(file[size+16 : size+20]); mark != sealMark && mark != membersMark {
		return sealed{}, errSnapshot
	}
	return unseal(file)
}

// unseal takes a snapshot's file apart without looking at its checksum. It has the size of a seal at least.
func unseal(file []byte) (s sealed, err error) {
	size := len(file) - sealSize
	s.at = position{index: binary.LittleEndian.Uint64(file[size:]), term: binary.LittleEndian.Uint64(file[size+8:])}
	if string(file[size+16:size+20]) == membersMark {
		if size -= 4; size < 0 || uint64(binary.LittleEndian.Uint32(file[size:])) > uint64(size) {
			return sealed{}, errSnapshot
		}
		start := size - int(binary.LittleEndian.Uint32(file[size:]))
		s.members = file[start:size:size]
		size = start
	}
	s.state = file[:size:size]
	return s, nil
}
