package cpstore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzOpenSnapshot: what opens seals to the same bytes.
func FuzzOpenSnapshot(f *testing.F) {
	f.Add(sealSnapshot(sealed{at: position{300, 4}, state: []byte("state")}))
	f.Add(sealSnapshot(sealed{at: position{300, 4}, members: []byte("members"), state: []byte("state")}))
	f.Fuzz(func(t *testing.T, file []byte) {
		if opened, err := openSnapshot(file); err == nil {
			require.Equal(t, file, sealSnapshot(opened))
		}
	})
}

func TestSealAndOpen(t *testing.T) {
	for _, members := range [][]byte{nil, []byte("members")} {
		large := append(make([]byte, 0, 1000), "state"...)
		file := sealSnapshot(sealed{at: position{index: 300, term: 4}, members: members, state: large})
		require.Same(t, &large[0], &file[0], "a large state is not copied")
		opened, err := openSnapshot(file)
		require.NoError(t, err)
		require.Equal(t, sealed{at: position{index: 300, term: 4}, members: members, state: []byte("state")}, opened)
		for i := range file {
			file[i] ^= 1
			_, err = openSnapshot(file)
			require.ErrorIs(t, err, errSnapshot, "byte %d", i)
			file[i] ^= 1
			_, err = openSnapshot(file[:i])
			require.ErrorIs(t, err, errSnapshot, "cut to %d", i)
		}
	}
}
