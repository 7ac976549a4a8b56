package fabric

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/link"
)

// captured reads a pcap: the frames and when each was delivered.
func captured(t *testing.T, file []byte) (frames []string, times []time.Time) {
	require.Equal(t, "4d3cb2a1"+"02000400"+"00000000"+"00000000"+"ea050000"+"01000000", hex.EncodeToString(file[:24]))
	for rest := file[24:]; len(rest) > 0; {
		field := func(i int) uint32 { return binary.LittleEndian.Uint32(rest[4*i:]) }
		size := field(2)
		require.Equal(t, size, field(3))
		frames = append(frames, string(rest[16:16+size]))
		times = append(times, time.Unix(int64(field(0)), int64(field(1))))
		rest = rest[16+size:]
	}
	return frames, times
}

func TestCapture(t *testing.T) {
	var file bytes.Buffer
	s := set(t, Options{Capture: &file, Network: link.Quality{Latency: link.Spread{Least: 10 * time.Millisecond}}})
	began := time.Now()
	s.send("one")
	s.send("two")
	s.settle(t)
	s.Cut("n1", "n2")
	s.send("cut")
	s.settle(t)
	require.NoError(t, s.Close())
	frames, times := captured(t, file.Bytes())
	require.Equal(t, []string{string(packed(one, two, "one")), string(packed(one, two, "two"))}, frames)
	require.WithinRange(t, times[0], began.Add(10*time.Millisecond), time.Now())
	require.False(t, times[1].Before(times[0]))
	losses, err := s.Losses()
	require.NoError(t, err)
	require.Zero(t, losses.Uncaptured)
}

// stuck does not write until it may.
type stuck struct {
	bytes.Buffer
	may chan struct{}
}

func (s *stuck) Write(data []byte) (int, error) {
	<-s.may
	return s.Buffer.Write(data)
}

func TestCaptureDoesNotHoldUp(t *testing.T) {
	file := &stuck{may: make(chan struct{})}
	s := set(t, Options{Capture: file})
	payload := string(make([]byte, 1480))
	const frames = 3 * mostCaptured / 1514
	for range frames {
		s.send(payload)
	}
	require.Equal(t, int64(frames), s.settle(t).Delivered)
	close(file.may)
	require.NoError(t, s.Close())
	got, _ := captured(t, file.Bytes())
	losses, err := s.Losses()
	require.NoError(t, err)
	require.Positive(t, losses.Uncaptured)
	require.Equal(t, int64(frames), int64(len(got))+losses.Uncaptured)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestCaptureFails(t *testing.T) {
	s, err := New(Options{Capture: full{}})
	require.NoError(t, err)
	require.EqualError(t, s.Close(), "writing the capture of frames: no space left")
}
