package octets_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/octets"
)

func Example() {
	out := octets.AppendText(binary.AppendUvarint(nil, 7), "seven")
	r := octets.Reader{Data: out}
	fmt.Println(r.Uvarint(), r.Text(), r.End())
	// Output: 7 seven true
}

// What was appended is read again, and of every beginning of it the end is noticed.
func TestEveryFieldAndEveryCut(t *testing.T) {
	whole := octets.AppendBool([]byte{9}, true)
	whole = binary.AppendVarint(binary.AppendUvarint(whole, 1<<40), -3)
	whole = octets.AppendBytes(octets.AppendText(whole, "text"), []byte{1, 2})
	whole = binary.AppendUvarint(whole, 2) // a count of two elements of a byte
	whole = append(whole, 5, 6)
	read := func(r *octets.Reader) []any {
		found := []any{r.Byte(), r.Bool(), r.Uvarint(), r.Int32(), r.Text(), r.Bytes()}
		for range r.Count(1) {
			found = append(found, r.Byte())
		}
		return found
	}
	r := octets.Reader{Data: whole}
	require.Equal(t, []any{byte(9), true, uint64(1 << 40), int32(-3), "text", []byte{1, 2}, byte(5), byte(6)}, read(&r))
	require.True(t, r.End())
	for cut := range whole {
		r := octets.Reader{Data: whole[:cut]}
		read(&r)
		require.True(t, r.Bad, "%d bytes", cut)
		require.False(t, r.End())
	}
}

// What a field cannot be is refused, and no count is believed beyond what there is.
func TestRefused(t *testing.T) {
	for name, read := range map[string]func(*octets.Reader){
		"a bool of two":     func(r *octets.Reader) { r.Bool() },
		"a number too long": func(r *octets.Reader) { r.Int32() },
		"a false count":     func(r *octets.Reader) { require.Zero(t, r.Count(8)) },
		"a false length":    func(r *octets.Reader) { require.Nil(t, r.Bytes()) },
	} {
		data := map[string][]byte{"a bool of two": {2}, "a number too long": binary.AppendVarint(nil, 1<<31), "a false count": {2, 0, 0, 0, 0, 0, 0, 0, 0},
			"a false length": {3, 1, 2}}[name]
		r := octets.Reader{Data: data}
		read(&r)
		require.True(t, r.Bad, name)
		require.Zero(t, r.Uvarint(), name)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte{0, 5, 6})
	f.Fuzz(func(t *testing.T, data, asked []byte) {
		r := octets.Reader{Data: data}
		for _, field := range asked {
			before := len(r.Data)
			[]func(){func() { r.Byte() }, func() { r.Uvarint() }, func() { r.Varint() }, func() { r.Int32() }, func() { r.Bool() },
				func() { r.Bytes() }, func() { r.Text() }, func() { require.LessOrEqual(t, r.Count(3), len(data)/3) }}[field%8]()
			require.LessOrEqual(t, len(r.Data), before)
			require.True(t, !r.Bad || r.Data == nil, "nothing is left after a mistake")
		}
	})
}
