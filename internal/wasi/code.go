package wasi

import (
	"bytes"
	"fmt"
)

// meterCode puts code at the beginning of the functions that call others and of the loops of a code section.
func meterCode(content, code []byte) ([]byte, error) {
	r := reader{rest: content}
	count := r.number()
	metered := appendNumber(make([]byte, 0, len(content)+len(content)/4), count)
	var body []byte
	for ; count > 0 && r.failed == nil; count-- {
		function := r.bytes(r.number())
		if r.failed != nil {
			break
		}
		var err error
		if body, err = meterFunction(body[:0], function, code); err != nil {
			return nil, err
		}
		metered = appendBytes(metered, body)
	}
	return metered, r.failed
}

// meterFunction writes a function, its locals first, with code put in.
func meterFunction(to, function, code []byte) ([]byte, error) {
	r := reader{rest: function}
	for left := r.number(); left > 0 && r.failed == nil; left-- {
		r.number()
		r.byte()
	}
	begin := len(function) - len(r.rest)
	to = append(to, function[:begin]...)
	at, calls, first := len(to), false, byte(0)
	for written := begin; len(r.rest) > 0; {
		opcode := r.byte()
		skipImmediates(&r, opcode)
		if r.failed != nil {
			return nil, r.failed
		}
		calls = calls || opcode >= callOpcode && opcode < 0x1a
		if first == 0 && opcode > 0x01 && opcode < 0x1a {
			first = opcode
		}
		if read := len(function) - len(r.rest); opcode == loopOpcode || len(r.rest) == 0 {
			to = append(to, function[written:read]...)
			written = read
			if opcode == loopOpcode {
				to = append(to, code...)
			}
		}
	}
	if calls && first != loopOpcode { // a loop before all else counts each call
		to = append(to, code...)
		copy(to[at+len(code):], bytes.Clone(to[at:len(to)-len(code)]))
		copy(to[at:], code)
	}
	return to, r.failed
}

// loopOpcode begins a loop. Control goes elsewhere with it and with those up to select, 0x1a and 0x1b, calls
// from callOpcode on.
const (
	loopOpcode = 0x03
	callOpcode = 0x10
)

// skipImmediates reads past what follows an opcode. The numbers are those of the WebAssembly core
// specification 2.0, "Binary Format", Instructions, with tail calls.
func skipImmediates(r *reader, opcode byte) {
	switch {
	case opcode >= 0x02 && opcode <= 0x04: // block, loop, if: a type
		r.number()
	case opcode == 0x0c || opcode == 0x0d: // br, br_if
		r.number()
	case opcode == 0x0e: // br_table
		for left := r.number(); left > 0 && r.failed == nil; left-- {
			r.number()
		}
		r.number()
	case opcode == 0x10 || opcode == 0x12: // call, return_call
		r.number()
	case opcode == 0x11 || opcode == 0x13: // call_indirect, return_call_indirect
		r.number()
		r.number()
	case opcode == 0x1c: // select with types
		r.bytes(r.number())
	case opcode >= 0x20 && opcode <= 0x26: // locals, globals, tables
		r.number()
	case opcode >= 0x28 && opcode <= 0x3e: // loads and stores
		r.number()
		r.number()
	case opcode == 0x3f || opcode == 0x40: // memory.size, memory.grow
		r.byte()
	case opcode == 0x41 || opcode == 0x42: // i32.const, i64.const
		r.number()
	case opcode == 0x43: // f32.const
		r.bytes(4)
	case opcode == 0x44: // f64.const
		r.bytes(8)
	case opcode == 0xd0 || opcode == 0xd2: // ref.null, ref.func
		r.number()
	case opcode == 0xfc:
		skipNumeric(r)
	case opcode == 0xfd:
		skipVector(r)
	case opcode <= 0x01, opcode == 0x05, opcode == 0x0b, opcode == 0x0f, opcode == 0x1a, opcode == 0x1b,
		opcode >= 0x45 && opcode <= 0xc4, opcode == 0xd1: // nothing follows
	default:
		r.failed = fmt.Errorf("it has an instruction of a later WebAssembly, opcode 0x%02x", opcode)
	}
}

// skipNumeric reads past the instructions behind 0xfc: conversions, and those on whole memories and tables.
func skipNumeric(r *reader) {
	switch opcode := r.number(); {
	case opcode <= 7: // conversions that saturate
	case opcode == 9 || opcode == 11 || opcode == 13 || opcode >= 15 && opcode <= 17: // data.drop, memory.fill, elem.drop, table.grow, size, fill
		r.number()
	case opcode == 8 || opcode == 10 || opcode == 12 || opcode == 14: // memory.init, memory.copy, table.init, table.copy
		r.number()
		r.number()
	default:
		r.failed = fmt.Errorf("it has an instruction of a later WebAssembly, opcode 0xfc %d", opcode)
	}
}

// skipVector reads past the instructions on vectors, behind 0xfd.
func skipVector(r *reader) {
	switch opcode := r.number(); {
	case opcode <= 11 || opcode == 92 || opcode == 93: // loads and stores
		r.number()
		r.number()
	case opcode == 12 || opcode == 13: // v128.const, i8x16.shuffle
		r.bytes(16)
	case opcode >= 21 && opcode <= 34: // lanes
		r.byte()
	case opcode >= 84 && opcode <= 91: // lanes of memory
		r.number()
		r.number()
		r.byte()
	case opcode > 255:
		r.failed = fmt.Errorf("it has an instruction of a later WebAssembly, opcode 0xfd %d", opcode)
	}
}
