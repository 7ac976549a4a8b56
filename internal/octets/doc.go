// Package octets takes fields off the front of bytes, and appends them: what every binary message, record
// and snapshot of the systems is made of.
//
//	out := octets.AppendText(binary.AppendUvarint(nil, 7), "seven")
//	r := octets.Reader{Data: out}
//	r.Uvarint(), r.Text(), r.End() // 7, "seven", true
//
// A mistake is asked for once, at the end: after the first field that is not there all are zero. A count is
// never believed beyond what the bytes can hold, so no message asks for more memory than it has.
//
// A map of the files: reader.go (Reader), append.go (what writes the same).
package octets
