package octets

import "encoding/binary"

// AppendBool appends a byte, 0 or 1.
func AppendBool(out []byte, value bool) []byte {
	if value {
		return append(out, 1)
	}
	return append(out, 0)
}

// AppendBytes appends a length and the bytes.
func AppendBytes(out, value []byte) []byte {
	out = binary.AppendUvarint(out, uint64(len(value)))
	return append(out, value...)
}

// AppendText appends a length and the bytes of a text.
func AppendText(out []byte, value string) []byte {
	out = binary.AppendUvarint(out, uint64(len(value)))
	return append(out, value...)
}
