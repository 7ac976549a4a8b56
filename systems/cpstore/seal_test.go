package cpstore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzOpenSnapshot: what opens seals to the same bytes.
func FuzzOpenSnapshot(f *testing.F) {
	f.Add(sealSnapshot(position{300, 4}, []byte("state")))
	f.Fuzz(func(t *testing.T, file []byte) {
		if at, encoded, err := openSnapshot(file); err == nil {
			require.Equal(t, file, sealSnapshot(at, encoded))
		}
	})
}

func TestSealAndOpen(t *testing.T) {
	large := append(make([]byte, 0, 1000), "state"...)
	file := sealSnapshot(position{index: 300, term: 4}, large)
	require.Same(t, &large[0], &file[0], "a large state is not copied")
	at, encoded, err := openSnapshot(file)
	require.NoError(t, err)
	require.Equal(t, position{index: 300, term: 4}, at)
	require.Equal(t, "state", string(encoded))
	for i := range file {
		file[i] ^= 1
		_, _, err = openSnapshot(file)
		require.ErrorIs(t, err, errSnapshot, "byte %d", i)
		file[i] ^= 1
		_, _, err = openSnapshot(file[:i])
		require.ErrorIs(t, err, errSnapshot, "cut to %d", i)
	}
}
