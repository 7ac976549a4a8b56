package wasi

import "errors"

// The numbers of a module's sections, in the order in which they come; custom ones come anywhere.
const (
	customSection = 0
	typeSection   = 1
	importSection = 2
	globalSection = 6
	exportSection = 7
	startSection  = 8
	codeSection   = 10
	countSection  = 12
)

// section is a part of a module.
type section struct {
	id      byte
	content []byte
}

var errShort = errors.New("it ends in the middle of something")

// sections takes a module apart.
func sections(module []byte) ([]section, error) {
	var parts []section
	for r := (reader{rest: module[8:]}); len(r.rest) > 0; {
		part := section{id: r.byte()}
		part.content = r.bytes(r.number())
		if r.failed != nil {
			return nil, r.failed
		}
		if !fits(part) { // nobody need make room for that
			return nil, errors.New("a section says that it has more than fits into it")
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// fits tells whether as many things fit into a section as it says, and in the one of types into each type.
func fits(part section) bool {
	if part.id == customSection || part.id == startSection || part.id == countSection {
		return true
	}
	r := reader{rest: part.content}
	count := r.number()
	if part.id == typeSection {
		for left := count; left > 0 && r.failed == nil; left-- {
			r.byte()
			r.bytes(r.number())
			r.bytes(r.number())
		}
	}
	return r.failed == nil && count <= uint64(len(part.content))
}

// reader reads the parts of a module. After a failure all it reads is zero.
type reader struct {
	rest   []byte
	failed error
}

func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.rest, r.failed = nil, errShort
		return nil
	}
	piece := r.rest[:n]
	r.rest = r.rest[n:]
	return piece
}

func (r *reader) byte() byte {
	if piece := r.bytes(1); piece != nil {
		return piece[0]
	}
	return 0
}

// number reads a whole number in LEB128, of up to 64 bits. The sign does not matter to those who skip it.
func (r *reader) number() (value uint64) {
	for shift := 0; shift < 70; shift += 7 {
		b := r.byte()
		value |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return value
		}
	}
	r.rest, r.failed = nil, errors.New("a number has more than ten bytes")
	return 0
}

// appendNumber writes a whole number in LEB128.
func appendNumber(to []byte, value uint64) []byte {
	for ; value >= 0x80; value >>= 7 {
		to = append(to, byte(value)|0x80)
	}
	return append(to, byte(value))
}

// appendBytes writes bytes with how many they are before them.
func appendBytes(to, data []byte) []byte {
	return append(appendNumber(to, uint64(len(data))), data...)
}
