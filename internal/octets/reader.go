package octets

import "encoding/binary"

// Reader takes fields off the front of Data. After the first field that is not there it is Bad and gives
// zeros. What it returns shares the memory of what it reads, but for texts.
type Reader struct {
	Data []byte
	Bad  bool
}

// End tells whether everything was read and was good.
func (r *Reader) End() bool { return !r.Bad && len(r.Data) == 0 }

// Fail gives up: nothing is left to read, so that loops end at once.
func (r *Reader) Fail() {
	r.Bad = true
	r.Data = nil
}

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if len(r.Data) == 0 {
		r.Fail()
		return 0
	}
	first := r.Data[0]
	r.Data = r.Data[1:]
	return first
}

// Uvarint reads a number from 0 on, as encoding/binary has it.
func (r *Reader) Uvarint() uint64 {
	if len(r.Data) > 0 && r.Data[0] < 0x80 { // most are small
		first := r.Data[0]
		r.Data = r.Data[1:]
		return uint64(first)
	}
	number, size := binary.Uvarint(r.Data)
	return taken(r, number, size)
}

// Varint reads a number, as encoding/binary has it.
func (r *Reader) Varint() int64 {
	number, size := binary.Varint(r.Data)
	return taken(r, number, size)
}

// taken takes a number off that is so many bytes long; it is none if they are not above 0.
func taken[N int64 | uint64](r *Reader, number N, size int) N {
	if size <= 0 {
		r.Fail()
		return 0
	}
	r.Data = r.Data[size:]
	return number
}

// Int32 reads a number that must fit.
func (r *Reader) Int32() int32 {
	number := r.Varint()
	if int64(int32(number)) != number {
		r.Fail()
		return 0
	}
	return int32(number)
}

// Bool reads a byte that must be 0 or 1.
func (r *Reader) Bool() bool {
	value := r.Byte()
	if value > 1 {
		r.Fail()
	}
	return value == 1
}

// Bytes reads a length and so many bytes; nil if there are none.
func (r *Reader) Bytes() []byte {
	length := r.Count(1)
	if length == 0 {
		return nil
	}
	value := r.Data[:length:length]
	r.Data = r.Data[length:]
	return value
}

// Text reads a length and so many bytes.
func (r *Reader) Text() string { return string(r.Bytes()) }

// Count reads how many elements follow, each of at least size bytes, so that a false count cannot ask for
// more memory than the message has.
func (r *Reader) Count(size int) int {
	count, left := r.Uvarint(), uint64(len(r.Data))
	if r.Bad || count > left || count*uint64(size) > left { // the first comparison keeps the product from overflowing
		r.Fail()
		return 0
	}
	return int(count)
}
