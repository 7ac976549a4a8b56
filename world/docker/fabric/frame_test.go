package fabric

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// packed is a frame with a UDP packet, but for its checksums.
func packed(from, to netip.Addr, payload string) []byte {
	target, source := hardwareAddress(to), hardwareAddress(from)
	frame := binary.BigEndian.AppendUint16(append(target[:], source[:]...), etherTypeIPv4)
	frame = append(frame, 0x45, 0)
	frame = binary.BigEndian.AppendUint16(frame, uint16(leastIPHeader+len(payload)))
	frame = append(frame, 0, 0, 0, 0, 64, 17, 0, 0)
	frame = append(frame, from.AsSlice()...)
	frame = append(frame, to.AsSlice()...)
	return append(frame, payload...)
}

var (
	one   = netip.MustParseAddr("10.64.0.1")
	two   = netip.MustParseAddr("10.64.0.2")
	three = netip.MustParseAddr("10.64.0.3")
)

func TestParse(t *testing.T) {
	good := packed(one, two, "hello")
	got, ok := parse(good)
	require.True(t, ok)
	require.Equal(t, packet{from: one.As4(), to: two.As4(), header: 20, size: 25}, got)
	got, ok = parse(append(good, 0, 0, 0))
	require.True(t, ok, "Ethernet fills short frames up")
	require.Equal(t, 25, got.size)
	for name, spoil := range map[string]func([]byte) []byte{
		"empty":                func([]byte) []byte { return nil },
		"cut off":              func(f []byte) []byte { return f[:len(f)-1] },
		"broadcast":            func(f []byte) []byte { return append([]byte{255, 255, 255, 255, 255, 255}, f[6:]...) },
		"from somebody else":   func(f []byte) []byte { f[11]++; return f },
		"ARP":                  func(f []byte) []byte { f[13] = 6; return f },
		"version 6":            func(f []byte) []byte { f[14] = 0x65; return f },
		"header too short":     func(f []byte) []byte { f[14] = 0x44; return f },
		"header beyond packet": func(f []byte) []byte { f[14] = 0x4f; return f },
		"too large":            func(f []byte) []byte { return append(f, make([]byte, 1500)...) },
	} {
		_, ok := parse(spoil(packed(one, two, "hello")))
		require.False(t, ok, name)
	}
}

// Any bytes are either no frame, or one whose parts lie within it and that damage changes by one bit,
// behind the header if there is anything.
func FuzzFrame(f *testing.F) {
	f.Add(packed(one, two, "hello"), uint64(7))
	f.Add(packed(one, two, ""), uint64(1)<<63)
	f.Add([]byte("hello"), uint64(0))
	f.Fuzz(func(t *testing.T, frame []byte, random uint64) {
		p, ok := parse(frame)
		if !ok {
			return
		}
		require.True(t, leastIPHeader <= p.header && p.header <= p.size && ethernetHeader+p.size <= len(frame))
		before := string(frame)
		damage(frame, p, random)
		changed := 0
		for i := range frame {
			if different := frame[i] ^ before[i]; different != 0 {
				changed += bits.OnesCount8(different)
				require.True(t, ethernetHeader <= i && i < ethernetHeader+p.size)
				require.Equal(t, p.size > p.header, i >= ethernetHeader+p.header)
			}
		}
		require.Equal(t, 1, changed)
	})
}
