package host

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWholeFrames(t *testing.T) {
	two := framed("one", "three")
	for size := range len(two) + 1 {
		got, next, err := whole(two[:size], 100)
		require.NoError(t, err)
		switch {
		case size < 4:
			require.Equal(t, []int{0, 4}, []int{got, next})
		case size < 7:
			require.Equal(t, []int{0, 7}, []int{got, next})
		case size < 11:
			require.Equal(t, []int{7, 4}, []int{got, next})
		case size < 16:
			require.Equal(t, []int{7, 9}, []int{got, next})
		default:
			require.Equal(t, []int{16, 4}, []int{got, next})
		}
	}
	size, _, err := whole(append(framed("one"), 0, 0, 0, 101), 100)
	require.Equal(t, 7, size, "what came before a bad length is good")
	require.EqualError(t, err, "a message of 101 bytes, where 0 to 100 are allowed")
	_, _, err = whole([]byte{0x80, 0, 0, 0}, 100)
	require.EqualError(t, err, "a message of -2147483648 bytes, where 0 to 100 are allowed")
}

// Any bytes are cut into messages that, framed again, are the same bytes.
func FuzzFrames(f *testing.F) {
	f.Add(framed("one", "", "three"))
	f.Add([]byte("ruok"))
	f.Fuzz(func(t *testing.T, data []byte) {
		size, next, _ := whole(data, 1000)
		require.True(t, size <= len(data) && next >= frameHeader && next <= frameHeader+1000)
		var again []byte
		for rest := data[:size]; len(rest) > 0; {
			var message []byte
			message, rest = cut(rest)
			again = append(binary.BigEndian.AppendUint32(again, uint32(len(message))), message...)
		}
		require.Equal(t, string(data[:size]), string(again))
	})
}
