package wasi

import "encoding/binary"

// order is how WebAssembly keeps numbers in memory.
var order = binary.LittleEndian

// pageSize is a page of WebAssembly's memory, in bytes.
const pageSize = 65536

// maxVectors is how many buffers one call may read or write, as in Linux.
const maxVectors = 1024

// bytes is a piece of the program's memory, good until the program runs again. It panics with errFault if
// there is no such piece.
func (i *Instance) bytes(at, size uint64) []byte {
	if at > 1<<32-1 || size > 1<<32-1 {
		panic(errFault)
	}
	piece, inside := i.memory.Read(uint32(at), uint32(size))
	if !inside {
		panic(errFault)
	}
	return piece
}

// vectors are the pieces of memory of a list of addresses and lengths. They are good until the next call.
func (i *Instance) vectors(at, count uint64) [][]byte {
	if count > maxVectors {
		panic(errInvalid)
	}
	list := i.bytes(at, 8*count)
	i.buffers = i.buffers[:0]
	for ; len(list) > 0; list = list[8:] {
		i.buffers = append(i.buffers, i.bytes(uint64(order.Uint32(list)), uint64(order.Uint32(list[4:]))))
	}
	return i.buffers
}

// put32 and put64 write a number to the program's memory.
func (i *Instance) put32(at uint64, value uint32) { order.PutUint32(i.bytes(at, 4), value) }
func (i *Instance) put64(at, value uint64)        { order.PutUint64(i.bytes(at, 8), value) }

// text is a string in the program's memory.
func (i *Instance) text(at, size uint64) string {
	if size > maxPath {
		panic(errNameTooLong)
	}
	return string(i.bytes(at, size))
}
